// Decision tables: every hit policy, with one hit, several and none.
#include <gtest/gtest.h>

#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

// Rules over the input n: < 10 gives "c", < 20 gives "a", < 30 gives "b"; so 5 hits three, 15 two, 25 one, 35 none.
ModelPtr table(const std::string& policy, const std::string& output = "<output name='o'/>", bool numbers = false) {
  const auto rule = [&](const char* test, const char* text, const char* number) {
    return "<rule id='r" + std::string(number) + "'><inputEntry><text>" + test +
           "</text></inputEntry><outputEntry><text>" + (numbers ? number : "\"" + std::string(text) + "\"") +
           "</text></outputEntry></rule>";
  };
  return model_of(input("n", "number") + "<decision id='d' name='d'>" + needs_input("n") + "<decisionTable id='t' " +
                  policy + "><input><inputExpression><text>n</text></inputExpression></input>" + output +
                  rule("&lt; 10", "c", "3") + rule("&lt; 20", "a", "1") + rule("&lt; 30", "b", "2") +
                  "</decisionTable></decision>");
}

std::string ask(const ModelPtr& model, int n) {
  return value_of(model, "d", "{\"n\": " + std::to_string(n) + "}");
}

const std::string values = "<output name='o'><outputValues><text>\"a\", \"b\", \"c\"</text></outputValues></output>";

TEST(HitPolicy, Unique) {
  EXPECT_EQ(ask(table(""), 25), "b");
  EXPECT_EQ(ask(table("hitPolicy='UNIQUE'"), 25), "b");
  EXPECT_EQ(ask(table("hitPolicy='UNIQUE'"), 15), "null");
  EXPECT_EQ(ask(table("hitPolicy='UNIQUE'"), 35), "null");
  EXPECT_EQ(warnings_of(table("hitPolicy='UNIQUE'"), "d", R"({"n": 15})"),
            "t 3:102 the rules 2 and 3 both match, but the hit policy is UNIQUE\n");
}

TEST(HitPolicy, Any) {
  EXPECT_EQ(ask(table("hitPolicy='ANY'"), 25), "b");
  EXPECT_EQ(ask(table("hitPolicy='ANY'"), 15), "null") << "different outputs";
}

TEST(HitPolicy, First) {
  EXPECT_EQ(ask(table("hitPolicy='FIRST'"), 5), "c");
  EXPECT_EQ(ask(table("hitPolicy='FIRST'"), 35), "null");
}

TEST(HitPolicy, Priority) {
  EXPECT_EQ(ask(table("hitPolicy='PRIORITY'", values), 5), "a");
  EXPECT_EQ(ask(table("hitPolicy='PRIORITY'", values), 25), "b");
  EXPECT_EQ(ask(table("hitPolicy='PRIORITY'", values), 35), "null");
}

TEST(HitPolicy, OutputOrderAndRuleOrder) {
  EXPECT_EQ(ask(table("hitPolicy='OUTPUT ORDER'", values), 5), R"(["a", "b", "c"])");
  EXPECT_EQ(ask(table("hitPolicy='RULE ORDER'", values), 5), R"(["c", "a", "b"])");
}

TEST(HitPolicy, Collect) {
  EXPECT_EQ(ask(table("hitPolicy='COLLECT'"), 5), R"(["c", "a", "b"])");
  EXPECT_EQ(ask(table("hitPolicy='COLLECT'"), 35), "[]");
  const auto aggregated = [](const char* how, int n) {
    return ask(table("hitPolicy='COLLECT' aggregation='" + std::string(how) + "'", "<output name='o'/>", true), n);
  };
  EXPECT_EQ(aggregated("SUM", 5), "6");
  EXPECT_EQ(aggregated("MIN", 5), "1");
  EXPECT_EQ(aggregated("MAX", 5), "3");
  EXPECT_EQ(aggregated("COUNT", 5), "3");
  EXPECT_EQ(aggregated("COUNT", 35), "0");
  EXPECT_EQ(aggregated("SUM", 35), "null");
}

TEST(HitPolicy, DefaultOutput) {
  const std::string output = "<output name='o'><defaultOutputEntry><text>\"none\"</text></defaultOutputEntry></output>";
  for (const char* policy : {"UNIQUE", "FIRST", "ANY", "COLLECT"})
    EXPECT_EQ(ask(table("hitPolicy='" + std::string(policy) + "'", output), 35), "none") << policy;
}

std::string rules_of_two_outputs() {
  const auto rule = [](const char* first, const char* second) {
    return "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>\"" + std::string(first) +
           "\"</text></outputEntry><outputEntry><text>" + second + "</text></outputEntry></rule>";
  };
  return rule("low", "1") + rule("high", "2") + rule("high", "1");
}

TEST(HitPolicy, PrioritiesComeFromTheTypeAsWell) {
  const ModelPtr model = model_of(
      "<itemDefinition name='tLevel'><typeRef>string</typeRef><allowedValues><text>\"high\", "
      "\"low\"</text></allowedValues>"
      "</itemDefinition><decision id='d' name='d'><decisionTable "
      "hitPolicy='PRIORITY'><input><inputExpression><text>1</text>"
      "</inputExpression></input><output name='level' typeRef='tLevel'/><output name='n'/>" +
      rules_of_two_outputs() + "</decisionTable></decision>");
  EXPECT_EQ(value_of(model, "d"), R"({level: "high", n: 2})") << "equally important rules stay in the table's order";
}

TEST(HitPolicy, SeveralOutputsGoByOneAfterTheOther) {
  const ModelPtr model = model_of(
      "<decision id='d' name='d'><decisionTable hitPolicy='OUTPUT ORDER'><input><inputExpression><text>1</text>"
      "</inputExpression></input><output "
      "name='level'><outputValues><text>\"high\",\"low\"</text></outputValues></output>"
      "<output name='n'><outputValues><text>1, 2</text></outputValues></output>" +
      rules_of_two_outputs() + "</decisionTable></decision>");
  EXPECT_EQ(value_of(model, "d"), R"([{level: "high", n: 1}, {level: "high", n: 2}, {level: "low", n: 1}])");
}

TEST(DecisionTable, RefusesInputsThatAreNotAmongTheInputValues) {
  const ModelPtr model = model_of(
      input("s", "string") + "<decision id='d' name='d'>" + needs_input("s") +
      "<decisionTable><input id='in' label='state'><inputExpression><text>s</text></inputExpression><inputValues>"
      "<text>\"open\", \"shut\"</text></inputValues></input><output "
      "name='o'/><rule><inputEntry><text>-</text></inputEntry>"
      "<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>");
  EXPECT_EQ(value_of(model, "d", R"({"s": "open"})"), "1");
  EXPECT_EQ(value_of(model, "d", R"({"s": "ajar"})"), "null");
  EXPECT_EQ(warnings_of(model, "d", R"({"s": "ajar"})"),
            "in 3:117 the input state is none of its input values, so that no rule is asked\n");
}

TEST(DecisionTable, EntriesSeeTheirInputAndTheNamesOfTheDecision) {
  const ModelPtr model =
      model_of(input("limit", "number") + input("n", "number") + "<decision id='d' name='d'>" + needs_input("limit") +
               needs_input("n") +
               "<decisionTable><input><inputExpression><text>n</text></inputExpression></input><output name='o'/>"
               "<rule><inputEntry><text>&gt; limit, ? = 0</text></inputEntry><outputEntry><text>n - "
               "limit</text></outputEntry></rule>"
               "</decisionTable></decision>");
  EXPECT_EQ(value_of(model, "d", R"({"n": 7, "limit": 5})"), "2");
  EXPECT_EQ(value_of(model, "d", R"({"n": 0, "limit": 5})"), "-5");
  EXPECT_EQ(value_of(model, "d", R"({"n": 4, "limit": 5})"), "null");
}

}  // namespace
}  // namespace fermata::dmn
