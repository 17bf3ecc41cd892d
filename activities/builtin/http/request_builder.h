// From a job's input to an HTTP request: the parts that `http` and `json-rpc` have in common.
//
// A field is looked up in the model's task headers first, then in the input, which holds whatever variable is visible if
// the task has no input mappings. The secrets that the author of the model named in the input are resolved when it comes
// here; those in the model's headers are resolved here. What else looks like a
// reference came through a variable, which anybody may have filled: resolving it would hand them our secrets. In
// `authentication`, `headers` and `queryParameters`, where it may be a mistake of the model, it is refused; in a body
// or a path it is text like any other.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "activities/builtin/http/settings.h"
#include "activities/sdk/call.h"

namespace fermata::connector {

/// The most that a model may ask for in connectionTimeoutInSeconds and in readTimeoutInSeconds.
inline constexpr std::chrono::seconds timeout_field_max{600};
/// The deadline of a call: both of them, and a token before that.
inline constexpr std::chrono::seconds call_time_max{1260};

/// The field as text, from the headers or the input; empty if neither has it. Numbers and booleans become their text.
[[nodiscard]] std::string field(const sdk::Call& call, std::string_view name);
/// The field as JSON: an object or list of the input as it is, text of a header parsed. Null if absent.
[[nodiscard]] sdk::Json json_field(const sdk::Call& call, std::string_view name);
/// The same for a field that may hold secrets. Throws InputError if a variable brought a reference to one.
[[nodiscard]] sdk::Json secret_field(const sdk::Call& call, std::string_view name);

/// The URL template with each {name} replaced by the percent-encoded member of `pathParameters`. Throws InputError
/// naming a missing one; a value that would step to another path ("..", or empty) is refused.
[[nodiscard]] std::string expand_url(std::string_view url_template, const sdk::Json& path_parameters);

/// Appends query parameters; a list gives the name several times, null leaves it out.
void append_query(std::string& url, const sdk::Json& parameters);

/// A little less than the time to the deadline, so that the answer "timeout" still comes from the exchange, where more
/// is known about it.
[[nodiscard]] std::chrono::milliseconds time_left(const sdk::Call& call);

/// A request with URL, query, headers and limits of the call. Method and body are the caller's. Throws InputError, for
/// instance if the model asks for more time than there is.
[[nodiscard]] HttpRequest base_request(const HttpState& state, const sdk::Call& call);

/// Declared safety of a repeat: the header `repeatSafety` ("none", "native", "key"), else native for a method that is
/// idempotent (RFC 9110, 9.2.2), else none.
[[nodiscard]] sdk::RepeatSafety declared_repeat_safety(const sdk::Call& call, std::string_view method);

}  // namespace fermata::connector
