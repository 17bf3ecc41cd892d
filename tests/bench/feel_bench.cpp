// Evaluations and compilations per second of the FEEL expressions and decision tables in tests/bench/feel/expressions.json. A context
// that says {"orders": 100} gets as many orders: {"id": n, "total": 10 * n, "status": "open" or "closed" in turn}.
//
//   feel_bench FILE SECONDS     a line "NAME|EVALUATIONS-PER-SECOND|COMPILATIONS-PER-SECOND" for each
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "engine/base/json.h"
#include "processes/dmn/dmn.h"
#include "processes/feel/feel.h"

using namespace fermata;

namespace {

class Scope final : public VariableScope {
 public:
  explicit Scope(Value context) : context_(std::move(context)) {}
  [[nodiscard]] const Value* find(std::string_view name) const override { return context_.find(name); }

 private:
  Value context_;
};

Value orders(std::int64_t count) {
  Value::List list;
  for (std::int64_t i = 1; i <= count; ++i) {
    list.push_back(Value::context({{"id", Value::integer(i)},
                                   {"total", Value::integer(10 * i)},
                                   {"status", Value::string(i % 2 == 1 ? "open" : "closed")}}));
  }
  return Value::list(std::move(list));
}

Value context_of(const Value& given) {
  Value::Entries entries;
  for (const Value::Entry& entry : given.as_context()) {
    const bool is_orders = entry.key == "orders";
    entries.push_back({entry.key, is_orders ? orders(*to_int64(entry.value.as_number())) : entry.value});
  }
  return Value::context(std::move(entries));
}

// Calls per second of processor-bound work, in rounds so that the clock is read seldom.
template <class Work>
double per_second(double seconds, Work&& work) {
  using Clock = std::chrono::steady_clock;
  constexpr int round = 200;
  for (int i = 0; i < round; ++i) work();
  std::uint64_t done = 0;
  const auto begun = Clock::now();
  double taken = 0;
  while (taken < seconds) {
    for (int i = 0; i < round; ++i) work();
    done += round;
    taken = std::chrono::duration<double>(Clock::now() - begun).count();
  }
  return static_cast<double>(done) / taken;
}

int complain(const std::string& why) {
  std::cerr << "feel_bench: " << why << '\n';
  return 1;
}

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '<') made += "&lt;";
    else if (c == '&') made += "&amp;";
    else made += c;
  }
  return made;
}

// {"inputs": [EXPRESSION ...], "rules": [[CELL ..., OUTPUT] ...]} as a decision table with the hit policy UNIQUE.
std::string model_of(const Value& table) {
  const auto inputs = table.find("inputs")->as_list();
  std::string xml = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="n"><decision id="d" name="d"><decisionTable hitPolicy="UNIQUE">)";
  for (const Value& input : inputs) xml += "<input><inputExpression><text>" + escaped(input.as_string()) + "</text></inputExpression></input>";
  xml += "<output name=\"o\"/>";
  for (const Value& rule : table.find("rules")->as_list()) {
    xml += "<rule>";
    const auto cells = rule.as_list();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string entry = i < inputs.size() ? "inputEntry" : "outputEntry";
      xml += "<" + entry + "><text>" + escaped(cells[i].as_string()) + "</text></" + entry + ">";
    }
    xml += "</rule>";
  }
  return xml + "</decisionTable></decision></definitions>";
}

struct Rates {
  double evaluations = 0;
  double compilations = 0;
};

Result<Rates> measure_table(const Value& test, double seconds) {
  const std::string xml = model_of(*test.find("table"));
  const dmn::ReadResult read = dmn::read("bench.dmn", xml);
  if (read.refused()) return fail(ErrorCode::invalid_argument, dmn::format_problem("bench.dmn", read.problems.front()));
  const Value context = context_of(*test.find("context"));
  const auto made = read.model->evaluate_decision("d", context);
  if (!made || made->value != *test.find("expected")) return fail(ErrorCode::invalid_argument, "another value than expected");
  return Rates{per_second(seconds, [&] { if (!read.model->evaluate_decision("d", context)) std::abort(); }),
               per_second(seconds, [&] { if (dmn::read("bench.dmn", xml).refused()) std::abort(); })};
}

Result<Rates> measure_expression(const Value& test, double seconds) {
  const std::string text(test.find("expression")->as_string());
  const Result<feel::CompiledPtr> compiled = feel::compile(text);
  if (!compiled) return fail(compiled.error());
  const Scope scope(context_of(*test.find("context")));
  const EvaluationInput input{scope, Timestamp{1'790'000'000'000}};
  const Result<Value> value = (*compiled)->evaluate(input);
  if (!value || *value != *test.find("expected")) return fail(ErrorCode::invalid_argument, "another value than expected");
  return Rates{per_second(seconds, [&] { if (!(*compiled)->evaluate(input)) std::abort(); }),
               per_second(seconds, [&] { if (!feel::compile(text)) std::abort(); })};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return complain("usage: feel_bench FILE SECONDS");
  std::stringstream content;
  content << std::ifstream(argv[1]).rdbuf();
  const Result<Value> file = parse_json(content.str());
  if (!file || !file->is_list()) return complain(std::string(argv[1]) + " is no list of expressions");
  const double seconds = std::atof(argv[2]);
  for (const Value& test : file->as_list()) {
    const std::string name(test.find("name")->as_string());
    const Result<Rates> rates = test.find("table") != nullptr ? measure_table(test, seconds) : measure_expression(test, seconds);
    if (!rates) return complain(name + ": " + rates.error().message);
    std::cout << name << '|' << static_cast<std::int64_t>(rates->evaluations) << '|' << static_cast<std::int64_t>(rates->compilations) << '\n';
  }
  return 0;
}
