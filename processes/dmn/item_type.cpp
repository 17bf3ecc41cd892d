#include "processes/dmn/item_type.h"

#include <algorithm>

#include "processes/dmn/scope.h"

namespace fermata::dmn {
namespace {

bool passes(feel::Evaluation& run, const feel::NodePtr& tests, const Value& value) {
  if (tests == nullptr) return true;
  const TestedValue tested(run, value);
  const Value verdict = tests->evaluate(run);
  return verdict.is_boolean() && verdict.as_boolean();
}

// The structure is right already. Depth is that of the item definitions, which the reader bounds.
bool keeps_constraints(feel::Evaluation& run, const Value& value, const ItemType& type) {
  if (!type.constrained || value.is_null()) return true;
  run.step(0);
  if (type.again != nullptr) return is_of_type(run, value, *type.again);
  if (type.collection) {
    for (const Value& item : value.as_list()) {
      if (item.is_null()) continue;
      if (type.base != nullptr && !keeps_constraints(run, item, *type.base)) return false;
      if (!passes(run, type.allowed_values, item)) return false;
    }
    return passes(run, type.type_constraint, value);
  }
  if (type.base != nullptr && !keeps_constraints(run, value, *type.base)) return false;
  for (const ItemType::Component& component : type.components) {
    const Value* member = value.find(component.name);
    if (member != nullptr && !keeps_constraints(run, *member, *component.type)) return false;
  }
  // "Allowed values" of a name for a collection speak of its items as well.
  if (type.allowed_values != nullptr && type.type.kind == feel::Type::Kind::list && value.is_list()) {
    const auto items = value.as_list();
    if (!std::all_of(items.begin(), items.end(),
                     [&](const Value& item) { return passes(run, type.allowed_values, item); }))
      return false;
  } else if (!passes(run, type.allowed_values, value)) {
    return false;
  }
  return passes(run, type.type_constraint, value);
}

}  // namespace

bool is_of_type(feel::Evaluation& run, const Value& value, const ItemType& type) {
  if (value.is_null()) return true;
  run.step_through(0, value);
  return feel::conforms(value, type.type) && keeps_constraints(run, value, type);
}

Value fit(feel::Evaluation& run, Value value, const ItemType& type, std::string_view what) {
  if (value.is_null() || (type.type.kind == feel::Type::Kind::any && !type.constrained)) return value;
  if (is_of_type(run, value, type)) return value;
  if (value.is_list() && value.as_list().size() == 1) {
    Value item(value.as_list()[0]);
    if (is_of_type(run, item, type)) return item;
  }
  if (type.type.kind == feel::Type::Kind::list && !value.is_list()) {
    run.charge(0, sizeof(Value));
    Value wrapped = run.checked(0, Value::list({value}));
    if (is_of_type(run, wrapped, type)) return wrapped;
  }
  if (type.type.kind == feel::Type::Kind::date_time && feel::has_tag(value, feel::Tag::date)) {
    Value midnight = value;
    if (feel::coerce(midnight, type.type) && keeps_constraints(run, midnight, type)) return midnight;
  }
  return run.null_because(0, [&] {
    const bool structure = feel::conforms(value, type.type);
    return std::string(what) + " is " +
           (structure ? "a value that the type " : "a " + std::string(feel::type_name(value)) + ", which the type ") +
           type.name + " does not allow; it counts as null";
  });
}

namespace {

const char* readable_type(feel::Type::Kind kind, bool all) {
  switch (kind) {
    case feel::Type::Kind::date:
      return "date";
    case feel::Type::Kind::time:
      return "time";
    case feel::Type::Kind::date_time:
      return "date and time";
    case feel::Type::Kind::days_duration:
      return "days and time duration";
    case feel::Type::Kind::months_duration:
      return "years and months duration";
    case feel::Type::Kind::number:
      return all ? "number" : nullptr;
    case feel::Type::Kind::boolean:
      return all ? "boolean" : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Value values_from_text(feel::Evaluation& run, const Value& value, const feel::Type& type, bool all) {
  run.step(0);
  if (value.is_string()) {
    const char* name = readable_type(type.kind, all);
    if (name == nullptr) return value;
    Result<Value> made = feel::value_from_text(name, value.as_string());
    return made ? *std::move(made) : value;
  }
  if (value.is_list()) {
    if (type.kind != feel::Type::Kind::list || type.arguments.empty()) return value;
    run.charge(0, value.as_list().size() * sizeof(Value));
    Value::List items;
    for (const Value& item : value.as_list()) items.push_back(values_from_text(run, item, type.arguments[0], all));
    return Value::list(std::move(items));
  }
  if (value.is_context() && type.kind == feel::Type::Kind::context) {
    Value::Entries entries;
    for (const Value::Entry& entry : value.as_context()) {
      const auto member = std::find(type.members.begin(), type.members.end(), entry.key);
      run.charge(0, entry.key.size() + sizeof(Value::Entry));
      if (member == type.members.end()) {
        entries.push_back(entry);
        continue;
      }
      const auto index = static_cast<std::size_t>(member - type.members.begin());
      entries.push_back({entry.key, values_from_text(run, entry.value, type.arguments[index], all)});
    }
    return Value::context(std::move(entries));
  }
  return value;
}

}  // namespace fermata::dmn
