// Inclusive gateway. Split: every flow whose condition is true. Join: waits for just those tokens that can still arrive.
//
// BPMN 2.0.2, 13.4.3: the join is enabled when at least one incoming flow has a token, and every token elsewhere that has a path to
// an empty incoming flow (not visiting the gateway) also has such a path to an incoming flow that has a token.
#include "engine/behavior/inclusive_gateway.h"

#include <algorithm>
#include <set>

#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/joins.h"

namespace fermata {
namespace {

class InclusiveGatewayBehavior final : public Behavior {
 public:
  void arrive(Execution& x, const Element& gateway, EnterStep token) const override {
    if (gateway.incoming.size() < 2 || token.via == no_flow) {
      enter_element(x, token);
    } else {
      park_token(x, gateway, token);
    }
  }

  Attempt activate(Execution& x, const Element&, ElementInstanceKey key, const Variables*) const override {
    x.push(CompleteStep{key});
    return {};
  }

  Attempted<std::vector<FlowIndex>> choose_flows(Execution& x, const Element& element, ElementInstanceKey key) const override {
    std::vector<FlowIndex> chosen;
    for (const FlowIndex index : element.outgoing) {
      const SequenceFlow& flow = x.graph().flow(index);
      if (index == element.default_flow) continue;
      if (flow.condition) {
        const Attempted<bool> holds = evaluate_condition(x, *flow.condition, key, "the condition of flow '" + flow.id + "'");
        if (!holds) return tl::unexpected(holds.error());
        if (!*holds) continue;
      }
      chosen.push_back(index);
    }
    if (chosen.empty() && element.default_flow != no_flow) chosen.push_back(element.default_flow);
    if (chosen.empty() && !element.outgoing.empty()) {
      return failed(IncidentType::condition_error,
                    "no condition of the flows out of gateway '" + element.id + "' is true and it has no default flow");
    }
    return chosen;
  }
};

// One join in one scope, as it stands now.
class Join {
 public:
  Join(const Execution& x, const Element& gateway, ElementInstanceKey scope)
      : x_(x), gateway_(gateway), scope_(scope), upstream_(*x.graph().upstream_of(gateway.index)) {
    for (const FlowIndex flow : gateway.incoming) waiting_.push_back(waiting_token(x, scope, flow));
  }

  [[nodiscard]] bool enabled() const {
    for (const ElementInstance& element : x_.state().elements) {
      if (element.scope == scope_ && is_live(element.status) && must_wait_for(element.element)) return false;
    }
    for (const Token& token : x_.state().tokens) {
      if (token.scope == scope_ && token.gateway != gateway_.index && must_wait_for(token.gateway)) return false;
    }
    return true;
  }

  [[nodiscard]] const std::vector<TokenKey>& waiting() const { return waiting_; }

 private:
  [[nodiscard]] bool must_wait_for(ElementIndex at) const {
    bool reaches_empty = false;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (!upstream_.upstream[i][at]) continue;
      if (waiting_[i]) return false;
      reaches_empty = true;
    }
    return reaches_empty;
  }

  const Execution& x_;
  const Element& gateway_;
  ElementInstanceKey scope_;
  const UpstreamSets& upstream_;
  std::vector<TokenKey> waiting_;  // one per incoming flow, empty where no token waits
};

}  // namespace

bool fire_enabled_inclusive_join(Execution& x) {
  std::set<std::pair<ElementInstanceKey, ElementIndex>> seen;
  for (const Token& token : x.state().tokens) {
    const Element& gateway = x.graph().element(token.gateway);
    if (gateway.kind != ElementKind::inclusive_gateway || !seen.emplace(token.scope, token.gateway).second) continue;
    const Join join(x, gateway, token.scope);
    if (!join.enabled()) continue;
    const ElementInstanceKey scope = token.scope;
    for (const TokenKey waiting : join.waiting()) {
      if (waiting) x.emit(TokenConsumed{waiting});
    }
    enter_element(x, EnterStep{.element = gateway.index, .scope = scope});
    return true;
  }
  return false;
}

const Behavior& inclusive_gateway_behavior() {
  static const InclusiveGatewayBehavior behavior;
  return behavior;
}

}  // namespace fermata
