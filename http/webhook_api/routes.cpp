#include "http/webhook_api/routes.h"

#include "engine/base/json.h"

namespace fermata::http {

namespace {

constexpr std::size_t delivery_bytes_max = 4u << 20;  // as large as a variable may be
constexpr std::size_t settings_bytes_max = 64u << 10;

Response answer_error(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument:
      return Response::problem(400, "INVALID_ARGUMENT", error.message);
    case ErrorCode::permission_denied:
      return Response::problem(401, "UNAUTHORIZED", error.message);
    case ErrorCode::not_found:
      return Response::problem(404, "NOT_FOUND", error.message);
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
      return Response::problem(409, "CONFLICT", error.message);
    case ErrorCode::limit_exceeded:
      return Response::problem(413, "LIMIT_EXCEEDED", error.message);
    case ErrorCode::resource_exhausted:
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded:
      return Response::problem(503, "UNAVAILABLE", error.message).with("Retry-After", "5");
    case ErrorCode::data_loss:
    case ErrorCode::internal:
      break;
  }
  return Response::problem(500, "INTERNAL", "The delivery could not be stored; send it again later.");
}

Response answer_rejection(const Rejection& rejection) {
  switch (rejection.code) {
    case RejectionCode::not_found:
      return Response::problem(404, "NOT_FOUND", rejection.reason);
    case RejectionCode::invalid_state:
    case RejectionCode::already_exists:
      return Response::problem(409, "CONFLICT", rejection.reason);
    case RejectionCode::limit_exceeded:
      return Response::problem(413, "LIMIT_EXCEEDED", rejection.reason);
    case RejectionCode::invalid_argument:
    case RejectionCode::unsupported:
      break;
  }
  return Response::problem(400, "INVALID_ARGUMENT", rejection.reason);
}

struct Believed {
  VerifiedDelivery delivery;
  std::string token;  ///< the name of the token it came by; "" when it was signed
};

/// Who sent it, or why it is not believed.
Result<Believed> verify(const WebhookServices& services, const Hook& hook, const Request& request) {
  const ReplayWindow window{services.now(), hook.tolerance};
  if (hook.by_token) {
    const auto principal = services.authenticator.authenticate(request.headers);
    if (!principal || !principal->roles.effective().contains(Role::starter)) {
      return fail(ErrorCode::permission_denied, "This webhook asks for an API token with the role starter.");
    }
    std::string id(request.headers.value(hook.scheme.id_header.empty() ? "Idempotency-Key" : hook.scheme.id_header));
    const bool hashed = id.empty() || id.size() > 255;
    return Believed{{hashed ? body_hash_id(request.body) : std::move(id), hashed, std::nullopt}, principal->name};
  }
  std::vector<std::string> secrets;
  for (const std::string& name : hook.secrets) {
    if (auto secret = services.secret(name)) secrets.push_back(std::move(*secret));
  }
  if (secrets.empty())
    return fail(ErrorCode::unavailable, "The server lacks the secret of this webhook; its operator must add it.");
  const bool standard = hook.preset == Preset::standard_webhooks;
  auto verified = verify_webhook(
      hook.scheme, secrets, standard ? with_standard_names(request.headers) : request.headers, request.body, window);
  // A secret of the wrong form is the operator's trouble, not the sender's.
  if (!verified && verified.error().code == ErrorCode::invalid_argument)
    return fail(ErrorCode::unavailable, verified.error().message);
  if (!verified) return fail(verified.error());
  return Believed{std::move(*verified), {}};
}

void append_instances(std::string& out, const Reply& reply) {
  std::vector<ProcessInstanceKey> keys;
  if (const auto* created = std::get_if<InstanceCreated>(&reply)) keys.push_back(created->instance);
  if (const auto* accepted = std::get_if<MessageAccepted>(&reply)) keys = accepted->instances;
  for (const ProcessInstanceKey key : keys) out += (out.back() == '[' ? "\"" : ",\"") + key.text() + '"';
}

Response with_settings(const CompiledHook& compiled, bool from_file, int status) {
  std::string body = "{\"name\":";
  append_json_string(body, compiled.hook.name);
  body += ",\"path\":";
  append_json_string(body, "/webhooks/" + compiled.hook.name);
  body += std::string(",\"readOnly\":") + (from_file ? "true" : "false") + ",\"settings\":";
  append_json(body, compiled.hook.source);
  return Response::json(status, body + "}");
}

Response list_hooks(const WebhookServices& services) {
  std::string body = "{\"items\":[";
  for (const RegisteredHook& registered : services.registry.all()) {
    if (body.back() != '[') body += ',';
    body += with_settings(*registered.hook, registered.from_file, 200).body;
  }
  return Response::json(200, body + "]}");
}

Response get_hook(const WebhookServices& services, const Request& request) {
  for (const RegisteredHook& registered : services.registry.all()) {
    if (registered.hook->hook.name == request.param("name"))
      return with_settings(*registered.hook, registered.from_file, 200);
  }
  return Response::problem(404, "There is no webhook '" + std::string(request.param("name")) + "'.");
}

Response put_hook(const WebhookServices& services, const Request& request) {
  const auto settings = parse_json(request.body);
  if (!settings) return Response::problem(400, "INVALID_ARGUMENT", "The body is not JSON: " + settings.error().message);
  const auto made = services.registry.put(request.param("name"), *settings);
  return made ? with_settings(**made, false, 200) : answer_error(made.error());
}

Response delete_hook(const WebhookServices& services, const Request& request) {
  const auto removed = services.registry.remove(request.param("name"));
  return removed ? Response::empty(204) : answer_error(removed.error());
}

}  // namespace

Response receive_delivery(const WebhookServices& services, const Request& request) {
  const CompiledHookPtr hook = services.registry.find(request.param("name"));
  if (!hook) return Response::problem(404, "There is no such webhook.");
  const auto believed = verify(services, hook->hook, request);
  if (!believed) return answer_error(believed.error());
  const std::string& id = believed->delivery.delivery_id;
  const auto mapped = map_delivery(*hook, {request.headers, request.body, id, services.now()});
  if (!mapped) return answer_error(mapped.error());

  std::string body = "{\"deliveryId\":";
  append_json_string(body, id);
  body += ",\"processInstanceKeys\":[";
  for (const MappedDelivery& delivery : *mapped) {
    const Result<Outcome> outcome = deliver(hook->hook, believed->token, delivery, services.submit);
    if (!outcome) return answer_error(outcome.error());
    if (!*outcome) return answer_rejection(outcome->error());
    append_instances(body, **outcome);
  }
  return Response::json(200, body + "],\"ignored\":" + (mapped->empty() ? "true" : "false") + "}");
}

void add_webhook_routes(Router& router, WebhookServices services) {
  const auto shared = std::make_shared<const WebhookServices>(std::move(services));
  const auto add = [&](std::string method, std::string pattern, Access access, std::size_t bytes, auto handler) {
    router.add({.method = std::move(method),
                .pattern = std::move(pattern),
                .access = access,
                .body_bytes_max = bytes,
                .handler = [shared, handler](const Request& request) { return handler(*shared, request); }});
  };
  add("POST", "/webhooks/{name}", Access::signature(), delivery_bytes_max, receive_delivery);
  add("GET", "/v2/webhooks", RoleSet{Role::reader}, 0,
      [](const WebhookServices& s, const Request&) { return list_hooks(s); });
  add("GET", "/v2/webhooks/{name}", RoleSet{Role::reader}, 0, get_hook);
  add("PUT", "/v2/webhooks/{name}", RoleSet{Role::admin}, settings_bytes_max, put_hook);
  add("DELETE", "/v2/webhooks/{name}", RoleSet{Role::admin}, 0, delete_hook);
}

}  // namespace fermata::http
