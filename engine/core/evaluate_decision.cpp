// EvaluateDecision: a decision that no process asks for.
#include "engine/behavior/shared/decisions.h"
#include "engine/core/chain.h"

namespace fermata {

namespace {

Rejection not_deployed(const EvaluateDecision& command) {
  if (command.decision) return {RejectionCode::not_found, "there is no decision definition " + command.decision.text()};
  const std::string version = command.version ? " in version " + std::to_string(*command.version) : std::string();
  return {RejectionCode::not_found, "no decision '" + command.decision_id + "' is deployed" + version};
}

}  // namespace

Result<Outcome> Chain::on(const EvaluateDecision& command) {
  auto decision = command.decision
                      ? transaction_.find_decision(command.decision)
                      : transaction_.select_decision({.decision_id = command.decision_id, .version = command.version, .version_tag = {}, .deployment = {}});
  if (!decision) return fail(decision.error());
  if (!*decision) return Outcome(tl::unexpected(not_deployed(command)));
  const Result<DecisionTarget> target = parts_.decisions.target(std::move(**decision), transaction_);
  if (!target) return fail(target.error());

  Value::Entries variables;
  for (const Variable& variable : command.variables) variables.push_back({variable.name, variable.value});
  const Result<DecisionResult> made =
      target->file->model->evaluate(target->definition.decision_id, Value::context(std::move(variables)), context_.now);
  if (!made) return Outcome(tl::unexpected(Rejection{RejectionCode::invalid_argument, made.error().message}));

  const TransitionKey transition = reserve();
  DecisionAnswered reply{target->definition, made->value, result_list(*made), decision_instances(*target, *made, parts_.keys, context_.now)};
  std::vector<Event> events;
  for (const DecisionInstance& row : reply.instances) events.push_back(DecisionEvaluated{row});
  if (Result<void> written = record(transition, "evaluateDecision", std::move(events)); !written) return fail(written.error());
  return Outcome(Reply(std::move(reply)));
}

}  // namespace fermata
