// Sending a built request with its authentication, once more if a cached token was refused.
#pragma once

#include <variant>

#include "activities/builtin/http/settings.h"
#include "activities/sdk/call.h"

namespace fermata::connector {

/// The server's answer, whatever its status, or why there is none.
using Sent = std::variant<HttpResponse, sdk::Failed>;

/// Adds idempotency key and authentication, and exchanges. Throws sdk::InputError before anything is sent.
[[nodiscard]] Sent send(HttpState& state, const sdk::Call& call, HttpRequest request, bool repeat_is_harmless);

}  // namespace fermata::connector
