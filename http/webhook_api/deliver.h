// Deliver: asks the engine to do what a mapped delivery says, exactly once for each delivery id.
//
// The delivery id is the idempotency key of the engine's request: the outcome is stored in the same transaction as the
// effect, so a repeated delivery is answered with it and does nothing, also after a crash between the commit and our
// 2xx.
//
//   Result<Outcome> outcome = deliver(hook, token, mapped, submit);
#pragma once

#include <functional>
#include <string>

#include "engine/core/client_command.h"
#include "engine/core/partition.h"
#include "http/webhook_api/delivery_map.h"

namespace fermata::http {

/// Engine::call: blocks until the request is durable.
using SubmitRequest = std::function<Result<Outcome>(ClientRequest)>;

/// start-or-correlate asks up to three times: give the message to who waits; else start, unless an instance with the
/// business key lives; else leave the message in the buffer for that instance. Whatever takes effect is remembered
/// under the delivery id. `token`: the name of the token that a delivery came by, "" when it was signed; each token has
/// delivery ids of its own, so that none can take another's.
[[nodiscard]] Result<Outcome> deliver(const Hook& hook, const std::string& token, const MappedDelivery& delivery,
                                      const SubmitRequest& submit);

}  // namespace fermata::http
