// Knowledge models and decision services as functions (10.4).
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

std::string knowledge(const std::string& name, const std::string& parameters, const std::string& text,
                      const std::string& requirements = "", const std::string& type = "") {
  return "<businessKnowledgeModel id='" + name + "' name='" + name + "'><variable name='" + name + "'" +
         (type.empty() ? "" : " typeRef='" + type + "'") + "/><encapsulatedLogic>" + parameters +
         "<literalExpression><text>" + text + "</text></literalExpression></encapsulatedLogic>" + requirements +
         "</businessKnowledgeModel>\n";
}

const std::string n = "<formalParameter name='n' typeRef='number'/>";

TEST(Knowledge, IsCalledByPositionAndByName) {
  const std::string content = knowledge("add up", n + "<formalParameter name='m'/>", "n - m");
  const auto call = [&](const char* text) {
    return value_of(model_of(content + literal("d", text, needs_knowledge("add up"))), "d");
  };
  EXPECT_EQ(call("add up(5, 3)"), "2");
  EXPECT_EQ(call("add up(m: 3, n: 5)"), "2");
  EXPECT_EQ(call("add up(5)"), "null");
  EXPECT_EQ(call("add up(m: 3, x: 5)"), "null");
  EXPECT_EQ(call("add up(\"a\", 3)"), "null");
}

TEST(Knowledge, SeesOnlyItsParametersAndWhatItRequires) {
  const std::string content = input("i") + knowledge("twice", n, "n * 2") +
                              knowledge("f", n, "[twice(n), i]", needs_knowledge("twice")) +
                              literal("d", "f(1)", needs_input("i") + needs_knowledge("f"));
  EXPECT_EQ(value_of(model_of(content), "d", R"({"i": 7})"), "[2, null]");
}

TEST(Knowledge, MayCallItselfWithinBounds) {
  const std::string content = knowledge("fib", n, "if n &lt; 2 then n else fib(n - 1) + fib(n - 2)") +
                              literal("d", "fib(15)", needs_knowledge("fib")) +
                              literal("e", "fib(1000000)", needs_knowledge("fib"));
  EXPECT_EQ(value_of(model_of(content), "d"), "610");
  const std::string refused = value_of(model_of(content), "e");
  EXPECT_NE(refused.find("m.dmn:2:"), std::string::npos) << refused;
  EXPECT_NE(refused.find("functions call each other too deeply"), std::string::npos) << refused;
}

TEST(Knowledge, HasAResultOfItsType) {
  const std::string content = knowledge("f", n, "string(n)", "", "number") + literal("d", "f(1)", needs_knowledge("f"));
  EXPECT_EQ(value_of(model_of(content), "d"), "null");
}

TEST(Knowledge, IsAValueThatMayBePassed) {
  const std::string content = knowledge("f", n, "-n") +
                              literal("d", "sort([1, 3, 2], function(a, b) f(a) &lt; f(b))", needs_knowledge("f")) +
                              literal("e", "(for g in [f] return g(1))[1]", needs_knowledge("f"));
  EXPECT_EQ(value_of(model_of(content), "d"), "[3, 2, 1]");
  EXPECT_EQ(value_of(model_of(content), "e"), "-1");
}

std::string service() {
  return input("rate", "number") + literal("base", "100") +
         literal("total", "base * rate", needs_decision("base") + needs_input("rate"), "number") +
         "<decisionService id='pricing' name='pricing'><variable name='pricing'/><outputDecision href='#total'/>"
         "<inputDecision href='#base'/><inputData href='#rate'/></decisionService>";
}

TEST(Service, TakesInputsInsteadOfItsInputDecisions) {
  const ModelPtr model = model_of(service());
  const Result<Evaluation> made = model->evaluate_decision_service("pricing", json(R"({"base": 5, "rate": 3})"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(feel::to_feel_text(made->value), "15");
  EXPECT_EQ(made->decisions.size(), 1U) << "base was not evaluated";
  EXPECT_FALSE(model->evaluate_decision_service("nothing", json("{}")).has_value());
}

TEST(Service, IsAFunctionInputDataFirst) {
  const auto call = [](const char* text) {
    return value_of(model_of(service() + literal("d", text, needs_knowledge("pricing"))), "d");
  };
  EXPECT_EQ(call("pricing(2, 7)"), "14");
  EXPECT_EQ(call("pricing(base: 7, rate: 2)"), "14");
  EXPECT_EQ(call("pricing(2)"), "null");
  EXPECT_EQ(call("pricing(\"a\", 7)"), "null");
}

TEST(Service, DoesNotChangeWhatItsCallerSees) {
  const ModelPtr model =
      model_of(service() + literal("d", "[pricing(2, 7), base]", needs_knowledge("pricing") + needs_decision("base")));
  EXPECT_EQ(value_of(model, "d"), "[14, 100]");
}

TEST(Service, WithSeveralOutputsGivesAContext) {
  const ModelPtr model =
      model_of(literal("a", "1") + literal("b", "2") +
               "<decisionService id='s' name='s'><outputDecision href='#a'/><outputDecision href='#b'/>"
               "</decisionService>" +
               literal("d", "s().b", needs_knowledge("s")));
  EXPECT_EQ(feel::to_feel_text(model->evaluate_decision_service("s", json("{}"))->value), "{a: 1, b: 2}");
  EXPECT_EQ(value_of(model, "d"), "2");
}

TEST(Service, ThatCallsItselfEndsWithAReason) {
  const ModelPtr model = model_of(literal("a", "s()", needs_knowledge("s")) +
                                  "<decisionService id='s' name='s'><outputDecision href='#a'/></decisionService>");
  EXPECT_NE(value_of(model, "a").find("functions call each other too deeply"), std::string::npos);
}

}  // namespace
}  // namespace fermata::dmn
