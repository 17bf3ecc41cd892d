#include "engine/behavior/shared/expressions.h"

#include <array>

#include "engine/base/json.h"

namespace fermata {
namespace {

std::optional<std::int32_t> counter_of(const InstanceState& state, const ElementInstance& body, std::string_view name, bool completing) {
  if (name == "numberOfInstances" || name == "nrOfInstances") return body.instances_total;
  if (name == "numberOfCompletedInstances" || name == "nrOfCompletedInstances") return body.instances_completed + (completing ? 1 : 0);
  if (name == "numberOfTerminatedInstances") return body.instances_terminated;
  if (name != "numberOfActiveInstances" && name != "nrOfActiveInstances") return std::nullopt;
  std::int32_t active = completing ? -1 : 0;
  for (const ElementInstance& inner : state.elements) active += inner.scope == body.key && is_live(inner.status) ? 1 : 0;
  return active;
}

std::string shown(const Expression& expression) { return "'" + std::string(expression.text().substr(0, 200)) + "'"; }

std::string shown(const Value& value) {
  std::string text = to_json(value);
  if (text.size() > 200) text = text.substr(0, 200) + "...";
  return text;
}

// Why an expression gave null: the analyst needs the reason more than the fact.
std::string explained(const Execution& x, const Expression& expression, ElementInstanceKey scope) {
  const ScopeVariables variables(x, scope);
  const std::string why = expression.explain({variables, x.now()});
  return why.empty() ? std::string() : ": " + why;
}

}  // namespace

const Value* ScopeVariables::find(std::string_view name) const {
  const InstanceState& state = x_.state();
  for (ElementInstanceKey at = scope_; at;) {
    if (const StoredVariable* found = state.find_variable(at, name)) return &found->value;
    const ElementInstance* element = state.elements.find(at);
    if (element == nullptr) return nullptr;
    if (element->role == ElementRole::multi_instance_body) {
      if (const Value* outputs = find_outputs(*element, name)) return outputs;
      if (const auto counter = counter_of(state, *element, name, completing_ != nullptr)) {
        if (counters_.capacity() == 0) counters_.reserve(16);
        if (counters_.size() == counters_.capacity()) return nullptr;  // pointers to earlier answers must stay good
        counters_.push_back(Value::integer(*counter));
        return &counters_.back();
      }
    }
    at = element->scope;
  }
  return nullptr;
}

const Value* ScopeVariables::find_outputs(const ElementInstance& body, std::string_view name) const {
  const std::optional<MultiInstance>& definition = x_.graph().element(body.element).multi_instance;
  if (!definition || definition->output_collection != name || !body.outputs.is_list()) return nullptr;
  if (completing_ == nullptr || x_.instance(scope_).scope != body.key) return &body.outputs;
  if (!outputs_) {
    const std::span<const Value> before = body.outputs.as_list();
    Value::List placed(before.begin(), before.end());
    placed[static_cast<std::size_t>(x_.instance(scope_).loop_counter) - 1] = *completing_;
    outputs_ = Value::list(std::move(placed));
  }
  return &*outputs_;
}

const Value* ListedVariables::find(std::string_view name) const {
  for (const Variable& variable : variables_) {
    if (variable.name == name) return &variable.value;
  }
  return nullptr;
}

std::optional<std::string> scalar_text(const Value& value) {
  switch (value.kind()) {
    case ValueKind::string: return std::string(value.as_string());
    case ValueKind::number: return to_string(value.as_number());
    case ValueKind::boolean: return value.as_boolean() ? "true" : "false";
    case ValueKind::boxed: return scalar_text(value.as_boxed().stored_form());
    default: return std::nullopt;
  }
}

Attempted<Value> evaluate(const Execution& x, const Expression& expression, ElementInstanceKey scope, std::string_view what,
                          IncidentType type) {
  if (const Value* constant = expression.constant()) return *constant;
  const ScopeVariables variables(x, scope);
  Result<Value> value = expression.evaluate({variables, x.now()});
  if (!value) return failed(type, std::string(what) + " " + shown(expression) + " could not be evaluated: " + value.error().message);
  return std::move(*value);
}

Attempted<std::string> evaluate_text(const Execution& x, const Expression& expression, ElementInstanceKey scope, std::string_view what) {
  const Attempted<Value> value = evaluate(x, expression, scope, what);
  if (!value) return tl::unexpected(value.error());
  if (std::optional<std::string> text = scalar_text(*value)) return std::move(*text);
  return failed(IncidentType::extract_value_error, std::string(what) + " " + shown(expression) + " must give a text, but gave " +
                                                       shown(*value) + explained(x, expression, scope));
}

Attempted<std::string> evaluate_optional_text(const Execution& x, const ExpressionPtr& expression, ElementInstanceKey scope,
                                              std::string_view what) {
  if (!expression) return std::string();
  const Attempted<Value> value = evaluate(x, *expression, scope, what);
  if (!value) return tl::unexpected(value.error());
  if (value->is_null()) return std::string();
  if (std::optional<std::string> text = scalar_text(*value)) return std::move(*text);
  return failed(IncidentType::extract_value_error, std::string(what) + " " + shown(*expression) + " must give a text, but gave " + shown(*value));
}

Attempted<std::int64_t> evaluate_integer(const Execution& x, const Expression& expression, ElementInstanceKey scope, std::string_view what) {
  const Attempted<Value> value = evaluate(x, expression, scope, what);
  if (!value) return tl::unexpected(value.error());
  if (value->is_number()) {
    if (const auto number = to_int64(value->as_number())) return *number;
  } else if (value->is_string()) {
    const std::optional<Decimal> parsed = parse_decimal(value->as_string());
    if (const auto number = parsed ? to_int64(*parsed) : std::nullopt) return *number;
  }
  return failed(IncidentType::extract_value_error, std::string(what) + " " + shown(expression) + " must give a whole number, but gave " +
                                                       shown(*value) + explained(x, expression, scope));
}

Attempted<bool> evaluate_condition(const Execution& x, const Expression& expression, ElementInstanceKey scope, std::string_view what) {
  const Attempted<Value> value = evaluate(x, expression, scope, what, IncidentType::condition_error);
  if (!value) return tl::unexpected(value.error());
  if (value->is_boolean()) return value->as_boolean();
  return failed(IncidentType::condition_error, std::string(what) + " " + shown(expression) + " must give true or false, but gave " +
                                                   shown(*value) + explained(x, expression, scope));
}

Attempted<std::vector<std::string>> evaluate_names(const Execution& x, const ExpressionPtr& expression, ElementInstanceKey scope,
                                                   std::string_view what) {
  std::vector<std::string> names;
  if (!expression) return names;
  const Attempted<Value> value = evaluate(x, *expression, scope, what);
  if (!value) return tl::unexpected(value.error());
  if (value->is_null()) return names;
  if (value->is_list()) {
    for (const Value& item : value->as_list()) {
      std::optional<std::string> text = scalar_text(item);
      if (!text) return failed(IncidentType::extract_value_error, std::string(what) + " must give a list of names, but gave " + shown(*value));
      names.push_back(std::move(*text));
    }
    return names;
  }
  const std::optional<std::string> text = scalar_text(*value);
  if (!text) return failed(IncidentType::extract_value_error, std::string(what) + " must give names, but gave " + shown(*value));
  std::size_t at = 0;
  while (at <= text->size()) {
    const std::size_t comma = std::min(text->find(',', at), text->size());
    std::string_view name = std::string_view(*text).substr(at, comma - at);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
    at = comma + 1;
  }
  return names;
}

}  // namespace fermata
