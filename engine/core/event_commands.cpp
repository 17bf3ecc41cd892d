// Timers that are due, and messages and signals that have found a subscription. Invariants I25 to I27, I32.
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/signals.h"
#include "engine/behavior/shared/timers.h"
#include "engine/core/commands.h"

namespace fermata {
Verdict decide_command(Execution& x, const FireTimer& command) {
  const Timer* found = x.state().timers.find(command.timer);
  if (found == nullptr || found->ended_at != never || found->occurrence != command.occurrence) {
    return rejected(RejectionCode::not_found, "timer " + command.timer.text() + " has fired already, or was canceled");
  }
  if (found->due > x.now()) {
    return rejected(RejectionCode::invalid_state, "timer " + command.timer.text() + " is due at " + format_iso8601(found->due) + ", not before");
  }
  const Timer timer = *found;
  const Timestamp next = may_repeat(x.graph().element(timer.element)) ? next_occurrence(timer, x.now()) : never;
  x.emit(TimerFired{timer.key, timer.occurrence, x.now(), next});
  if (next != never) x.request(TimerArmed{next});
  trigger_event(x, timer.element_instance, timer.element, {});
  return {};
}

Verdict decide_command(Execution& x, const TriggerSubscription& command) {
  const Subscription* found = x.state().subscriptions.find(command.subscription);
  if (found == nullptr || found->ended_at != never) {
    return rejected(RejectionCode::not_found, "subscription " + command.subscription.text() + " is not open any more");
  }
  trigger_subscription(x, command.subscription, command.variables);
  return {};
}

}  // namespace fermata
