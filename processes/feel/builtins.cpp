#include "processes/feel/builtins.h"

#include <algorithm>
#include <unordered_map>

#include "engine/base/decimal_math.h"
#include "processes/feel/function.h"

namespace fermata::feel {
namespace {

const Value null_value;

struct Registry {
  BuiltinTable table;
  std::unordered_map<std::string_view, const Builtin*> by_name;

  Registry() {
    add_conversion_builtins(table);
    add_temporal_builtins(table);
    add_boolean_builtins(table);
    add_string_builtins(table);
    add_regex_builtins(table);
    add_number_builtins(table);
    add_list_builtins(table);
    add_aggregate_builtins(table);
    add_range_builtins(table);
    add_context_builtins(table);
    for (const Builtin& builtin : table) by_name.emplace(builtin.name, &builtin);
  }
};

const Registry& registry() {
  static const Registry made;
  return made;
}

class BuiltinFunction final : public Function {
 public:
  explicit BuiltinFunction(const Builtin& builtin) : Function(1), builtin_(builtin) {}

  [[nodiscard]] Value call(Evaluation& run, std::uint32_t at, std::span<const Value> arguments) const override {
    const Form* form = form_for(builtin_, arguments.size());
    if (form == nullptr) {
      return run.null_because(at, [&] {
        return std::string(builtin_.name) + "() cannot be called with " + std::to_string(arguments.size()) +
               " arguments";
      });
    }
    return call_builtin(run, at, builtin_, *form, arguments);
  }
  [[nodiscard]] bool arrange(const std::vector<std::string>& names, std::vector<Value>& arguments) const override {
    std::vector<std::size_t> order;
    const Form* form = form_for(builtin_, names, order);
    if (form == nullptr) return false;
    std::vector<Value> ordered(*std::max_element(order.begin(), order.end()) + 1);
    for (std::size_t i = 0; i < order.size(); ++i) ordered[order[i]] = std::move(arguments[i]);
    arguments = std::move(ordered);
    return true;
  }
  [[nodiscard]] std::size_t parameter_count() const override { return builtin_.forms[0].parameters.size(); }
  [[nodiscard]] bool equals(const Boxed& other) const override {
    const auto* function = dynamic_cast<const BuiltinFunction*>(&other);
    return function != nullptr && &function->builtin_ == &builtin_;
  }
  [[nodiscard]] bool conforms_to(const Type& type) const override {
    return type.arguments.empty() || form_for(builtin_, type.arguments.size() - 1) != nullptr;
  }

 private:
  const Builtin& builtin_;
};

}  // namespace

const Builtin* find_builtin(std::string_view name) {
  const auto found = registry().by_name.find(name);
  return found == registry().by_name.end() ? nullptr : found->second;
}

const BuiltinTable& all_builtins() {
  return registry().table;
}

Value builtin_function(const Builtin& builtin) {
  return Value::boxed(new BuiltinFunction(builtin));
}

Value call_builtin(Evaluation& run, std::uint32_t at, const Builtin& builtin, const Form& form,
                   std::span<const Value> arguments) {
  return form.code(Call{run, at, builtin, arguments});
}

const Form* form_for(const Builtin& builtin, std::size_t count) {
  for (const Form& form : builtin.forms) {
    if (count >= form.required && (form.variadic || count <= form.parameters.size())) return &form;
  }
  return nullptr;
}

const Form* form_for(const Builtin& builtin, std::span<const std::string> names, std::vector<std::size_t>& order) {
  for (const Form& form : builtin.forms) {
    order.clear();
    for (const std::string& name : names) {
      const auto at = std::find(form.parameters.begin(), form.parameters.end(), name);
      if (at != form.parameters.end()) order.push_back(static_cast<std::size_t>(at - form.parameters.begin()));
    }
    if (order.size() != names.size() || order.empty()) continue;
    std::vector<std::size_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return &form;
  }
  return nullptr;
}

const Value& Call::argument(std::size_t index) const {
  return index < arguments.size() ? arguments[index] : null_value;
}

const Value& Call::single(std::size_t index) const {
  const Value& value = argument(index);
  return value.is_list() && value.as_list().size() == 1 ? value.as_list()[0] : value;
}

Value Call::wrong_type(std::size_t index, std::string_view expected) const {
  return null_because([&] {
    return std::string(builtin.name) + "(): argument " + std::to_string(index + 1) + " must be a " +
           std::string(expected) + ", not " + std::string(type_name(argument(index)));
  });
}

Value Call::null_with(std::string_view reason) const {
  return null_because([&] { return std::string(builtin.name) + "(): " + std::string(reason); });
}

std::optional<Decimal> Call::number(std::size_t index) const {
  const Value& value = single(index);
  if (value.is_number()) return value.as_number();
  (void)wrong_type(index, "number");
  return std::nullopt;
}

std::optional<std::string_view> Call::string(std::size_t index) const {
  const Value& value = single(index);
  if (value.is_string()) {
    // Whoever asks for a text goes through it, at about a byte a nanosecond.
    constexpr std::size_t bytes_per_step = 48;
    step(value.as_string().size() / bytes_per_step);
    return value.as_string();
  }
  (void)wrong_type(index, "string");
  return std::nullopt;
}

std::optional<std::int64_t> Call::integer(std::size_t index) const {
  const Value& value = single(index);
  if (value.is_number()) {
    // Positions and lengths are cut to whole numbers, as the TCK wants it: item 2.5 is item 2.
    const std::optional<Decimal> cut = round_to(value.as_number(), 0, Rounding::down);
    if (const std::optional<std::int64_t> whole = cut ? to_int64(*cut) : std::nullopt) return whole;
  }
  (void)wrong_type(index, "whole number");
  return std::nullopt;
}

const Value* Call::context(std::size_t index) const {
  const Value& value = single(index);
  if (value.is_context()) return &value;
  (void)wrong_type(index, "context");
  return nullptr;
}

std::optional<std::span<const Value>> Call::list(std::size_t index, Value& storage) const {
  const Value& value = argument(index);
  if (value.is_list()) return value.as_list();
  if (value.is_null()) {
    (void)wrong_type(index, "list");
    return std::nullopt;
  }
  storage = Value::list({value});
  return storage.as_list();
}

Value Call::made_list(Value::List items) const {
  charge(64 + items.size() * sizeof(Value));
  step(1 + items.size());
  return run.checked(at, Value::list(std::move(items)));
}

Value Call::made_context(Value::Entries entries) const {
  charge(64 + entries.size() * sizeof(Value::Entry));
  step(1 + entries.size());
  return run.checked(at, Value::context(std::move(entries)));
}

Value Call::made_string(std::string text) const {
  charge(text.size());
  return Value::string(std::move(text));
}

}  // namespace fermata::feel
