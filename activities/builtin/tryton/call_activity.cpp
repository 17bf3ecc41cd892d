#include <algorithm>

#include "activities/builtin/tryton/activities.h"
#include "activities/builtin/tryton/expectation.h"
#include "activities/builtin/tryton/input.h"
#include "activities/builtin/tryton/values.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

struct Request {
  std::string method;  // the whole name
  std::string model;
  Json args;
};

Request request_of(const sdk::Call& call) {
  Request out{text_input(call, "rpc"), text_input(call, "model"), json_input(call, "args")};
  if (out.args.is_null()) out.args = Json::array();
  if (!out.args.is_array()) throw sdk::InputError("the input \"args\" must be a list");
  if (out.method.empty()) out.method = "model." + required_text(call, "model") + "." + required_text(call, "method");
  return out;
}

std::string_view last_name(std::string_view method) {
  return method.substr(method.rfind('.') + 1);
}

bool only_reads(const std::string& method) {
  const std::string_view name = last_name(method);
  for (const char* reading : {"read", "search", "search_read", "search_count", "fields_get", "default_get",
                              "get_preferences", "version", "list"}) {
    if (name == reading) return true;
  }
  return name.starts_with("on_change");
}

/// A repeat changes nothing more: a reading method, or the model says so of a write of fixed values.
bool is_native(const sdk::Call& call, const Request& request) {
  const std::string declared = call.headers().string_or("repeatSafety", "");
  if (declared == "native") return true;
  if (!declared.empty() && declared != "none") {
    throw sdk::InputError("the header \"repeatSafety\" must be none or native, not \"" + declared +
                          "\"; with `expect` it is not needed");
  }
  return declared.empty() && only_reads(request.method);
}

std::optional<Expectation> expectation_of(const sdk::Call& call, const Request& request) {
  const Json ids = request.args.items().empty() ? Json() : request.args.items().front();
  return Expectation::of(call, request.model, ids);
}

}  // namespace

sdk::RepeatSafety call_repeat_safety(State&, const sdk::Call& call) {
  const Request request = request_of(call);
  if (is_native(call, request)) return sdk::RepeatSafety::native;
  return expectation_of(call, request) ? sdk::RepeatSafety::lookup : sdk::RepeatSafety::none;
}

sdk::Outcome execute_call(State& state, sdk::Call& call) {
  Connection& connection = state.connection(call);
  const Request request = request_of(call);
  const std::optional<Expectation> expectation = expectation_of(call, request);
  const Json context = json_input(call, "context");
  Json params = to_tryton(request.args);
  params.push(connection.context(to_tryton(context)));
  const RepeatRisk risk = is_native(call, request) ? RepeatRisk::harmless : RepeatRisk::acts_twice;
  RpcReply reply = rpc_accepting_warnings(connection, call, request.method, params, risk);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
  if (const auto* error = std::get_if<RpcError>(&reply)) {
    return outcome_of(state, call, *error, context.find("_timestamp") != nullptr);
  }
  return finish_action(state, connection, call, expectation, from_tryton(std::get<Json>(reply)));
}

sdk::LookupOutcome lookup_call(State& state, sdk::Call& call) {
  return lookup_expectation(state.connection(call), call, expectation_of(call, request_of(call)));
}

}  // namespace fermata::tryton
