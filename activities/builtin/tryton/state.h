// State of the tryton plugin: its connections and how the servers' errors become BPMN errors.
//
//   {"connections": {"erp": {"url": "http://erp:8000/erp/", "user": "engine", "password": "secret:ERP_PASSWORD",
//                            "context": {"company": 1}}},
//    "errorMapping": [{"match": "credit limit", "code": "CREDIT_LIMIT"}, {"kind": "UserWarning", "code": "WARNING"}]}
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "activities/builtin/tryton/connection.h"

namespace fermata::tryton {

/// The first rule that fits names the BPMN error: `kind` equal (or empty), `match` found in the message in any case (or
/// empty).
struct ErrorRule {
  std::string kind;
  std::string match;
  std::string code;
};

struct State {
  /// Throws sdk::InputError or sdk::JsonError.
  explicit State(const sdk::Json& config);

  /// The connection named in the input or headers; the only one if none is named. Throws sdk::InputError.
  [[nodiscard]] Connection& connection(const sdk::Call& call) const;

  std::map<std::string, std::unique_ptr<Connection>, std::less<>> connections;
  std::vector<ErrorRule> error_rules;
};

/// [{"kind": ..., "match": ..., "code": ...}]. Throws sdk::JsonError.
[[nodiscard]] std::vector<ErrorRule> read_error_rules(const sdk::Json& list);

/// What Tryton's refusal means for the job. UserError and UserWarning are business errors: BPMN errors, by the job's
/// `errorMapping` header, then the plugin's rules, then USER_ERROR or USER_WARNING. A ConcurrencyException is one
/// (CONCURRENT_MODIFICATION) where the call sent a `_timestamp`, else it can be retried, as can a locked or deadlocked
/// database: all of these were rolled back. Anything else is a defect of model or module and is not retried.
[[nodiscard]] sdk::Outcome outcome_of(const State& state, const sdk::Call& call, const RpcError& error,
                                      bool with_timestamp);

}  // namespace fermata::tryton
