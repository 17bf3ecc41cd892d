// The server itself: clock, topology, status, licence, who is calling; and FEEL for the curious.
#include "engine/base/json.h"
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/json_writer.h"
#include "http/v2/object_reader.h"

namespace fermata::http::v2 {
namespace {

// The version of the API that is spoken here, for clients that look at it; the product's own version stands beside it.
constexpr std::string_view api_version = "8.9.0";
constexpr std::int64_t clock_ms_max = 253'402'300'799'999;  // the end of the year 9999

// User names of the API have a closed alphabet; token names may have any.
std::string user_name(std::string_view principal) {
  std::string name;
  for (const char c : principal) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         std::string_view("_@.+-").find(c) != std::string_view::npos;
    name += allowed ? c : '_';
  }
  return name.empty() ? "_" : name;
}

}  // namespace

Response pin_clock(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    const std::optional<std::int64_t> timestamp = reader.integer("timestamp");
    reader.finish();
    if (!timestamp || *timestamp < 1 || *timestamp > clock_ms_max) {
      reader.refuse("The field 'timestamp' is required: milliseconds since 1970-01-01T00:00:00Z.");
    }
    if (!reader.ok()) return bad_request(reader.error());
    api.writable_clock->pin(Timestamp{*timestamp});
    api.engine.clock_changed();
    return Response::empty(204);
  });
}

Response reset_clock(const Api& api, const Request&) {
  api.writable_clock->unpin();
  api.engine.clock_changed();
  return Response::empty(204);
}

Response topology(const Api& api, const Request&) {
  const bool healthy = api.engine.healthy();
  JsonWriter json;
  json.begin_object().begin_array("brokers").begin_object();
  json.number("nodeId", 0).text("brokerId", "0").text("host", api.host).number("port", api.port).text("version", api_version);
  json.begin_array("partitions").begin_object();
  json.number("partitionId", 1).text("role", "leader").text("health", healthy ? "healthy" : "dead");
  json.end_object().end_array().end_object().end_array();
  json.text("clusterId", "fermata")
      .number("clusterSize", 1)
      .number("partitionsCount", 1)
      .number("replicationFactor", 1)
      .text("gatewayVersion", api_version)
      .text("lastCompletedChangeId", "-1")
      .text("product", "Fermata")
      .text("productVersion", api.version)
      .end_object();
  return Response::json(200, json.take());
}

Response status(const Api& api, const Request&) {
  if (api.engine.healthy()) return Response::empty(204);
  return Response::problem(503, "UNAVAILABLE", "The store has failed; the server must be restarted. See its log.");
}

Response license(const Api&, const Request&) {
  JsonWriter json;
  json.begin_object()
      .flag("validLicense", true)
      .text("licenseType", "none-needed")
      .flag("isCommercial", false)
      .null("expiresAt")
      .end_object();
  return Response::json(200, json.take());
}

Response who_am_i(const Api&, const Request& request) {
  JsonWriter json;
  json.begin_object()
      .text("username", user_name(request.principal.name))
      .text("displayName", request.principal.name)
      .null("email")
      .begin_array("authorizedComponents")
      .end_array();
  json.begin_array("tenants").begin_object();
  json.text("tenantId", default_tenant).text("name", "Default").null("description");
  json.end_object().end_array().begin_array("groups").end_array().begin_array("roles");
  for (const Role role : all_roles) {
    if (request.principal.roles.effective().contains(role)) json.element(role_name(role));
  }
  json.end_array().null("salesPlanType").begin_object("c8Links").end_object().flag("canLogout", false).end_object();
  return Response::json(200, json.take());
}

Response evaluate_expression(const Api& api, const Request& request) {
  return with_body(request, [&](const Value& body) {
    ObjectReader reader(body, "");
    const std::string expression = reader.required_text("expression");
    Variables variables = reader.variables("variables");
    const std::optional<std::string> scope_text = reader.text("scopeKey");
    if (const std::string problem = tenant_problem(reader.text("tenantId")); !problem.empty()) reader.refuse(problem);
    reader.finish();
    const std::optional<std::int64_t> scope = scope_text ? parse_key(*scope_text) : std::nullopt;
    if (scope_text && !scope) reader.refuse("The field 'scopeKey' must be a key, a decimal number in a string.");
    if (!reader.ok()) return bad_request(reader.error());
    if (scope) {
      // What is given hides what the scope has.
      auto session = api.engine.read();
      if (!session) return answer_error(session.error());
      Result<Variables> visible = (*session)->visible_variables(ElementInstanceKey{*scope});
      if (!visible) return answer_error(visible.error());
      visible->insert(visible->end(), variables.begin(), variables.end());
      variables = std::move(*visible);
    }
    const std::string_view text = expression.front() == '=' ? std::string_view(expression).substr(1) : std::string_view(expression);
    const Result<EvaluatedExpression> evaluated = api.evaluate(text, variables, api.clock->now());
    if (!evaluated) return answer_error(evaluated.error());
    JsonWriter json;
    json.begin_object().text("expression", expression).value("result", evaluated->value).begin_array("warnings");
    for (const std::string& warning : evaluated->warnings) json.begin_object().text("message", warning).end_object();
    json.end_array().begin_array("referencedSecrets").end_array().end_object();
    return Response::json(200, json.take());
  });
}

}  // namespace fermata::http::v2
