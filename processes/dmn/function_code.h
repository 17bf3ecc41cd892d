// FunctionCode: a function whose body is a DMN expression: a knowledge model, or a boxed function definition.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "processes/dmn/item_type.h"
#include "processes/feel/function.h"
#include "processes/feel/source.h"

namespace fermata::dmn {

struct FunctionCode {
  struct Parameter {
    std::string name;
    ItemTypePtr type;  ///< null: anything
  };
  std::string name;  ///< for warnings; and, within the body, the function itself
  std::vector<Parameter> parameters;
  feel::NodePtr body;
  std::size_t frame = 0;
  ItemTypePtr result;                 ///< null: anything
  std::vector<std::string> captured;  ///< names that the texts of the body read
  feel::SourcePtr place;
  std::weak_ptr<const void> model;  ///< what it is part of: kept alive by the functions that are made of it
};

/// Checks and converts the arguments, and evaluates the body with them in `scope_of_body`, which is the current scope
/// already. A wrong argument gives null with a warning, and the body is not evaluated.
class Scope;
[[nodiscard]] Value call_code(feel::Evaluation& run, std::uint32_t at, const FunctionCode& code, Scope& scope_of_body,
                              std::span<const Value> arguments);

/// A function that is made while an expression is evaluated and keeps the variables that it reads (10.3.2.13.2).
[[nodiscard]] feel::NodePtr make_function_node(std::shared_ptr<const FunctionCode> code);

}  // namespace fermata::dmn
