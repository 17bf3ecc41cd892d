// The plugin's activities: any RPC, create-once, and wizards. ERP specifics (models, fields, buttons) are the model's
// configuration.
#pragma once

#include "activities/builtin/tryton/state.h"

namespace fermata::tryton {

/// Input: connection, model, method (a method or button), args (a list), context; or `rpc`, the whole method name.
/// Optional: expect, expectModel, expectIds (expectation.h), acceptWarnings (["stock_quantity_warning_*"]),
/// errorMapping. Output: the result as `result` (header resultVariable), and with `expect` the records read back as
/// `records`. A record that is not as expected afterwards gives the BPMN error UNEXPECTED_STATE.
[[nodiscard]] sdk::Outcome execute_call(State& state, sdk::Call& call);
/// Found if the expectation holds already.
[[nodiscard]] sdk::LookupOutcome lookup_call(State& state, sdk::Call& call);
/// native for reading methods and where the model says so (header repeatSafety: native, for a write of fixed values),
/// lookup with `expect`, else none.
[[nodiscard]] sdk::RepeatSafety call_repeat_safety(State& state, const sdk::Call& call);

/// Input: connection, model, values, key (default: the idempotency key), keyField (in it the key is stored, and by it
/// the record is found) or domain, fields (to read back, default ["id"]), context. Searches first and creates only what
/// is not there. Output: {id, created, record} as `result`. More than one record found is a failure, not a guess.
[[nodiscard]] sdk::Outcome execute_create_once(State& state, sdk::Call& call);
[[nodiscard]] sdk::LookupOutcome lookup_create_once(State& state, sdk::Call& call);

/// Input: connection, wizard, model and ids (the active records), steps [{"button": "choice", "data": {...},
/// "useDefaults": "ask"}], context, expect... as above. Each step's data is added to that of the steps before;
/// `useDefaults` names a screen whose values the server proposed in the step before are the base of this step's data.
/// Output: the last step's answer as `result`.
[[nodiscard]] sdk::Outcome execute_wizard(State& state, sdk::Call& call);
[[nodiscard]] sdk::LookupOutcome lookup_wizard(State& state, sdk::Call& call);
[[nodiscard]] sdk::RepeatSafety wizard_repeat_safety(State& state, const sdk::Call& call);

/// Calls with accepted warnings: a UserWarning whose name fits `acceptWarnings` is accepted for this user and the call
/// repeated.
[[nodiscard]] RpcReply rpc_accepting_warnings(Connection& connection, const sdk::Call& call, const std::string& method,
                                              const sdk::Json& params, RepeatRisk risk);

/// After an action: checks the expectation if there is one and makes the outcome.
[[nodiscard]] sdk::Outcome finish_action(const State& state, Connection& connection, const sdk::Call& call,
                                         const std::optional<struct Expectation>& expectation, sdk::Json result);

/// The lookup of an action by its expectation.
[[nodiscard]] sdk::LookupOutcome lookup_expectation(Connection& connection, const sdk::Call& call,
                                                    const std::optional<struct Expectation>& expectation);

}  // namespace fermata::tryton
