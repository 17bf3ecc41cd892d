// JUEL, as far as models for Camunda 7 use it in practice: text with ${...} or #{...}, compiled to the same kind of
// tree as FEEL.
//
// Understood: names and property paths (a.b, a['b'], a[0]), literals, + - * / % div mod, == != < > <= >= eq ne lt gt le
// ge,
// && || ! and or not, empty, c ? a : b, execution.getVariable('x'), execution.hasVariable('x'), now(), dateTime().
// Anything else (method calls, beans, lambdas, assignments) is refused with the construct's name.
//
//   juel::compile("${amount > 100 && !empty customer.name}")     a boolean
//   juel::compile("Order ${id} of ${customer.name}")             a text
//
// As in Camunda, a variable that does not exist is a failure (ErrorCode::not_found) and not null; a missing member is
// null.
#pragma once

#include <string_view>

#include "processes/feel/feel.h"

namespace fermata::feel::juel {

/// Whether the text holds a ${ or #{ that is not escaped by a backslash.
[[nodiscard]] bool has_expression(std::string_view text);

/// A single ${...} (white space around it does not count) yields its value; anything else, the text with each
/// expression replaced by its value as text, null by nothing. Errors: invalid_argument, with "line L, column C: ..." in
/// the whole text.
[[nodiscard]] Result<CompiledPtr> compile(std::string_view text, const Limits& limits = {});

}  // namespace fermata::feel::juel
