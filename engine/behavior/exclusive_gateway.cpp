// Exclusive gateway: the first flow whose condition is true, else the default flow; merging tokens pass one by one. 13.4.2.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/expressions.h"

namespace fermata {
namespace {

class ExclusiveGatewayBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element&, ElementInstanceKey key, const Variables*) const override {
    x.push(CompleteStep{key});
    return {};
  }

  Attempted<std::vector<FlowIndex>> choose_flows(Execution& x, const Element& element, ElementInstanceKey key) const override {
    for (const FlowIndex index : element.outgoing) {
      const SequenceFlow& flow = x.graph().flow(index);
      if (index == element.default_flow) continue;
      if (!flow.condition) return std::vector<FlowIndex>{index};
      const Attempted<bool> holds = evaluate_condition(x, *flow.condition, key, "the condition of flow '" + flow.id + "'");
      if (!holds) return tl::unexpected(holds.error());
      if (*holds) return std::vector<FlowIndex>{index};
    }
    if (element.default_flow != no_flow) return std::vector<FlowIndex>{element.default_flow};
    if (element.outgoing.empty()) return std::vector<FlowIndex>{};
    return failed(IncidentType::condition_error,
                  "no condition of the flows out of gateway '" + element.id + "' is true and it has no default flow");
  }
};

}  // namespace

const Behavior& exclusive_gateway_behavior() {
  static const ExclusiveGatewayBehavior behavior;
  return behavior;
}

}  // namespace fermata
