#include "activities/builtin/tryton/activities.h"
#include "activities/builtin/tryton/expectation.h"
#include "activities/builtin/tryton/input.h"
#include "activities/builtin/tryton/values.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

struct Request {
  std::string wizard;
  std::string model;
  Json ids;
  Json steps;
};

Request request_of(const sdk::Call& call) {
  Request out{"wizard." + required_text(call, "wizard"), required_text(call, "model"), json_input(call, "ids"),
              json_input(call, "steps")};
  if (out.ids.is_number()) out.ids = Json::array({out.ids});
  if (!out.ids.is_array() || out.ids.items().empty())
    throw sdk::InputError("the input \"ids\" must be a list of record ids");
  if (!out.steps.is_array() || out.steps.items().empty())
    throw sdk::InputError("the input \"steps\" must be a list of {button, data}");
  for (const Json& step : out.steps.items()) (void)step.at("button").as_string();
  return out;
}

Json context_of(const Connection& connection, const sdk::Call& call, const Request& request) {
  Json context = connection.context(to_tryton(json_input(call, "context")));
  context.set("active_model", request.model);
  context.set("active_id", request.ids.items().front());
  context.set("active_ids", request.ids);
  return context;
}

/// What the server proposed for a screen in its last answer; names that end with a dot are display texts.
Json proposed_values(const Json& answer) {
  Json out = Json::object();
  const Json* view = answer.find("view");
  const Json* defaults = view == nullptr ? nullptr : view->find("defaults");
  if (defaults == nullptr || !defaults->is_object()) return out;
  for (const auto& [name, value] : defaults->members()) {
    if (!name.ends_with('.')) out.set(name, value);
  }
  return out;
}

/// Adds a step's data to what the wizard knows: screen by screen, field by field.
void add_step(Json& data, const Json& step, const Json& last_answer) {
  const std::string screen = step.string_or("useDefaults", "");
  if (!screen.empty()) data.set(screen, proposed_values(last_answer));
  const Json* given = step.find("data");
  if (given == nullptr || given->is_null()) return;
  for (const auto& [name, fields] : given->members()) {
    Json merged = data.find(name) == nullptr ? Json::object() : *data.find(name);
    for (const auto& [field, value] : fields.members()) merged.set(field, to_tryton(value));
    data.set(name, std::move(merged));
  }
}

/// The steps in the server's session. A warning before any step has changed nothing, but which step it was cannot be
/// known later.
RpcReply run_steps(Connection& connection, const sdk::Call& call, const Request& request, const Json& session,
                   const Json& context) {
  Json data = Json::object();
  Json answer;
  for (const Json& step : request.steps.items()) {
    add_step(data, step, answer);
    RpcReply reply =
        rpc_accepting_warnings(connection, call, request.wizard + ".execute",
                               Json::array({session, data, step.at("button"), context}), RepeatRisk::acts_twice);
    if (!std::holds_alternative<Json>(reply)) return reply;
    answer = std::get<Json>(std::move(reply));
  }
  return answer;
}

/// Without the form's description, which is large and of no use to a process.
Json without_view(const Json& answer) {
  Json out = Json::object();
  if (!answer.is_object()) return answer;
  for (const auto& [name, value] : answer.members()) {
    if (name != "view") out.set(name, value);
  }
  return out;
}

}  // namespace

sdk::RepeatSafety wizard_repeat_safety(State&, const sdk::Call& call) {
  const Request request = request_of(call);
  return Expectation::of(call, request.model, request.ids) ? sdk::RepeatSafety::lookup : sdk::RepeatSafety::none;
}

sdk::LookupOutcome lookup_wizard(State& state, sdk::Call& call) {
  const Request request = request_of(call);
  return lookup_expectation(state.connection(call), call, Expectation::of(call, request.model, request.ids));
}

sdk::Outcome execute_wizard(State& state, sdk::Call& call) {
  Connection& connection = state.connection(call);
  const Request request = request_of(call);
  const std::optional<Expectation> expectation = Expectation::of(call, request.model, request.ids);
  const Json context = context_of(connection, call, request);
  // Opening a wizard's session acts on nothing: a second one is only garbage the server collects.
  RpcReply reply = connection.rpc(call, request.wizard + ".create", Json::array({context}), RepeatRisk::harmless);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
  if (const auto* error = std::get_if<RpcError>(&reply)) return outcome_of(state, call, *error, false);
  const auto& opened = std::get<Json>(reply).items();
  if (opened.empty()) return sdk::Failed{.message = "Tryton opened no session for " + request.wizard};
  const Json session = opened.front();
  reply = run_steps(connection, call, request, session, context);
  // Tidying up; the outcome does not depend on it.
  (void)connection.rpc(call, request.wizard + ".delete", Json::array({session, context}), RepeatRisk::harmless);
  if (auto* failed = std::get_if<sdk::Failed>(&reply)) return std::move(*failed);
  if (const auto* error = std::get_if<RpcError>(&reply)) return outcome_of(state, call, *error, false);
  return finish_action(state, connection, call, expectation, from_tryton(without_view(std::get<Json>(reply))));
}

}  // namespace fermata::tryton
