// Decision definitions: list, look at them, fetch their XML, evaluate.
#include <algorithm>

#include "http/engine_rest/answer.h"
#include "http/engine_rest/definition_json.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/answer.h"

namespace fermata::http::engine_rest {
namespace {

constexpr std::size_t listed_max = 10'000;

std::string no_definition(std::string_view id) { return "No matching decision definition with id " + std::string(id); }
std::string no_key(std::string_view key) { return "No matching decision definition with key: " + std::string(key) + " and no tenant-id"; }

template <class Use>
Response with_decision(const Api& api, const Request& request, bool by_key, Use&& use) {
  const std::string_view name = request.param(by_key ? "key" : "id");
  const std::optional<DecisionDefinitionKey> key = by_key ? std::nullopt : parse_decision_id(name);
  if (!by_key && !key) return rest_error(404, "InvalidRequestException", no_definition(name));
  return with_session(api, [&](ReadSession& session) {
    const auto decision = by_key ? session.latest_decision(name) : session.decision(*key);
    if (!decision) return answer_error(decision.error());
    if (!*decision) return rest_error(404, "RestException", by_key ? no_key(name) : no_definition(name));
    return use(session, **decision);
  });
}

Response answer_decision(ReadSession&, const DecisionDefinition& decision) {
  JsonWriter json;
  write_decision(json, decision);
  return Response::json(200, json.take());
}

Response answer_xml(ReadSession& session, const DecisionDefinition& decision) {
  const auto resource = session.resource(decision.resource);
  if (!resource) return answer_error(resource.error());
  if (!*resource) return rest_error(500, "ProcessEngineException", "The file of this decision is not in the store");
  JsonWriter json;
  json.begin_object().text("id", decision_id(decision)).text("dmnXml", (*resource)->content).end_object();
  return Response::json(200, json.take());
}

// A result is a list of rules, each a map of its outputs.
Response answer_results(const DecisionAnswered& answered) {
  JsonWriter json;
  json.begin_array();
  for (const Value& rule : answered.result_list.as_list()) {
    json.begin_object();
    for (const Value::Entry& output : rule.as_context()) {
      json.name_next(output.key);
      write_typed_value(json, output.value);
    }
    json.end_object();
  }
  json.end_array();
  return Response::json(200, json.take());
}

Response evaluate(const Api& api, const Request& request, EvaluateDecision command, const std::string& unknown) {
  return with_body(request, [&](ObjectReader& body) {
    if (const Value* map = body.object("variables")) {
      Result<Variables> variables = read_typed_variables(*map);
      if (!variables) return invalid_request(variables.error().message);
      command.variables = std::move(*variables);
    }
    if (!body.ok()) return invalid_request(body.error());
    return execute(
        api, request, std::move(command), [](const Reply& reply) { return answer_results(std::get<DecisionAnswered>(reply)); },
        [&](const Rejection& rejection) {
          if (rejection.code == RejectionCode::not_found) return rest_error(404, "RestException", unknown);
          return answer_rejection(rejection);
        });
  });
}

// ---------------------------------------------------------------- the list

using Op = FieldCondition::Op;

struct Parameter {
  std::string_view name;
  std::string_view field;
  Op op = Op::eq;
};
constexpr Parameter parameters[] = {
    {"key", "decisionDefinitionId"}, {"keyLike", "decisionDefinitionId", Op::like}, {"name", "name"}, {"nameLike", "name", Op::like},
    {"version", "version"}, {"versionTag", "versionTag"}, {"versionTagLike", "versionTag", Op::like}, {"deploymentId", "deploymentKey"},
    {"resourceName", "resourceName"}, {"resourceNameLike", "resourceName", Op::like},
    {"decisionRequirementsDefinitionKey", "decisionRequirementsId"},
};
constexpr std::pair<std::string_view, std::string_view> orders[] = {
    {"id", "decisionDefinitionKey"}, {"key", "decisionDefinitionId"}, {"name", "name"}, {"version", "version"}, {"deploymentId", "deploymentKey"},
    {"decisionRequirementsDefinitionKey", "decisionRequirementsId"}, {"versionTag", "versionTag"}};

// '%' stands for any text there, '*' does here.
std::string wildcards(std::string_view pattern) {
  std::string made;
  for (const char c : pattern) {
    if (c == '*' || c == '?') made += '\\';
    made += c == '%' ? '*' : c;
  }
  return made;
}

// Answers what is wrong with a parameter, or "".
std::string read_parameter(std::string_view name, std::string_view text, fermata::Query& query) {
  if (name == "sortBy" || name == "sortOrder" || name == "firstResult" || name == "maxResults" || name == "withoutTenantId") return {};
  if (name == "latestVersion") {
    if (text == "true") query.where.push_back({"isLatestVersion", Op::eq, {Value::boolean(true)}});
    return {};
  }
  if (name == "decisionDefinitionId") {
    const std::optional<DecisionDefinitionKey> key = parse_decision_id(text);
    query.where.push_back({"decisionDefinitionKey", Op::eq, {Value::string(key ? key->text() : "0")}});
    return {};
  }
  const auto known = std::ranges::find(parameters, name, &Parameter::name);
  if (known == std::end(parameters)) return "The query parameter '" + std::string(name) + "' is not supported for decision definitions";
  Value operand = Value::string(known->op == Op::like ? wildcards(text) : std::string(text));
  if (name == "version") {
    const std::optional<std::int64_t> number = v2::parse_key(text);
    if (!number) return "Cannot set query parameter 'version' to value '" + std::string(text) + "'";
    operand = Value::integer(*number);
  }
  if (name == "deploymentId" && !v2::parse_key(text)) operand = Value::string("0");
  query.where.push_back({std::string(known->field), known->op, {std::move(operand)}});
  return {};
}

std::string read_order(const Request& request, fermata::Query& query) {
  const std::optional<std::string_view> by = request.query.get("sortBy");
  if (!by) return {};
  const auto known = std::ranges::find(orders, *by, &std::pair<std::string_view, std::string_view>::first);
  if (known == std::end(orders)) return "Cannot set query parameter 'sortBy' to value '" + std::string(*by) + "'";
  query.sort.push_back({std::string(known->second), request.query.get("sortOrder").value_or("asc") == "desc"});
  return {};
}

}  // namespace

Response list_decisions(const Api& api, const Request& request) {
  fermata::Query query;
  query.offset = read_count(request, "firstResult", 0);
  query.limit = std::min(read_count(request, "maxResults", listed_max), listed_max);
  std::string problem = read_order(request, query);
  for (const auto& [name, text] : request.query.items()) {
    if (problem.empty()) problem = read_parameter(name, text, query);
  }
  if (!problem.empty()) return invalid_request(problem);
  if (query.limit == 0) return Response::json(200, "[]");
  return with_session(api, [&](ReadSession& session) {
    const auto page = session.search_decisions(query);
    if (!page) return answer_error(page.error());
    JsonWriter json;
    json.begin_array();
    for (const DecisionDefinition& decision : page->items) write_decision(json, decision);
    json.end_array();
    return Response::json(200, json.take());
  });
}

Response get_decision(const Api& api, const Request& request) { return with_decision(api, request, false, answer_decision); }
Response get_decision_by_key(const Api& api, const Request& request) { return with_decision(api, request, true, answer_decision); }
Response get_decision_xml(const Api& api, const Request& request) { return with_decision(api, request, false, answer_xml); }
Response get_decision_xml_by_key(const Api& api, const Request& request) { return with_decision(api, request, true, answer_xml); }

Response evaluate_decision(const Api& api, const Request& request) {
  const std::string id{request.param("id")};
  const std::optional<DecisionDefinitionKey> key = parse_decision_id(id);
  if (!key) return rest_error(404, "RestException", no_definition(id));
  EvaluateDecision command;
  command.decision = *key;
  return evaluate(api, request, std::move(command), no_definition(id));
}

Response evaluate_decision_by_key(const Api& api, const Request& request) {
  const std::string key{request.param("key")};
  EvaluateDecision command;
  command.decision_id = key;
  return evaluate(api, request, std::move(command), no_key(key));
}

}  // namespace fermata::http::engine_rest
