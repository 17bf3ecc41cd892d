// Errors and escalations look for their catcher from the inside out. BPMN 2.0.2, 10.5.7, 13.5.4 and 13.5.6.
#pragma once

#include <string>

#include "engine/behavior/execution.h"

namespace fermata {

struct Thrown {
  std::string code;
  std::string message;
  Variables variables;
};

/// Throws an error from an element: at each level outwards, event subprocesses first and then boundary events, a catcher of just
/// this code before one that catches all. The catcher interrupts its level. Nobody catches it in this instance: the calling process
/// gets it; without one it is an incident (unhandled_error) on the element.
void throw_error(Execution& x, ElementInstanceKey from, const Thrown& error);

/// Like throw_error, but a catcher may be non-interrupting, and an escalation that nobody catches is no trouble.
void throw_escalation(Execution& x, ElementInstanceKey from, const Thrown& escalation);

}  // namespace fermata
