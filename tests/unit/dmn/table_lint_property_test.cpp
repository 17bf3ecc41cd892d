// Hints about random decision tables against brute force: every claim holds for the evaluated table, and where all
// cells are plain, nothing that a grid of values shows is missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "engine/base/decimal.h"
#include "tests/sanitized.h"
#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

enum class Kind { number, string, boolean, untyped, date, time };

bool is_temporal(Kind kind) {
  return kind == Kind::date || kind == Kind::time;
}

struct Column {
  Kind kind;
  bool limited;  ///< by input values
};

struct Table {
  std::string policy;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> cells;  ///< of each rule
  std::vector<std::string> outputs;
  bool plain = true;  ///< no cell computes
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Table table() {
    Table made;
    made.policy = pick({"UNIQUE", "ANY", "FIRST"});
    const int columns = below(3) + 1;
    const int rules = below(6) + 1;
    for (int i = 0; i < columns; ++i) {
      static constexpr Kind kinds[] = {Kind::number,  Kind::number,  Kind::number, Kind::string,
                                       Kind::boolean, Kind::untyped, Kind::date,   Kind::time};
      const Kind kind = kinds[below(8)];
      made.columns.push_back({kind, (kind == Kind::number || kind == Kind::string) && below(4) == 0});
    }
    for (int rule = 0; rule < rules; ++rule) {
      std::vector<std::string>& cells = made.cells.emplace_back();
      for (const Column& column : made.columns) cells.push_back(cell(column.kind, made.plain));
      made.outputs.push_back(std::to_string(below(2)));
    }
    return made;
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  std::string pick(std::vector<std::string> choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }
  std::string literal(Kind kind) {
    if (kind == Kind::date) return "@\"2026-01-0" + std::to_string(below(5) + 1) + "\"";
    if (kind == Kind::time) return pick({"@\"08:00:00\"", "@\"08:00:00.5\"", "time(\"08:00:01\")", "@\"12:00:00\""});
    return below(8) == 0 ? "2.5" : below(10) == 0 ? "-1" : std::to_string(below(6));
  }
  std::string word() { return pick({"\"a\"", "\"b\"", "\"c\""}); }

  std::string range(Kind kind) {
    return pick({"[", "(", "]"}) + literal(kind) + ".." + literal(kind) + pick({"]", ")", "["});
  }
  std::string ordered_test(Kind kind) {
    switch (below(6)) {
      case 0:
        return pick({"<", "<=", ">", ">=", "=", "!="}) + " " + literal(kind);
      case 1:
        return literal(kind);
      case 2:
        return pick({"<", ">="}) + literal(kind);
      default:
        return range(kind);
    }
  }

  std::string cell(Kind kind, bool& plain) {
    if (below(4) == 0) return "-";
    if (below(40) == 0) {
      plain = false;
      return pick({"? = 2", "null", "? in (1, 2)", "not(null)"});
    }
    if (below(30) == 0) return kind == Kind::number ? word() : literal(Kind::number);  // of another kind
    std::string test;
    switch (kind) {
      case Kind::boolean:
        test = pick({"true", "false", "true, false"});
        break;
      case Kind::string:
        test = below(2) == 0 ? word() : word() + ", " + word();
        break;
      default:
        test = below(3) == 0 ? ordered_test(kind) + ", " + ordered_test(kind) : ordered_test(kind);
    }
    if (below(5) == 0) return "not(" + test + ")";
    return test;
  }

  std::mt19937_64 random_;
};

std::string escaped(const std::string& text) {
  std::string made;
  for (const char c : text) made += c == '<' ? std::string("&lt;") : std::string(1, c);
  return made;
}

std::string xml_of(const Table& table, const std::string& policy) {
  static constexpr const char* types[] = {"number", "string", "boolean", "", "date", "time"};
  static constexpr const char* limits[] = {"[0..4]", "\"a\", \"b\"", "", "", "", ""};
  std::string inputs;
  std::string needs;
  std::string content;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string name = "x" + std::to_string(i);
    const auto kind = static_cast<std::size_t>(table.columns[i].kind);
    inputs += input(name, types[kind]);
    needs += needs_input(name);
    content += "<input><inputExpression><text>" + name + "</text></inputExpression>";
    if (table.columns[i].limited)
      content += "<inputValues><text>" + std::string(limits[kind]) + "</text></inputValues>";
    content += "</input>";
  }
  content += "<output name='o'/>";
  for (std::size_t rule = 0; rule < table.cells.size(); ++rule) {
    content += "\n<rule id='" + std::to_string(rule + 1) + "'>";
    for (const std::string& cell : table.cells[rule])
      content += "<inputEntry><text>" + escaped(cell) + "</text></inputEntry>";
    content += "<outputEntry><text>" + table.outputs[rule] + "</text></outputEntry></rule>";
  }
  return model_xml(inputs + "<decision id='d' name='d'>" + needs + "<decisionTable id='t' hitPolicy='" + policy + "'>" +
                   content + "</decisionTable></decision>");
}

// Values as FEEL writes them. Half-way numbers stand for what lies between the literals.
std::vector<std::string> grid_of(const Column& column) {
  std::vector<std::string> values;
  if (column.kind == Kind::number || column.kind == Kind::untyped) {
    for (double at = -2; at <= 6.5; at += 0.5) {
      if (!column.limited || (at >= 0 && at <= 4))
        values.push_back(feel::to_feel_text(Value::number(*parse_decimal(std::to_string(at)))));
    }
    for (const char* close : {"2.25", "2.75"}) values.emplace_back(close);
  }
  if (column.kind == Kind::string) {
    values = {"\"a\"", "\"b\""};
    if (!column.limited) values.insert(values.end(), {"\"c\"", "\"other\"", "\"zzz\""});
  }
  if (column.kind == Kind::boolean) values = {"true", "false"};
  if (column.kind == Kind::date) {
    values = {"@\"2025-12-31\""};
    for (int day = 1; day <= 6; ++day) values.push_back("@\"2026-01-0" + std::to_string(day) + "\"");
  }
  if (column.kind == Kind::time) {
    for (const char* time : {"07:00:00", "08:00:00", "08:00:00.25", "08:00:00.5", "08:00:00.75", "08:00:01",
                             "08:00:01.5", "08:00:02", "09:00:00", "12:00:00", "12:00:00.5", "12:00:01", "13:00:00"})
      values.push_back("@\"" + std::string(time) + "\"");
  }
  return values;
}

// What may come as well, though no example speaks of it.
std::vector<std::string> strange_values(const Column& column) {
  if (column.kind == Kind::time) return {"null", "@\"08:00:00Z\""};
  if (column.kind != Kind::untyped) return {"null"};
  return {"null", "\"a\"", "true", "[2]", "[5]", "[]", "{}"};
}

Value value_of(const std::string& text) {
  struct Nothing final : VariableScope {
    [[nodiscard]] const Value* find(std::string_view) const override { return nullptr; }
  } nothing;
  const Result<feel::CompiledPtr> compiled = feel::compile(text);
  EXPECT_TRUE(compiled.has_value()) << text;
  return compiled ? *(*compiled)->evaluate({nothing, {}}) : Value::null();
}

class Oracle {
 public:
  explicit Oracle(const Table& table) : columns_(table.columns.size()) {
    ReadOptions options;
    options.lint = false;
    model_ = read("m.dmn", xml_of(table, "COLLECT"), options).model;
  }

  /// The rules that match, from 1. `inputs` is the inside of a FEEL context.
  std::set<std::size_t> matched(const std::string& inputs) const { return matched(value_of("{" + inputs + "}")); }

  std::set<std::size_t> matched(const Value& inputs) const {
    const Result<Evaluation> made = model_->evaluate_decision("d", inputs);
    EXPECT_TRUE(made.has_value());
    std::set<std::size_t> rules;
    for (const MatchedRule& rule : made->decisions[0].tables[0].matched) rules.insert(rule.index);
    return rules;
  }

  /// Calls `see` with each point of the grid.
  template <class See>
  void walk(const Table& table, bool strange, See see) const {
    std::vector<std::vector<Value>> values;
    for (const Column& column : table.columns) {
      values.emplace_back();
      for (const std::string& text : grid_of(column)) values.back().push_back(value_of(text));
      if (!strange) continue;
      for (const std::string& text : strange_values(column)) values.back().push_back(value_of(text));
    }
    std::vector<std::size_t> at(columns_, 0);
    while (true) {
      Value::Entries inputs;
      for (std::size_t i = 0; i < columns_; ++i) inputs.push_back({"x" + std::to_string(i), values[i][at[i]]});
      see(Value::context(std::move(inputs)));
      std::size_t i = 0;
      while (i < columns_ && ++at[i] == values[i].size()) at[i++] = 0;
      if (i == columns_) return;
    }
  }

 private:
  ModelPtr model_;
  std::size_t columns_;
};

struct Claims {
  std::vector<std::string> gaps;
  std::map<std::pair<std::size_t, std::size_t>, std::string> overlaps;
  std::set<std::size_t> unreachable;
  std::set<std::size_t> mismatched;
};

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  if (begin == std::string::npos) return "";
  const std::size_t start = begin + from.size();
  return text.substr(start, text.find(to, start) - start);
}

// "x0 = 1, x1 = "a"" as the inside of a context; what is not named is 1, or the first value of the column.
std::string inputs_of(std::string example, const Table& table) {
  std::string inputs;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string name = "x" + std::to_string(i);
    const std::string named = name + " = ";
    const std::size_t at = example.find(named);
    inputs += (i == 0 ? "" : ", ") + name + ": ";
    if (at == std::string::npos) {
      inputs += grid_of(table.columns[i])[0];
    } else {
      const std::size_t start = at + named.size();
      const std::string quote = is_temporal(table.columns[i].kind) ? "\"" : "";
      inputs += (quote.empty() ? "" : "@") + quote + example.substr(start, example.find(", x", start) - start) + quote;
    }
  }
  return inputs;
}

Claims claims_of(const Table& table) {
  Claims claims;
  for (const Problem& problem : read("m.dmn", xml_of(table, table.policy)).problems) {
    const std::string& message = problem.message;
    EXPECT_EQ(problem.severity, Severity::hint) << message;
    const std::size_t rule = problem.element_id == "t" ? 0 : std::stoul(problem.element_id);
    if (problem.rule == "DMN-0409") {
      std::string rest = between(message, "for example with ", ". Add");
      for (std::size_t at = 0; at != std::string::npos;) {
        const std::size_t end = rest.find("; or with ", at);
        claims.gaps.push_back(inputs_of(rest.substr(at, end - at), table));
        at = end == std::string::npos ? end : end + 10;
      }
    } else if (problem.rule == "DMN-0407") {
      const std::size_t earlier = std::stoul(between(message, "the rules ", " and "));
      claims.overlaps[{earlier, rule}] = inputs_of(between(message, "for example with ", ", but the"), table);
    } else if (problem.rule == "DMN-0408") {
      claims.unreachable.insert(rule);
    } else {
      EXPECT_EQ(problem.rule, "DMN-0309");
      claims.mismatched.insert(rule);
    }
  }
  return claims;
}

void expect_sound(const Table& table, const Oracle& oracle, const Claims& claims) {
  EXPECT_LE(claims.gaps.size(), 3U);
  for (const std::string& gap : claims.gaps) EXPECT_TRUE(oracle.matched(gap).empty()) << "no gap: " << gap;
  for (const auto& [rules, inputs] : claims.overlaps) {
    const std::set<std::size_t> matched = oracle.matched(inputs);
    EXPECT_TRUE(matched.contains(rules.first) && matched.contains(rules.second)) << "no overlap: " << inputs;
    if (table.policy == "ANY") {
      EXPECT_NE(table.outputs[rules.first - 1], table.outputs[rules.second - 1]);
    }
  }
}

struct Seen {
  bool gap = false;
  std::set<std::pair<std::size_t, std::size_t>> overlaps;
  std::set<std::size_t> reached;  ///< as the first, or at all, where that is what counts
};

Seen look_at(const Table& table, const Oracle& oracle) {
  Seen seen;
  oracle.walk(table, false, [&](const Value& inputs) {
    const std::set<std::size_t> matched = oracle.matched(inputs);
    seen.gap = seen.gap || matched.empty();
    for (const std::size_t a : matched) {
      for (const std::size_t b : matched) {
        if (a < b) seen.overlaps.insert({a, b});
      }
    }
  });
  oracle.walk(table, true, [&](const Value& inputs) {
    const std::set<std::size_t> matched = oracle.matched(inputs);
    if (table.policy == "FIRST") {
      if (!matched.empty()) seen.reached.insert(*matched.begin());
    } else {
      seen.reached.insert(matched.begin(), matched.end());
    }
  });
  return seen;
}

void expect_complete(const Table& table, const Seen& seen, const Claims& claims) {
  EXPECT_EQ(seen.gap, !claims.gaps.empty());
  if (table.policy != "FIRST") {
    for (const auto& [a, b] : seen.overlaps) {
      const bool counts = table.policy == "UNIQUE" || table.outputs[a - 1] != table.outputs[b - 1];
      EXPECT_TRUE(!counts || claims.overlaps.contains({a, b}) || claims.overlaps.size() >= 10) << a << " and " << b;
    }
  }
  const bool typed = std::ranges::none_of(table.columns, [](const Column& c) { return c.kind == Kind::untyped; });
  for (std::size_t rule = 1; typed && rule <= table.cells.size(); ++rule) {
    const bool said = claims.unreachable.contains(rule) || claims.mismatched.contains(rule);
    EXPECT_TRUE(seen.reached.contains(rule) || said) << "rule " << rule << " is never reached";
  }
}

TEST(TableLintProperty, AgreesWithBruteForce) {
  std::map<std::string, std::size_t> met;
  for (std::uint64_t seed = 1; seed <= tests::fewer(600); ++seed) {
    const Table table = Generator(seed).table();
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + xml_of(table, table.policy));
    const Oracle oracle(table);
    const Claims claims = claims_of(table);
    const Seen seen = look_at(table, oracle);
    expect_sound(table, oracle, claims);
    for (const std::size_t rule : claims.unreachable) EXPECT_FALSE(seen.reached.contains(rule)) << "rule " << rule;
    if (table.plain) expect_complete(table, seen, claims);
    met["gaps"] += claims.gaps.empty() ? 0 : 1;
    met["no gaps"] += table.plain && claims.gaps.empty() ? 1 : 0;
    met["overlaps"] += claims.overlaps.size();
    met["unreachable"] += claims.unreachable.size();
    met["mismatched"] += claims.mismatched.size();
    if (HasFailure()) break;
  }
  // The tables are such that each kind of claim is tried.
  for (const char* kind : {"gaps", "no gaps", "overlaps", "unreachable", "mismatched"}) {
    std::cout << kind << ": " << met[kind] << "\n";
    EXPECT_GT(met[kind], 0U) << kind;
  }
}

}  // namespace
}  // namespace fermata::dmn
