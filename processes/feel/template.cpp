#include "processes/feel/template.h"

#include "processes/feel/compiled.h"
#include "processes/feel/juel/juel.h"
#include "processes/feel/nodes.h"

namespace fermata::feel {

CompiledPtr constant_expression(Value value, std::string_view text) {
  return make_compiled(std::string(text), std::make_unique<Constant>(0U, std::move(value)), 0, {}, Limits{});
}

Result<CompiledPtr> compile_text(std::string_view text, const CompileOptions& options) {
  if (text.starts_with('=')) return compile(text.substr(1), options);
  if (juel::has_expression(text)) return juel::compile(text, options.limits);
  return constant_expression(Value::string(text), text);
}

}  // namespace fermata::feel
