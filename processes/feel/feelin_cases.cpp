#include "processes/feel/feelin_cases.h"

#include <algorithm>
#include <cmath>

#include "processes/feel/feel.h"
#include "processes/feel/values.h"

namespace fermata::feel {
namespace {

constexpr Timestamp fixed_now{1'790'000'000'000};

class ContextScope final : public VariableScope {
 public:
  explicit ContextScope(const Value& context) : context_(context) {}
  [[nodiscard]] const Value* find(std::string_view name) const override { return context_.find(name); }

 private:
  const Value& context_;
};

std::string quoted(const Value& value) {
  std::string text;
  append_feel_text(text, value, true);
  return text;
}

bool agrees_with_temporal(std::string_view wanted, const Value& actual) {
  const std::string shown = to_feel_text(actual);
  for (const char* type : {"date", "date and time", "time", "days and time duration", "years and months duration"}) {
    const Result<Value> value = value_from_text(type, wanted);
    if (value && to_feel_text(*value) == shown) return true;
  }
  return false;
}

// Numbers agree within what the double of the expectation can say.
bool agrees(const Value& expected, const Value& actual) {
  if (expected.find("$feelin") != nullptr) {
    const Value* wanted = expected.find("value");
    return wanted != nullptr && wanted->is_string() && agrees_with_temporal(wanted->as_string(), actual);
  }
  if (expected.is_number() && actual.is_number())
    return std::abs(to_double(expected.as_number()) - to_double(actual.as_number())) < 1e-9;
  if (expected.is_list() && actual.is_list()) {
    const auto a = expected.as_list();
    const auto b = actual.as_list();
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), agrees);
  }
  return expected == actual;
}

CaseOutcome run_case(const Value& test) {
  CaseOutcome outcome;
  outcome.expression = test.find("expression")->as_string();
  const Value& expected = *test.find("expected");
  outcome.expected = quoted(expected);
  Value context = Value::context({});
  if (const Value* given = test.find("context")) context = *given;
  if (const Value* input = test.find("input")) context = Value::context({{"?", *input}});
  CompileOptions options;
  if (context.is_context()) {
    for (const Value::Entry& entry : context.as_context()) options.known_names.push_back(entry.key);
  }
  const Value* kind = test.find("kind");
  const bool unary = kind != nullptr && kind->is_string() && kind->as_string() == "unaryTests";
  const Result<CompiledPtr> compiled =
      unary ? compile_unary_tests(outcome.expression, options) : compile(outcome.expression, options);
  if (!compiled) {
    outcome.got = compiled.error().message;
    return outcome;
  }
  const ContextScope scope(context);
  const Result<Evaluated> made = (*compiled)->evaluate_with_warnings({scope, fixed_now});
  if (!made) {
    outcome.got = made.error().message;
    return outcome;
  }
  outcome.passed = agrees(expected, made->value);
  outcome.got = quoted(made->value);
  if (!made->warnings.empty()) outcome.got += "   (" + made->warnings[0].message + ")";
  outcome.silent_null = made->value.is_null() && made->warnings.empty() && outcome.expression != "null";
  return outcome;
}

}  // namespace

Result<std::vector<CaseOutcome>> run_feelin_cases(const Value& file) {
  const Value* tests = file.find("tests");
  if (tests == nullptr || !tests->is_list())
    return fail(ErrorCode::invalid_argument, "expected an object with a list \"tests\"");
  std::vector<CaseOutcome> outcomes;
  outcomes.reserve(tests->as_list().size());
  for (const Value& test : tests->as_list()) {
    const Value* expression = test.find("expression");
    if (expression == nullptr || !expression->is_string() || test.find("expected") == nullptr) {
      return fail(ErrorCode::invalid_argument, "test " + std::to_string(outcomes.size() + 1) +
                                                   " needs a text \"expression\" and a value \"expected\"");
    }
    outcomes.push_back(run_case(test));
  }
  return outcomes;
}

}  // namespace fermata::feel
