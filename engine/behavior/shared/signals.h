// Signals and whatever else finds an open subscription of this instance. BPMN 2.0.2, 10.5.1 and 13.5.
#pragma once

#include <string>

#include "engine/behavior/execution.h"

namespace fermata {

/// Only what goes on beside its activity or scope may happen again.
[[nodiscard]] bool may_repeat(const Element& event);

/// The subscription, which must be open, has its event; it is closed unless it may happen again.
void trigger_subscription(Execution& x, SubscriptionKey key, const Variables& payload);

/// Sends a signal from within: first to all that waits for it in this instance now, then, as a follow-up command, to everybody else.
void send_signal(Execution& x, const std::string& name, const Variables& payload);

}  // namespace fermata
