#include "processes/feel/feel.h"

#include <gtest/gtest.h>

#include <map>

#include "processes/feel/builtins.h"
#include "processes/feel/template.h"
#include "tests/unit/feel/scope.h"

namespace fermata::feel {
namespace {

using testing::feel;
using testing::unary;
using testing::warning;

TEST(Feel, NumbersAreDecimals) {
  EXPECT_EQ(feel("0.1 + 0.2"), "0.3");
  EXPECT_EQ(feel("1 / 3"), "0.3333333333333333333333333333333333");
  EXPECT_EQ(feel("-2 ** 2"), "4");
  EXPECT_EQ(feel("2 ** 3 ** 2"), "64");
  EXPECT_EQ(feel("10 - 4 - 3 * 2 / 4"), "4.5");
  EXPECT_EQ(feel(".5 + 1.50"), "2");
  EXPECT_EQ(feel("1e3 + 1E-1"), "1000.1");
}

TEST(Feel, SumsAreExactBeyond64Bits) {
  EXPECT_EQ(feel("sum([9223372036854775807, 1])"), "9223372036854775808");
  EXPECT_EQ(feel("sum([-9223372036854775807, -9223372036854775807, 0.5])"), "-18446744073709551613.5");
  EXPECT_EQ(feel("sum([1, 2.5, 3])"), "6.5");
  EXPECT_EQ(feel("mean([1e30, 1])"), "500000000000000000000000000000.5");
}

TEST(Feel, WhetherAVariableChoosesIsKnownFromTheText) {
  const auto chooses = [](const std::string& text) {
    const Result<CompiledPtr> compiled = compile_text(text);
    EXPECT_TRUE(compiled) << text;
    return !compiled || (*compiled)->chooses();
  };
  for (const std::string text : {"plain", "=\"a \\\" if b\"", "=x", "=a.b", "={a: \"t\", b: [x, 1, {c: y.z}], d: a}.b", "${x}"}) {
    EXPECT_FALSE(chooses(text)) << text;
  }
  for (const std::string text : {"=if x then \"a\" else \"b\"", "={a: [\"s\", upper case(x)]}", "=\"a\" + x", "=[\"a\", \"b\"][x]",
                                 "=for i in x return \"a\"", "=function(y) \"a\"", "=[1..x]", "a ${x}", "${x ? 'a' : 'b'}"}) {
    EXPECT_TRUE(chooses(text)) << text;
  }
}

TEST(Feel, TernaryLogic) {
  const std::map<std::string, std::string> expected{
      {"true and true", "true"}, {"true and false", "false"}, {"false and null", "false"}, {"null and false", "false"},
      {"true and null", "null"}, {"null and null", "null"},   {"true or null", "true"},    {"null or true", "true"},
      {"false or null", "null"}, {"1 and true", "null"},      {"false or false", "false"}, {"false and 1", "false"},
      {"not(null)", "null"},     {"not(true)", "false"}};
  for (const auto& [text, value] : expected) EXPECT_EQ(feel(text), value) << text;
}

TEST(Feel, ComparisonsBetweenTypesAreNullWithAReason) {
  EXPECT_EQ(feel("1 < \"a\""), "null");
  EXPECT_EQ(feel("1 = \"1\""), "null");
  EXPECT_EQ(feel("null = null"), "true");
  EXPECT_EQ(feel("1 = null"), "false");
  EXPECT_EQ(warning("1 +\n  (amount < \"a\")", R"({"amount": 5})"),
            "2:11 a number cannot be compared with a string by <");
  EXPECT_EQ(warning("amount > 100"), "1:1 there is no variable amount");
  EXPECT_EQ(warning("\"ü\" + 1"), "1:5 string + number is not defined");
  EXPECT_EQ(warning("{a: 1}.b"), "1:7 the context has no entry b");
  EXPECT_EQ(warning("date(\"2026-02-30\")"), "1:1 date(): the text is not a date such as 2026-11-21");
  EXPECT_EQ(warning("1 + 1"), "");
}

TEST(Feel, WrongTextsAreRefusedWithTheirPosition) {
  EXPECT_EQ(feel("amount >"), "refused: line 1, column 9: expected a value, found the end of the text");
  EXPECT_EQ(feel("(1 + 2"),
            "refused: line 1, column 7: expected ')' to close the parenthesis, found the end of the text");
  EXPECT_EQ(feel("if a then b"),
            "refused: line 1, column 12: expected 'else' after the value of then, found the end of the text");
  EXPECT_EQ(feel("1 +\n  * 2"), "refused: line 2, column 3: expected a value, found '*'");
  EXPECT_EQ(feel("amount > 100 amd x"),
            "refused: line 1, column 14: expected an operator or the end, found 'amd' (a name with spaces is written "
            "between backticks: `first name`)");
  EXPECT_EQ(feel("\"open"), "refused: line 1, column 1: the string is not closed; expected \"");
  EXPECT_EQ(feel("{a: 1, a: 2}"), "refused: line 1, column 9: the context has two entries a");
  EXPECT_EQ(feel("x instance of strin"), "refused: line 1, column 15: there is no type 'strin'");
  EXPECT_EQ(feel(""), "refused: line 1, column 1: expected a value, found the end of the text");
  EXPECT_EQ(feel("\"ä\" § 1"), "refused: line 1, column 5: expected an operator or the end, found '§'");
}

TEST(Feel, NamesWithSpacesAndOperators) {
  CompileOptions options;
  options.known_names = {"Mike's age", "a", "b", "a-b", "date", "first name"};
  const char* variables = R"({"Mike's age": 30, "a": 5, "b": 2, "a-b": 100, "first name": "Ada", "date": "d"})";
  EXPECT_EQ(feel("Mike's age + 1", variables, options), "31");
  EXPECT_EQ(feel("Mike's   age+1", variables, options), "31");
  EXPECT_EQ(feel("a-b", variables, options), "100");
  EXPECT_EQ(feel("a - b", variables, options), "100");
  EXPECT_EQ(feel("a+b", variables, options), "7");
  EXPECT_EQ(feel("date", variables, options), "d");
  EXPECT_EQ(feel("date(\"2026-11-21\")", variables, options), "null");
  EXPECT_EQ(feel("`first name` + \"!\"", variables), "Ada!");
  EXPECT_EQ(feel("{first name: 1, sum: first name + 1}.sum"), "2");
  EXPECT_EQ(feel("for the item in [1, 2] return the item * 2"), "[2, 4]");
  EXPECT_EQ(feel("(function(the value, b: number) the value + b)(b: 1, the value: 2)"), "3");
}

TEST(Feel, PathsAndFilters) {
  const char* variables =
      R"({"orders": [{"id": 1, "total": 50, "lines": [1, 2]}, {"id": 2, "total": 150, "lines": [3]}], "item": 7})";
  EXPECT_EQ(feel("orders.total", variables), "[50, 150]");
  EXPECT_EQ(feel("orders[total > 100].id", variables), "[2]");
  EXPECT_EQ(feel("orders[item.total > 100][1].id", variables), "2");
  EXPECT_EQ(feel("orders[-1].lines[1]", variables), "3");
  EXPECT_EQ(feel("sum(orders.total)", variables), "200");
  EXPECT_EQ(feel("orders[3]", variables), "null");
  EXPECT_EQ(feel("orders[count(lines[item > limit]) > 0].id",
                 R"({"limit": 2, "orders": [{"id": 1, "lines": [1]}, {"id": 2, "lines": [3]}]})"),
            "[2]");
  EXPECT_EQ(feel("[{a: 1}, {b: 2}][b = 2]"), "[{b: 2}]");
}

TEST(Feel, IterationAndConditions) {
  EXPECT_EQ(feel("for i in 3..1 return i * i"), "[9, 4, 1]");
  EXPECT_EQ(feel("for i in 0..4 return if i = 0 then 1 else i * partial[-1]"), "[1, 1, 2, 6, 24]");
  EXPECT_EQ(feel("for x in [1, 2], y in [x, 10] return x * y"), "[1, 10, 4, 20]");
  EXPECT_EQ(feel("some x in [1, 2], y in [2, 3] satisfies x = y"), "true");
  EXPECT_EQ(feel("every x in [] satisfies false"), "true");
  EXPECT_EQ(feel("for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day"), "[28, 29, 1]");
  EXPECT_EQ(feel("if null then 1 else 2"), "2");
}

TEST(Feel, RangesAndTests) {
  EXPECT_EQ(feel("5 in (1..5], 5"), "refused: line 1, column 12: expected an operator or the end, found ','");
  EXPECT_EQ(feel("5 in (< 3, [4..6[)"), "true");
  EXPECT_EQ(feel("5 in ]5..10] or 5 in [1..5["), "false");
  EXPECT_EQ(feel("[1..5[.end included"), "false");
  EXPECT_EQ(unary("> 5, [1..2]", R"({"?": 2})"), "true");
  EXPECT_EQ(unary("not(\"a\", \"b\")", R"({"?": "c"})"), "true");
  EXPECT_EQ(unary("-", "{}"), "true");
  EXPECT_EQ(unary("? > limit and ? < 10", R"({"?": 6, "limit": 5})"), "true");
  EXPECT_EQ(unary("starts with(?, \"a\")", R"({"?": "abc"})"), "true");
  EXPECT_EQ(unary("not(? = 3) and ? > 1", R"({"?": 2})"), "true");
  EXPECT_EQ(unary("> 5", "{}"), "false");
}

TEST(Feel, TemporalValues) {
  EXPECT_EQ(feel("@\"2024-01-31\" + @\"P1M\""), "2024-02-29");
  EXPECT_EQ(feel("@\"2026-11-21T10:00:00@Europe/Paris\" - @\"2026-11-21T10:00:00Z\""), "-PT1H");
  EXPECT_EQ(feel("@\"2026-07-01T10:00:00@Europe/Paris\".time offset"), "PT2H");
  EXPECT_EQ(feel("@\"2050-07-01T10:00:00@Europe/Paris\".time offset"), "PT2H");
  EXPECT_EQ(feel("@\"2026-03-29T01:30:00@Europe/Paris\" + @\"PT1H\""), "2026-03-29T03:30:00@Europe/Paris");
  EXPECT_EQ(feel("now()"), "2026-11-21T10:00:30Z");
  EXPECT_EQ(feel("today()"), "2026-11-21");
  EXPECT_EQ(feel("date and time(now(), \"America/New_York\")"), "2026-11-21T05:00:30@America/New_York");
  EXPECT_EQ(feel("duration(\"PT90M\") / 2"), "PT45M");
  EXPECT_EQ(feel("duration(\"P1DT1S\") * 0.5"), "PT12H0.5S");
  EXPECT_EQ(feel("years and months duration(@\"2024-01-15\", @\"2026-11-14\")"), "P2Y9M");
  EXPECT_EQ(feel("day of week(@\"2026-11-21\")"), "Saturday");
  EXPECT_EQ(feel("week of year(@\"2027-01-01\")"), "53");
}

TEST(Feel, StringsByCodePoint) {
  EXPECT_EQ(feel("string length(\"a😀ü\")"), "3");
  EXPECT_EQ(feel("substring(\"a😀ü\", -2, 1)"), "😀");
  EXPECT_EQ(feel("upper case(\"straße\")"), "STRASSE");
  EXPECT_EQ(feel(R"x(replace("2026-11-21", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1"))x"), "21.11.2026");
  EXPECT_EQ(feel(R"x(split("a, b;c", "[,;]\\s*"))x"), "[\"a\", \"b\", \"c\"]");
  EXPECT_EQ(feel(R"x(matches("X", "[A-Z-[OI]]"))x"), "true");
  EXPECT_EQ(feel(R"x(matches("O", "[A-Z-[OI]]"))x"), "false");
  EXPECT_EQ(feel(R"("\u00e4\t\"\U01F40E")"), "ä\t\"🐎");
}

TEST(Feel, BackReferencesInPatterns) {
  EXPECT_EQ(feel(R"x(matches("abcabc", "^(.)(.)(.)\1\2\3$"))x"), "true");
  EXPECT_EQ(feel(R"x(matches("abcabd", "^(.)(.)(.)\1\2\3$"))x"), "false");
  EXPECT_EQ(feel(R"x(matches("éÉ", "(é)\1", "i"))x"), "true");
  EXPECT_EQ(feel(R"x(matches("éÉ", "(é)\1"))x"), "false");
  EXPECT_EQ(feel(R"x(replace("hello  aabb", "([a-z])\1", "<$1>"))x"), "he<l>o  <a><b>");
  EXPECT_EQ(feel(R"x(split("a--b==c-d", "([-=])\1"))x"), R"(["a", "b", "c-d"])");
  EXPECT_EQ(feel(R"x(extract("aa b cc", "(?:(a)|(c))(\1|\2)"))x"), R"(["aa", "c", "c"])");  // an absent group is empty
  EXPECT_EQ(feel(R"x(replace("<b>x</b><i>y</i>", "<(\w+)>(.*?)</\1>", "$2"))x"), "xy");
  EXPECT_EQ(feel(R"x(matches("b", "(a)?b\1"))x"), "true");  // a group that took no part is empty
  EXPECT_EQ(feel(R"x(matches("aaaa", "^(a{1,2}?)\1+$"))x"), "true");
  EXPECT_EQ(feel(R"x(matches("x\nab\nab", "^(ab)\n\1$", "m"))x"), "true");
  EXPECT_EQ(feel(R"x(matches("kK", "(k)\1", "i"))x"), "true");
  EXPECT_EQ(feel(R"x(matches("a1", "(a)\11"))x"), "false");  // group 1, then a 1
  EXPECT_EQ(feel(R"x(matches("aa1", "(a)\11"))x"), "true");
  EXPECT_EQ(warning(R"x(matches("a", "(a\1)"))x"),
            "1:1 matches(): the pattern cannot be used: \\1 must follow the end of group 1");
  EXPECT_EQ(warning(R"x(matches("a", "(a)[\1]"))x"),
            "1:1 matches(): the pattern cannot be used: \\1 refers to no group here");
}

TEST(Feel, FunctionTypesAreComparedByTheirParameters) {
  EXPECT_EQ(feel("(function(a: number) a) instance of function<number> -> Any"), "true");
  EXPECT_EQ(feel("(function(a: string) a) instance of function<number> -> Any"), "false");
  EXPECT_EQ(feel("(function(a) a) instance of function<number> -> Any"), "true");
  EXPECT_EQ(feel("(function(a: list<number>) a) instance of function<list<Any>> -> Any"), "false");
  EXPECT_EQ(feel("(function(a: context<x: Any>) a) instance of function<context<x: number, y: number>> -> Any"),
            "true");
  EXPECT_EQ(feel("(function(a, b) a) instance of function<number> -> Any"), "false");
}

TEST(Feel, ABackslashMayEndAText) {
  EXPECT_EQ(feel(R"x("\")x"), "\\");
  EXPECT_EQ(feel(R"x("a\" + 1)x"), "null");
  EXPECT_EQ(feel(R"x("\"")x"), "\"");
  EXPECT_EQ(feel(R"x("C:\dir\")x"), "C:\\dir\\");
}

TEST(Feel, FunctionsCloseOverWhatTheySaw) {
  EXPECT_EQ(feel("{add: function(n) function(m) n + m, r: add(2)(3)}.r"), "5");
  EXPECT_EQ(feel("for f in (for i in 1..3 return function(x) x * i) return f(10)"), "[10, 20, 30]");
  EXPECT_EQ(feel("sort([3, 1, 2], function(a, b) a > b)"), "[3, 2, 1]");
  EXPECT_EQ(feel("(function(x: number) x)(\"a\")"), "null");
  EXPECT_EQ(feel("(function(x: list<number>) count(x))(5)"), "1");
  EXPECT_EQ(feel("(function(x) x)()"), "null");
  EXPECT_EQ(feel("[\"b\", \"a\"][min([\"x\"]) = \"x\"]"), "[\"b\", \"a\"]");
  EXPECT_EQ(feel("{f: abs, r: f(-1)}.r"), "1");
}

// The slots of the frame move when a function is called; what was looked at before must not.
TEST(Feel, OperandsSurviveTheCallsBesideThem) {
  EXPECT_EQ(feel("(function(s) s + (function(a, b, c, d, e, f) a)(\"x\", 1, 2, 3, 4, 5))(\"abc\")"), "abcx");
  EXPECT_EQ(feel("[{x: \"abc\"}][x = (function(a, b, c, d, e, f) a)(\"abc\", 1, 2, 3, 4, 5)].x"), "[\"abc\"]");
  EXPECT_EQ(feel("{o: {s: \"abc\"}, r: o.s + (function(a, b, c, d, e, f) a)(\"x\", 1, 2, 3, 4, 5)}.r"), "abcx");
  EXPECT_EQ(feel("{f: function(n) if n = 0 then [n] else concatenate(f(n - 1), [n]), r: f(20)[item > 18]}.r"),
            "[19, 20]");
  EXPECT_EQ(feel("{f: function(n) if n = 0 then \"\" else string(n) + f(n - 1), r: f(12)}.r"), "121110987654321");
}

TEST(Feel, CamundaExtensions) {
  EXPECT_EQ(feel("is defined(a)", R"({"a": 1})"), "true");
  EXPECT_EQ(feel("is defined(a.b)", R"({"a": {}})"), "false");
  EXPECT_EQ(feel("get or else(a, 5)"), "5");
  EXPECT_EQ(feel("trim(\"  a \")"), "a");
  EXPECT_EQ(feel("is blank(\" \")"), "true");
  EXPECT_EQ(feel("extract(\"a1b22\", \"[0-9]+\")"), "[\"1\", \"22\"]");
  EXPECT_EQ(feel("partition([1,2,3], 2)"), "[[1, 2], [3]]");
  EXPECT_EQ(feel("string join([\"a\", \"b\"], \", \", \"[\", \"]\")"), "[a, b]");
  EXPECT_EQ(feel("to base64(\"FEEL\")"), "RkVFTA==");
  EXPECT_EQ(feel("duplicate values([1, 2, 1])"), "[1]");
  EXPECT_EQ(feel("last day of month(@\"2024-02-01\")"), "2024-02-29");
}

TEST(Feel, WhatTheEngineAsks) {
  const CompiledPtr compiled = *compile("amount > limit and amount < 10");
  EXPECT_EQ(compiled->text(), "amount > limit and amount < 10");
  EXPECT_EQ(compiled->variables(), (std::vector<std::string>{"amount", "limit"}));
  EXPECT_EQ(compiled->constant(), nullptr);
  const testing::Scope scope(testing::from_json(R"({"amount": 5})"));
  EXPECT_EQ(compiled->explain({scope, testing::test_now}), "line 1, column 10: there is no variable limit");
  ASSERT_NE((*compile("-5"))->constant(), nullptr);
  EXPECT_EQ((*compile("\"x\""))->constant()->as_string(), "x");
}

TEST(Feel, BoxedValuesAreStoredAsText) {
  EXPECT_EQ(to_json(*(*compile("{d: @\"2026-11-21\", t: @\"PT1H30M\", f: function() 1, r: [1..3)}"))
                         ->evaluate({testing::Scope(), testing::test_now})),
            R"x({"d":"2026-11-21","t":"PT1H30M","f":null,"r":"[1..3)"})x");
}

TEST(Feel, CommentsAndWhiteSpace) {
  EXPECT_EQ(feel("1 // one\n + /* two \n lines */ 2"), "3");
  EXPECT_EQ(feel("\xc2\xa0"
                 "1\t+\r\n2"),
            "3");
}

TEST(Feel, ValuesFromText) {
  EXPECT_EQ(to_feel_text(*value_from_text("date", "2026-11-21")), "2026-11-21");
  EXPECT_FALSE(value_from_text("number", "12,5"));
  EXPECT_FALSE(value_from_text("shoe size", "42"));
}

TEST(Feel, BuiltinNamesAreUniqueAndFormsAreSound) {
  std::map<std::string_view, int> seen;
  for (const Builtin& builtin : all_builtins()) {
    EXPECT_EQ(++seen[builtin.name], 1) << builtin.name;
    EXPECT_LE(builtin.name.size(), 32u);
    for (const Form& form : builtin.forms) EXPECT_LE(form.required, form.parameters.size()) << builtin.name;
  }
  EXPECT_GE(seen.size(), 95u);
}

}  // namespace
}  // namespace fermata::feel
