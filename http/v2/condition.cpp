#include "http/v2/condition.h"

#include <algorithm>

#include "engine/base/json.h"
#include "engine/base/time.h"
#include "http/v2/answer.h"
#include "http/v2/object_reader.h"
#include "http/v2/search_request.h"

namespace fermata::http::v2 {
namespace {

using Op = FieldCondition::Op;

struct Operator {
  std::string_view name;
  Op op;
};
constexpr Operator operators[] = {{"$eq", Op::eq},   {"$neq", Op::neq}, {"$exists", Op::exists}, {"$gt", Op::gt},
                                  {"$gte", Op::gte}, {"$lt", Op::lt},   {"$lte", Op::lte},       {"$in", Op::in},
                                  {"$notIn", Op::not_in}, {"$like", Op::like}};

std::optional<Op> operator_named(std::string_view name) {
  for (const Operator& candidate : operators) {
    if (candidate.name == name) return candidate.op;
  }
  return std::nullopt;
}

tl::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

bool is_order(Op op) { return op == Op::gt || op == Op::gte || op == Op::lt || op == Op::lte; }

bool allowed(FieldType type, Op op) {
  switch (type) {
    case FieldType::key: return op != Op::like;
    case FieldType::text: return !is_order(op);
    case FieldType::integer:
    case FieldType::date: return op != Op::like;
    case FieldType::boolean: return op == Op::eq || op == Op::neq || op == Op::exists;
    case FieldType::choice: return !is_order(op);
    case FieldType::tenant: return op == Op::eq || op == Op::neq || op == Op::in || op == Op::not_in || op == Op::exists;
    case FieldType::texts: return op == Op::eq;
  }
  return false;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  }
  return result;
}

// One operand as the store compares it. Choices are handled apart.
Result<Value> operand_of(FieldType type, const Value& value, const std::string& path) {
  switch (type) {
    case FieldType::key: {
      std::optional<std::int64_t> raw;
      if (value.is_string()) raw = parse_key(value.as_string());
      if (value.is_number()) raw = to_int64(value.as_number());
      if (!raw) return refuse("'" + path + "' must be a key, a decimal number in a string, not " + to_json(value) + ".");
      return Value::string(std::to_string(*raw));
    }
    case FieldType::integer: {
      std::optional<Decimal> number;
      if (value.is_number()) number = value.as_number();
      if (value.is_string()) number = parse_decimal(value.as_string());
      if (!number || !is_integer(*number)) return refuse("'" + path + "' must be a whole number, not " + to_json(value) + ".");
      return Value::number(*number);
    }
    case FieldType::boolean:
      if (!value.is_boolean()) return refuse("'" + path + "' must be true or false, not " + to_json(value) + ".");
      return value;
    case FieldType::date: {
      const Result<Timestamp> time =
          value.is_string() ? parse_iso8601(value.as_string()) : Result<Timestamp>(refuse("no text"));
      if (!time) {
        return refuse("'" + path + "' must be an ISO 8601 date-time such as \"2026-01-31T12:00:00.000Z\", not " + to_json(value) +
                      ".");
      }
      return Value::string(format_iso8601(*time));
    }
    case FieldType::text:
    case FieldType::choice:
    case FieldType::tenant:
    case FieldType::texts: break;
  }
  if (!value.is_string()) return refuse("'" + path + "' must be a string, not " + to_json(value) + ".");
  return value;
}

// The operands of one operator: one, or the items of a list.
Result<std::vector<Value>> operands_of(FieldType type, Op op, const Value& value, const std::string& path) {
  std::vector<Value> operands;
  if (op == Op::exists) {
    if (!value.is_boolean()) return refuse("'" + path + "' must be true or false.");
    operands.push_back(value);
    return operands;
  }
  if (op == Op::in || op == Op::not_in) {
    if (!value.is_list()) return refuse("'" + path + "' must be a list.");
    if (value.as_list().size() > search_operands_max) {
      return refuse("'" + path + "' has more than " + std::to_string(search_operands_max) + " items.");
    }
    for (const Value& item : value.as_list()) {
      Result<Value> operand = operand_of(type, item, path);
      if (!operand) return fail(operand.error());
      operands.push_back(std::move(*operand));
    }
    return operands;
  }
  Result<Value> operand = operand_of(type, value, path);
  if (!operand) return fail(operand.error());
  operands.push_back(std::move(*operand));
  return operands;
}

bool matches_wildcards(std::string_view text, std::string_view pattern) {
  std::size_t t = 0, p = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++t, ++p;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// A state of /v2 may be several of ours, or none: every operator becomes "in" or "not in" a set of stored names.
Result<ParsedCondition> choice_condition(const FieldSpec& field, Op op, const std::vector<Value>& operands,
                                         const std::string& path) {
  ParsedCondition parsed;
  if (op == Op::exists) {
    parsed.never = !operands.front().as_boolean();
    return parsed;
  }
  std::vector<Value> stored;
  for (const Value& operand : operands) {
    const std::string wanted = upper(operand.as_string());
    bool known = op == Op::like;
    for (const Choice& choice : field.choices) {
      const bool hit = op == Op::like ? matches_wildcards(choice.api, wanted) : choice.api == wanted;
      if (!hit) continue;
      known = true;
      const Value name = Value::string(choice.stored);
      if (!choice.stored.empty() && std::find(stored.begin(), stored.end(), name) == stored.end()) stored.push_back(name);
    }
    if (!known) return refuse("'" + path + "' does not know the value " + to_json(operand) + ".");
  }
  const bool negated = op == Op::neq || op == Op::not_in;
  if (stored.empty()) {
    parsed.never = !negated;
    return parsed;
  }
  const Op combined = stored.size() == 1 ? (negated ? Op::neq : Op::eq) : (negated ? Op::not_in : Op::in);
  parsed.conditions.push_back({std::string(field.stored_name()), combined, std::move(stored)});
  return parsed;
}

ParsedCondition tenant_condition(Op op, const std::vector<Value>& operands) {
  if (op == Op::exists) return {{}, !operands.front().as_boolean()};
  const bool named = std::any_of(operands.begin(), operands.end(),
                                 [](const Value& operand) { return operand.as_string() == default_tenant; });
  const bool negated = op == Op::neq || op == Op::not_in;
  return {{}, named == negated};
}

Result<ParsedCondition> one_condition(const FieldSpec& field, Op op, const Value& value, const std::string& path) {
  if (!allowed(field.type, op)) return refuse("'" + path + "' is not possible for the field '" + std::string(field.name) + "'.");
  Result<std::vector<Value>> operands = operands_of(field.type, op, value, path);
  if (!operands) return fail(operands.error());
  if (field.type == FieldType::tenant) return tenant_condition(op, *operands);
  if (field.type == FieldType::choice) return choice_condition(field, op, *operands, path);
  ParsedCondition parsed;
  if (operands->empty()) {  // in an empty set, or not in it
    parsed.never = op == Op::in;
    return parsed;
  }
  parsed.conditions.push_back({std::string(field.stored_name()), op, std::move(*operands)});
  return parsed;
}

// {"$gte": 1, "$lt": 5}: each operator is a condition, all must hold.
Result<ParsedCondition> operator_conditions(const FieldSpec& field, const Value& value, const std::string& path) {
  ParsedCondition parsed;
  for (const Value::Entry& entry : value.as_context()) {
    const std::optional<Op> op = operator_named(entry.key);
    const std::string operator_path = path + "." + entry.key;
    if (!op) {
      return refuse("'" + operator_path +
                    "' is not an operator. Known are $eq, $neq, $exists, $gt, $gte, $lt, $lte, $in, $notIn and $like.");
    }
    if (entry.value.is_null()) continue;
    Result<ParsedCondition> one = one_condition(field, *op, entry.value, operator_path);
    if (!one) return one;
    parsed.never = parsed.never || one->never;
    std::move(one->conditions.begin(), one->conditions.end(), std::back_inserter(parsed.conditions));
  }
  return parsed;
}

// In variable filters the values are texts of JSON: "\"open\"" or "17". The pattern of $like stays a text.
Result<Value> variable_operand(Op op, const Value& value, const std::string& path) {
  if (op == Op::exists) {
    if (value.is_boolean()) return value;
    return refuse("'" + path + "' must be true or false.");
  }
  if (!value.is_string()) {
    return refuse("'" + path + "' must be a string that holds the JSON of the value, such as \"17\" or \"\\\"open\\\"\".");
  }
  if (op == Op::like) return value;
  Result<Value> parsed = parse_json(value.as_string());
  if (!parsed) {
    return refuse("'" + path + "' is not the JSON of a value: " + parsed.error().message +
                  " A string needs its own quotes, \"\\\"open\\\"\".");
  }
  return parsed;
}

Result<void> add_variable_operator(std::vector<VariableCondition>& into, const std::string& name, Op op, const Value& value,
                                   const std::string& path) {
  VariableCondition condition{name, op, {}};
  const bool set = op == Op::in || op == Op::not_in;
  if (set && !value.is_list()) return refuse("'" + path + "' must be a list.");
  const std::span<const Value> items = set ? value.as_list() : std::span<const Value>(&value, 1);
  if (items.size() > search_operands_max) return refuse("'" + path + "' has too many items.");
  for (const Value& item : items) {
    Result<Value> operand = variable_operand(op, item, path);
    if (!operand) return fail(operand.error());
    condition.operands.push_back(std::move(*operand));
  }
  into.push_back(std::move(condition));
  return {};
}

}  // namespace

Result<ParsedCondition> parse_condition(const FieldSpec& field, const Value& value, const std::string& path) {
  if (field.type == FieldType::texts) {
    if (!value.is_list()) return refuse("'" + path + "' must be a list of strings.");
    ParsedCondition parsed;
    for (const Value& item : value.as_list()) {
      Result<ParsedCondition> one = one_condition(field, Op::eq, item, path);
      if (!one) return one;
      std::move(one->conditions.begin(), one->conditions.end(), std::back_inserter(parsed.conditions));
    }
    return parsed;
  }
  return value.is_context() ? operator_conditions(field, value, path) : one_condition(field, Op::eq, value, path);
}

Result<std::vector<VariableCondition>> parse_variable_conditions(const Value& list, const std::string& path) {
  if (!list.is_list()) return refuse("'" + path + "' must be a list of {\"name\", \"value\"}.");
  std::vector<VariableCondition> conditions;
  for (const Value& item : list.as_list()) {
    ObjectReader reader(item, path + "[].");
    const std::string name = reader.required_text("name");
    const Value* value = reader.find("value");
    reader.finish();
    if (!reader.ok()) return refuse(reader.error());
    if (value == nullptr) return refuse("'" + path + "[].value' is required.");
    if (!value->is_context()) {
      if (auto added = add_variable_operator(conditions, name, Op::eq, *value, path + "[].value"); !added) return fail(added.error());
      continue;
    }
    for (const Value::Entry& entry : value->as_context()) {
      const std::optional<Op> op = operator_named(entry.key);
      if (!op) return refuse("'" + path + "[].value." + entry.key + "' is not an operator.");
      auto added = add_variable_operator(conditions, name, *op, entry.value, path + "[].value." + entry.key);
      if (!added) return fail(added.error());
    }
  }
  return conditions;
}

}  // namespace fermata::http::v2
