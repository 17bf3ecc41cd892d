// Expression: text that was compiled at deployment and is evaluated against the variables in scope.
//
// Floor 1. The engine knows only this interface; processes/feel implements it (FEEL, and the JUEL subset compiled to the same
// tree). Pure: the clock is an argument, variables come through VariableScope, nothing else is visible. Immutable, so safe to
// evaluate from several threads at once.
//
//   Result<Value> approved = flow.condition->evaluate({scope, command.now});
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/value.h"

namespace fermata {

/// The variables that an expression may see: innermost scope first.
class VariableScope {
 public:
  virtual ~VariableScope() = default;
  /// The value, or nullptr when no scope has the name. The pointer is good until the scope changes.
  [[nodiscard]] virtual const Value* find(std::string_view name) const = 0;
};

struct EvaluationInput {
  const VariableScope& variables;
  Timestamp now;  ///< what now() and today() answer
};

class Expression {
 public:
  virtual ~Expression() = default;

  /// FEEL says null where others throw, so most trouble yields null. An Error means that a bound was hit (steps, depth, memory) or
  /// that the language demands a failure; its message names the position in the text.
  [[nodiscard]] virtual Result<Value> evaluate(const EvaluationInput& input) const = 0;

  /// As the analyst wrote it, without the leading '=' or the surrounding ${}.
  [[nodiscard]] virtual std::string_view text() const = 0;

  /// Why the last null would be null, for incidents: evaluates again and reports the first warning, or "" if there is none.
  [[nodiscard]] virtual std::string explain(const EvaluationInput& input) const = 0;

  /// The value, if the expression is a constant; otherwise nullptr. Lets the engine skip evaluation of fixed texts.
  [[nodiscard]] virtual const Value* constant() const { return nullptr; }

  /// False: at each place of the value stands either a literal of the text, whatever the variables are, or a variable as it is (constants,
  /// and what is made of them, of contexts, lists and paths). Behind a condition, a function or an operator a variable may choose.
  [[nodiscard]] virtual bool chooses() const { return true; }

  /// The variable that the expression is, or that it is a path of: "r" of `r` and of `r.x`. Otherwise "".
  [[nodiscard]] virtual std::string_view head_variable() const { return {}; }
};

using ExpressionPtr = std::shared_ptr<const Expression>;

}  // namespace fermata
