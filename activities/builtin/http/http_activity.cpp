#include "activities/builtin/http/http_activity.h"

#include "activities/builtin/http/request_builder.h"
#include "activities/builtin/http/result_mapping.h"
#include "activities/builtin/http/send.h"
#include "activities/builtin/transport/classify.h"
#include "activities/builtin/transport/encoding.h"

namespace fermata::connector {
namespace {

std::string method_of(const sdk::Call& call) {
  std::string method = field(call, "method");
  for (char& c : method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return method.empty() ? "GET" : method;
}

/// Objects, lists and scalars are sent as JSON; a string as it is, so that XML and forms can be sent too.
void set_body(HttpRequest& request, const sdk::Call& call) {
  const sdk::Json* body = call.input().find("body");
  if (body == nullptr || body->is_null()) return;
  request.body = body->is_string() ? body->as_string() : body->dump();
  for (const auto& [name, value] : request.headers) {
    if (ascii_lower(name) == "content-type") return;
  }
  request.headers.emplace_back("Content-Type", body->is_string() ? "text/plain; charset=utf-8" : "application/json");
}

sdk::Json expression_context(const sdk::Json& response) {
  sdk::Json context = sdk::Json::object({{"response", response}});
  for (const auto& [name, value] : response.members()) context.set(name, value);
  return context;
}

/// The request has been carried out: what goes wrong from here on must not make it run again unnoticed.
sdk::Outcome outcome_of(const sdk::Call& call, const HttpResponse& response, const std::string& url,
                        bool repeat_is_harmless) {
  try {
    const sdk::Json answer = response_json(response);
    const sdk::Json context = expression_context(answer);
    if (auto error = modelled_error(call, context)) return std::move(*error);
    if (auto failed = failure_of(response, repeat_is_harmless, url)) return std::move(*failed);
    return modelled_result(call, context, answer, "response");
  } catch (const sdk::JsonError& error) {
    if (auto failed = failure_of(response, repeat_is_harmless, url)) return std::move(*failed);
    return sdk::Failed{.message = shown_url(url) + " answered with HTTP " + std::to_string(response.status) +
                                  " and a body that is not the JSON it claims to be: " + error.what(),
                       .detail = excerpt(response.body),
                       .retryable = true,
                       .ambiguous = !repeat_is_harmless,
                       .code = response.status};
  } catch (const sdk::InputError& error) {
    return sdk::Failed{
        .message = std::string("the request was carried out, but its result cannot be mapped: ") + error.what(),
        .detail = excerpt(response.body),
        .ambiguous = !repeat_is_harmless,
        .code = response.status};
  }
}

}  // namespace

sdk::RepeatSafety http_repeat_safety(HttpState&, const sdk::Call& call) {
  return declared_repeat_safety(call, method_of(call));
}

sdk::Outcome execute_http(HttpState& state, sdk::Call& call) {
  HttpRequest request = base_request(state, call);
  request.method = method_of(call);
  set_body(request, call);
  const bool harmless = declared_repeat_safety(call, request.method) != sdk::RepeatSafety::none;
  const std::string url = request.url;
  Sent sent = send(state, call, std::move(request), harmless);
  if (auto* failed = std::get_if<sdk::Failed>(&sent)) return std::move(*failed);
  return outcome_of(call, std::get<HttpResponse>(sent), url, harmless);
}

}  // namespace fermata::connector
