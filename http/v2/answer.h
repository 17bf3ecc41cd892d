// From the words of the engine to those of HTTP for /v2: rejections and errors become problems (RFC 9457), requests are
// submitted with the caller's name and idempotency key, keys are read from paths.
//
//   return execute(api, request, CancelInstance{.instance = key});                 // 204, or the problem
//   return execute(api, request, std::move(create), [](const Reply& reply) { return Response::json(200, ...); });
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/request.h"
#include "http/server/response.h"
#include "http/v2/api.h"

namespace fermata::http::v2 {

[[nodiscard]] Response bad_request(std::string_view detail);
/// "There is no job with key 17." with 404.
[[nodiscard]] Response not_found(std::string_view what, std::string_view key);
[[nodiscard]] Response answer_error(const Error& error);
/// `command` is named in the detail, as Camunda 8 does.
[[nodiscard]] Response answer_rejection(std::string_view command, const Rejection& rejection, bool idempotent);

/// The request as the engine takes it; an Error (invalid_argument) when its Idempotency-Key is malformed.
[[nodiscard]] Result<ClientRequest> client_request(const Request& request, ClientCommand command);

/// Submits, and answers after the commit. Without `answer`: 204. No thread waits for the commit where a server stands behind the request,
/// so `answer` runs when the handler has long returned: it must own all that it uses, and know nothing of the request. (The Api stays.)
[[nodiscard]] Response execute(const Api& api, const Request& request, ClientCommand command,
                               std::function<Response(const Reply&)> answer = nullptr);

/// Runs `use` on a snapshot that has seen everything answered so far.
[[nodiscard]] Response with_session(const Api& api, const std::function<Response(ReadSession&)>& use);

/// A decimal 64-bit key, positive. nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_key(std::string_view text);

/// Reads the path parameter as a key and calls `use`, or answers 400.
template <class Key, class Use>
[[nodiscard]] Response with_key(const Request& request, std::string_view parameter, Use&& use) {
  const std::optional<std::int64_t> raw = parse_key(request.param(parameter));
  if (!raw) {
    return bad_request("The path names '" + std::string(request.param(parameter)) + "' where a " +
                       std::string(parameter) + " is expected: a positive decimal number.");
  }
  return use(Key{*raw});
}

/// The body as a JSON object; an absent body is an empty object.
[[nodiscard]] Result<Value> json_body(const Request& request);

/// Parses the body and calls `use`, or answers 400.
[[nodiscard]] Response with_body(const Request& request, const std::function<Response(const Value&)>& use);

/// "" when the tenant is absent or the only one there is; otherwise what is wrong with it.
[[nodiscard]] std::string tenant_problem(const std::optional<std::string>& tenant);

}  // namespace fermata::http::v2
