// FeelExpressions: the ExpressionCompiler of the product, over processes/feel.
//
//   FeelExpressions expressions;
//   CompileResult result = bpmn::compile(name, bytes, expressions);
#pragma once

#include "processes/bpmn/expression_compiler.h"

namespace fermata::bpmn {

/// Stateless; one for each thread or one for all.
class FeelExpressions final : public ExpressionCompiler {
 public:
  [[nodiscard]] Result<ExpressionPtr> compile_feel(std::string_view text) override;
  /// Functions that do not exist, and comparisons of literals that never compare: both are null, for certain. What variables there will
  /// be nobody knows.
  [[nodiscard]] std::vector<std::string> remarks_on_feel(std::string_view text) override;
  [[nodiscard]] Result<ExpressionPtr> compile_juel(std::string_view text) override;
  [[nodiscard]] Result<ExpressionPtr> compile_constant(std::string_view text) override;
};

}  // namespace fermata::bpmn
