#include "activities/builtin/http/request_builder.h"

#include <algorithm>

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

void append_parameter(std::string& url, const sdk::Call& call, const std::string& name, const sdk::Json& value) {
  if (value.is_null()) return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  const std::string text = scalar_text(value, name);
  url += percent(name) + "=" + percent(call.expand_secrets(text));
}

std::chrono::milliseconds seconds_field(const sdk::Call& call, std::string_view name,
                                        std::chrono::milliseconds otherwise) {
  const std::string text = field(call, name);
  if (text.empty()) return otherwise;
  std::int64_t seconds = 0;
  try {
    seconds = sdk::Json::number(text).as_int();
  } catch (const sdk::JsonError&) {
    throw sdk::InputError("\"" + std::string(name) + "\" must be a whole number of seconds, not \"" + text + "\"");
  }
  // 0 is "no limit" for users of other engines; here the call's deadline limits it.
  return seconds <= 0 || seconds > 86'400 ? otherwise : std::chrono::seconds(seconds);
}

}  // namespace

std::string field(const sdk::Call& call, std::string_view name) {
  if (const sdk::Json* value = call.input().find(name); value != nullptr && !value->is_null())
    return scalar_text(*value, name);
  return call.headers().string_or(name, "");
}

sdk::Json json_field(const sdk::Call& call, std::string_view name) {
  if (const sdk::Json* value = call.input().find(name)) return *value;
  const std::string text = call.headers().string_or(name, "");
  if (text.empty()) return {};
  try {
    return sdk::Json::parse(text);
  } catch (const sdk::JsonError& error) {
    throw sdk::InputError("the header \"" + std::string(name) + "\" is not JSON: " + error.what());
  }
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

void append_query(std::string& url, const sdk::Call& call, const sdk::Json& parameters) {
  if (parameters.is_null()) return;
  if (!parameters.is_object()) throw sdk::InputError("\"queryParameters\" must be an object");
  for (const auto& [name, value] : parameters.members()) {
    if (!value.is_array()) {
      append_parameter(url, call, name, value);
      continue;
    }
    for (const sdk::Json& item : value.items()) append_parameter(url, call, name, item);
  }
}

HttpRequest base_request(const HttpState& state, const sdk::Call& call) {
  HttpRequest request;
  const std::string url = field(call, "url");
  if (url.empty()) throw sdk::InputError("the input \"url\" is missing");
  request.url = expand_url(url, json_field(call, "pathParameters"));
  append_query(request.url, call, json_field(call, "queryParameters"));
  if (request.url.size() > url_bytes_max) throw sdk::InputError("the URL is longer than 16 KiB");
  const sdk::Json headers = json_field(call, "headers");
  if (!headers.is_null()) {
    if (!headers.is_object()) throw sdk::InputError("\"headers\" must be an object");
    for (const auto& [name, value] : headers.members()) {
      if (!value.is_null()) request.headers.emplace_back(name, call.expand_secrets(scalar_text(value, name)));
    }
  }
  request.limits = state.limits;
  request.ca_file = state.ca_file;
  const auto remaining = call.remaining();
  // A little less than the deadline, so that the answer "timeout" still comes from here, where more is known about it.
  const auto own = std::max<std::chrono::milliseconds>(
      remaining - std::min<std::chrono::milliseconds>(remaining / 10, std::chrono::milliseconds(200)),
      std::chrono::milliseconds(1));
  request.limits.total_timeout = std::min(own, seconds_field(call, "readTimeoutInSeconds", own));
  request.limits.connect_timeout =
      std::min(own, seconds_field(call, "connectionTimeoutInSeconds", state.limits.connect_timeout));
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
