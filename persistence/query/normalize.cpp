#include "persistence/query/normalize.h"

#include <algorithm>
#include <charconv>

#include "engine/base/json.h"
#include "engine/base/time.h"
#include "persistence/query/cursor.h"

namespace fermata::query {
namespace {

std::string_view name_of(Op op) {
  switch (op) {
    case Op::eq: return "$eq";
    case Op::neq: return "$neq";
    case Op::gt: return "$gt";
    case Op::gte: return "$gte";
    case Op::lt: return "$lt";
    case Op::lte: return "$lte";
    case Op::in: return "$in";
    case Op::not_in: return "$notIn";
    case Op::like: return "$like";
    case Op::exists: return "$exists";
  }
  return "?";
}

bool is_ordering(Op op) { return op == Op::gt || op == Op::gte || op == Op::lt || op == Op::lte; }

bool has_operator(FieldType type, Op op) {
  if (op == Op::like) return type == FieldType::text || type == FieldType::text_list || type == FieldType::json;
  if (is_ordering(op)) return type != FieldType::text_list && type != FieldType::boolean && type != FieldType::enumeration && type != FieldType::json;
  return true;
}

tl::unexpected<Error> wrong(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

Result<std::size_t> find_field(const CollectionInfo& collection, std::string_view name) {
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (collection.fields[i].name == name) return i;
  }
  std::string known;
  for (const Field& field : collection.fields) known += (known.empty() ? "" : ", ") + std::string(field.name);
  return wrong("there is no field '" + std::string(name).substr(0, 100) + "' in " + std::string(collection.name) + "; the fields are " + known);
}

std::optional<std::int64_t> whole_number(const Value& operand) {
  if (operand.is_number()) return to_int64(operand.as_number());
  if (!operand.is_string()) return std::nullopt;
  const std::string_view text = operand.as_string();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

Result<Scalar> to_scalar(const Field& field, const Value& operand) {
  const auto refuse = [&](std::string_view expected) {
    return wrong("field '" + std::string(field.name) + "' is compared with " + std::string(expected) + ", not with " + to_json(operand).substr(0, 100));
  };
  switch (field.type) {
    case FieldType::key:
    case FieldType::integer: {
      const std::optional<std::int64_t> number = whole_number(operand);
      if (!number) return refuse(field.type == FieldType::key ? "a key (a decimal string)" : "a whole number");
      return Scalar::of(*number);
    }
    case FieldType::text:
    case FieldType::text_list:
      if (!operand.is_string()) return refuse("a string");
      return Scalar{Scalar::Kind::text, 0, std::string(operand.as_string())};
    case FieldType::json: {
      if (!operand.is_string()) return Scalar{Scalar::Kind::text, 0, to_json(operand)};
      // /v2 gives the JSON text of the value; in canonical form it is what the row has.
      const Result<Value> parsed = parse_json(operand.as_string());
      return Scalar{Scalar::Kind::text, 0, parsed ? to_json(*parsed) : std::string(operand.as_string())};
    }
    case FieldType::boolean:
      if (!operand.is_boolean()) return refuse("true or false");
      return Scalar::of(operand.as_boolean() ? 1 : 0);
    case FieldType::time: {
      if (operand.is_number()) {
        if (const std::optional<std::int64_t> ms = to_int64(operand.as_number())) return Scalar::of(*ms);
      }
      if (!operand.is_string()) return refuse("a date (ISO 8601)");
      const Result<Timestamp> when = parse_iso8601(operand.as_string());
      if (!when) return refuse("a date (ISO 8601 with a time zone)");
      return Scalar::of(when->ms);
    }
    case FieldType::enumeration: {
      std::string known;
      for (const auto& [name, number] : field.names) {
        if (operand.is_string() && operand.as_string() == name) return Scalar::of(number);
        known += (known.empty() ? "" : ", ") + std::string(name);
      }
      return refuse("one of " + known);
    }
  }
  return refuse("something else");
}

Result<void> check_operands(std::string_view name, Op op, const std::vector<Value>& operands) {
  const auto refuse = [&](std::string_view what) {
    return wrong("operator " + std::string(name_of(op)) + " on '" + std::string(name).substr(0, 100) + "' takes " + std::string(what));
  };
  if (operands.size() > operands_max) return refuse("at most " + std::to_string(operands_max) + " values");
  if (op == Op::in || op == Op::not_in) return {};
  if (operands.size() != 1) return refuse("one value");
  if (op == Op::exists && !operands.front().is_boolean()) return refuse("true or false");
  if (op == Op::like && !operands.front().is_string()) return refuse("a string, in which * and ? are wildcards");
  if (op == Op::like && operands.front().as_string().size() > like_pattern_bytes_max) {
    return refuse("a pattern of at most " + std::to_string(like_pattern_bytes_max) + " bytes");
  }
  return {};
}

Result<Condition> normalize_condition(const FieldCondition& asked, const CollectionInfo& collection) {
  const Result<std::size_t> found = find_field(collection, asked.field);
  if (!found) return fail(found.error());
  const Field& field = collection.fields[*found];
  if (!has_operator(field.type, asked.op)) {
    return wrong("field '" + asked.field + "' of " + std::string(collection.name) + " has no operator " + std::string(name_of(asked.op)));
  }
  if (auto done = check_operands(asked.field, asked.op, asked.operands); !done) return fail(done.error());
  Condition condition{*found, asked.op, {}};
  if (asked.op == Op::exists) {
    condition.operands.push_back(Scalar::of(asked.operands.front().as_boolean() ? 1 : 0));
    return condition;
  }
  if (asked.op == Op::like) {
    condition.operands.push_back({Scalar::Kind::text, 0, std::string(asked.operands.front().as_string())});
    return condition;
  }
  for (const Value& operand : asked.operands) {
    Result<Scalar> scalar = to_scalar(field, operand);
    if (!scalar) return fail(scalar.error());
    condition.operands.push_back(std::move(*scalar));
  }
  return condition;
}

Result<std::vector<Condition>> normalize_all(const std::vector<FieldCondition>& asked, const CollectionInfo& collection) {
  std::vector<Condition> made;
  for (const FieldCondition& one : asked) {
    Result<Condition> condition = normalize_condition(one, collection);
    if (!condition) return fail(condition.error());
    made.push_back(std::move(*condition));
  }
  return made;
}

Result<void> normalize_order(const Query& query, const CollectionInfo& collection, Normalized& made) {
  if (query.sort.size() > sort_fields_max) return wrong("at most " + std::to_string(sort_fields_max) + " fields to sort by");
  for (const SortField& asked : query.sort) {
    const Result<std::size_t> found = find_field(collection, asked.field);
    if (!found) return fail(found.error());
    if (collection.fields[*found].type == FieldType::text_list) return wrong("field '" + asked.field + "' is a list: it has no order to sort by");
    made.order.push_back({*found, asked.descending});
  }
  for (const std::size_t field : collection.order) {
    const bool there = std::any_of(made.order.begin(), made.order.end(), [field](const Ordering& one) { return one.field == field; });
    if (!there) made.order.push_back({field, !query.sort.empty() && query.sort.back().descending});
  }
  std::string print(collection.name);
  for (const Ordering& one : made.order) print += (one.descending ? '-' : '+') + std::to_string(one.field);
  made.order_print = checksum(print);
  return {};
}

}  // namespace

Result<Normalized> normalize(const Query& query, const CollectionInfo& collection) {
  Normalized made;
  std::size_t count = query.where.size() + query.variables.size();
  for (const auto& group : query.any_of) count += group.size() + 1;
  std::size_t operands = 0;
  for (const FieldCondition& condition : query.where) operands += condition.operands.size();
  for (const auto& group : query.any_of) {
    for (const FieldCondition& condition : group) operands += condition.operands.size();
  }
  if (operands > operands_total_max) return wrong("at most " + std::to_string(operands_total_max) + " values to compare with");
  if (count > conditions_max) return wrong("at most " + std::to_string(conditions_max) + " conditions");
  if (query.limit > page_items_max) return wrong("at most " + std::to_string(page_items_max) + " items a page");
  if (query.offset > 10'000'000) return wrong("at most 10000000 items can be skipped; page with cursors instead");

  Result<std::vector<Condition>> where = normalize_all(query.where, collection);
  if (!where) return fail(where.error());
  made.where = std::move(*where);
  for (const auto& group : query.any_of) {
    Result<std::vector<Condition>> conditions = normalize_all(group, collection);
    if (!conditions) return fail(conditions.error());
    made.any_of.push_back(std::move(*conditions));
  }
  if (!query.variables.empty() && collection.instance_sql.empty()) return wrong(std::string(collection.name) + " have no variables");
  for (const VariableCondition& condition : query.variables) {
    if (auto done = check_operands(condition.name, condition.op, condition.operands); !done) return fail(done.error());
    made.variables.push_back(condition);
  }
  if (auto done = normalize_order(query, collection, made); !done) return fail(done.error());
  made.limit = query.limit;
  made.offset = query.offset;

  if (!query.after.empty() && !query.before.empty()) return wrong("a page lies after one cursor or before one, not both");
  for (const auto& [cursor, position] : {std::pair(&query.after, &made.after), std::pair(&query.before, &made.before)}) {
    if (cursor->empty()) continue;
    *position = decode_cursor(*cursor, made.order_print, made.order.size());
    if (!*position) return wrong("this cursor was not made by a search of " + std::string(collection.name) + " in this order");
  }
  return made;
}

std::string encode_cursor(const Normalized& query, const std::vector<Scalar>& position) {
  return make_cursor(position, query.order_print);
}

}  // namespace fermata::query
