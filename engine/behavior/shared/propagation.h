// Errors and escalations look for their catcher from the inside out. BPMN 2.0.2, 10.5.7, 13.5.4 and 13.5.6.
#pragma once

#include <optional>
#include <string>

#include "engine/behavior/execution.h"

namespace fermata {

struct Thrown {
  std::string code;
  std::string message;
  Variables variables;
};

struct Catcher {
  ElementInstanceKey holder;  ///< the activity of a boundary event, or the scope of an event subprocess
  ElementIndex event = no_element;
};

/// The event of this instance that catches what an element throws: at each level outwards, event subprocesses first and then boundary
/// events, one of just this code before one of all codes.
[[nodiscard]] std::optional<Catcher> find_catcher(const ProcessGraph& graph, const InstanceState& state, ElementInstanceKey from, EventKind kind,
                                                  const std::string& code);

/// Throws an error from an element. The catcher interrupts its level. Nobody catches it in this instance: if one of those that have
/// called it does, this instance ends. Else it is an incident (unhandled_error) on the element, and nothing is ended.
void throw_error(Execution& x, ElementInstanceKey from, const Thrown& error);

/// Like throw_error, but a catcher may be non-interrupting, and an escalation that nobody catches is no trouble.
void throw_escalation(Execution& x, ElementInstanceKey from, const Thrown& escalation);

}  // namespace fermata
