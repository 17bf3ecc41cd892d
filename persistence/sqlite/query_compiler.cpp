#include "persistence/sqlite/query_compiler.h"

#include <optional>
#include <utility>

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
    const std::string from = this->from();
    const std::vector<Scalar> before_filters = narrow_ ? narrow_->parameters : std::vector<Scalar>();
    const auto with_parameters = [&] {
      std::vector<Scalar> all = before_filters;
      all.insert(all.end(), parameters_.begin(), parameters_.end());
      return all;
    };

    made.count_sql = with_instances() + "SELECT count(*) FROM (SELECT 1" + from + sql_ + " LIMIT " +
                     std::to_string(query::total_counted_max + 1) + ")";
    made.count_parameters = with_parameters();

    if (query_.after) beyond(*query_.after, false);
    if (query_.before) beyond(*query_.before, true);
    made.page_sql = with_instances() + "SELECT " + std::string(columns) + order_columns() + from + sql_ + " ORDER BY " +
                    order(made.reversed) + " LIMIT ? OFFSET ?";
    made.page_parameters = with_parameters();
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
  static bool is_nullable(FieldType type) {
    return type == FieldType::key || type == FieldType::time || type == FieldType::text;
  }
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
      case Op::gt:
        return compared(sql, " > ", condition, there);
      case Op::gte:
        return compared(sql, " >= ", condition, there);
      case Op::lt:
        return compared(sql, " < ", condition, there);
      case Op::lte:
        return compared(sql, " <= ", condition, there);
      case Op::like:
        add("(fermata_like(" + sql + ", ");
        add(condition.operands.front());
        add(") AND " + there + ")");
        return;
      case Op::exists:
        add(condition.operands.front().integer != 0 ? "(" + there + ")" : "(NOT (" + there + "))");
        return;
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
    const bool negative = condition.op == Op::neq || condition.op == Op::not_in ||
                          (condition.op == Op::exists && condition.operands.front().integer == 0);
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

  // ---- Finding rows without reading all of them ----

  /// A SELECT of instance keys: all that can have rows that are asked for. The fewer it promises, the better its rank.
  struct Instances {
    int rank = 0;
    std::string sql;
    std::vector<Scalar> parameters;
  };

  static constexpr int rank_of_live = 4;

  /// What follows from an equality.
  void hints(const Condition& condition) {
    if (condition.op != Op::eq && condition.op != Op::in) return;
    if (condition.operands.empty()) return;  // nothing is in an empty list, and the condition says so itself
    const Field& what = field(condition.field);
    if (condition.op == Op::eq && condition.operands.front().integer == what.hint.value) {
      if (!what.hint.sql.empty()) index_hints_ += " AND " + std::string(what.hint.sql);
      if (!what.hint.instances.empty()) narrow_to({rank_of_live, std::string(what.hint.instances), {}});
    }
    switch (what.leads_to) {
      case query::LeadsTo::nothing:
        return;
      case query::LeadsTo::instance:
        // Where rows lie with their instance, the condition itself says where.
        if (collection_.clustered_by_key) narrow_to(from_given(condition, 1, "SELECT DISTINCT k FROM given"));
        return;
      case query::LeadsTo::part:
        if (collection_.clustered_by_key && what.sql == "t.key") {
          found_by_key_ = true;  // nothing is quicker
          return;
        }
        // Keys rise through one counter, so the transition before a key made it. The root element instance has its
        // instance's key.
        narrow_to(from_given(condition, 2,
                             "SELECT k FROM given UNION SELECT (SELECT m.instance FROM transition AS m WHERE m.key <= "
                             "given.k ORDER BY m.key DESC LIMIT 1) FROM given"));
        return;
      case query::LeadsTo::business_key:
        if (collection_.clustered_by_key)
          narrow_to(
              from_given(condition, 3,
                         "SELECT b.key FROM process_instance AS b WHERE b.business_key IN (SELECT k FROM given) AND "
                         "b.business_key <> ''"));
        return;
    }
  }
  /// `select` from given(k), the operands. One VALUES, because SQLite bounds the terms of a UNION.
  static Instances from_given(const Condition& condition, int rank, std::string_view select) {
    std::string sql = "WITH given(k) AS (VALUES ";
    for (std::size_t i = 0; i < condition.operands.size(); ++i) sql += i == 0 ? "(?)" : ",(?)";
    return {rank, sql + ") " + std::string(select), condition.operands};
  }
  void narrow_to(Instances instances) {
    if (!narrow_ || instances.rank < narrow_->rank) narrow_ = std::move(instances);
  }

  /// Where only some instances are in question: the spans of keys that their transitions made. A transition's key comes
  /// before those of what it made, and these before the key of the next transition, whosever that is; the root element
  /// has its instance's key.
  std::string with_instances() const {
    if (!spans()) return {};
    return "WITH RECURSIVE asked(instance) AS (" + narrow_->sql +
           "), made(instance, key, previous) AS ("
           "SELECT a.instance, m.key, m.previous FROM asked AS a JOIN process_instance AS p ON p.key = a.instance "
           "LEFT JOIN live_instance AS l ON l.key = p.key JOIN transition AS m ON m.key = coalesce(l.last_transition, "
           "p.last_transition) "
           "UNION ALL SELECT made.instance, m.key, m.previous FROM made JOIN transition AS m ON m.key = made.previous "
           "AND m.key < made.key"
           "), span(instance, low, high) AS ("
           "SELECT instance, key, ifnull((SELECT min(n.key) FROM transition AS n WHERE n.key > made.key), "
           "9223372036854775807) FROM made "
           "UNION ALL SELECT instance, instance, instance + 1 FROM asked) ";
  }
  std::string from() {
    // An index over something rare promises less than all live instances do.
    if (narrow_ && narrow_->rank == rank_of_live && !index_hints_.empty()) narrow_.reset();
    std::string text = " FROM ";
    if (spans()) {
      // CROSS JOIN: the spans come first.
      text += "span CROSS JOIN " + std::string(collection_.from) +
              " WHERE t.key >= span.low AND t.key < span.high AND t.instance = span.instance AND (t.key = t.instance) "
              "= (span.low = span.instance)";
      return text;
    }
    text += std::string(collection_.from) + " WHERE 1";
    if (narrow_ && !collection_.clustered_by_key) return text + " AND t.instance IN (" + narrow_->sql + ")";
    narrow_.reset();
    if (!found_by_key_) text += index_hints_;
    return text;
  }
  bool spans() const { return narrow_ && collection_.clustered_by_key && !found_by_key_; }

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
  std::string index_hints_;
  std::optional<Instances> narrow_;
  bool found_by_key_ = false;
};

}  // namespace

CompiledQuery compile(const query::Normalized& query, const query::CollectionInfo& collection,
                      std::string_view columns) {
  return Compiler(query, collection).compile(columns);
}

void bind_all(Statement& statement, const std::vector<query::Scalar>& parameters) {
  int position = 0;
  for (const Scalar& parameter : parameters) {
    ++position;
    switch (parameter.kind) {
      case Scalar::Kind::null:
        statement.bind_null(position);
        break;
      case Scalar::Kind::integer:
        statement.bind(position, parameter.integer);
        break;
      case Scalar::Kind::text:
        statement.bind(position, std::string_view(parameter.text));
        break;
    }
  }
}

}  // namespace fermata::sqlite
