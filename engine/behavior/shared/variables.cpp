#include "engine/behavior/shared/variables.h"

#include <algorithm>
#include <string_view>

#include "engine/base/value_size.h"
#include "engine/behavior/shared/expressions.h"

namespace fermata {

void set_variable(Execution& x, ElementInstanceKey scope, const std::string& name, const Value& value) {
  const StoredVariable* known = x.state().find_variable(scope, name);
  if (known != nullptr && known->value.kind() == value.kind() && known->value == value) return;
  const VariableKey key = known != nullptr ? known->key : x.new_key<VariableKey>();
  // What is stored is what a reader of the row gets back: FEEL's own values are kept in their stored form.
  const Value stored = value.is_boxed() ? value.as_boxed().stored_form() : value;
  x.emit(VariableSet{StoredVariable{key, scope, name, stored}});
}

void set_local_variables(Execution& x, ElementInstanceKey scope, const Variables& variables) {
  for (const Variable& variable : variables) set_variable(x, scope, variable.name, variable.value);
}

void merge_variables(Execution& x, ElementInstanceKey scope, const Variables& variables) {
  const ElementInstanceKey root = root_scope(x.state().instance.key);
  for (const Variable& variable : variables) {
    const StoredVariable* known = x.state().find_visible_variable(scope, variable.name);
    set_variable(x, known != nullptr ? known->scope : root, variable.name, variable.value);
  }
}

void take_result(Execution& x, ElementInstanceKey key, const Variables& variables) {
  if (variables.empty()) return;
  const Element& element = x.element_of(key);
  if (!element.outputs.empty() && element.outputs_only) return set_local_variables(x, key, variables);
  merge_variables(x, key, variables);
}

Value with_path(const Value& root, std::span<const std::string> path, Value value) {
  if (path.empty()) return value;
  Value::Entries entries;
  if (root.is_context()) entries.assign(root.as_context().begin(), root.as_context().end());
  const Value* inner = root.find(path.front());
  entries.push_back({path.front(), with_path(inner != nullptr ? *inner : Value(), path.subspan(1), std::move(value))});
  return Value::context(std::move(entries));
}

namespace {

Value mapped_value(const Value* known, const Mapping& mapping, Value value) {
  const std::span<const std::string> path(mapping.target);
  return path.size() == 1 ? std::move(value) : with_path(known != nullptr ? *known : Value(), path.subspan(1), std::move(value));
}

tl::unexpected<Failure> too_much(const Execution& x, std::string_view direction) {
  return failed(IncidentType::limit_exceeded, "the " + std::string(direction) + " mappings make more than " + std::to_string(x.options().bytes_max) +
                                                  " bytes of variables: map only what is needed");
}

std::string what_of(std::string_view direction, const Mapping& mapping) {
  std::string target;
  for (const std::string& part : mapping.target) target += (target.empty() ? "" : ".") + part;
  return "the " + std::string(direction) + " mapping to '" + target + "'";
}

}  // namespace

Attempt map_inputs(Execution& x, const Element& element, ElementInstanceKey key) {
  for (const Mapping& mapping : element.inputs) {
    Attempted<Value> value = evaluate(x, *mapping.source, key, what_of("input", mapping), IncidentType::io_mapping_error);
    if (!value) return tl::unexpected(value.error());
    const StoredVariable* known = x.state().find_variable(key, mapping.target.front());
    set_variable(x, key, mapping.target.front(), mapped_value(known != nullptr ? &known->value : nullptr, mapping, std::move(*value)));
    if (x.wrote_too_much()) return too_much(x, "input");
  }
  return {};
}

Variables fixed_inputs(const Element& element, Timestamp now) {
  const bool of_interest = std::any_of(element.inputs.begin(), element.inputs.end(), [](const Mapping& mapping) {
    return mapping.source->text().find("secret") != std::string_view::npos;
  });
  Variables made;
  if (!of_interest) return made;
  for (const Mapping& mapping : element.inputs) {
    const ListedVariables before(made);
    const std::string& name = mapping.target.front();
    Result<Value> value = mapping.source->chooses() ? Result<Value>(Value()) : mapping.source->evaluate({before, now});
    if (!value) value = Value();  // it needs a variable, which takes the place of what was mapped there before
    const auto known = std::find_if(made.begin(), made.end(), [&](const Variable& variable) { return variable.name == name; });
    Value mapped = mapped_value(known != made.end() ? &known->value : nullptr, mapping, std::move(*value));
    if (known != made.end()) {
      known->value = std::move(mapped);
    } else {
      made.push_back({name, std::move(mapped)});
    }
  }
  return made;
}

Attempt map_outputs(Execution& x, const Element& element, ElementInstanceKey key) {
  const ElementInstance& instance = x.instance(key);
  const ElementInstanceKey from = instance.role == ElementRole::inner_instance ? key : instance.scope;
  Variables results;
  std::size_t bytes = x.bytes_written();
  for (const Mapping& mapping : element.outputs) {
    Attempted<Value> value = evaluate(x, *mapping.source, key, what_of("output", mapping), IncidentType::io_mapping_error);
    if (!value) return tl::unexpected(value.error());
    bytes += text_bytes(*value, x.options().bytes_max);
    if (bytes > x.options().bytes_max) return too_much(x, "output");
    const std::string& name = mapping.target.front();
    const auto earlier = std::find_if(results.begin(), results.end(), [&](const Variable& result) { return result.name == name; });
    if (earlier != results.end()) {
      earlier->value = mapped_value(&earlier->value, mapping, std::move(*value));
      continue;
    }
    const StoredVariable* known = x.state().find_visible_variable(from, name);
    results.push_back({name, mapped_value(known != nullptr ? &known->value : nullptr, mapping, std::move(*value))});
  }
  merge_variables(x, from, results);
  return {};
}

}  // namespace fermata
