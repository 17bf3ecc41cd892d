#include "persistence/sqlite/query_compiler.h"

#include "engine/base/json.h"

namespace fermata::sqlite {
namespace {

using query::Condition;
using query::Field;
using query::FieldType;
using query::Normalized;
using query::Op;
using query::Scalar;

class Compiler {
 public:
  Compiler(const Normalized& query, const query::CollectionInfo& collection) : query_(query), collection_(collection) {}

  CompiledQuery compile(std::string_view columns) {
    CompiledQuery made;
    made.reversed = query_.before.has_value();
    filters();
    const std::string from = " FROM " + std::string(collection_.from) + " WHERE 1";

    made.count_sql = "SELECT count(*) FROM (SELECT 1" + from + sql_ + " LIMIT " + std::to_string(query::total_counted_max + 1) + ")";
    made.count_parameters = parameters_;

    if (query_.after) beyond(*query_.after, false);
    if (query_.before) beyond(*query_.before, true);
    made.page_sql = "SELECT " + std::string(columns) + order_columns() + from + sql_ + " ORDER BY " + order(made.reversed) + " LIMIT ? OFFSET ?";
    made.page_parameters = std::move(parameters_);
    made.page_parameters.push_back(Scalar::of(static_cast<std::int64_t>(query_.limit)));
    made.page_parameters.push_back(Scalar::of(static_cast<std::int64_t>(query_.offset)));
    return made;
  }

 private:
  const Field& field(std::size_t index) const { return collection_.fields[index]; }
  void add(std::string_view text) { sql_ += text; }
  void add(const Scalar& parameter) {
    sql_ += '?';
    parameters_.push_back(parameter);
  }

  void filters() {
    for (const Condition& condition : query_.where) {
      add(" AND ");
      one(condition);
      hints(condition);
    }
    if (!query_.any_of.empty()) {
      add(" AND (0");
      for (const std::vector<Condition>& group : query_.any_of) {
        add(" OR (1");
        for (const Condition& condition : group) {
          add(" AND ");
          one(condition);
        }
        add(")");
      }
      add(")");
    }
    for (const VariableCondition& condition : query_.variables) variable(condition);
  }

  /// In parentheses when it is more than a column or a call, so that what follows applies to all of it.
  static std::string wrapped(const Field& what) {
    return what.sql.find(' ') == std::string_view::npos ? std::string(what.sql) : '(' + std::string(what.sql) + ')';
  }
  static bool is_nullable(FieldType type) { return type == FieldType::key || type == FieldType::time || type == FieldType::text; }
  static std::string_view null_of(FieldType type) { return type == FieldType::text ? "''" : "0"; }

  void one(const Condition& condition) {
    const Field& what = field(condition.field);
    if (what.type == FieldType::text_list) return list(what, condition);
    const std::string sql = wrapped(what);
    const std::string there = is_nullable(what.type) ? sql + " <> " + std::string(null_of(what.type)) : "1";
    switch (condition.op) {
      case Op::eq:
      case Op::in:
        add("(" + sql);
        among(condition);
        add(is_nullable(what.type) ? " AND " + there + ")" : ")");
        return;
      case Op::neq:
      case Op::not_in:
        add("(NOT (" + sql);
        among(condition);
        add(is_nullable(what.type) ? ") OR NOT (" + there + "))" : "))");
        return;
      case Op::gt: return compared(sql, " > ", condition, there);
      case Op::gte: return compared(sql, " >= ", condition, there);
      case Op::lt: return compared(sql, " < ", condition, there);
      case Op::lte: return compared(sql, " <= ", condition, there);
      case Op::like:
        add("(fermata_like(" + sql + ", ");
        add(condition.operands.front());
        add(") AND " + there + ")");
        return;
      case Op::exists: add(condition.operands.front().integer != 0 ? "(" + there + ")" : "(NOT (" + there + "))"); return;
    }
  }
  void among(const Condition& condition) {
    if (condition.operands.size() == 1) {
      add(" = ");
      return add(condition.operands.front());
    }
    add(" IN (");
    for (std::size_t i = 0; i < condition.operands.size(); ++i) {
      if (i > 0) add(", ");
      add(condition.operands[i]);
    }
    add(")");
  }
  void compared(const std::string& sql, std::string_view op, const Condition& condition, const std::string& there) {
    add("(" + sql + std::string(op));
    add(condition.operands.front());
    add(" AND " + there + ")");
  }
  void list(const Field& what, const Condition& condition) {
    const bool negative = condition.op == Op::neq || condition.op == Op::not_in || (condition.op == Op::exists && condition.operands.front().integer == 0);
    add(negative ? "NOT EXISTS" : "EXISTS");
    add(" (SELECT 1 FROM json_each(nullif(" + std::string(what.sql) + ", '')) AS j WHERE j.type = 'text'");
    if (condition.op == Op::like) {
      add(" AND fermata_like(j.value, ");
      add(condition.operands.front());
      add(")");
    } else if (condition.op != Op::exists) {
      add(" AND j.value");
      among(condition);
    }
    add(")");
  }

  /// What follows from an equality and lets SQLite find the rows through an index.
  void hints(const Condition& condition) {
    if (condition.op != Op::eq) return;
    const Field& what = field(condition.field);
    const Scalar& operand = condition.operands.front();
    if (!what.hint.sql.empty() && operand.integer == what.hint.value) {
      add(" AND ");
      add(what.hint.sql);
    }
    if (!what.locates_instance) return;
    // Keys rise through one counter, so the transition before a key made it. The root element instance has its instance's key.
    add(" AND t.instance IN (SELECT ");
    add(operand);
    add(" UNION ALL SELECT * FROM (SELECT m.instance FROM transition AS m WHERE m.key <= ");
    add(operand);
    add(" ORDER BY m.key DESC LIMIT 1))");
  }

  void variable(const VariableCondition& condition) {
    const bool absent = condition.op == Op::exists && !condition.operands.front().as_boolean();
    add(absent ? " AND NOT EXISTS" : " AND EXISTS");
    add(" (SELECT 1 FROM variable AS v WHERE v.instance = " + std::string(collection_.instance_sql) + " AND v.name = ");
    add(Scalar{Scalar::Kind::text, 0, condition.name});
    if (condition.op != Op::exists) {
      std::string operands = "[";
      for (const Value& operand : condition.operands) {
        if (operands.size() > 1) operands += ',';
        append_json(operands, operand);
      }
      operands += ']';
      add(" AND fermata_value_fulfils(v.value, " + std::to_string(static_cast<int>(condition.op)) + ", ");
      add(Scalar{Scalar::Kind::text, 0, operands});
      add(")");
    }
    add(")");
  }

  /// The value that orders: absent things come first, as NULL.
  std::string ordered(std::size_t index) const {
    const Field& what = field(index);
    if (!is_nullable(what.type) || is_key_of_order(index)) return std::string(what.sql);
    return "nullif(" + std::string(what.sql) + ", " + std::string(null_of(what.type)) + ")";
  }
  bool is_key_of_order(std::size_t index) const {
    for (const std::size_t key : collection_.order) {
      if (key == index) return true;
    }
    return false;
  }
  std::string order_columns() const {
    std::string columns;
    for (const query::Ordering& one : query_.order) columns += ", " + ordered(one.field);
    return columns;
  }
  std::string order(bool reversed) const {
    std::string text;
    for (const query::Ordering& one : query_.order) {
      text += (text.empty() ? "" : ", ") + ordered(one.field) + (one.descending != reversed ? " DESC" : "");
    }
    return text;
  }

  /// Rows behind a position, or before it: greater in the first value that differs.
  void beyond(const std::vector<Scalar>& position, bool before) {
    add(" AND (0");
    for (std::size_t last = 0; last < position.size(); ++last) {
      add(" OR (1");
      for (std::size_t i = 0; i < last; ++i) {
        add(" AND " + ordered(query_.order[i].field) + " IS ");
        add(place(position, i));
      }
      add(" AND ");
      step(ordered(query_.order[last].field), place(position, last), query_.order[last].descending != before);
      add(")");
    }
    add(")");
  }
  /// The keys that end every order are compared as they are stored: absent is 0 there.
  Scalar place(const std::vector<Scalar>& position, std::size_t i) const {
    if (position[i].kind == Scalar::Kind::null && is_key_of_order(query_.order[i].field)) return Scalar::of(0);
    return position[i];
  }
  void step(const std::string& sql, const Scalar& place, bool less) {
    if (place.kind == Scalar::Kind::null) return add(less ? std::string("0") : "(" + sql + " IS NOT NULL)");
    add("(" + sql + (less ? " < " : " > "));
    add(place);
    add(less ? " OR " + sql + " IS NULL)" : ")");
  }

  const Normalized& query_;
  const query::CollectionInfo& collection_;
  std::string sql_;
  std::vector<Scalar> parameters_;
};

}  // namespace

CompiledQuery compile(const query::Normalized& query, const query::CollectionInfo& collection, std::string_view columns) {
  return Compiler(query, collection).compile(columns);
}

void bind_all(Statement& statement, const std::vector<query::Scalar>& parameters) {
  int position = 0;
  for (const Scalar& parameter : parameters) {
    ++position;
    switch (parameter.kind) {
      case Scalar::Kind::null: statement.bind_null(position); break;
      case Scalar::Kind::integer: statement.bind(position, parameter.integer); break;
      case Scalar::Kind::text: statement.bind(position, std::string_view(parameter.text)); break;
    }
  }
}

}  // namespace fermata::sqlite
