// DecisionModel: the decisions of one deployed DMN file, compiled. What business rule tasks ask.
//
// Floor 1. The engine knows only this interface; processes/dmn implements it. Pure and bounded: the
// clock is an argument, nothing but the variables is visible. Immutable, so safe to evaluate from several threads at once.
//
//   Result<DecisionResult> made = model->evaluate("discount", Value::context(variables), now);
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/value.h"

namespace fermata {

/// How one decision was evaluated on the way.
struct DecisionReport {
  std::string decision_id;
  std::string name;
  std::string type;       ///< of its logic: "decisionTable", "literalExpression", ...
  bool imported = false;  ///< it is of another file
  Value inputs;           ///< a list of {id, name, value}
  Value rules;            ///< that matched: a list of {index, id, outputs: [{id, name, value}]}
  Value result;
};

struct DecisionResult {
  Value value;
  bool has_result = false;  ///< tells a result that is null from none: no rule matched, or those that did break the hit policy
  std::vector<std::string> outputs;  ///< what the value consists of: its entries, if there are several
  bool is_list = false;              ///< one result for each rule that matched
  std::vector<DecisionReport> decisions;  ///< each that was evaluated, in that order: the one that was asked for is last
  std::vector<std::string> warnings;      ///< why something is null, each with its place
};

class DecisionModel {
 public:
  virtual ~DecisionModel() = default;

  /// `variables`: a context. What is missing is null. Errors: not_found; resource_exhausted when a bound was hit, with the place.
  [[nodiscard]] virtual Result<DecisionResult> evaluate(std::string_view decision_id, const Value& variables, Timestamp now) const = 0;
};

using DecisionModelPtr = std::shared_ptr<const DecisionModel>;

}  // namespace fermata
