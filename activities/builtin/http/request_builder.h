// From a job's input to an HTTP request: the parts that `http` and `json-rpc` have in common.
//
// A field is looked up in the input first, then in the model's headers. Secret references are resolved only in what the
// modeller writes to be secret: authentication, header values and query parameters. A body or a path is process data,
// which anybody may have sent; resolving references in it would hand them our secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "activities/builtin/http/settings.h"
#include "activities/sdk/call.h"

namespace fermata::connector {

/// The field as text, from the input or the headers; empty if neither has it. Numbers and booleans become their text.
[[nodiscard]] std::string field(const sdk::Call& call, std::string_view name);
/// The field as JSON: an object or list of the input as it is, text of a header parsed. Null if absent.
[[nodiscard]] sdk::Json json_field(const sdk::Call& call, std::string_view name);

/// The URL template with each {name} replaced by the percent-encoded member of `pathParameters`. Throws InputError
/// naming a missing one; a value that would step to another path ("..", or empty) is refused.
[[nodiscard]] std::string expand_url(std::string_view url_template, const sdk::Json& path_parameters);

/// Appends query parameters; a list gives the name several times, null leaves it out.
void append_query(std::string& url, const sdk::Call& call, const sdk::Json& parameters);

/// A request with URL, query, headers, the idempotency key and limits of the call. Method and body are the caller's.
[[nodiscard]] HttpRequest base_request(const HttpState& state, const sdk::Call& call);

/// Declared safety of a repeat: the header `repeatSafety` ("none", "native", "key"), else native for a method that is
/// idempotent (RFC 9110, 9.2.2), else none.
[[nodiscard]] sdk::RepeatSafety declared_repeat_safety(const sdk::Call& call, std::string_view method);

}  // namespace fermata::connector
