#include "engine/behavior/shared/signals.h"

#include <vector>

#include "engine/base/check.h"
#include "engine/behavior/shared/element_flow.h"

namespace fermata {

bool may_repeat(const Element& event) {
  return (event.kind == ElementKind::boundary_event || event.kind == ElementKind::start_event) && !event.interrupting;
}

void trigger_subscription(Execution& x, SubscriptionKey key, const Variables& payload) {
  const Subscription* found = x.state().subscriptions.find(key);
  FERMATA_CHECK(found != nullptr && found->ended_at == never, "a subscription that is triggered is open");
  const Subscription subscription = *found;
  if (!may_repeat(x.graph().element(subscription.element))) x.emit(SubscriptionClosed{key, true, x.now()});
  trigger_event(x, subscription.element_instance, subscription.element, payload);
}

// One catcher may end another one: each is asked again before it is triggered.
void send_signal(Execution& x, const std::string& name, const Variables& payload) {
  std::vector<SubscriptionKey> waiting;
  for (const Subscription& subscription : x.state().subscriptions) {
    if (subscription.kind == EventKind::signal && subscription.name == name && subscription.ended_at == never) waiting.push_back(subscription.key);
  }
  for (const SubscriptionKey key : waiting) {
    const Subscription* still = x.state().subscriptions.find(key);
    if (still != nullptr && still->ended_at == never) trigger_subscription(x, key, payload);
  }
  x.follow_up(BroadcastSignal{name, payload});
}

}  // namespace fermata
