// Decisions, what they require, and what they see.
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

TEST(Decision, SeesWhatItRequiresByNamesWithSpaces) {
  const ModelPtr model =
      model_of(input("unit price", "number") + input("count", "number") +
               literal("net total", "unit price * count", needs_input("unit price") + needs_input("count")) +
               literal("gross", "net total * 1.2", needs_decision("net total")));
  EXPECT_EQ(value_of(model, "gross", R"({"unit price": 10, "count": 3})"), "36");
  EXPECT_EQ(value_of(model, "net total", R"({"unit price": 10, "count": 3})"), "30");
}

TEST(Decision, IsFoundByIdBeforeName) {
  const ModelPtr model = model_of(
      "<decision id='a' name='b'><literalExpression><text>1</text></literalExpression></decision>"
      "<decision id='b' name='c'><literalExpression><text>2</text></literalExpression></decision>");
  EXPECT_EQ(value_of(model, "b"), "2");
  EXPECT_EQ(value_of(model, "c"), "2");
  EXPECT_EQ(value_of(model, "a"), "1");
  EXPECT_EQ(value_of(model, "x"), "error: there is no decision with the id or name 'x' in m.dmn");
}

TEST(Decision, DoesNotSeeWhatItDoesNotRequire) {
  const ModelPtr model = model_of(input("a") + literal("d", "a"));
  EXPECT_EQ(value_of(model, "d", R"({"a": 1})"), "null");
  EXPECT_EQ(warnings_of(model, "d", R"({"a": 1})"), "d 3:72 there is no variable a\n");
}

TEST(Decision, TakesAnInputByTheNameOfItsElementAsWell) {
  const ModelPtr model = model_of("<inputData id='i' name='The input'><variable name='i'/></inputData>" +
                                  literal("d", "i", needs_input("i")));
  EXPECT_EQ(value_of(model, "d", R"({"The input": 1})"), "1");
  EXPECT_EQ(value_of(model, "d", R"({"i": 2})"), "2");
}

// Camunda's modeler draws tables without input data: what the model does not declare comes from the caller as it is.
TEST(Decision, SeesUndeclaredInputs) {
  const ModelPtr model = model_of(literal("d", "amount + 1"));
  EXPECT_EQ(value_of(model, "d", R"({"amount": 1})"), "2");
}

// As Camunda's modelers write it; what is called so in the model comes first.
TEST(Decision, IsAlsoCalledByItsIdWhereItIsRequired) {
  const std::string season = "<decision id='season' name='The season'><literalExpression><text>\"Winter\"</text></literalExpression></decision>";
  const ModelPtr model = model_of(season + literal("dish", "if season = \"Winter\" then \"Stew\" else The season", needs_decision("season")));
  EXPECT_EQ(value_of(model, "dish"), "Stew");
  EXPECT_EQ(warnings_of(model, "dish"), "");
  EXPECT_EQ(value_of(model, "dish", R"({"season": "Summer"})"), "Stew") << "it is required, so it is no input";
  const ModelPtr taken = model_of(season + literal("other", "season", needs_decision("season") + needs_input("season in")) +
                                  "<inputData id='season in' name='season'/>");
  EXPECT_EQ(value_of(taken, "other", R"({"season": "Summer"})"), "Summer");
}

TEST(Decision, AnInputDoesNotReplaceARequiredDecision) {
  const ModelPtr model = model_of(literal("a", "1") + literal("b", "a", needs_decision("a")));
  EXPECT_EQ(value_of(model, "b", R"({"a": 5})"), "1");
}

TEST(Decision, WithoutLogicIsNull) {
  EXPECT_EQ(value_of(model_of("<decision id='d' name='d'/>"), "d"), "null");
}

TEST(Decision, IsEvaluatedOnceHoweverManyRequireIt) {
  std::string content = literal("d0", "1");
  for (int i = 1; i <= 60; ++i) {  // evaluated for each that requires it, it would take 2 ** 60 evaluations
    const std::string below = "d" + std::to_string(i - 1);
    content += literal("d" + std::to_string(i), below + " + " + below, needs_decision(below) + needs_decision(below));
  }
  EXPECT_EQ(value_of(model_of(content), "d60"), "1152921504606846976");
}

TEST(Decision, ReadsEveryVersionOfDmn) {
  for (const char* uri :
       {"http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/"}) {
    const ReadResult made =
        read("m.dmn", "<x:definitions xmlns:x='" + std::string(uri) +
                          "' xmlns:feel='http://www.omg.org/spec/FEEL/20140401' name='m' namespace='urn:m'>"
                          "<x:decision id='d' name='d'><x:variable name='d' typeRef='feel:number'/>"
                          "<x:literalExpression><x:text>1</x:text></x:literalExpression></x:decision>"
                          "</x:definitions>");
    ASSERT_FALSE(made.refused()) << uri << text_of(made.problems);
    EXPECT_EQ(value_of(made.model, "d"), "1") << uri;
  }
}

TEST(Decision, ListsWhatThereIs) {
  const ModelPtr model = model_of(
      input("i", "number") + literal("a", "i", needs_input("i"), "number") + literal("b", "a", needs_decision("a")) +
      "<decisionService id='s' name='s'><outputDecision href='#b'/><inputDecision href='#a'/><inputData href='#i'/>"
      "</decisionService>");
  ASSERT_EQ(model->inputs().size(), 1U);
  EXPECT_EQ(model->inputs()[0].type_ref, "number");
  ASSERT_EQ(model->decisions().size(), 2U);
  EXPECT_EQ(model->decisions()[0].type_ref, "number");
  EXPECT_EQ(model->decisions()[0].required_inputs, std::vector<std::string>{"i"});
  EXPECT_EQ(model->decisions()[1].required_decisions, std::vector<std::string>{"a"});
  EXPECT_EQ(model->decisions()[1].line, 4);
  EXPECT_EQ(logic_name(model->decisions()[1].logic), "literalExpression");
  ASSERT_EQ(model->services().size(), 1U);
  EXPECT_EQ(model->services()[0].parameters[0].name, "i") << "input data come before input decisions";
  EXPECT_EQ(model->services()[0].parameters[1].name, "a");
  EXPECT_EQ(model->id(), "defs");
  EXPECT_EQ(model->name_space(), "urn:m");
}

TEST(Decision, AnswersNowByTheClockOfTheCaller) {
  const ModelPtr model = model_of(literal("d", "string(today())"));
  const Result<Evaluation> made = model->evaluate_decision("d", json("{}"), {.now = Timestamp{1'790'000'000'000}});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(feel::to_feel_text(made->value), "2026-09-21");
}

}  // namespace
}  // namespace fermata::dmn
