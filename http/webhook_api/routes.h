// The routes of webhooks: POST /webhooks/{name} for the senders, and their administration below /v2/webhooks.
//
// A delivery is answered 2xx only after the engine has committed what it caused. 200: done, or done before, or not
// wanted ("when"); 400: it cannot be mapped; 401: signature or token; 404: no such webhook, or no such process; 409:
// the same delivery id with another body; 503 with Retry-After: the engine is busy, send it again.
//
//   add_webhook_routes(router, {.registry = *registry, .submit = [&](ClientRequest r) { return
//   engine.call(std::move(r)); },
//                               .secret = [&](std::string_view name) { return secrets.find(name); },
//                               .authenticator = authenticator, .now = [&] { return clock->now(); }});
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "http/auth/authenticator.h"
#include "http/server/router.h"
#include "http/webhook_api/deliver.h"
#include "http/webhook_api/hook_registry.h"

namespace fermata::http {

/// Everything referred to must outlive the router.
struct WebhookServices {
  HookRegistry& registry;
  SubmitRequest submit;
  /// The value of a secret by its name; asked for each delivery, so that a rotated secret takes effect.
  std::function<std::optional<std::string>(std::string_view name)> secret;
  const Authenticator& authenticator;
  std::function<Timestamp()> now;  ///< the wall clock, for replay windows
};

void add_webhook_routes(Router& router, WebhookServices services);

/// The handler of POST /webhooks/{name}, for tests.
[[nodiscard]] Response receive_delivery(const WebhookServices& services, const Request& request);

}  // namespace fermata::http
