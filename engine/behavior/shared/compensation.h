// Compensation: remembering what can be undone, and undoing it in reverse order of completion, one handler after another.
// BPMN 2.0.2, 10.7 and 13.5.5.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Called when an element completes: an activity with a handler is remembered in its scope; a finished subprocess without one hands
/// what was remembered within it to the scope around it, together with a snapshot of its variables.
void hand_over_compensation(Execution& x, const Element& element, ElementInstanceKey key);

/// Starts the next handler that a throw event waits for; answers false when nothing is left to undo.
[[nodiscard]] bool start_next_compensation(Execution& x, ElementInstanceKey throw_event);

/// A handler has completed, or was withdrawn: its throw event goes on with the next one, or completes.
void compensation_handler_completed(Execution& x, const ElementInstance& handler);

}  // namespace fermata
