#include "http/engine_rest/answer.h"

#include "engine/base/json.h"
#include "http/v2/answer.h"
#include "http/v2/json_writer.h"

namespace fermata::http::engine_rest {

Response rest_error(int status, std::string_view type, std::string_view message) { return Response::problem(status, type, message); }

Response invalid_request(std::string_view message) { return rest_error(400, "InvalidRequestException", message); }

Response answer_error(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument: return invalid_request(error.message);
    case ErrorCode::not_found: return rest_error(404, "RestException", error.message);
    case ErrorCode::permission_denied: return rest_error(403, "AuthorizationException", error.message);
    case ErrorCode::resource_exhausted:
    case ErrorCode::unavailable: {
      Response response = rest_error(503, "RestException", error.message);
      response.headers.set("Retry-After", "1");
      return response;
    }
    case ErrorCode::already_exists:
    case ErrorCode::conflict: return rest_error(400, "RestException", error.message);
    case ErrorCode::limit_exceeded:
    case ErrorCode::deadline_exceeded:
    case ErrorCode::data_loss:
    case ErrorCode::internal: break;
  }
  return rest_error(500, "ProcessEngineException", error.message);
}

std::string error_body(int status, const ProblemText& text) {
  // Types of ours and of the router's own answers ("NOT_FOUND") are not Java's: those become the general one.
  const bool java = text.title.ends_with("Exception");
  std::string_view fallback = status >= 500 ? "ProcessEngineException" : "RestException";
  if (status == 403) fallback = "AuthorizationException";
  JsonWriter json;
  json.begin_object().text("type", java ? std::string_view(text.title) : fallback).text("message", text.detail).null("code").end_object();
  return json.take();
}

Response answer_rejection(const Rejection& rejection) {
  switch (rejection.code) {
    case RejectionCode::invalid_argument:
    case RejectionCode::unsupported: return invalid_request(rejection.reason);
    case RejectionCode::not_found: return rest_error(404, "RestException", rejection.reason);
    case RejectionCode::invalid_state:
    case RejectionCode::already_exists: return rest_error(400, "RestException", rejection.reason);
    case RejectionCode::limit_exceeded: break;
  }
  return rest_error(500, "ProcessEngineException", rejection.reason);
}

Response execute(const Api& api, const Request& request, ClientCommand command,
                 const std::function<Response(const Reply&)>& answer, const RejectionAnswer& rejected) {
  Result<ClientRequest> made = v2::client_request(request, std::move(command));
  if (!made) return answer_error(made.error());
  Result<Outcome> outcome = api.engine.call(std::move(*made));
  if (!outcome) return answer_error(outcome.error());
  if (!*outcome) return rejected(outcome->error());
  return answer ? answer(**outcome) : Response::empty(204);
}

Response with_session(const Api& api, const std::function<Response(ReadSession&)>& use) {
  Result<std::unique_ptr<ReadSession>> session = api.engine.read();
  if (!session) return answer_error(session.error());
  return use(**session);
}

Response with_body(const Request& request, const std::function<Response(ObjectReader&)>& use) {
  Value body = Value::context({});
  if (!trim(request.body).empty()) {
    Result<Value> parsed = parse_json(request.body);
    if (!parsed) return invalid_request("Cannot parse the JSON body: " + parsed.error().message);
    if (!parsed->is_null()) body = std::move(*parsed);
  }
  ObjectReader reader(body, "");
  if (!reader.ok()) return invalid_request(reader.error());
  return use(reader);
}

std::string definition_id(std::string_view process_id, std::int32_t version, DefinitionKey key) {
  return std::string(process_id) + ":" + std::to_string(version) + ":" + key.text();
}

std::string definition_id(const Definition& definition) {
  return definition_id(definition.process_id, definition.version, definition.key);
}

std::optional<DefinitionKey> parse_definition_id(std::string_view id) {
  const std::size_t colon = id.rfind(':');
  const std::optional<std::int64_t> raw = v2::parse_key(colon == std::string_view::npos ? id : id.substr(colon + 1));
  return raw ? std::optional(DefinitionKey{*raw}) : std::nullopt;
}

std::string decision_id(const DecisionDefinition& decision) {
  return decision.decision_id + ":" + std::to_string(decision.version) + ":" + decision.key.text();
}

std::optional<DecisionDefinitionKey> parse_decision_id(std::string_view id) {
  const std::optional<DefinitionKey> key = parse_definition_id(id);
  return key ? std::optional(DecisionDefinitionKey{key->raw()}) : std::nullopt;
}

std::size_t read_count(const Request& request, std::string_view name, std::size_t fallback) {
  const std::string text{request.query.get(name).value_or("")};
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos || text.size() > 9) return fallback;
  return static_cast<std::size_t>(std::stoul(text));
}

std::string base_url(const Request& request) {
  const std::string_view host = request.headers.value("Host");
  return "http://" + std::string(host.empty() ? "localhost:8080" : host);
}

}  // namespace fermata::http::engine_rest
