// What `tryton.call` and `tryton.wizard` have in common: warnings, and the state that must hold afterwards.
#include "activities/builtin/tryton/activities.h"
#include "activities/builtin/tryton/expectation.h"
#include "activities/builtin/tryton/input.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

constexpr int warnings_max = 10;  // accepted in one call; then it is a loop

bool fits(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

bool may_accept(const Json& patterns, const std::string& name) {
  if (patterns.is_null()) return false;
  for (const Json& pattern : patterns.items()) {
    if (fits(pattern.as_string(), name)) return true;
  }
  return false;
}

}  // namespace

RpcReply rpc_accepting_warnings(Connection& connection, const sdk::Call& call, const std::string& method,
                                const Json& params, RepeatRisk risk) {
  const Json patterns = json_input(call, "acceptWarnings");
  for (int accepted = 0;; ++accepted) {
    RpcReply reply = connection.rpc(call, method, params, risk);
    const auto* error = std::get_if<RpcError>(&reply);
    if (error == nullptr || error->kind != "UserWarning" || accepted == warnings_max ||
        !may_accept(patterns, error->name))
      return reply;
    call.log(sdk::LogLevel::info, "accepting the Tryton warning " + error->name + ": " + error->message);
    const Json warning = Json::object({{"user", connection.user_id()}, {"name", error->name}, {"always", false}});
    // An acceptance that is left over only repeats what the model has agreed to.
    RpcReply created =
        connection.rpc(call, "model.res.user.warning.create",
                       Json::array({Json::array({warning}), connection.context(Json::object())}), RepeatRisk::harmless);
    if (!std::holds_alternative<Json>(created)) return created;
  }
}

sdk::Outcome finish_action(const State& state, Connection& connection, const sdk::Call& call,
                           const std::optional<Expectation>& expectation, Json result) {
  Json output = Json::object({{result_name(call), std::move(result)}});
  if (!expectation) return sdk::Completed{output.dump()};
  RpcReply reply = expectation->read(connection, call);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) {
    // The action was carried out; the next run finds that out by its lookup.
    failed->message = "the action was carried out, but its effect cannot be read back: " + failed->message;
    failed->ambiguous = true;
    return std::move(*failed);
  }
  if (const auto* error = std::get_if<RpcError>(&reply)) return outcome_of(state, call, *error, false);
  const Json& records = std::get<Json>(reply);
  if (expectation->holds(records)) {
    output.set("records", records);
    return sdk::Completed{output.dump()};
  }
  return sdk::BpmnError{
      "UNEXPECTED_STATE",
      "after the call " + expectation->model + " is " + records.dump() + ", expected was " + expectation->fields.dump(),
      Json::object({{"records", records}}).dump()};
}

sdk::LookupOutcome lookup_expectation(Connection& connection, const sdk::Call& call,
                                      const std::optional<Expectation>& expectation) {
  if (!expectation) return sdk::NotFound{};
  for (int look = 1;; ++look) {
    RpcReply reply = expectation->read(connection, call);
    if (const auto* failed = std::get_if<sdk::Failed>(&reply)) return sdk::Unknown{failed->message};
    if (const auto* error = std::get_if<RpcError>(&reply)) return sdk::Unknown{"Tryton refused: " + error->message};
    const Json& records = std::get<Json>(reply);
    if (expectation->holds(records)) {
      return sdk::Found{Json::object({{result_name(call), nullptr}, {"records", records}}).dump()};
    }
    if (look == 2) return sdk::NotFound{};
    connection.let_settle(call);
  }
}

}  // namespace fermata::tryton
