#include "activities/builtin/http/send.h"

#include <algorithm>

#include "activities/builtin/http/authentication.h"
#include "activities/builtin/http/request_builder.h"
#include "activities/builtin/transport/classify.h"
#include "activities/builtin/transport/encoding.h"

namespace fermata::connector {
namespace {

void add_idempotency_key(HttpRequest& request, const sdk::Call& call) {
  const std::string name = call.headers().string_or("idempotencyKeyHeader", "Idempotency-Key");
  if (name.empty() || request.method == "GET" || request.method == "HEAD") return;
  const bool given = std::any_of(request.headers.begin(), request.headers.end(),
                                 [&](const auto& header) { return ascii_lower(header.first) == ascii_lower(name); });
  if (!given) request.headers.emplace_back(name, call.idempotency_key());
}

}  // namespace

Sent send(HttpState& state, const sdk::Call& call, HttpRequest request, bool repeat_is_harmless) {
  add_idempotency_key(request, call);
  Authentication authentication(state, call);
  for (;;) {
    HttpRequest signed_request = request;
    try {
      authentication.apply(signed_request);
    } catch (NoToken& none) {
      return std::move(none.failed);
    }
    // The token, and the first try if it was refused, took some of the call's time.
    signed_request.limits.total_timeout = std::min(signed_request.limits.total_timeout, time_left(call));
    HttpResult result = exchange(signed_request, state.policy);
    if (const auto* error = std::get_if<HttpError>(&result)) return failure_of(*error, repeat_is_harmless);
    auto& response = std::get<HttpResponse>(result);
    if (response.status == 401 && authentication.forget_refused_token()) continue;
    return std::move(response);
  }
}

}  // namespace fermata::connector
