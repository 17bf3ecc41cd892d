// Function values: closures written in the expression, and built-ins used as values.
//
//   if (const Function* f = as_function(value)) f->call(run, node, arguments);
#pragma once

#include <span>
#include <string>
#include <vector>

#include "processes/feel/node.h"
#include "processes/feel/types.h"

namespace fermata::feel {

class Function : public Boxed {
 public:
  explicit Function(std::size_t held_depth) : Boxed(static_cast<std::uint32_t>(Tag::function), held_depth) {}
  [[nodiscard]] bool equals(const Boxed& other) const override { return this == &other; }
  [[nodiscard]] Value stored_form() const override { return Value::null(); }

  /// `at` is the place of the call, for warnings and bounds.
  [[nodiscard]] virtual Value call(Evaluation& run, std::uint32_t at, std::span<const Value> arguments) const = 0;
  /// Arguments given by name, as {name, value} pairs brought into order; false when the function has no such
  /// parameters.
  [[nodiscard]] virtual bool arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const = 0;
  [[nodiscard]] virtual std::size_t parameter_count() const = 0;
  /// For "instance of function<...>".
  [[nodiscard]] virtual bool conforms_to(const Type& type) const = 0;
};

/// Named arguments brought into the order of `parameters`; false when they are not exactly these.
[[nodiscard]] bool arrange_by_name(const std::vector<std::string>& parameters, const std::vector<std::string>& names,
                                   std::vector<Value>& arguments);

[[nodiscard]] inline const Function* as_function(const Value& value) {
  return has_tag(value, Tag::function) ? &static_cast<const Function&>(value.as_boxed()) : nullptr;
}

}  // namespace fermata::feel
