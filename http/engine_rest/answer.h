// Errors and requests in the manner of the Camunda 7 API.
//
// Every error carries {"type","message","code"}; the router writes that shape from a problem whose title is the type. Bodies may be
// empty, null or unknown in parts: unknown properties are ignored, null is absent.
//
//   return rest_error(404, "RestException", "External task with id 17 does not exist");
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/model/element_kind.h"
#include "http/server/request.h"
#include "http/server/response.h"
#include "http/v2/api.h"
#include "http/v2/object_reader.h"

namespace fermata::http::engine_rest {

[[nodiscard]] Response rest_error(int status, std::string_view type, std::string_view message);
[[nodiscard]] Response invalid_request(std::string_view message);
[[nodiscard]] Response answer_error(const Error& error);

/// What the router calls for errors below /engine-rest, its own (404, 401 ...) included.
[[nodiscard]] std::string error_body(int status, const ProblemText& text);

/// How a rejected command is answered; the default maps by code.
using RejectionAnswer = std::function<Response(const Rejection&)>;
[[nodiscard]] Response answer_rejection(const Rejection& rejection);

/// Submits, waits for the commit and answers; without `answer`: 204.
[[nodiscard]] Response execute(const Api& api, const Request& request, ClientCommand command,
                               const std::function<Response(const Reply&)>& answer = nullptr,
                               const RejectionAnswer& rejected = answer_rejection);

[[nodiscard]] Response with_session(const Api& api, const std::function<Response(ReadSession&)>& use);

/// The body as an object; empty and `null` are an empty object.
[[nodiscard]] Response with_body(const Request& request, const std::function<Response(ObjectReader&)>& use);

/// The id of a process definition: "key:version:4711"; the number alone is understood too.
[[nodiscard]] std::string definition_id(const Definition& definition);
[[nodiscard]] std::string definition_id(std::string_view process_id, std::int32_t version, DefinitionKey key);
[[nodiscard]] std::optional<DefinitionKey> parse_definition_id(std::string_view id);

/// The same of a decision.
[[nodiscard]] std::string decision_id(const DecisionDefinition& decision);
[[nodiscard]] std::optional<DecisionDefinitionKey> parse_decision_id(std::string_view id);

/// A query parameter that is a count; `fallback` when it is absent or none.
[[nodiscard]] std::size_t read_count(const Request& request, std::string_view name, std::size_t fallback);

/// "http://host:port" as the client has called us, for links.
[[nodiscard]] std::string base_url(const Request& request);

}  // namespace fermata::http::engine_rest
