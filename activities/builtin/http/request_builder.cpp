#include "activities/builtin/http/request_builder.h"

#include <algorithm>
#include <optional>

#include "activities/builtin/transport/encoding.h"

namespace fermata::connector {
namespace {

constexpr std::size_t url_bytes_max = 16u << 10;

/// A scalar as the text that goes into a URL or header.
std::string scalar_text(const sdk::Json& value, std::string_view what) {
  switch (value.kind()) {
    case sdk::Json::Kind::string:
      return value.as_string();
    case sdk::Json::Kind::number:
      return value.number_text();
    case sdk::Json::Kind::boolean:
      return value.as_bool() ? "true" : "false";
    default:
      throw sdk::InputError("\"" + std::string(what) + "\" must be a text, a number or a boolean");
  }
}

void append_parameter(std::string& url, const std::string& name, const sdk::Json& value) {
  if (value.is_null()) return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += percent(name) + "=" + percent(scalar_text(value, name));
}

/// A header's JSON with the secrets in its texts resolved: it is the model's own.
sdk::Json with_secrets(const sdk::Call& call, const sdk::Json& value) {
  if (value.is_string()) return sdk::Json(call.expand_secrets(value.as_string()));
  if (value.is_array()) {
    std::vector<sdk::Json> items;
    for (const sdk::Json& item : value.items()) items.push_back(with_secrets(call, item));
    return sdk::Json::array(std::move(items));
  }
  if (!value.is_object()) return value;
  std::vector<sdk::Json::Member> members;
  for (const auto& [name, member] : value.members()) members.emplace_back(name, with_secrets(call, member));
  return sdk::Json::object_of(std::move(members));
}

void refuse_references(const sdk::Json& value, const std::string& where) {
  if (value.is_string() && sdk::names_secret(value.as_string())) {
    throw sdk::InputError("the input \"" + where +
                          "\" names a secret, but its text comes from a variable: a secret is resolved only where the "
                          "model itself names it, as fixed text of an input mapping or in a task header, or in the "
                          "settings of a plugin");
  }
  if (value.is_array()) {
    for (const sdk::Json& item : value.items()) refuse_references(item, where);
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.members()) refuse_references(member, where + "." + name);
  }
}

/// What the model asks for; 0 ("no limit" elsewhere) is the most there is.
std::optional<std::chrono::milliseconds> seconds_field(const sdk::Call& call, std::string_view name) {
  const std::string text = field(call, name);
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  try {
    seconds = sdk::Json::number(text).as_int();
  } catch (const sdk::JsonError&) {
    throw sdk::InputError("\"" + std::string(name) + "\" must be a whole number of seconds, not \"" + text + "\"");
  }
  if (seconds < 0 || seconds > timeout_field_max.count()) {
    throw sdk::InputError("\"" + std::string(name) + "\" is " + text + ", but must be between 0 and " +
                          std::to_string(timeout_field_max.count()) +
                          " seconds: let the other side do longer work on its own, and ask for its result later");
  }
  return seconds == 0 ? timeout_field_max : std::chrono::seconds(seconds);
}

/// connectionTimeoutInSeconds is for the connection alone, readTimeoutInSeconds for what comes after it.
void set_times(HttpLimits& limits, const sdk::Call& call) {
  const auto connect = seconds_field(call, "connectionTimeoutInSeconds");
  const auto read = seconds_field(call, "readTimeoutInSeconds");
  if (connect) limits.connect_timeout = *connect;
  if (read) limits.total_timeout = *read;
  if (connect) limits.total_timeout += *connect;
  const std::chrono::milliseconds left = time_left(call);
  if ((connect || read) && limits.total_timeout > left) {
    throw sdk::InputError("\"connectionTimeoutInSeconds\" and \"readTimeoutInSeconds\" ask for " +
                          std::to_string(limits.total_timeout.count()) + " ms, but this call has only " +
                          std::to_string(left.count()) + " ms");
  }
  limits.total_timeout = std::min(limits.total_timeout, left);
}

}  // namespace

// The input of a task that maps none holds every variable that is visible, whoever has set it: it must not take the place
// of what the model's author has written.
std::string field(const sdk::Call& call, std::string_view name) {
  if (std::string text = call.headers().string_or(name, ""); !text.empty()) return text;
  const sdk::Json* value = call.input().find(name);
  return value != nullptr && !value->is_null() ? scalar_text(*value, name) : std::string();
}

sdk::Json json_field(const sdk::Call& call, std::string_view name) {
  const std::string text = call.headers().string_or(name, "");
  if (text.empty()) {
    const sdk::Json* value = call.input().find(name);
    return value != nullptr ? *value : sdk::Json();
  }
  try {
    return with_secrets(call, sdk::Json::parse(text));
  } catch (const sdk::JsonError& error) {
    throw sdk::InputError("the header \"" + std::string(name) + "\" is not JSON: " + error.what());
  }
}

sdk::Json secret_field(const sdk::Call& call, std::string_view name) {
  const sdk::Json* value = call.input().find(name);
  if (value != nullptr && call.headers().string_or(name, "").empty()) refuse_references(*value, std::string(name));
  return json_field(call, name);
}

std::string expand_url(std::string_view url_template, const sdk::Json& path_parameters) {
  std::string out;
  for (;;) {
    const std::size_t open = url_template.find('{');
    if (open == std::string_view::npos) break;
    const std::size_t close = url_template.find('}', open);
    if (close == std::string_view::npos) throw sdk::InputError("the URL has a { without its }");
    const std::string name(url_template.substr(open + 1, close - open - 1));
    const sdk::Json* value = path_parameters.find(name);
    if (value == nullptr || value->is_null()) {
      throw sdk::InputError("the URL needs {" + name + "}, which the input \"pathParameters\" does not have");
    }
    const std::string text = scalar_text(*value, name);
    if (text.empty() || text == "." || text == "..") {
      throw sdk::InputError("the path parameter \"" + name +
                            "\" is empty or a dot segment: it would lead to another path");
    }
    out += url_template.substr(0, open);
    out += percent(text);
    url_template.remove_prefix(close + 1);
  }
  return out += url_template;
}

void append_query(std::string& url, const sdk::Json& parameters) {
  if (parameters.is_null()) return;
  if (!parameters.is_object()) throw sdk::InputError("\"queryParameters\" must be an object");
  for (const auto& [name, value] : parameters.members()) {
    if (!value.is_array()) {
      append_parameter(url, name, value);
      continue;
    }
    for (const sdk::Json& item : value.items()) append_parameter(url, name, item);
  }
}

std::chrono::milliseconds time_left(const sdk::Call& call) {
  const auto remaining = call.remaining();
  return std::max<std::chrono::milliseconds>(
      remaining - std::min<std::chrono::milliseconds>(remaining / 10, std::chrono::milliseconds(200)),
      std::chrono::milliseconds(1));
}

HttpRequest base_request(const HttpState& state, const sdk::Call& call) {
  HttpRequest request;
  const sdk::Json* given = call.input().find("url");
  const bool by_header = given == nullptr || given->is_null();
  const std::string url = by_header ? call.expand_secrets(field(call, "url")) : field(call, "url");
  if (url.empty()) throw sdk::InputError("the input \"url\" is missing");
  request.url = expand_url(url, json_field(call, "pathParameters"));
  append_query(request.url, secret_field(call, "queryParameters"));
  if (request.url.size() > url_bytes_max) throw sdk::InputError("the URL is longer than 16 KiB");
  const sdk::Json headers = secret_field(call, "headers");
  if (!headers.is_null()) {
    if (!headers.is_object()) throw sdk::InputError("\"headers\" must be an object");
    for (const auto& [name, value] : headers.members()) {
      if (!value.is_null()) request.headers.emplace_back(name, scalar_text(value, name));
    }
  }
  request.limits = state.limits;
  request.ca_file = state.ca_file;
  set_times(request.limits, call);
  request.cancelled = [&call] { return call.cancelled(); };
  return request;
}

sdk::RepeatSafety declared_repeat_safety(const sdk::Call& call, std::string_view method) {
  const std::string declared = call.headers().string_or("repeatSafety", "");
  if (declared == "native") return sdk::RepeatSafety::native;
  if (declared == "key") return sdk::RepeatSafety::key;
  if (declared == "none") return sdk::RepeatSafety::none;
  if (!declared.empty())
    throw sdk::InputError("the header \"repeatSafety\" must be none, native or key, not \"" + declared + "\"");
  for (const char* idempotent : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}) {
    if (method == idempotent) return sdk::RepeatSafety::native;
  }
  return sdk::RepeatSafety::none;
}

}  // namespace fermata::connector
