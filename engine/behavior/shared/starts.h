// Where a scope begins when nobody names the start event.
#pragma once

#include <vector>

#include "engine/model/process_graph.h"

namespace fermata {

/// The none start event; without any start event, every element that no flow leads to. BPMN 2.0.2, 10.5.2: "if the Start Event is
/// not used, all Flow Objects without incoming Sequence Flow start".
[[nodiscard]] std::vector<ElementIndex> implicit_starts(const ProcessGraph& graph, const Element& scope);

}  // namespace fermata
