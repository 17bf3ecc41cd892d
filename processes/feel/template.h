// Texts of models that may or may not be expressions, as Zeebe and Camunda 7 write them.
//
//   compile_text("=order.id")      FEEL          compile_text("${order.id}")   JUEL          compile_text("order") the
//   text itself
#pragma once

#include <string_view>

#include "processes/feel/feel.h"

namespace fermata::feel {

/// A leading '=' makes it FEEL (positions are counted after it), a ${ or #{ makes it JUEL, anything else is a constant
/// string.
[[nodiscard]] Result<CompiledPtr> compile_text(std::string_view text, const CompileOptions& options = {});

/// An expression whose value is this one, for ever.
[[nodiscard]] CompiledPtr constant_expression(Value value, std::string_view text);

}  // namespace fermata::feel
