// The built-in functions: one table, several files by subject (builtins_*.cpp). Explicit registration: builtins.cpp
// lists them all.
//
//   const Builtin* length = find_builtin("string length");
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "processes/feel/node.h"

namespace fermata::feel {

struct Builtin;

/// One call: the arguments in the order of the form's parameters. Arguments that were not given are missing at the end
/// or null.
struct Call {
  Evaluation& run;
  std::uint32_t at;
  const Builtin& builtin;
  std::span<const Value> arguments;

  [[nodiscard]] const Value& argument(std::size_t index) const;  ///< null when not given
  [[nodiscard]] bool given(std::size_t index) const { return index < arguments.size(); }

  // The argument as that type, with the implicit conversion of a list of one. On another type: empty, and a warning is
  // recorded.
  [[nodiscard]] std::optional<Decimal> number(std::size_t index) const;
  [[nodiscard]] std::optional<std::string_view> string(std::size_t index) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::size_t index) const;
  [[nodiscard]] const Value* context(std::size_t index) const;
  /// A list; any other value but null is a list of one, which `storage` holds.
  [[nodiscard]] std::optional<std::span<const Value>> list(std::size_t index, Value& storage) const;
  /// Unwraps a list of one.
  [[nodiscard]] const Value& single(std::size_t index) const;

  Value wrong_type(std::size_t index, std::string_view expected) const;
  template <class MakeText>
  Value null_because(MakeText&& make_text) const {
    return run.null_because(at, make_text);
  }
  Value null_with(std::string_view reason) const;
  void step(std::uint64_t count = 1) const { run.step(at, count); }
  void charge(std::uint64_t bytes) const { run.charge(at, bytes); }
  Value made_list(Value::List items) const;
  Value made_context(Value::Entries entries) const;
  Value made_string(std::string text) const;
};

using BuiltinCode = Value (*)(const Call& call);

/// One way to call a built-in.
struct Form {
  std::vector<std::string_view> parameters;
  std::size_t required;  ///< how many of them must be given
  BuiltinCode code;
  bool variadic = false;  ///< called with any number of arguments, which the code sees one by one
};

struct Builtin {
  std::string_view name;
  std::vector<Form> forms;
};

using BuiltinTable = std::vector<Builtin>;

/// nullptr when there is none. The pointer is good for ever.
[[nodiscard]] const Builtin* find_builtin(std::string_view name);
[[nodiscard]] const BuiltinTable& all_builtins();
/// The built-in as a function value, as in sort(list, f).
[[nodiscard]] Value builtin_function(const Builtin& builtin);
[[nodiscard]] Value call_builtin(Evaluation& run, std::uint32_t at, const Builtin& builtin, const Form& form,
                                 std::span<const Value> arguments);
/// The form for so many arguments, or nullptr.
[[nodiscard]] const Form* form_for(const Builtin& builtin, std::size_t count);
/// The form whose parameters include all these names, or nullptr; `order[i]` is the parameter of the i-th name.
[[nodiscard]] const Form* form_for(const Builtin& builtin, std::span<const std::string> names,
                                   std::vector<std::size_t>& order);

// Each file of built-ins adds its own.
void add_conversion_builtins(BuiltinTable& table);
void add_temporal_builtins(BuiltinTable& table);
void add_boolean_builtins(BuiltinTable& table);
void add_string_builtins(BuiltinTable& table);
void add_regex_builtins(BuiltinTable& table);
void add_number_builtins(BuiltinTable& table);
void add_list_builtins(BuiltinTable& table);
void add_aggregate_builtins(BuiltinTable& table);
void add_range_builtins(BuiltinTable& table);
void add_context_builtins(BuiltinTable& table);

}  // namespace fermata::feel
