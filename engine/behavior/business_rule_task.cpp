// Business rule task: asks the decision engine, or is a job for a worker that does. BPMN 2.0.2, 13.3.3.
#include "engine/base/check.h"
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/scripts.h"

namespace fermata {
namespace {

class BusinessRuleTaskBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (element.job) return create_job(x, element, key);
    FERMATA_CHECK(element.decision.has_value(), "a business rule task without a decision or a job is refused at deployment");
    const Attempted<std::string> id = evaluate_text(x, *element.decision->decision_id, key, "the decision id");
    if (!id) return tl::unexpected(id.error());
    if (x.options().decisions == nullptr) {
      return failed(IncidentType::called_decision_error, "decision '" + *id + "' cannot be evaluated: this engine has no decision engine");
    }
    const ScopeVariables variables(x.state(), key);
    const Result<Value> value = x.options().decisions->evaluate(*id, variables, x.now());
    if (!value) return failed(IncidentType::called_decision_error, value.error().message);
    keep_result(x, element.decision->result_variable, *value, key);
    x.push(CompleteStep{key});
    return {};
  }
};

}  // namespace

const Behavior& business_rule_task_behavior() {
  static const BusinessRuleTaskBehavior behavior;
  return behavior;
}

}  // namespace fermata
