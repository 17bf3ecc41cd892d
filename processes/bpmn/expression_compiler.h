// ExpressionCompiler: how the BPMN compiler turns text into expressions without knowing any expression language.
//
// Floor 5. processes/bpmn/feel_expressions.h is the real one; tests may bring their own. Not required to be
// thread-safe.
//
//   Result<ExpressionPtr> condition = expressions.compile_feel("amount > 100");
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/expression.h"

namespace fermata::bpmn {

class ExpressionCompiler {
 public:
  virtual ~ExpressionCompiler() = default;

  /// A FEEL expression, without the leading '='. Error: what is wrong and where in the text.
  [[nodiscard]] virtual Result<ExpressionPtr> compile_feel(std::string_view text) = 0;

  /// What is worth a word about a FEEL expression that compiles, each with its position in the text.
  [[nodiscard]] virtual std::vector<std::string> remarks_on_feel(std::string_view text) {
    (void)text;
    return {};
  }

  /// Text with one or more ${...} or #{...}: a single one yields its value, anything else a text ("order-${id}").
  [[nodiscard]] virtual Result<ExpressionPtr> compile_juel(std::string_view text) = 0;

  /// The text itself, as a string.
  [[nodiscard]] virtual Result<ExpressionPtr> compile_constant(std::string_view text) = 0;
};

}  // namespace fermata::bpmn
