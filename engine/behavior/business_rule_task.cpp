// Business rule task: asks a deployed decision, or is a job for a worker that decides. BPMN 2.0.2, 13.3.3.
#include "engine/base/check.h"
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/decisions.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/scripts.h"

namespace fermata {
namespace {

Attempted<DecisionTarget> find_target(Execution& x, const DecisionReference& reference, ElementInstanceKey key) {
  const Attempted<std::string> id = evaluate_text(x, *reference.decision_id, key, "the decision id");
  if (!id) return tl::unexpected(id.error());
  const Attempted<std::string> version = evaluate_optional_text(x, reference.binding.version, key, "the version of the decision");
  if (!version) return tl::unexpected(version.error());
  Result<std::optional<DecisionTarget>> target = x.surroundings().find_decision(reference.binding, *id, *version, x.state().instance.definition);
  if (!target) return failed(IncidentType::called_decision_error, target.error().message);
  if (*target) return std::move(**target);
  return failed(IncidentType::called_decision_error,
                "no decision '" + *id + "' is deployed that this task could ask. Deploy the DMN file with it, then resolve the incident");
}

Value visible_context(const InstanceState& state, ElementInstanceKey key) {
  Value::Entries entries;
  for (Variable& variable : state.visible_variables(key)) entries.push_back({std::move(variable.name), std::move(variable.value)});
  return Value::context(std::move(entries));
}

class BusinessRuleTaskBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (element.job) return create_job(x, element, key);
    FERMATA_CHECK(element.decision.has_value(), "a business rule task without a decision or a job is refused at deployment");
    const Attempted<DecisionTarget> target = find_target(x, *element.decision, key);
    if (!target) return tl::unexpected(target.error());
    const Result<DecisionResult> made =
        target->file->model->evaluate(target->definition.decision_id, visible_context(x.state(), key), x.now());
    if (!made) return failed(IncidentType::called_decision_error, made.error().message);
    const Attempted<Value> value = mapped_result(*made, element.decision->mapping);
    if (!value) return tl::unexpected(value.error());
    for (DecisionInstance& row : decision_instances(*target, *made, x.keys(), x.now())) {
      row.element_instance = key;
      row.element_id = element.id;
      x.emit(DecisionEvaluated{std::move(row)});
    }
    if (!element.decision->result_variable.empty()) keep_result(x, element.decision->result_variable, *value, key);
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
