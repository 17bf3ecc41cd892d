// Expressions that want to hurt: each must end soon, with a position and a reason, without growing memory or the stack.
#include <gtest/gtest.h>

#include <random>

#include "processes/feel/builtins.h"
#include "processes/feel/template.h"
#include "tests/unit/feel/scope.h"
#include "tests/unit/feel/timed.h"

namespace fermata::feel {
namespace {

using testing::feel;
using testing::timed;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string repeated(std::string_view part, int count) {
  std::string made;
  for (int i = 0; i < count; ++i) made += part;
  return made;
}

TEST(Hostile, DeepNestingIsRefusedWithAPosition) {
  for (const char* open : {"(", "[", "{a:", "-(", "if ", "for x in ", "function() ", "f(", "x[", "every x in ", "]",
                           "not(", "abs(", "date("}) {
    const std::string text = repeated(open, 15'000);
    const std::string result = timed(text);
    EXPECT_TRUE(has(result, "refused: line 1, column ")) << open << " -> " << result.substr(0, 200);
  }
  EXPECT_TRUE(has(timed(repeated("(", 100'000) + "1" + repeated(")", 100'000)), "nested deeper than 100 levels"));
  EXPECT_TRUE(has(timed("1" + repeated("+1", 100'000)), "deeper than 400 levels"));
  EXPECT_TRUE(has(timed("a" + repeated(".b", 100'000)), "deeper than 400 levels"));
  EXPECT_TRUE(has(timed("a" + repeated("[1]", 60'000)), "deeper than 400 levels"));
  EXPECT_TRUE(has(timed("x instance of " + repeated("list<", 40'000) + "number"), "nested deeper"));
  EXPECT_EQ(timed(repeated("-", 100'000) + "1"), "1");
  EXPECT_EQ(timed("true" + repeated(" and true", 20'000)), "true");
}

TEST(Hostile, LongTextsAreRefusedBeforeTheyAreRead) {
  EXPECT_TRUE(has(timed(std::string(1 << 20, ' ')), "longer than 256 KiB"));
  EXPECT_TRUE(has(timed("\"" + std::string(300'000, 'a') + "\""), "longer than 256 KiB"));
  EXPECT_TRUE(has(timed(std::string(200'000, 'a')), "null"));
  EXPECT_TRUE(has(timed(repeated("a ", 100'000)), "refused"));
  EXPECT_TRUE(has(timed("{" + repeated("a ", 100'000)), "refused"));
  EXPECT_TRUE(has(timed("/*" + std::string(200'000, '*')), "not closed"));
  EXPECT_TRUE(has(timed("[" + repeated("1,", 100'000) + "1]"), "1"));
}

TEST(Hostile, EndlessLoopsRunOutOfSteps) {
  EXPECT_TRUE(has(timed("for i in 1..1000000000 return i"), "failed: line 1, column "));
  EXPECT_TRUE(has(timed("count(for i in 1..1000000000 return 1)"), "steps"));
  EXPECT_TRUE(has(timed("some i in 1..1000000000 satisfies i < 0"), "steps"));
  EXPECT_TRUE(has(timed("every i in [-999999999..999999999] satisfies true"), "steps"));
  EXPECT_TRUE(has(timed("for a in 1..99, b in 1..99, c in 1..99, d in 1..99 return 1"), "steps"));
  EXPECT_TRUE(has(timed("for i in 1..5000 return sum(partial)"), "failed"));
  EXPECT_TRUE(has(timed("for d in @\"0001-01-01\"..@\"999999999-01-01\" return d"), "steps"));
  EXPECT_TRUE(has(timed("distinct values(for i in 1..20000 return i)"), "steps"));
  EXPECT_EQ(timed("count(for i in 1..100000 return i)"), "100000");
}

TEST(Hostile, GrowingValuesRunOutOfMemory) {
  std::string doubling = "{a0: \"0123456789\"";
  for (int i = 1; i <= 40; ++i) {
    const std::string n = std::to_string(i);
    const std::string before = std::to_string(i - 1);
    doubling += ", a" + n + ": a" + before + " + a" + before;
  }
  EXPECT_TRUE(has(timed(doubling + "}.a40"), "MB of memory"));
  std::string lists = "{a0: [1]";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    lists += ", a" + std::to_string(i) + ": concatenate(" + before + ", " + before + ")";
  }
  EXPECT_TRUE(has(timed(lists + "}"), "failed"));
  EXPECT_TRUE(has(timed("for i in 1..100000 return string join(for j in 1..100 return \"0123456789\")"), "failed"));
  EXPECT_TRUE(has(
      timed(
          "replace(string join(for i in 1..10000 return \"a\"), \"a\", \"$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0\")"),
      "a"));
  EXPECT_TRUE(
      has(timed("{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f(\"ab\", 60)}.r"), "MB of memory"));
}

TEST(Hostile, NestedValuesStayWithinTheirDepth) {
  std::string nested = "{a0: [1]";
  for (int i = 1; i <= 300; ++i) nested += ", a" + std::to_string(i) + ": [a" + std::to_string(i - 1) + "]";
  EXPECT_TRUE(has(timed(nested + "}.a300"), "nested deeper than 200"));
  EXPECT_TRUE(has(timed("for i in 1..100000 return [partial]"), "failed"));
  // A closure that holds a closure that holds a closure ...
  EXPECT_TRUE(has(timed("for i in 1..100000 return function() partial"), "failed"));
  EXPECT_TRUE(
      has(timed("{f: function(g, n) if n = 0 then g else f(function() g, n - 1), r: f(1, 100000)}.r"), "failed"));
}

// A value whose parts are shared is small in memory and enormous as a tree: nobody may walk through it unbounded.
TEST(Hostile, SharedValuesAreNotWalkedForEver) {
  const auto shared = [](const std::string& use) {
    std::string text = "{a0: [1]";
    for (int i = 1; i <= 60; ++i) {
      const std::string before = "a" + std::to_string(i - 1);
      text += ", a" + std::to_string(i) + ": [" + before + ", " + before + "]";
    }
    return text + ", b: [a59, a59], r: " + use + "}.r";
  };
  for (const char* use : {"a60", "a60 = b", "a60 in [b]", "string(a60)", "flatten(a60)", "list contains([a60], b)",
                          "a60.x", "is(a60, b)", "(= a60) = (= b)", "[a60 .. null] = [b .. null]", "index of([a60], b)",
                          "distinct values([a60, b])", "a60 instance of list<list<list<number>>>",
                          "(function(x: list<list<list<number>>>) 1)(a60)", "count(union([a60], [b]))"}) {
    const std::string result = timed(shared(use));
    EXPECT_TRUE(has(result, "failed: line 1, column ") || result == "true" || result == "null" || result == "false")
        << use << ": " << result;
  }
  EXPECT_TRUE(has(timed("for i in 1..500 return s", R"({"s": ")" + std::string(1 << 18, 'x') + R"("})"), "too large"));
  EXPECT_TRUE(
      has(timed("string(for i in 1..500 return s)", R"({"s": ")" + std::string(1 << 18, 'x') + R"("})"), "memory"));
}

TEST(Hostile, ManyNamesAreLookedUpQuickly) {
  std::string entries = "{a0: 1";
  for (int i = 1; i < 15'000; ++i) entries += ", a" + std::to_string(i) + ": a" + std::to_string(i - 1);
  EXPECT_EQ(timed(entries + "}.a14999"), "1");
  std::string names = "(function() [1";
  for (int i = 1; i < 30'000; ++i) names += ",b" + std::to_string(i);
  EXPECT_TRUE(has(timed("count(" + names + "])())"), "30000"));
}

TEST(Hostile, EndlessRecursionRunsOutOfDepth) {
  EXPECT_TRUE(has(timed("{f: function(n) f(n + 1), r: f(1)}.r"), "functions call each other too deeply"));
  EXPECT_TRUE(has(timed("(function(f) f(f))(function(f) f(f))"), "functions call each other too deeply"));
  EXPECT_TRUE(
      has(timed("{f: function(a, b) f(a, b), r: sort([3, 2, 1], f)}.r"), "functions call each other too deeply"));
  EXPECT_TRUE(has(timed("{fib: function(n) if n < 2 then n else fib(n - 1) + fib(n - 2), r: fib(60)}.r"), "steps"));
  EXPECT_EQ(timed("{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(30)}.r"),
            "265252859812191058636308480000000");
}

TEST(Hostile, RegularExpressionsAreLinear) {
  const std::string victim = R"({"s": ")" + std::string(5'000, 'a') + R"(!"})";
  EXPECT_EQ(timed(R"(matches(s, "^(a+)+$"))", victim), "false");
  EXPECT_EQ(timed(R"(matches(s, "^(a|aa)+$"))", victim), "false");
  EXPECT_EQ(timed(R"(matches(s, "(.*)*x"))", victim), "false");
  EXPECT_EQ(timed(R"(matches(s, "((a{1,500}){1,500}){1,500}"))", victim), "null");
  EXPECT_EQ(timed(R"(matches(s, ")" + repeated("(", 3'000) + R"("))", victim), "null");
  EXPECT_EQ(timed(R"(matches(s, ")" + repeated("[a-[", 3'000) + R"("))", victim), "null");
  // Back-references cannot be matched in linear time, so their steps are counted.
  for (const char* exploding : {"^(a+)+\\1x", "^(a*)*\\1x", "(a|aa)+\\1x", "(.*)(.*)(.*)(.*)\\1x", "((a?){500})\\1x"}) {
    EXPECT_TRUE(has(timed("matches(s, \"" + std::string(exploding) + "\")", victim), "steps")) << exploding;
  }
  for (const char* bad :
       {"\\\\1", "(", "[", "a{2,1}", "(?=a)", "\\\\", "\\\\q", "[z-a]", "\\\\p{Nonsense}", "*", "[a-[b]c]"}) {
    EXPECT_EQ(timed("matches(\"aaa\", \"" + std::string(bad) + "\")"), "null") << bad;
  }
}

TEST(Hostile, AbsurdNumbersAndDates) {
  EXPECT_TRUE(has(timed("1e999999999999999999999"), "out of the range"));
  EXPECT_TRUE(has(timed(repeated("9", 100'000)), "out of the range"));
  EXPECT_EQ(timed("10 ** 100000"), "null");
  EXPECT_EQ(timed("9.9e6144 * 10"), "null");
  EXPECT_EQ(timed("exp(1000000)"), "null");
  EXPECT_EQ(timed("1e-6176 / 10"), "0");
  EXPECT_EQ(timed("[1,2,3][99999999999999999999999]"), "null");
  EXPECT_EQ(timed("substring(\"abc\", 1e300)"), "null");
  EXPECT_EQ(timed("decimal(1, 1e9)"), "null");
  EXPECT_EQ(timed("date(999999999999, 1, 1)"), "null");
  EXPECT_EQ(timed("date(2020, 99999999999, 1)"), "null");
  EXPECT_EQ(timed("date(\"999999999-12-31\") + duration(\"P1D\")"), "null");
  EXPECT_EQ(timed("date(\"2020-01-01\") + duration(\"P999999999Y\")"), "null");
  EXPECT_EQ(timed("date(\"2020-01-01\") + duration(\"P9999999999999999D\")"), "null");
  EXPECT_EQ(timed("duration(\"P99999999999999999999D\")"), "null");
  EXPECT_EQ(timed("duration(\"P9223372036854775807Y\")"), "null");
  EXPECT_EQ(timed("duration(\"PT9223372036854775807S\") * 1e30"), "null");
  EXPECT_EQ(timed("duration(\"PT9223372036854775807S\") + duration(\"PT9223372036854775807S\")"), "null");
  EXPECT_EQ(timed("-duration(\"PT9223372036854775807S\") - duration(\"PT9223372036854775807S\")"), "null");
  EXPECT_EQ(timed("sum([duration(\"P400000000000000000Y\"), duration(\"P400000000000000000Y\")])"), "null");
  EXPECT_EQ(timed("time(\"10:00:00\") + duration(\"PT9223372036854775807S\")"), "01:30:07");
  EXPECT_TRUE(has(timed("date and time(\"999999999-12-31T23:59:59@Europe/Paris\").time offset"), "PT1H"));
  EXPECT_TRUE(has(timed("date and time(\"-999999999-01-01T00:00:00@Europe/Paris\").time offset"), "PT"));
  EXPECT_EQ(timed("date and time(\"2020-01-01T00:00:00@../../etc/passwd\")"), "null");
  EXPECT_EQ(timed("date and time(\"2020-01-01T00:00:00@" + std::string(10'000, 'x') + "\")"), "null");
}

TEST(Hostile, InvalidUtf8IsRefused) {
  for (const char* bad : {"\xff", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\xf4\x90\x80\x80", "a\xe2\x82", "\"\x80\""}) {
    EXPECT_TRUE(has(timed(bad), "not valid UTF-8"));
  }
  EXPECT_TRUE(has(timed(R"("\ud83d")"), "does not name a Unicode character"));
  EXPECT_TRUE(has(timed(R"("\UFFFFFF")"), "does not name a Unicode character"));
  EXPECT_TRUE(has(timed(std::string("1 + \0 2", 7)), "refused"));
}

TEST(Hostile, KnownNamesMayBeAnything) {
  CompileOptions options;
  options.known_names = {"", "/*", "//", "\xff", std::string(100'000, 'x'), "a  b", "*", "1", "and", "if"};
  options.known_members = options.known_names;
  EXPECT_EQ(feel("`a  b` + 1", R"({"a  b": 2})", options), "3");
  EXPECT_EQ(feel("a b + 1", R"({"a  b": 2})", options), "3");
}

// Random sentences from the language's own words: whatever they mean, they must not crash, hang or leak. Seeded, so
// repeatable.
TEST(Hostile, RandomSentences) {
  std::vector<std::string> words{"1",         "-",           "+",
                                 "*",         "**",          "/",
                                 "(",         ")",           "[",
                                 "]",         "{",           "}",
                                 ",",         ":",           ".",
                                 "..",        "=",           "!=",
                                 "<",         "<=",          ">",
                                 ">=",        "\"a\"",       "true",
                                 "false",     "null",        "a",
                                 "b",         "item",        "partial",
                                 "?",         "if",          "then",
                                 "else",      "for",         "in",
                                 "return",    "some",        "every",
                                 "satisfies", "between",     "and",
                                 "or",        "instance of", "list<number>",
                                 "function",  "external",    "@\"2020-01-01\"",
                                 "@\"P1D\"",  "@\"PT1H\"",   "@\"10:00:00@Europe/Paris\"",
                                 "1..3",      "not",         "`x y`",
                                 "a: 1"};
  for (const Builtin& builtin : all_builtins()) words.push_back(std::string(builtin.name) + "(");
  std::mt19937 random(20261121);
  const testing::Scope scope(
      testing::from_json(R"({"a": [1, [2], {"b": 3}, "x", null], "b": {"a": {"b": [1, 2]}}, "?": 5})"));
  CompileOptions options;
  options.limits.steps_max = 20'000;
  options.limits.memory_bytes_max = 4u << 20;
  int compiled_count = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    const auto length = random() % 14 + 1;
    for (std::size_t i = 0; i < length; ++i) text += words[random() % words.size()] + (random() % 3 == 0 ? "" : " ");
    for (int i = 0; i < 3 && random() % 2 == 0; ++i) text += ")";
    const Result<CompiledPtr> compiled = round % 4 == 0 ? compile_unary_tests(text, options) : compile(text, options);
    if (!compiled) {
      ASSERT_TRUE(compiled.error().message.starts_with("line ")) << text;
      continue;
    }
    ++compiled_count;
    (void)(*compiled)->evaluate({scope, testing::test_now});
    (void)(*compiled)->evaluate_with_warnings({scope, testing::test_now});
  }
  EXPECT_GT(compiled_count, 100);
}

// All built-ins with all kinds of arguments, by ones, twos, threes and fours.
TEST(Hostile, BuiltinsTakeAnything) {
  const std::vector<std::string> values{"null",
                                        "true",
                                        "-1",
                                        "0",
                                        "2.5",
                                        "1e6000",
                                        "\"\"",
                                        "\"a\"",
                                        "\"[1..2]\"",
                                        "[]",
                                        "[1, 2, 3]",
                                        "[null]",
                                        "[\"a\", \"b\"]",
                                        "[[1], [2]]",
                                        "{}",
                                        "{key: \"a\", value: 1}",
                                        "@\"2024-02-29\"",
                                        "@\"10:00:00\"",
                                        "@\"2024-02-29T10:00:00@Europe/Paris\"",
                                        "@\"-P1D\"",
                                        "@\"P1Y\"",
                                        "[1..3]",
                                        "(< 5)",
                                        "function(x) x",
                                        "function(x, y) x < y"};
  std::mt19937 random(7);
  const testing::Scope scope;
  for (const Builtin& builtin : all_builtins()) {
    for (int round = 0; round < 100; ++round) {
      std::string text = std::string(builtin.name) + "(";
      const auto count = random() % 5;
      for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + values[random() % values.size()];
      const Result<CompiledPtr> compiled = compile(text + ")");
      ASSERT_TRUE(compiled) << text << compiled.error().message;
      ASSERT_TRUE((*compiled)->evaluate_with_warnings({scope, testing::test_now})) << text;
    }
  }
}

}  // namespace
}  // namespace fermata::feel
