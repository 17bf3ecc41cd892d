// Boxed expressions, each within a decision.
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

std::string lit(const std::string& text) {
  return "<literalExpression><text>" + text + "</text></literalExpression>";
}
std::string entry(const std::string& name, const std::string& expression) {
  return "<contextEntry>" + (name.empty() ? "" : "<variable name='" + name + "'/>") + expression + "</contextEntry>";
}
std::string boxed(const std::string& expression) {
  return value_of(model_of("<decision id='d' name='d'>" + expression + "</decision>"), "d");
}

TEST(Boxed, ContextEntriesSeeThoseBefore) {
  EXPECT_EQ(boxed("<context>" + entry("a price", lit("2")) + entry("b", lit("a price * 3")) + "</context>"),
            "{a price: 2, b: 6}");
  EXPECT_EQ(boxed("<context>" + entry("a", lit("2")) + entry("", lit("a * 3")) + "</context>"), "6");
  EXPECT_EQ(boxed("<context>" + entry("a", lit("b")) + entry("b", lit("1")) + "</context>"), "{a: null, b: 1}");
}

TEST(Boxed, ListAndRelation) {
  EXPECT_EQ(boxed("<list>" + lit("1") + "<list>" + lit("2") + "</list></list>"), "[1, [2]]");
  EXPECT_EQ(boxed("<relation><column name='a'/><column name='b c'/><row>" + lit("1") + lit("2") + "</row><row>" +
                  lit("3") + lit("4") + "</row></relation>"),
            "[{a: 1, b c: 2}, {a: 3, b c: 4}]");
}

TEST(Boxed, Conditional) {
  const auto conditional = [](const char* condition) {
    return boxed("<conditional><if>" + lit(condition) + "</if><then>" + lit("1") + "</then><else>" + lit("2") +
                 "</else></conditional>");
  };
  EXPECT_EQ(conditional("true"), "1");
  EXPECT_EQ(conditional("false"), "2");
  EXPECT_EQ(conditional("null"), "2");
  EXPECT_EQ(conditional("\"true\""), "null");
}

TEST(Boxed, FilterKnowsTheMembersOfItsItem) {
  const std::string rows = lit("[{n: 1, unit price: 5}, {n: 2, unit price: 7}]");
  EXPECT_EQ(boxed("<filter><in>" + rows + "</in><match>" + lit("unit price &gt; 5") + "</match></filter>"),
            "[{n: 2, unit price: 7}]");
  EXPECT_EQ(boxed("<filter><in>" + lit("[1, 2, 3]") + "</in><match>" + lit("item &gt; 1") + "</match></filter>"),
            "[2, 3]");
  EXPECT_EQ(boxed("<filter><in>" + lit("[1, 2, 3]") + "</in><match>" + lit("-1") + "</match></filter>"), "3");
}

TEST(Boxed, Iterators) {
  const auto loop = [](const std::string& kind, const char* in, const std::string& part, const char* text) {
    return boxed("<" + kind + " iteratorVariable='x y'><in>" + lit(in) + "</in><" + part + ">" + lit(text) + "</" +
                 part + "></" + kind + ">");
  };
  EXPECT_EQ(loop("for", "[1, 2]", "return", "x y * 2"), "[2, 4]");
  EXPECT_EQ(loop("for", "[1..3]", "return", "x y + count(partial)"), "[1, 3, 5]");
  EXPECT_EQ(loop("some", "[1, 2]", "satisfies", "x y = 2"), "true");
  EXPECT_EQ(loop("every", "[1, 2]", "satisfies", "x y = 2"), "false");
  EXPECT_EQ(loop("some", "[1, 2]", "satisfies", "if x y = 2 then true else 5"), "null") << "no boolean";
  EXPECT_EQ(loop("for", "5", "return", "x y"), "null");
}

TEST(Boxed, NestedLoopsKeepTheirVariablesApart) {
  const std::string inner =
      "<for iteratorVariable='b'><in>" + lit("[10, 20]") + "</in><return>" + lit("a + b") + "</return></for>";
  EXPECT_EQ(boxed("<for iteratorVariable='a'><in>" + lit("[1, 2]") + "</in><return>" + inner + "</return></for>"),
            "[[11, 21], [12, 22]]");
}

TEST(Boxed, FunctionsKeepWhatTheySee) {
  const std::string function =
      "<functionDefinition><formalParameter name='x' typeRef='number'/>" + lit("x * factor") + "</functionDefinition>";
  EXPECT_EQ(boxed("<context>" + entry("factor", lit("3")) + entry("times", function) +
                  entry("", lit("for factor in [1, 2] return times(5)")) + "</context>"),
            "[15, 15]");
  EXPECT_EQ(boxed("<context>" + entry("factor", lit("3")) + entry("times", function) + entry("", lit("times(\"a\")")) +
                  "</context>"),
            "null");
}

TEST(Boxed, FunctionsMayCallThemselves) {
  const std::string function = "<functionDefinition><formalParameter name='n'/><conditional><if>" + lit("n &lt; 2") +
                               "</if><then>" + lit("1") + "</then><else>" + lit("n * fact(n - 1)") +
                               "</else></conditional></functionDefinition>";
  EXPECT_EQ(boxed("<context>" + entry("fact", function) + entry("", lit("fact(5)")) + "</context>"), "120");
}

TEST(Boxed, Invocation) {
  const std::string function = "<functionDefinition><formalParameter name='a'/><formalParameter name='b'/>" +
                               lit("a - b") + "</functionDefinition>";
  const auto call = [&](const std::string& first) {
    return boxed("<context>" + entry("minus", function) +
                 entry("", "<invocation>" + lit("minus") + "<binding><parameter name='b'/>" + lit("1") +
                               "</binding><binding><parameter name='" + first + "'/>" + lit("5") +
                               "</binding></invocation>") +
                 "</context>");
  };
  EXPECT_EQ(call("a"), "4");
  EXPECT_EQ(call("c"), "null");
}

TEST(Boxed, ExternalFunctionsAreNullWithAReason) {
  const ReadResult made = read(
      "m.dmn", model_xml("<decision id='d' name='d'><context>" +
                         entry("f", "<functionDefinition id='ext' kind='Java'><formalParameter name='a'/><context>" +
                                        entry("class", lit("\"java.lang.Math\"")) + "</context></functionDefinition>") +
                         entry("", lit("f(1)")) + "</context></decision>"));
  ASSERT_FALSE(made.refused()) << text_of(made.problems);
  ASSERT_EQ(made.problems.size(), 1U);
  EXPECT_EQ(made.problems[0].rule, "DMN-0306");
  EXPECT_EQ(value_of(made.model, "d"), "null");
  EXPECT_EQ(warnings_of(made.model, "d"), "ext 2:70 external functions (Java) are not executed\n");
}

}  // namespace
}  // namespace fermata::dmn
