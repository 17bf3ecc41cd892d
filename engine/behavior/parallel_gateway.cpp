// Parallel gateway: takes one token from every incoming flow, gives one to every outgoing flow. BPMN 2.0.2, 13.4.1.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/joins.h"

namespace fermata {
namespace {

class ParallelGatewayBehavior final : public Behavior {
 public:
  void arrive(Execution& x, const Element& gateway, EnterStep token) const override {
    if (gateway.incoming.size() < 2 || token.via == no_flow) {
      enter_element(x, token);
      return;
    }
    park_token(x, gateway, token);
    std::vector<TokenKey> taken;
    for (const FlowIndex flow : gateway.incoming) {
      const TokenKey waiting = waiting_token(x, token.scope, flow);
      if (!waiting) return;
      taken.push_back(waiting);
    }
    for (const TokenKey key : taken) x.emit(TokenConsumed{key});
    enter_element(x, token);
  }

  Attempt activate(Execution& x, const Element&, ElementInstanceKey key, const Variables*) const override {
    x.push(CompleteStep{key});
    return {};
  }

  // Conditions on its flows have no meaning.
  Attempted<std::vector<FlowIndex>> choose_flows(Execution&, const Element& element, ElementInstanceKey) const override {
    return element.outgoing;
  }
};

}  // namespace

const Behavior& parallel_gateway_behavior() {
  static const ParallelGatewayBehavior behavior;
  return behavior;
}

}  // namespace fermata
