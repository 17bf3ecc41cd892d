// Expressions that need no language: a constant, a variable, and lists and contexts of other expressions.
//
//   make_variable("my-order")  ->  the variable of that very name, even where FEEL would read a subtraction
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/model/expression.h"

namespace fermata::bpmn {

[[nodiscard]] ExpressionPtr make_constant(Value value);
/// null when the variable does not exist.
[[nodiscard]] ExpressionPtr make_variable(std::string name);
/// The first error of an item is the error of the whole.
[[nodiscard]] ExpressionPtr make_list(std::vector<ExpressionPtr> items);
[[nodiscard]] ExpressionPtr make_context(std::vector<std::pair<std::string, ExpressionPtr>> entries);

}  // namespace fermata::bpmn
