// Putting a token at an element that no flow led to: start instructions and modification.
#pragma once

#include <string_view>

#include "engine/core/commands.h"

namespace fermata {

/// Boundary events, event subprocess starts and the process itself cannot be put to work by hand.
[[nodiscard]] Verdict check_can_activate(const ProcessGraph& graph, std::string_view element_id);

/// Enters the element below the scope instance `ancestor`; scopes between them are entered without their start events.
void activate_at(Execution& x, ElementIndex element, ElementInstanceKey ancestor);

}  // namespace fermata
