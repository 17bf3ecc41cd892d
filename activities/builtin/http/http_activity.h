// The activities `http` (any REST call) and `json-rpc` (JSON-RPC 2.0 over the same transport).
#pragma once

#include "activities/builtin/http/settings.h"
#include "activities/sdk/call.h"

namespace fermata::connector {

/// Input: method, url, pathParameters, queryParameters, headers, body, authentication; headers of the model:
/// resultVariable, resultExpression, errorExpression, idempotencyKeyHeader ("Idempotency-Key"; "" sends none),
/// repeatSafety.
[[nodiscard]] sdk::Outcome execute_http(HttpState& state, sdk::Call& call);
[[nodiscard]] sdk::RepeatSafety http_repeat_safety(HttpState& state, const sdk::Call& call);

/// Input: url, method (of the remote), params, headers, authentication; headers of the model: as above, and
/// errorMapping
/// ({"-32001": "CREDIT_LIMIT", "*": "RPC_ERROR"}) and retryableCodes ("-32000,-32603").
[[nodiscard]] sdk::Outcome execute_json_rpc(HttpState& state, sdk::Call& call);
[[nodiscard]] sdk::RepeatSafety json_rpc_repeat_safety(HttpState& state, const sdk::Call& call);

}  // namespace fermata::connector
