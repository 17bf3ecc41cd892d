// What an evaluation tells beside its value.
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

std::string table() {
  return input("n", "number") + "<decision id='size' name='Size'>" + needs_input("n") +
         "<decisionTable id='t' hitPolicy='COLLECT'><input id='i1' label='how many'><inputExpression><text>n</text>"
         "</inputExpression></input><output id='o1' name='size'/>"
         "<rule id='r1'><inputEntry><text>&lt; "
         "10</text></inputEntry><outputEntry><text>\"S\"</text></outputEntry></rule>"
         "<rule id='r2'><inputEntry><text>&lt; "
         "20</text></inputEntry><outputEntry><text>\"M\"</text></outputEntry></rule>"
         "<rule id='r3'><inputEntry><text>&lt; "
         "30</text></inputEntry><outputEntry><text>\"L\"</text></outputEntry></rule>"
         "</decisionTable></decision>\n";
}

TEST(History, NamesTheRulesThatMatchedWithTheirOutputs) {
  const ModelPtr model = model_of(table() + literal("d", "Size[1]", needs_decision("size")));
  const Result<Evaluation> made = model->evaluate_decision("d", json(R"({"n": 15})"));
  ASSERT_TRUE(made.has_value());
  ASSERT_EQ(made->decisions.size(), 2U);
  const DecisionEvaluation& size = made->decisions[0];
  EXPECT_EQ(size.id, "size");
  EXPECT_EQ(size.logic, Logic::decision_table);
  EXPECT_EQ(size.model_namespace, "urn:m");
  ASSERT_EQ(size.inputs.size(), 1U);
  EXPECT_EQ(size.inputs[0].name, "n");
  EXPECT_EQ(feel::to_feel_text(size.inputs[0].value), "15");
  ASSERT_EQ(size.tables.size(), 1U);
  const TableEvaluation& table = size.tables[0];
  EXPECT_EQ(table.table_id, "t");
  EXPECT_EQ(table.owner_id, "size");
  EXPECT_EQ(table.hit_policy, "COLLECT");
  ASSERT_EQ(table.inputs.size(), 1U);
  EXPECT_EQ(table.inputs[0].id, "i1");
  EXPECT_EQ(table.inputs[0].name, "how many");
  ASSERT_EQ(table.matched.size(), 2U);
  EXPECT_EQ(table.matched[0].rule_id, "r2");
  EXPECT_EQ(table.matched[0].index, 2U);
  EXPECT_EQ(table.matched[1].rule_id, "r3");
  ASSERT_EQ(table.matched[1].outputs.size(), 1U);
  EXPECT_EQ(table.matched[1].outputs[0].id, "o1");
  EXPECT_EQ(feel::to_feel_text(table.matched[1].outputs[0].value), "L");
  EXPECT_EQ(made->decisions[1].id, "d");
  EXPECT_EQ(made->decisions[1].inputs[0].id, "size");
  EXPECT_EQ(feel::to_feel_text(made->value), "M");
}

TEST(History, TablesOfKnowledgeModelsBelongToTheDecisionThatAsks) {
  const ModelPtr model = model_of(
      "<businessKnowledgeModel id='k' name='k'><encapsulatedLogic><formalParameter name='n'/><decisionTable id='kt'>"
      "<input><inputExpression><text>n</text></inputExpression></input><output/>"
      "<rule "
      "id='kr'><inputEntry><text>-</text></inputEntry><outputEntry><text>n</text></outputEntry></rule></decisionTable>"
      "</encapsulatedLogic></businessKnowledgeModel>" +
      literal("d", "for i in 1..3 return k(i)", needs_knowledge("k")));
  const Result<Evaluation> made = model->evaluate_decision("d", json("{}"));
  ASSERT_TRUE(made.has_value());
  ASSERT_EQ(made->decisions.size(), 1U);
  ASSERT_EQ(made->decisions[0].tables.size(), 3U);
  EXPECT_EQ(made->decisions[0].tables[2].owner_id, "k");
  EXPECT_EQ(feel::to_feel_text(made->decisions[0].tables[2].value), "3");
}

// A table over {"n": ...}: rule after rule is a test and an output.
std::string small_table(const std::string& policy, std::initializer_list<std::pair<const char*, const char*>> rules, const std::string& requirements = "",
                        const std::string& input = "n", const std::string& fallback = "") {
  std::string xml = fermata::dmn::input("n", "number") + "<decision id='d' name='d'>" + needs_input("n") + requirements + "<decisionTable hitPolicy='" + policy +
                    "'><input><inputExpression><text>" + input + "</text></inputExpression></input><output name='o'>" + fallback + "</output>";
  for (const auto& [test, output] : rules) {
    xml += "<rule><inputEntry><text>" + std::string(test) + "</text></inputEntry><outputEntry><text>" + output + "</text></outputEntry></rule>";
  }
  return xml + "</decisionTable></decision>";
}

bool has_result(const std::string& content, const char* inputs) {
  const Result<Evaluation> made = model_of(content)->evaluate_decision("d", json(inputs));
  EXPECT_TRUE(made.has_value());
  return made && made->has_result;
}

TEST(History, TellsAResultThatIsNullFromNone) {
  const auto unique = small_table("UNIQUE", {{"1", "null"}, {"[2..4]", "\"a\""}, {"[4..5]", "null"}});
  EXPECT_TRUE(has_result(unique, R"({"n": 1})"));
  EXPECT_TRUE(has_result(unique, R"({"n": 2})"));
  EXPECT_FALSE(has_result(unique, R"({"n": 9})")) << "no rule matches";
  EXPECT_FALSE(has_result(unique, R"({"n": 4})")) << "two match, but only one may";
  const auto first = small_table("FIRST", {{"1", "null"}, {"-", "null"}});
  EXPECT_TRUE(has_result(first, R"({"n": 1})"));
  const auto any = small_table("ANY", {{"-", "null"}, {"1", "null"}, {"2", "\"a\""}});
  EXPECT_TRUE(has_result(any, R"({"n": 1})"));
  EXPECT_FALSE(has_result(any, R"({"n": 2})")) << "the rules disagree";
  const char* fallback = "<defaultOutputEntry><text>null</text></defaultOutputEntry>";
  EXPECT_TRUE(has_result(small_table("UNIQUE", {{"1", "2"}}, "", "n", fallback), R"({"n": 9})"));
  EXPECT_TRUE(has_result(literal("d", "null"), "{}"));
  EXPECT_FALSE(has_result("<decision id='d' name='d'/>", "{}")) << "it has no logic";
}

TEST(History, ATableOfAKnowledgeModelIsNotTheResultOfTheDecision) {
  const std::string knowledge =
      "<businessKnowledgeModel id='k' name='k'><encapsulatedLogic><formalParameter name='x'/><decisionTable>"
      "<input><inputExpression><text>x</text></inputExpression></input><output/>"
      "<rule><inputEntry><text>&gt; 0</text></inputEntry><outputEntry><text>x</text></outputEntry></rule></decisionTable>"
      "</encapsulatedLogic></businessKnowledgeModel>";
  const auto asks = [&](const char* test) { return knowledge + small_table("UNIQUE", {{test, "null"}}, needs_knowledge("k"), "k(n)"); };
  EXPECT_FALSE(has_result(asks("9"), R"({"n": 1})")) << "a rule of k matched, none of d";
  EXPECT_TRUE(has_result(asks("null"), R"({"n": 0})")) << "none of k matched, a rule of d did";
}

TEST(History, ADecisionWithoutATableHasAResultWhateverTheTablesItRestsOnHave) {
  const std::string table = small_table("UNIQUE", {{"1", "null"}});
  const auto asks = [&](const std::string& logic) { return table + "<decision id='e' name='e'>" + needs_decision("d") + logic + "</decision>"; };
  for (const char* logic : {"<literalExpression><text>d</text></literalExpression>",
                            "<context><contextEntry><variable name='x'/><literalExpression><text>d</text></literalExpression></contextEntry></context>"}) {
    const Result<Evaluation> made = model_of(asks(logic))->evaluate_decision("e", json(R"({"n": 9})"));
    ASSERT_TRUE(made.has_value());
    EXPECT_TRUE(made->has_result) << logic;
  }
  const ModelPtr service = model_of(asks("<literalExpression><text>d</text></literalExpression>") +
                                    "<decisionService id='s' name='s'><outputDecision href='#e'/><encapsulatedDecision href='#d'/><inputData href='#n'/></decisionService>");
  EXPECT_TRUE(service->evaluate_decision_service("s", json(R"({"n": 9})"))->has_result);
}

TEST(History, ThatThereIsNoResultIsKnownBeyondTheBoundOfTheRecord) {
  ReadOptions options;
  options.limits.traces_max = 0;
  const ModelPtr model = model_of(small_table("UNIQUE", {{"1", "null"}}), options);
  EXPECT_TRUE(model->evaluate_decision("d", json(R"({"n": 1})"))->has_result);
  EXPECT_FALSE(model->evaluate_decision("d", json(R"({"n": 2})"))->has_result);
}

TEST(History, IsBounded) {
  ReadOptions options;
  options.limits.traces_max = 10;
  options.limits.warnings_max = 5;
  const ModelPtr model =
      model_of(table() + literal("d", "for i in 1..100 return 1 + null", needs_decision("size")), options);
  const Result<Evaluation> made = model->evaluate_decision("d", json("{}"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->warnings.size(), 5U);
}

TEST(History, WarningsPointIntoTheFile) {
  const ModelPtr model = model_of(
      "<decision id='d' name='d'>\n <literalExpression id='l'>\n  <text>\n   1 +\n     x</text>\n"
      " </literalExpression></decision>");
  EXPECT_EQ(warnings_of(model, "d"), "l 6:6 there is no variable x\nl 5:6 number + null is not defined\n");
}

TEST(History, WarningsOfClosuresPointToWhereTheyAreWritten) {
  const ModelPtr model = model_of(literal("f", "function(a) a + \"x\"") + literal("d", "f(1)", needs_decision("f")));
  EXPECT_EQ(warnings_of(model, "d"), "f 2:86 number + string is not defined\n");
}

}  // namespace
}  // namespace fermata::dmn
