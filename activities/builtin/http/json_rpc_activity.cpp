#include <algorithm>
#include <string_view>

#include "activities/builtin/http/http_activity.h"
#include "activities/builtin/http/request_builder.h"
#include "activities/builtin/http/result_mapping.h"
#include "activities/builtin/http/send.h"
#include "activities/builtin/transport/classify.h"

namespace fermata::connector {
namespace {

/// Whether `code` stands in a list like "-32000, -32603".
bool listed(std::string_view list, std::string_view code) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (item == code) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// The remote said no (JSON-RPC 2.0, 5.1): a BPMN error where the model maps the code, else a failure.
sdk::Outcome rpc_error(const sdk::Call& call, const sdk::Json& error, const std::string& url) {
  const sdk::Json* code = error.find("code");
  const std::string code_text = code != nullptr && code->is_number() ? code->number_text() : std::string("?");
  const sdk::Json* message = error.find("message");
  const std::string text = message != nullptr && message->is_string() ? message->as_string() : error.dump();
  const sdk::Json mapping = json_field(call, "errorMapping");
  const sdk::Json* mapped = mapping.find(code_text) != nullptr ? mapping.find(code_text) : mapping.find("*");
  if (mapped != nullptr) {
    return sdk::BpmnError{mapped->as_string(), text, sdk::Json::object({{"error", error}}).dump()};
  }
  return sdk::Failed{.message = shown_url(url) + " answered with JSON-RPC error " + code_text + ": " + text,
                     .detail = error.dump(),
                     .retryable = listed(call.headers().string_or("retryableCodes", ""), code_text)};
}

sdk::Outcome outcome_of(const sdk::Call& call, const HttpResponse& response, const std::string& url, bool harmless) {
  sdk::Json body;
  try {
    body = sdk::Json::parse(response.body);
    // Some servers send the error object with a 4xx or 5xx status; the object says more than the status.
    const sdk::Json* error = body.find("error");
    if (error != nullptr && !error->is_null()) return rpc_error(call, *error, url);
  } catch (const sdk::JsonError&) {
    body = {};
  }
  if (auto failed = failure_of(response, harmless, url)) return std::move(*failed);
  const sdk::Json* result = body.find("result");
  const sdk::Json* id = body.find("id");
  if (result == nullptr || id == nullptr || !id->is_string() || id->as_string() != call.idempotency_key()) {
    return sdk::Failed{
        .message = shown_url(url) + " answered with something that is not the JSON-RPC answer to this request",
        .detail = excerpt(response.body),
        .retryable = true,
        .ambiguous = !harmless,
        .code = response.status};
  }
  try {
    return modelled_result(call, sdk::Json::object({{"result", *result}}), *result, "result");
  } catch (const sdk::InputError& error) {
    return sdk::Failed{
        .message = std::string("the request was carried out, but its result cannot be mapped: ") + error.what(),
        .detail = excerpt(response.body),
        .ambiguous = !harmless};
  }
}

}  // namespace

sdk::RepeatSafety json_rpc_repeat_safety(HttpState&, const sdk::Call& call) {
  return declared_repeat_safety(call, "POST");
}

sdk::Outcome execute_json_rpc(HttpState& state, sdk::Call& call) {
  const std::string method = field(call, "method");
  if (method.empty()) throw sdk::InputError("the input \"method\" is missing: the name of the remote method");
  HttpRequest request = base_request(state, call);
  request.method = "POST";
  request.headers.emplace_back("Content-Type", "application/json");
  sdk::Json body = sdk::Json::object({{"jsonrpc", "2.0"}, {"id", call.idempotency_key()}, {"method", method}});
  const sdk::Json params = json_field(call, "params");
  if (!params.is_null()) body.set("params", params);
  request.body = body.dump();
  const bool harmless = json_rpc_repeat_safety(state, call) != sdk::RepeatSafety::none;
  // Wrong configuration is found before anything is sent.
  const sdk::Json mapping = json_field(call, "errorMapping");
  if (!mapping.is_null()) {
    for (const auto& [code, name] : mapping.members()) (void)name.as_string();
  }
  const std::string url = request.url;
  Sent sent = send(state, call, std::move(request), harmless);
  if (auto* failed = std::get_if<sdk::Failed>(&sent)) return std::move(*failed);
  return outcome_of(call, std::get<HttpResponse>(sent), url, harmless);
}

}  // namespace fermata::connector
