// Waits: timers and subscriptions of an element instance, opened and closed together.
#pragma once

#include <span>

#include "engine/behavior/execution.h"

namespace fermata {

/// A wait whose expressions have been evaluated: opening it cannot fail any more.
struct PreparedWait {
  ElementIndex event = 0;
  std::optional<Timer> timer;
  std::optional<Subscription> subscription;
};

/// Evaluates what the event waits for, in `scope`. Events that are thrown at their catcher (error, escalation) need no wait: none.
[[nodiscard]] Attempted<std::optional<PreparedWait>> prepare_wait(Execution& x, const Element& event, ElementInstanceKey scope);
void open_wait(Execution& x, ElementInstanceKey holder, PreparedWait wait);

/// All of them, or none when one fails. Expressions are evaluated in the scope of `holder`.
[[nodiscard]] Attempt open_waits(Execution& x, std::span<const ElementIndex> events, ElementInstanceKey holder);
[[nodiscard]] Attempt open_boundary_waits(Execution& x, const Element& activity, ElementInstanceKey key);
/// The start events of the event subprocesses of a scope.
[[nodiscard]] Attempt open_event_subprocess_waits(Execution& x, const Element& scope_element, ElementInstanceKey scope);

enum class WaitsEnd {
  all,
  keep_compensation,
  of_event_subprocesses,  ///< only these: those of the boundary events around the same scope stay
};
void close_waits(Execution& x, ElementInstanceKey holder, WaitsEnd which);

}  // namespace fermata
