#include "engine/behavior/behavior.h"

#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"

namespace fermata {

void Behavior::arrive(Execution& x, const Element&, EnterStep token) const { enter_element(x, token); }

Attempted<std::vector<FlowIndex>> Behavior::choose_flows(Execution& x, const Element& element, ElementInstanceKey key) const {
  std::vector<FlowIndex> chosen;
  bool any_condition = false;
  bool any_true = false;
  const ElementInstanceKey scope = x.instance(key).scope;
  for (const FlowIndex index : element.outgoing) {
    const SequenceFlow& flow = x.graph().flow(index);
    if (index == element.default_flow) continue;
    if (!flow.condition) {
      chosen.push_back(index);
      continue;
    }
    any_condition = true;
    const Attempted<bool> holds = evaluate_condition(x, *flow.condition, scope, "the condition of flow '" + flow.id + "'");
    if (!holds) return tl::unexpected(holds.error());
    any_true = any_true || *holds;
    if (*holds) chosen.push_back(index);
  }
  if (element.default_flow != no_flow && !any_true) chosen.push_back(element.default_flow);
  if (chosen.empty() && any_condition) {
    return failed(IncidentType::condition_error, "no condition of the flows out of '" + element.id +
                                                     "' is true and it has no default flow, so the token could not go on");
  }
  return chosen;
}

void Behavior::completed(Execution&, const Element&, const ElementInstance&) const {}
void Behavior::terminated(Execution&, const Element&, const ElementInstance&) const {}

}  // namespace fermata
