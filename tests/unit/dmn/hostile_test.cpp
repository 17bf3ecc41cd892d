// Models that mean harm, or are only broken: each is refused or ends within its bounds, quickly.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

class Hostile : public testing::Test {
 protected:
  void TearDown() override {
    const auto passed = std::chrono::steady_clock::now() - start_;
    // Ten times what the slowest takes on the machines of a test farm; without bounds these would run for hours.
    EXPECT_LT(passed, std::chrono::seconds(20));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string problems_of(const std::string& content) {
  return text_of(read("m.dmn", model_xml(content)).problems);
}

TEST_F(Hostile, OneBudgetForAllDecisions) {
  std::string content = literal("d0", "count(for i in 1..300000 return i)");
  std::string requirements = needs_decision("d0");
  for (int i = 1; i < 10; ++i) {
    content += literal("d" + std::to_string(i), "count(for i in 1..300000 return i)");
    requirements += needs_decision("d" + std::to_string(i));
  }
  content += literal("d", "1", requirements);
  const ModelPtr model = model_of(content);
  EXPECT_EQ(value_of(model, "d5"), "300000");
  const std::string refused = value_of(model, "d");
  EXPECT_NE(refused.find("needs more than 2000000 steps"), std::string::npos) << refused;
  EXPECT_NE(refused.find("error: m.dmn:"), std::string::npos) << refused;
}

TEST_F(Hostile, LongChainsAreRefused) {
  std::string content = literal("d0", "1");
  for (int i = 1; i < 5'000; ++i)
    content += literal("d" + std::to_string(i), "1", needs_decision("d" + std::to_string(i - 1)));
  EXPECT_NE(problems_of(content).find("DMN-0011"), std::string::npos);
}

TEST_F(Hostile, TypesThatDouble) {
  std::string content = "<itemDefinition name='t0'><typeRef>number</typeRef></itemDefinition>";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "<typeRef>t" + std::to_string(i - 1) + "</typeRef>";
    content += "<itemDefinition name='t" + std::to_string(i) + "'><itemComponent name='a'>" + below +
               "</itemComponent><itemComponent name='b'>" + below + "</itemComponent></itemDefinition>";
  }
  EXPECT_NE(problems_of(content).find("DMN-0011"), std::string::npos);
}

TEST_F(Hostile, TypesInALongRow) {
  std::string content = "<itemDefinition name='t0'><typeRef>number</typeRef></itemDefinition>";
  for (int i = 1; i < 5'000; ++i)
    content += "<itemDefinition name='t" + std::to_string(i) + "'><typeRef>t" + std::to_string(i - 1) +
               "</typeRef></itemDefinition>";
  content += "<itemDefinition name='a'><typeRef>t4999</typeRef></itemDefinition>";
  EXPECT_NE(problems_of(content).find("DMN-0011"), std::string::npos);
}

TEST_F(Hostile, ManyProblemsAreBounded) {
  std::string content;
  for (int i = 0; i < 1'000; ++i) content += literal("d" + std::to_string(i), "1 +");
  const ReadResult made = read("m.dmn", model_xml(content));
  EXPECT_EQ(made.problems.size(), 101U);
  EXPECT_EQ(made.problems.back().rule, "DMN-0010");
}

TEST_F(Hostile, ErrorsAreNotLostBehindWarnings) {
  std::string content;
  for (int i = 0; i < 200; ++i) content += "<decision id='e" + std::to_string(i) + "' name='same'/>";
  EXPECT_TRUE(read("m.dmn", model_xml(content + literal("d", "1 +"))).refused());
}

TEST_F(Hostile, ManyNamesAndManyCells) {
  std::string content = "<itemDefinition name='t'>";
  for (int i = 0; i < 3'000; ++i)
    content += "<itemComponent name='member no " + std::to_string(i) + "'><typeRef>number</typeRef></itemComponent>";
  content +=
      "</itemDefinition><decision id='d' name='d'><decisionTable "
      "hitPolicy='FIRST'><input><inputExpression><text>1</text></inputExpression></input><output/>";
  for (int i = 0; i < 5'000; ++i)
    content += "<rule><inputEntry><text>" + std::to_string(i) +
               "</text></inputEntry><outputEntry><text>\"x\"</text></outputEntry></rule>";
  EXPECT_EQ(value_of(model_of(content + "</decisionTable></decision>"), "d"), "x");
}

TEST_F(Hostile, DeepBoxesWithinTheBoundsOfXml) {
  std::string open;
  std::string close;
  for (int i = 0; i < 40; ++i) {
    open += "<context><contextEntry><variable name='a'/>";
    close += "</contextEntry></context>";
  }
  const ModelPtr model = model_of("<decision id='d' name='d'>" + open +
                                  "<literalExpression><text>1</text></literalExpression>" + close + "</decision>");
  EXPECT_NE(value_of(model, "d").find("{a: {a: {a:"), std::string::npos);
}

TEST_F(Hostile, KnowledgeInACircleEndsAtTheBound) {
  const auto knowledge = [](const char* name, const char* other) {
    return "<businessKnowledgeModel id='" + std::string(name) + "' name='" + name +
           "'><encapsulatedLogic><formalParameter name='n'/><literalExpression><text>" + other +
           "(n)</text></literalExpression></encapsulatedLogic>" + needs_knowledge(other) + "</businessKnowledgeModel>";
  };
  const ModelPtr model =
      model_of(knowledge("a", "b") + knowledge("b", "a") + literal("d", "a(1)", needs_knowledge("a")));
  EXPECT_NE(value_of(model, "d").find("functions call each other too deeply"), std::string::npos);
}

TEST_F(Hostile, ValuesThatDouble) {
  std::string entries =
      "<contextEntry><variable "
      "name='a0'/><literalExpression><text>\"xxxxxxxxxx\"</text></literalExpression></contextEntry>";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "a" + std::to_string(i - 1);
    entries += "<contextEntry><variable name='a" + std::to_string(i) + "'/><list><literalExpression><text>" + below +
               "</text></literalExpression><literalExpression><text>" + below +
               "</text></literalExpression></list></contextEntry>";
  }
  const ModelPtr model = model_of("<decision id='d' name='d'><context>" + entries + "</context></decision>");
  EXPECT_NE(value_of(model, "d").find("error: "), std::string::npos);
}

// A model with everything in it, with bytes changed at random: whatever comes out, it comes out.
TEST_F(Hostile, BrokenBytes) {
  const std::string good = model_xml(
      "<itemDefinition name='t'><itemComponent name='a "
      "b'><typeRef>number</typeRef><allowedValues><text>[0..9]</text></allowedValues>"
      "</itemComponent></itemDefinition>" +
      input("i", "t") + "<decision id='d' name='d'><variable name='d' typeRef='t'/>" + needs_input("i") +
      needs_knowledge("k") +
      "<context><contextEntry><variable name='x'/><decisionTable "
      "hitPolicy='PRIORITY'><input><inputExpression><text>i.a b</text>"
      "</inputExpression></input><output name='o'><outputValues><text>1, "
      "2</text></outputValues></output><rule><inputEntry>"
      "<text>&lt; "
      "5</text></inputEntry><outputEntry><text>k(1)</text></outputEntry></rule></decisionTable></contextEntry>"
      "<contextEntry><for "
      "iteratorVariable='y'><in><literalExpression><text>[1..3]</text></literalExpression></in><return>"
      "<literalExpression><text>y + x</text></literalExpression></return></for></contextEntry></context></decision>"
      "<businessKnowledgeModel id='k' name='k'><encapsulatedLogic><formalParameter "
      "name='n'/><literalExpression><text>n</text>"
      "</literalExpression></encapsulatedLogic></businessKnowledgeModel>");
  ASSERT_FALSE(read("m.dmn", good).refused()) << text_of(read("m.dmn", good).problems);
  std::mt19937 random(20260101);
  int evaluated = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string bytes = good;
    const auto changes = random() % 3 + 1;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random() % 128);
          break;
        case 1:
          bytes.erase(at, random() % 12);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 12));
      }
    }
    ReadOptions options;
    options.tolerate_expression_errors = round % 2 == 0;
    const ReadResult made = read("m.dmn", bytes, options);
    if (made.refused()) {
      EXPECT_FALSE(made.problems.empty()) << bytes;
      continue;
    }
    for (const DecisionInfo& decision : made.model->decisions()) {
      (void)made.model->evaluate_decision(decision.name, json(R"({"i": {"a b": 1}})"));
      ++evaluated;
    }
  }
  EXPECT_GT(evaluated, 100);
}

}  // namespace
}  // namespace fermata::dmn
