// What became null says why, and where: over all built-ins, operators and members with arguments of every kind.
#include <gtest/gtest.h>

#include <random>

#include "processes/feel/builtins.h"
#include "tests/unit/feel/scope.h"

namespace fermata::feel {
namespace {

using testing::warning;

const std::vector<std::string>& values() {
  static const std::vector<std::string> all{"true",
                                            "-1",
                                            "0",
                                            "2.5",
                                            "1e6000",
                                            "\"\"",
                                            "\"a\"",
                                            "\"[1..2]\"",
                                            "[]",
                                            "[1, 2, 3]",
                                            "[\"a\", \"b\"]",
                                            "[[1], [2]]",
                                            "{}",
                                            "{key: \"a\", value: 1}",
                                            "@\"2024-02-29\"",
                                            "@\"10:00:00\"",
                                            "@\"2024-02-29T10:00:00@Europe/Paris\"",
                                            "@\"2024-02-29T10:00:00\"",
                                            "@\"-P1D\"",
                                            "@\"P1Y\"",
                                            "[1..3]",
                                            "(< 5)",
                                            "(function(x) x)",
                                            "(function(x, y) x < y)",
                                            "null"};
  return all;
}

// How many nulls there were: a corpus without any would prove nothing.
int nulls = 0;

void expect_reason(const std::string& text) {
  const Result<CompiledPtr> compiled = compile(text);
  ASSERT_TRUE(compiled) << text << compiled.error().message;
  const testing::Scope scope;
  const Result<Evaluated> made = (*compiled)->evaluate_with_warnings({scope, testing::test_now});
  ASSERT_TRUE(made) << text << made.error().message;
  if (!made->value.is_null()) return;
  ++nulls;
  EXPECT_FALSE(made->warnings.empty()) << text << " is null without a reason";
  for (const Warning& each : made->warnings) {
    EXPECT_FALSE(each.message.empty()) << text;
    EXPECT_GE(each.line, 1u) << text;
    EXPECT_LE(each.column, text.size() + 1) << text;
  }
}

TEST(Reasons, OfBuiltins) {
  nulls = 0;
  std::mt19937 random(20261129);
  const auto any = [&random] { return values()[random() % values().size()]; };
  for (const Builtin& builtin : all_builtins()) {
    // These two hand on the value that they are given, and that may be null.
    if (builtin.name == "get or else" || builtin.name == "assert") continue;
    const std::string call(std::string(builtin.name) + "(");
    expect_reason(call + ")");
    for (const std::string& a : values()) {
      expect_reason(call + a + ")");
      for (const std::string& b : values()) expect_reason(call + a + ", " + b + ")");
    }
    for (int i = 0; i < 100; ++i) expect_reason(call + any() + ", " + any() + ", " + any() + ")");
    for (int i = 0; i < 50; ++i) expect_reason(call + any() + ", " + any() + ", " + any() + ", " + any() + ")");
    expect_reason(call + "no such parameter: 1)");
    for (const Form& form : builtin.forms) {
      if (form.parameters.empty()) continue;
      for (int i = 0; i < 10; ++i)
        expect_reason(call + std::string(form.parameters[random() % form.parameters.size()]) + ": " + any() + ")");
    }
  }
  EXPECT_GT(nulls, 30'000);
}

TEST(Reasons, OfOperators) {
  nulls = 0;
  for (const char* op :
       {"+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "between 1 and"}) {
    for (const std::string& a : values()) {
      for (const std::string& b : values()) expect_reason("(" + a + ") " + op + " (" + b + ")");
    }
  }
  for (const std::string& a : values()) {
    expect_reason("-" + a);
    for (const std::string& b : values()) {
      if (b == "null") continue;  // as a result it is the value that was asked for
      expect_reason(a + "[" + b + "]");
      expect_reason("[" + a + ".." + b + "]");
      expect_reason("for x in " + a + " return " + b);
      expect_reason("some x in " + a + " satisfies " + b);
      expect_reason("every x in " + a + " satisfies " + b);
      expect_reason("(" + a + ")(" + b + ")");
      expect_reason(b + " in (" + a + ", [" + b + ".." + a + "])");
    }
  }
  EXPECT_GT(nulls, 7'000);
}

TEST(Reasons, OfMembers) {
  nulls = 0;
  for (const char* member : {"a",      "year",        "month",    "day",  "weekday",        "hour",        "minute",
                             "second", "time offset", "timezone", "days", "hours",          "minutes",     "seconds",
                             "years",  "months",      "start",    "end",  "start included", "end included"}) {
    for (const std::string& a : values()) expect_reason("(" + a + ")." + member);
  }
  EXPECT_GT(nulls, 200);
}

TEST(Reasons, OfWhatIsMissing) {
  for (const char* text :
       {"amount", "amount + 1", "unknown(1)", "(function(a, b) a)(1)", "abs(m: 1)", "@\"2024-13-01\"",
        "(function(a) external {java: {class: \"a\", method signature: \"b()\"}})(1)"}) {
    expect_reason(text);
  }
  EXPECT_EQ(warning("true and amount"), "1:10 there is no variable amount");
  EXPECT_EQ(warning("true and null"), "1:10 an operand of and must be a boolean, not null");
  EXPECT_EQ(warning("sum([])"), "1:1 sum(): the list is empty");
  EXPECT_EQ(warning("@\"10:00:00\".time offset"), "1:12 this time has no time offset");
  EXPECT_EQ(warning("(< 5).start"), "1:6 this range has no start");
  EXPECT_EQ(warning("null"), "");
}

}  // namespace
}  // namespace fermata::feel
