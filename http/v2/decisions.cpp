// Decisions: their definitions (search, get, XML), evaluation by itself, and the history of evaluations.
#include <limits>

#include "engine/base/json.h"
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/object_reader.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {

Response search_decision_definitions(const Api& api, const Request& request) {
  return search<DecisionDefinition>(api, request, decision_definitions, &ReadSession::search_decisions, write_decision_definition);
}

Response get_decision_definition(const Api& api, const Request& request) {
  return get_one(api, request, "decisionDefinitionKey", "decision definition", &ReadSession::decision, write_decision_definition);
}

Response get_decision_definition_xml(const Api& api, const Request& request) {
  return with_key<DecisionDefinitionKey>(request, "decisionDefinitionKey", [&](DecisionDefinitionKey key) {
    return with_session(api, [&](ReadSession& session) {
      const auto decision = session.decision(key);
      if (!decision) return answer_error(decision.error());
      if (!*decision) return not_found("decision definition", key.text());
      return answer_file(session, (*decision)->resource);
    });
  });
}

namespace {

EvaluateDecision read_evaluation(ObjectReader& reader) {
  EvaluateDecision command;
  const std::optional<std::string> key = reader.text("decisionDefinitionKey");
  command.decision_id = reader.text("decisionDefinitionId").value_or("");
  if (key.has_value() == !command.decision_id.empty()) {
    reader.refuse("Give either 'decisionDefinitionKey' or 'decisionDefinitionId'.");
  } else if (key) {
    const std::optional<std::int64_t> raw = parse_key(*key);
    if (!raw) reader.refuse("The field 'decisionDefinitionKey' must be a key, a decimal number in a string.");
    command.decision = DecisionDefinitionKey{raw.value_or(0)};
  }
  command.variables = reader.variables("variables");
  if (const std::string problem = tenant_problem(reader.text("tenantId")); !problem.empty()) reader.refuse(problem);
  reader.finish();
  return command;
}

Response answer_evaluated(const DecisionAnswered& answered) {
  const DecisionDefinition& decision = answered.decision;
  const DecisionInstanceKey evaluation = answered.instances.empty() ? DecisionInstanceKey{} : answered.instances.front().evaluation;
  JsonWriter json;
  json.begin_object()
      .text("decisionDefinitionId", decision.decision_id)
      .key("decisionDefinitionKey", decision.key)
      .text("decisionDefinitionName", decision.name)
      .number("decisionDefinitionVersion", decision.version)
      .key("decisionEvaluationKey", evaluation)
      .key("decisionInstanceKey", evaluation)
      .text("decisionRequirementsId", decision.requirements_id)
      .key("decisionRequirementsKey", decision.resource)
      .null("failedDecisionDefinitionId")
      .null("failureMessage")
      .text("output", to_json(answered.value))
      .text("tenantId", default_tenant)
      .begin_array("evaluatedDecisions");
  for (const DecisionInstance& instance : answered.instances) write_evaluated_decision(json, instance);
  json.end_array().begin_array("warnings");
  if (!answered.instances.empty()) {
    for (const std::string& warning : answered.instances.back().warnings) json.element(warning);
  }
  json.end_array().end_object();
  return Response::json(200, json.take());
}

// "2251799813685249-2": the second decision of an evaluation, whose rows have keys that follow each other.
std::optional<DecisionInstanceKey> instance_key(std::string_view shown) {
  const std::size_t dash = shown.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> evaluation = parse_key(shown.substr(0, dash));
  const std::optional<std::int64_t> position = parse_key(shown.substr(dash + 1));
  if (!evaluation || !position || *position > std::numeric_limits<std::int64_t>::max() - *evaluation) return std::nullopt;
  return DecisionInstanceKey{*evaluation + *position - 1};
}

}  // namespace

Response evaluate_decision(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    EvaluateDecision command = read_evaluation(reader);
    if (!reader.ok()) return bad_request(reader.error());
    return execute(api, request, std::move(command), [](const Reply& reply) { return answer_evaluated(std::get<DecisionAnswered>(reply)); });
  });
}

Response search_decision_instances(const Api& api, const Request& request) {
  return search<DecisionInstanceRow>(api, request, decision_instances, &ReadSession::search_decision_instances, write_decision_instance);
}

Response get_decision_instance(const Api& api, const Request& request) {
  const std::string_view shown = request.param("decisionEvaluationInstanceKey");
  const std::optional<DecisionInstanceKey> key = instance_key(shown);
  if (!key) return bad_request("The path names '" + std::string(shown) + "' where a decisionEvaluationInstanceKey is expected, such as 2251799813685249-1.");
  return with_session(api, [&](ReadSession& session) {
    const auto row = session.decision_instance(*key);
    if (!row) return answer_error(row.error());
    if (!*row || (*row)->decision.shown_key() != shown) return not_found("decision instance", shown);
    JsonWriter json;
    write_whole_decision_instance(json, **row);
    return Response::json(200, json.take());
  });
}

}  // namespace fermata::http::v2
