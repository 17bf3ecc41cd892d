#include "processes/bpmn/feel_expressions.h"

#include "processes/bpmn/compile/composite_expression.h"
#include "processes/feel/compiled.h"
#include "processes/feel/embedded.h"
#include "processes/feel/feel.h"
#include "processes/feel/juel/juel.h"

namespace fermata::bpmn {
namespace {

Result<ExpressionPtr> as_expression(Result<feel::CompiledPtr> compiled) {
  if (!compiled) return fail(compiled.error());
  return ExpressionPtr(std::move(*compiled));
}

// A variable is never a function here, so a name before a parenthesis that is none is a mistake.
bool is_called(std::string_view text, const feel::Remarks::Name& name) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", name.offset + name.name.size());
  return next != std::string_view::npos && text[next] == '(' && text.substr(name.offset, name.name.size()) == name.name;
}

}  // namespace

std::vector<std::string> FeelExpressions::remarks_on_feel(std::string_view text) {
  feel::Remarks remarks;
  feel::Source source;
  source.text = text;
  const feel::CompileOptions options;
  try {
    (void)feel::embed({.source = std::make_shared<const feel::Source>(std::move(source)), .options = options, .remarks = &remarks});
  } catch (const feel::ParseError&) {
    return {};  // compile_feel() says what is wrong
  }
  std::vector<std::string> made;
  for (const feel::Remarks::Name& name : remarks.unknown_names) {
    if (is_called(text, name)) made.push_back(feel::at_position(text, name.offset, "there is no function '" + name.name + "', so this is null"));
  }
  for (const feel::Remarks::Mismatch& found : remarks.mismatches) {
    made.push_back(feel::at_position(text, found.offset, "a " + std::string(feel::kind_name(found.left)) + " is compared with a " +
                                                            std::string(feel::kind_name(found.right))));
  }
  return made;
}

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
