// Event subprocess: a scope within a scope that begins with an event which has happened. BPMN 2.0.2, 13.5.4.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {
namespace {

class EventSubprocessBehavior final : public Behavior {
 public:
  void arrive(Execution& x, const Element& element, EnterStep token) const override {
    const ElementInstanceKey key = enter_element(x, token);
    const ElementIndex start = token.start_event != no_element ? token.start_event : element.start_events.front();
    x.push(EnterStep{.element = start, .scope = key, .trigger = std::move(token.trigger)});
  }

  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (Attempt done = open_event_subprocess_waits(x, element, key); !done) return done;
    set_active(x, key);
    return {};
  }

  // No flow leaves it.
  Attempted<std::vector<FlowIndex>> choose_flows(Execution&, const Element&, ElementInstanceKey) const override {
    return std::vector<FlowIndex>{};
  }
};

}  // namespace

const Behavior& event_subprocess_behavior() {
  static const EventSubprocessBehavior behavior;
  return behavior;
}

}  // namespace fermata
