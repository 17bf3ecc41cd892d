// Item definitions and conversions (7.3.2, 10.3.2.9.4).
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

std::string item(const std::string& name, const std::string& content, const std::string& attributes = "") {
  return "<itemDefinition name='" + name + "' " + attributes + ">" + content + "</itemDefinition>";
}
std::string type_ref(const std::string& name) {
  return "<typeRef>" + name + "</typeRef>";
}
std::string allowed(const std::string& tests) {
  return "<allowedValues><text>" + tests + "</text></allowedValues>";
}

// What becomes of a FEEL value as the result of a decision of that type.
std::string as(const std::string& items, const std::string& type, const std::string& text) {
  return value_of(model_of(items + literal("d", text, "", type)), "d");
}

TEST(Type, ConvertsAndRefuses) {
  EXPECT_EQ(as("", "number", "1"), "1");
  EXPECT_EQ(as("", "number", "\"1\""), "null");
  EXPECT_EQ(as("", "number", "[1]"), "1");
  EXPECT_EQ(as("", "number", "[[1]]"), "1");
  EXPECT_EQ(as("", "number", "[1, 2]"), "null");
  EXPECT_EQ(as("", "Any", "[1, 2]"), "[1, 2]");
  EXPECT_EQ(as("", "integer", "1"), "1") << "as other modelers write it";
  EXPECT_EQ(as("", "date and time", "date(\"2026-01-02\")"), "2026-01-02T00:00:00Z");
  EXPECT_EQ(as(item("tList", type_ref("number"), "isCollection='true'"), "tList", "1"), "[1]");
  EXPECT_EQ(as(item("tList", type_ref("number"), "isCollection='true'"), "tList", "[\"a\"]"), "null");
}

TEST(Type, NamesTheElementThatDoesNotFit) {
  const ModelPtr model = model_of(input("age", "number") + literal("d", "age", needs_input("age")));
  EXPECT_EQ(value_of(model, "d", R"({"age": "x"})"), "null");
  EXPECT_EQ(warnings_of(model, "d", R"({"age": "x"})"),
            "age 2:1 the input age is a string, which the type number does not allow; it counts as null\n");
}

TEST(Type, StructuresMayHaveMoreMembersButNotFewer) {
  const std::string person =
      item("tPerson", "<itemComponent name='first name'>" + type_ref("string") + "</itemComponent>" +
                          "<itemComponent name='age'>" + type_ref("number") + "</itemComponent>");
  EXPECT_EQ(as(person, "tPerson", "{first name: \"A\", age: 1, x: 2}"), R"({first name: "A", age: 1, x: 2})");
  EXPECT_EQ(as(person, "tPerson", "{age: 1}"), "null");
  EXPECT_EQ(as(person, "tPerson", "{first name: 5, age: 1}"), "null");
}

TEST(Type, AllowedValues) {
  const std::string level = item("tLevel", type_ref("string") + allowed("\"low\", \"high\""));
  EXPECT_EQ(as(level, "tLevel", "\"low\""), "low");
  EXPECT_EQ(as(level, "tLevel", "\"none\""), "null");
  EXPECT_EQ(as(level, "tLevel", "[\"high\"]"), "high");
  const std::string levels = level + item("tLevels", type_ref("tLevel"), "isCollection='true'");
  EXPECT_EQ(as(levels, "tLevels", "[\"low\", \"high\"]"), R"(["low", "high"])");
  EXPECT_EQ(as(levels, "tLevels", "[\"low\", \"none\"]"), "null") << "through the type of the items";
  const std::string few = item("tFew", type_ref("number") + allowed("[1..5]"), "isCollection='true'");
  EXPECT_EQ(as(few, "tFew", "[1, 5]"), "[1, 5]") << "of a collection, each item is meant";
  EXPECT_EQ(as(few, "tFew", "[1, 6]"), "null");
  const std::string within =
      item("tBox", "<itemComponent name='n'>" + type_ref("number") + allowed("&gt; 0") + "</itemComponent>");
  EXPECT_EQ(as(within, "tBox", "{n: 1}"), "{n: 1}");
  EXPECT_EQ(as(within, "tBox", "{n: 0}"), "null");
}

TEST(Type, TypeConstraintsSpeakOfTheWhole) {
  const std::string few =
      item("tFew", type_ref("number") + "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint>",
           "isCollection='true'");
  EXPECT_EQ(as(few, "tFew", "[1, 2]"), "[1, 2]");
  EXPECT_EQ(as(few, "tFew", "[1, 2, 3]"), "null");
}

TEST(Type, MayRepeatItselfWithinItsParts) {
  const std::string tree =
      item("tTree", "<itemComponent name='n'>" + type_ref("number") + "</itemComponent>" +
                        "<itemComponent name='below' isCollection='true'>" + type_ref("tTree") + "</itemComponent>");
  EXPECT_EQ(as(tree, "tTree", "{n: 1, below: [{n: 2, below: []}]}"), "{n: 1, below: [{n: 2, below: []}]}");
  EXPECT_EQ(as(tree, "tTree", "{n: 1, below: [{n: 2, below: [{n: \"x\", below: []}]}]}"), "null") << "at any depth";
}

TEST(Type, FunctionItems) {
  const std::string function =
      item("tF", "<functionItem outputTypeRef='number'><parameters name='a' typeRef='number'/></functionItem>");
  EXPECT_EQ(as(function, "tF", "function(a) a + 1"), "<function>");
  EXPECT_EQ(as(function, "tF", "function(a, b) a + b"), "null");
  EXPECT_EQ(as(function, "tF", "sum"), "<function>") << "a built-in, in one of its forms";
}

TEST(Type, TextsOfJsonBecomeDates) {
  const ModelPtr model = model_of(item("tStay", "<itemComponent name='from'>" + type_ref("date") + "</itemComponent>") +
                                  input("s", "tStay") + input("free") +
                                  literal("d", "[s.from.year, free]", needs_input("s") + needs_input("free")));
  const Value inputs = json(R"({"s": {"from": "2026-03-01"}, "free": "2026-03-01"})");
  EXPECT_EQ(feel::to_feel_text(model->evaluate_decision("d", inputs, {.temporal_from_text = true})->value),
            R"([2026, "2026-03-01"])");
  EXPECT_EQ(feel::to_feel_text(model->evaluate_decision("d", inputs)->value), R"([null, "2026-03-01"])");
}

TEST(Type, DefinitionsAreKnownToFeel) {
  EXPECT_EQ(as(item("tA", type_ref("number")), "boolean", "5 instance of tA"), "true");
  EXPECT_EQ(as(item("tA", type_ref("number")), "", "(function(x: tA) x)(\"a\")"), "null");
  const std::string function =
      item("tF", "<functionItem outputTypeRef='number'><parameters name='a' typeRef='number'/></functionItem>");
  EXPECT_EQ(as(function, "boolean", "(function(a) a) instance of tF"), "true");
  EXPECT_EQ(as(function, "boolean", "(function(a, b) a) instance of tF"), "false");
}

}  // namespace
}  // namespace fermata::dmn
