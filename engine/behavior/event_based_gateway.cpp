// Event-based gateway: waits for all the events that follow it; the first one decides, the others are given up. 13.4.4.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {
namespace {

class EventBasedGatewayBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    std::vector<ElementIndex> events;
    for (const FlowIndex flow : element.outgoing) events.push_back(x.graph().flow(flow).target);
    if (Attempt done = open_waits(x, events, key); !done) return done;
    set_active(x, key);
    return {};
  }
};

}  // namespace

const Behavior& event_based_gateway_behavior() {
  static const EventBasedGatewayBehavior behavior;
  return behavior;
}

}  // namespace fermata
