#include "processes/bpmn/feel_expressions.h"

#include "processes/bpmn/compile/composite_expression.h"
#include "processes/feel/feel.h"
#include "processes/feel/juel/juel.h"

namespace fermata::bpmn {
namespace {

Result<ExpressionPtr> as_expression(Result<feel::CompiledPtr> compiled) {
  if (!compiled) return fail(compiled.error());
  return ExpressionPtr(std::move(*compiled));
}

}  // namespace

Result<ExpressionPtr> FeelExpressions::compile_feel(std::string_view text) {
  return as_expression(feel::compile(text));
}
Result<ExpressionPtr> FeelExpressions::compile_juel(std::string_view text) {
  return as_expression(feel::juel::compile(text));
}
Result<ExpressionPtr> FeelExpressions::compile_constant(std::string_view text) {
  return make_constant(Value::string(text));
}

}  // namespace fermata::bpmn
