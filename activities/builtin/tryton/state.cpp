#include "activities/builtin/tryton/state.h"

#include <algorithm>

#include "activities/builtin/transport/encoding.h"
#include "activities/builtin/tryton/input.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

const ErrorRule* first_match(const std::vector<ErrorRule>& rules, const RpcError& error) {
  const std::string message = connector::ascii_lower(error.message + "\n" + error.name);
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const ErrorRule& rule) {
    return (rule.kind.empty() || rule.kind == error.kind) &&
           message.find(connector::ascii_lower(rule.match)) != std::string::npos;
  });
  return found == rules.end() ? nullptr : &*found;
}

/// The database gave up on the transaction, so nothing of it stands.
bool was_rolled_back(const RpcError& error) {
  const std::string message = connector::ascii_lower(error.message);
  for (const char* text :
       {"database is locked", "could not serialize access", "deadlock detected", "could not obtain lock"}) {
    if (message.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

std::vector<ErrorRule> read_error_rules(const Json& list) {
  std::vector<ErrorRule> rules;
  if (list.is_null()) return rules;
  for (const Json& item : list.items()) {
    rules.push_back({item.string_or("kind", ""), item.string_or("match", ""), item.at("code").as_string()});
    if (rules.back().code.empty()) throw sdk::JsonError("an entry of errorMapping has an empty code");
  }
  return rules;
}

State::State(const Json& config) {
  for (const auto& [name, value] : config.members()) {
    if (name == "connections") {
      for (const auto& [connection_name, settings] : value.members()) {
        connections.emplace(connection_name, std::make_unique<Connection>(connection_name, settings));
      }
    } else if (name == "errorMapping") {
      error_rules = read_error_rules(value);
    } else {
      throw sdk::InputError("the tryton plugin has no setting \"" + name + "\"");
    }
  }
  if (connections.empty()) throw sdk::InputError("the tryton plugin needs \"connections\"");
}

Connection& State::connection(const sdk::Call& call) const {
  const std::string name = text_input(call, "connection");
  if (name.empty() && connections.size() == 1) return *connections.begin()->second;
  const auto found = connections.find(name);
  if (found != connections.end()) return *found->second;
  std::string known;
  for (const auto& [each, connection] : connections) known += (known.empty() ? "" : ", ") + each;
  throw sdk::InputError("there is no Tryton connection \"" + name + "\": the input \"connection\" must be one of " +
                        known);
}

sdk::Outcome outcome_of(const State& state, const sdk::Call& call, const RpcError& error, bool with_timestamp) {
  const Json details = Json::object(
      {{"kind", error.kind}, {"name", error.name}, {"message", error.message}, {"description", error.description}});
  const auto bpmn = [&](const std::string& code) {
    return sdk::BpmnError{code, error.message, Json::object({{"trytonError", details}}).dump()};
  };
  const std::vector<ErrorRule> own_rules = read_error_rules(json_input(call, "errorMapping"));
  if (const ErrorRule* rule = first_match(own_rules, error)) return bpmn(rule->code);
  if (const ErrorRule* rule = first_match(state.error_rules, error)) return bpmn(rule->code);
  if (error.kind == "UserError") return bpmn("USER_ERROR");
  if (error.kind == "UserWarning") return bpmn("USER_WARNING");
  if (error.kind == "ConcurrencyException" && with_timestamp) return bpmn("CONCURRENT_MODIFICATION");
  sdk::Failed failed{.message = "Tryton refused: " + (error.kind.empty() ? "" : error.kind + ": ") + error.message,
                     .detail = error.description};
  failed.retryable =
      error.kind == "ConcurrencyException" || error.kind == "RateLimitException" || was_rolled_back(error);
  return failed;
}

}  // namespace fermata::tryton
