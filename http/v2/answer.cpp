#include "http/v2/answer.h"

#include <charconv>

#include "engine/base/json.h"
#include "http/auth/crypto.h"
#include "http/v2/object_reader.h"

namespace fermata::http::v2 {
namespace {

constexpr std::size_t idempotency_key_bytes_max = 256;

struct Status {
  int http;
  std::string_view title;
};

Status status_of(RejectionCode code) {
  switch (code) {
    case RejectionCode::invalid_argument:
      return {400, "INVALID_ARGUMENT"};
    case RejectionCode::not_found:
      return {404, "NOT_FOUND"};
    case RejectionCode::invalid_state:
      return {409, "INVALID_STATE"};
    case RejectionCode::already_exists:
      return {409, "ALREADY_EXISTS"};
    case RejectionCode::limit_exceeded:
      return {413, "LIMIT_EXCEEDED"};
    case RejectionCode::unsupported:
      return {400, "UNSUPPORTED"};
  }
  return {500, "INTERNAL"};
}

Status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return {400, "INVALID_ARGUMENT"};
    case ErrorCode::not_found:
      return {404, "NOT_FOUND"};
    case ErrorCode::already_exists:
      return {409, "ALREADY_EXISTS"};
    case ErrorCode::conflict:
      return {409, "INVALID_STATE"};
    case ErrorCode::resource_exhausted:
      return {503, "RESOURCE_EXHAUSTED"};
    case ErrorCode::limit_exceeded:
      return {413, "LIMIT_EXCEEDED"};
    case ErrorCode::unavailable:
      return {503, "UNAVAILABLE"};
    case ErrorCode::deadline_exceeded:
      return {504, "DEADLINE_EXCEEDED"};
    case ErrorCode::data_loss:
      return {500, "DATA_LOSS"};
    case ErrorCode::permission_denied:
      return {403, "FORBIDDEN"};
    case ErrorCode::internal:
      return {500, "INTERNAL"};
  }
  return {500, "INTERNAL"};
}

// draft-ietf-httpapi-idempotency-key-header: a structured string, "quoted"; clients in the wild send it bare.
Result<std::string> idempotency_key(const Request& request) {
  std::string_view key = trim(request.headers.value("Idempotency-Key"));
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  if (request.headers.has("Idempotency-Key") && key.empty()) {
    return fail(ErrorCode::invalid_argument, "The header Idempotency-Key is empty; leave it out or give it a value.");
  }
  if (key.size() > idempotency_key_bytes_max) {
    return fail(ErrorCode::invalid_argument, "The header Idempotency-Key is longer than 256 bytes.");
  }
  return std::string(key);
}

}  // namespace

Response bad_request(std::string_view detail) {
  return Response::problem(400, "INVALID_ARGUMENT", detail);
}

Response not_found(std::string_view what, std::string_view key) {
  return Response::problem(404, "NOT_FOUND",
                           "There is no " + std::string(what) + " with key " + std::string(key) + ".");
}

Response answer_error(const Error& error) {
  const Status status = status_of(error.code);
  Response response = Response::problem(status.http, status.title, error.message);
  if (status.http == 503) response.headers.set("Retry-After", "1");
  return response;
}

Response answer_rejection(std::string_view command, const Rejection& rejection, bool idempotent) {
  Status status = status_of(rejection.code);
  // The same idempotency key with another request: 422 by the draft. (A second message id is a plain conflict.)
  if (idempotent && rejection.code == RejectionCode::already_exists) status.http = 422;
  return Response::problem(status.http, status.title,
                           "Command '" + std::string(command) + "' rejected with code '" + std::string(status.title) +
                               "': " + rejection.reason);
}

Result<ClientRequest> client_request(const Request& request, ClientCommand command) {
  ClientRequest made;
  made.command = std::move(command);
  made.actor = request.principal.name;
  Result<std::string> key = idempotency_key(request);
  if (!key) return fail(key.error());
  if (!key->empty()) {
    made.idempotency_source = "api:" + request.principal.name;
    made.idempotency_key = std::move(*key);
    made.fingerprint = to_hex(sha256(request.method + " " + request.path + "\n" + request.body));
  }
  return made;
}

Response execute(const Api& api, const Request& request, ClientCommand command, std::function<Response(const Reply&)> answer) {
  const std::string name{name_of(command)};
  Result<ClientRequest> made = client_request(request, std::move(command));
  if (!made) return answer_error(made.error());
  const bool idempotent = !made->idempotency_key.empty();
  auto respond = [name, idempotent, answer = std::move(answer)](const Result<Outcome>& outcome) {
    if (!outcome) return answer_error(outcome.error());
    if (!*outcome) return answer_rejection(name, outcome->error(), idempotent);
    return answer ? answer(**outcome) : Response::empty(204);
  };
  const LaterAnswerPtr later = request.answer_later();
  if (!later) return respond(api.engine.call(std::move(*made)));
  auto submitted = api.engine.submit(std::move(*made), [later, respond = std::move(respond)](Result<Outcome> outcome) {
    later->put([respond, outcome = std::move(outcome)] { return respond(outcome); });
  });
  return submitted ? Response::later() : answer_error(submitted.error());
}

Response with_session(const Api& api, const std::function<Response(ReadSession&)>& use) {
  Result<std::unique_ptr<ReadSession>> session = api.engine.read();
  if (!session) return answer_error(session.error());
  return use(**session);
}

std::optional<std::int64_t> parse_key(std::string_view text) {
  std::int64_t raw = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), raw);
  if (error != std::errc{} || end != text.data() + text.size() || raw <= 0) return std::nullopt;
  return raw;
}

Result<Value> json_body(const Request& request) {
  if (trim(request.body).empty()) return Value::context({});
  const std::string type = request.content_type();
  if (!type.empty() && type != "application/json" && !type.ends_with("+json")) {
    return fail(ErrorCode::invalid_argument, "The body is '" + type + "'; send application/json.");
  }
  Result<Value> parsed = parse_json(request.body);
  if (!parsed) return fail(ErrorCode::invalid_argument, "The body is not valid JSON: " + parsed.error().message);
  if (parsed->is_null()) return Value::context({});
  if (!parsed->is_context()) return fail(ErrorCode::invalid_argument, "The body must be a JSON object.");
  return parsed;
}

Response with_body(const Request& request, const std::function<Response(const Value&)>& use) {
  const Result<Value> body = json_body(request);
  return body ? use(*body) : answer_error(body.error());
}

std::string tenant_problem(const std::optional<std::string>& tenant) {
  if (!tenant || tenant->empty() || *tenant == default_tenant) return {};
  return "The tenant '" + *tenant + "' does not exist. This server has one tenant, \"<default>\".";
}

}  // namespace fermata::http::v2
