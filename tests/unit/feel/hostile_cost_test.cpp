// Bounds on steps are bounds on time only if a step never stands for much work: everything that costs more than a look
// at a value is repeated here until the steps run out.
#include <gtest/gtest.h>

#include "tests/unit/feel/timed.h"

namespace fermata::feel {
namespace {

using testing::timed;

void expect_bounded(const std::string& text, const std::string& variables = "{}") {
  CompileOptions options;
  if (!testing::as_shipped) options.limits.steps_max /= 50;  // the same ways, not as far
  const std::string result = timed(text, variables, options);
  EXPECT_TRUE(result.starts_with("failed: line 1, column ")) << text.substr(0, 200) << " -> " << result.substr(0, 200);
}

void repeat(const std::string& condition) {
  expect_bounded("some i in 1..1000000000 satisfies " + condition);
}

TEST(HostileCost, Numbers) {
  for (const char* condition :
       {"i / 3 = 1 / 7", "exp(i / 1e9) < 0", "log(i) = 0.51", "sqrt(i) = 0.51", "1.1 ** i = 0",
        "9.9e6000 ** -0.999 = i", "1.000001 ** 0.33333 = i", "modulo(9.9e6144, 1.7e-6100) = i", "odd(9.9e6144)",
        "round up(9.9e6144, 6000) = i", "decimal(1 / 3, 30) = i", "string(9.9e6144) = \"x\"",
        "string(1.1e-6100) = \"x\"", "number(\"1234567890.123456789\") = -1"}) {
    repeat(condition);
  }
  repeat("number(\"" + std::string(999, '9') + "\") = 0");
}

TEST(HostileCost, Times) {
  for (const char* condition : {"@\"2024-01-01T00:00:00@Europe/Paris\" = now()",
                                "@\"2050-01-01T00:00:00@Europe/Paris\" = @\"2050-01-01T00:00:00@America/New_York\"",
                                "date and time(\"2050-01-01T00:00:00@Europe/Paris\") = now()",
                                "@\"2024-01-01T00:00:00@Europe/Paris\" + @\"P1D\" = now()",
                                "@\"11:00:00@Asia/Tokyo\" > @\"11:00:00@Europe/Paris\"",
                                "duration(\"P99999DT23H59M59.999999999S\") * 1.333333333 = @\"P1D\"",
                                "@\"2024-01-01\" + duration(\"P1M\") = now()", "day of week(@\"2024-01-01\") = \"x\"",
                                "week of year(@\"2024-01-01\") = 99"}) {
    repeat(condition);
  }
  expect_bounded("for d in @\"-999999999-01-01\"..@\"999999999-01-01\" return d");
}

TEST(HostileCost, Texts) {
  const std::string long_text = R"({"a": ")" + std::string(100'000, 'x') + R"(", "b": ")" + std::string(50'000, 'x') +
                                R"(y", "blank": ")" + std::string(100'000, ' ') + R"("})";
  for (const char* condition : {"string length(a) = i",
                                "contains(a, \"y\")",
                                "contains(a, b)",
                                "upper case(a) = \"a\"",
                                "starts with(a, a + \"y\")",
                                "not(ends with(a, a))",
                                "trim(blank) = \"x\"",
                                "is blank(blank + \"x\")",
                                "number(a) = 1",
                                "date(a) = @\"2024-01-01\"",
                                "duration(a) = @\"P1D\"",
                                "a != substring(a, 1)",
                                "a < substring(a, 1)",
                                "substring(a, 50000, 1) = \"y\"",
                                "a in (b, b)",
                                "[a] != [substring(a, 1)]",
                                "string([a]) = \"x\"",
                                "to base64(a) = \"x\"",
                                "string join([a, a]) = \"x\"",
                                "substring after(a, b) = \"x\"",
                                "index of([a], b) = [1]"}) {
    expect_bounded("some i in 1..1000000000 satisfies " + std::string(condition), long_text);
  }
  expect_bounded("sort(for i in 1..600000 return a)", long_text);
  EXPECT_EQ(timed("contains(a, b)", long_text), "false");  // quadratic for a naive search
}

TEST(HostileCost, Patterns) {
  for (const char* pattern : {"a", "[a-z]x", "\\\\p{L}{10}x", "(\\\\w{1,50}){1,10}x", "\\\\p{L}{100}", "\\\\p{L}{999}",
                              "(\\\\p{L}{30}){30}", "(\\\\p{L}|\\\\p{N}){50}", "a{1000}", "(a{30}){30}", "[^a]{900}",
                              "(.{30}){30}", "[a-z]{1,999}", "(\\\\w)\\\\1", "((\\\\w)\\\\2){60}", "[a-z-[b-y]]"}) {
    // A new pattern in each round, so that none is found in the cache.
    repeat("matches(\"bcd\", \"" + std::string(pattern) + "q\" + string(i))");
    repeat("matches(\"bcd\", \"" + std::string(pattern) + "q\" + string(i), \"i\")");
  }
  const std::string long_text = R"({"a": ")" + std::string(100'000, 'x') + R"("})";
  for (const char* pattern : {"x(.*y)?", "x.*y|x", "([a-z]{1,999})*y|x", "(x{0,30}){0,30}y|x", "(x?){500}y|x"}) {
    expect_bounded("replace(a, \"" + std::string(pattern) + "\", \"$0\")", long_text);
    expect_bounded("count(extract(a, \"" + std::string(pattern) + "\"))", long_text);
  }
  expect_bounded("some i in 1..1000000000 satisfies matches(a, \"y\")", long_text);
  expect_bounded("some i in 1..1000000000 satisfies range(\"[1..2]\") = i");
  expect_bounded("some i in 1..1000000000 satisfies range(\"[@\\\"2024-01-01T00:00:00@Europe/Paris\\\"..null]\") = i");
}

TEST(HostileCost, Lists) {
  for (const char* use : {"sum(l)",
                          "median(l)",
                          "mode(l)",
                          "stddev(l)",
                          "product(l)",
                          "min(l)",
                          "reverse(l)",
                          "append(l, 1)",
                          "sublist(l, 1)",
                          "list contains(l, 0)",
                          "list replace(l, 1, 0)",
                          "remove(l, 1)",
                          "insert before(l, 1, 1)",
                          "concatenate(l, l)",
                          "partition(l, 1)",
                          "any(l)",
                          "l instance of list<number>",
                          "(function(x: list<number>) x)(l)",
                          "0 in l",
                          "string(l)",
                          "flatten(l)",
                          "distinct values(l)",
                          "sort(l)",
                          "l = l",
                          "l[-1]",
                          "l[item > 0]",
                          "l.x"}) {
    expect_bounded("{l: for i in 1..100000 return i, r: for i in 1..1000000 return " + std::string(use) + "}.r");
  }
  expect_bounded("{l: for i in 1..100000 return now(), r: for i in 1..1000000 return min(l)}.r");
  expect_bounded(
      "{l: for i in 1..30000 return @\"2024-01-01T00:00:00@Europe/Paris\", r: for i in 1..100 return sort(l)}.r");
  expect_bounded("context merge(for i in 1..30000 return context({key: string(i), value: i}))");
  expect_bounded("context(for i in 1..30000 return {key: string(i), value: i})");
}

// Honest work stays within the bounds.
TEST(HostileCost, HonestUseIsNotRefused) {
  std::string words = R"({"text": ")";
  for (int i = 0; i < 1'000; ++i) words += "order " + std::to_string(i) + ", ";
  words += R"("})";
  EXPECT_EQ(timed("count(split(text, \",\\s*\"))", words), "1001");
  EXPECT_EQ(timed("count(extract(text, \"[0-9]+\"))", words), "1000");
  EXPECT_EQ(timed("string length(replace(text, \"(\\w+) ([0-9]+)\", \"$2 $1\")) > 1000", words), "true");
  EXPECT_EQ(timed("count((for i in 1..2000 return \"user\" + string(i) + \"@example.com\")"
                  "[matches(item, \"^[\\w.]+@[a-z]+\\.[a-z]{2,10}$\")])"),
            "2000");
  EXPECT_EQ(timed("sum(for i in 1..100000 return i * 2)"), "10000100000");
  EXPECT_EQ(timed("count(sort(for i in 1..20000 return modulo(i * 7919, 10007)))"), "20000");
}

}  // namespace
}  // namespace fermata::feel
