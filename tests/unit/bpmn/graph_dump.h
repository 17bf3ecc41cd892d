// Every field of a compiled graph as text: two graphs that do the same have the same dump.
#pragma once

#include <string>

#include "engine/model/process_graph.h"

namespace fermata::bpmn::testing {

[[nodiscard]] std::string dump(const ProcessGraph& graph);

}  // namespace fermata::bpmn::testing
