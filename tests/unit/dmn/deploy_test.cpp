// The engine's view of decision models: files of a deployment together, and what an evaluation tells the history.
#include "processes/dmn/deploy.h"

#include <gtest/gtest.h>

#include "engine/base/json.h"
#include "tests/unit/dmn/models.h"

namespace fermata::dmn {
namespace {

DeployedFile only(std::string_view content) {
  const std::string xml = model_xml(content);
  const Resource file{"m.dmn", xml};
  std::vector<DeployedFile> made = compile_together({&file, 1});
  return std::move(made.at(0));
}

TEST(Deploy, ADecisionWithoutAnIdIsCalledByItsName) {
  const DeployedFile file = only("<decision name='Total'><literalExpression><text>a + 1</text></literalExpression></decision>");
  ASSERT_NE(file.model, nullptr) << text_of(file.problems);
  ASSERT_EQ(file.decisions.size(), 1U);
  EXPECT_EQ(file.decisions[0].id, "Total");
  EXPECT_FALSE(file.id.empty());
  const auto made = file.model->evaluate("Total", json(R"({"a": 1})"), Timestamp{});
  ASSERT_TRUE(made);
  EXPECT_EQ(to_json(made->value), "2");
  EXPECT_EQ(made->decisions.at(0).decision_id, "Total");
  EXPECT_EQ(made->outputs, std::vector<std::string>{"Total"});
}

TEST(Deploy, KnowsWhatAResultConsistsOf) {
  const auto table = [](std::string_view policy, std::string_view outputs) {
    return "<decision id='d' name='D'><decisionTable " + std::string(policy) + "><input><inputExpression><text>a</text></inputExpression></input>" +
           std::string(outputs) + "</decisionTable></decision>";
  };
  const DeployedFile several = only(table("hitPolicy='RULE ORDER'", "<output name='x'/><output label='y'/>"));
  ASSERT_NE(several.model, nullptr) << text_of(several.problems);
  EXPECT_EQ(several.decisions[0].outputs, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(several.decisions[0].gives_list);
  EXPECT_FALSE(only(table("hitPolicy='COLLECT' aggregation='SUM'", "<output/>")).decisions[0].gives_list);
  EXPECT_TRUE(only(table("hitPolicy='COLLECT'", "<output/>")).decisions[0].gives_list);
  EXPECT_EQ(only(table("", "<output/>")).decisions[0].outputs, std::vector<std::string>{"D"});
}

TEST(Deploy, ReadsTheVersionTagsOfBothDialects) {
  const std::string spaces = "xmlns:camunda='http://camunda.org/schema/1.0/dmn' xmlns:zeebe='http://camunda.org/schema/zeebe/1.0'";
  const std::string xml = model_xml("<decision id='a' name='a' camunda:versionTag='one'/><decision id='b' name='b'><extensionElements><zeebe:versionTag "
                                    "value='two'/></extensionElements></decision>",
                                    spaces);
  const Resource file{"m.dmn", xml};
  const std::vector<DeployedFile> made = compile_together({&file, 1});
  ASSERT_EQ(made.at(0).decisions.size(), 2U) << text_of(made.at(0).problems);
  EXPECT_EQ(made[0].decisions[0].version_tag, "one");
  EXPECT_EQ(made[0].decisions[1].version_tag, "two");
}

// Decisions that hand a large value on show it again and again; what they say of themselves has a bound, what they decide has not.
TEST(Deploy, KeepsNoMoreForTheHistoryThanItsBound) {
  std::string all;
  std::string required;
  std::string sum = "0";
  for (int i = 0; i < 20; ++i) {
    const std::string name = "d" + std::to_string(i);
    all += "<decision id='" + name + "' name='" + name + "'><informationRequirement><requiredInput href='#order'/></informationRequirement>"
           "<literalExpression><text>string length(order)</text></literalExpression></decision>";
    required += "<informationRequirement><requiredDecision href='#" + name + "'/></informationRequirement>";
    sum += " + " + name;
  }
  const std::string xml = model_xml("<inputData id='order' name='order'/>" + all + "<decision id='total' name='total'>" + required + "<literalExpression><text>" +
                                    sum + "</text></literalExpression></decision>");
  const Resource file{"m.dmn", xml};
  ReadOptions options;
  const auto evaluate = [&](std::size_t bytes_max) {
    options.limits.history_bytes_max = bytes_max;
    const std::vector<DeployedFile> made = compile_together({&file, 1}, options);
    return *made.at(0).model->evaluate("total", Value::context({{"order", Value::string(std::string(1'000, 'x'))}}), Timestamp{});
  };
  const auto bytes_of = [](const DecisionResult& result) {
    std::size_t bytes = 0;
    for (const DecisionReport& report : result.decisions) bytes += to_json(report.inputs).size() + to_json(report.rules).size() + to_json(report.result).size();
    return bytes;
  };
  const DecisionResult whole = evaluate(1u << 20);
  EXPECT_EQ(to_json(whole.value), "20000");
  EXPECT_GT(bytes_of(whole), 20'000U);
  EXPECT_TRUE(whole.warnings.empty());
  const DecisionResult bounded = evaluate(5'000);
  EXPECT_EQ(to_json(bounded.value), "20000");
  EXPECT_LT(bytes_of(bounded), 10'000U);
  ASSERT_EQ(bounded.decisions.size(), 21U);
  EXPECT_EQ(to_json(bounded.decisions.back().result), "20000") << "what was asked for goes first";
  EXPECT_EQ(bounded.decisions.back().inputs.as_list().size(), 20U);
  std::string inputs;
  for (const DecisionReport& report : bounded.decisions) inputs += to_json(report.inputs);
  EXPECT_NE(inputs.find("not kept"), std::string::npos) << inputs;
  ASSERT_EQ(bounded.warnings.size(), 1U);
  EXPECT_NE(bounded.warnings[0].find("at most 5000 bytes"), std::string::npos);
}

TEST(Deploy, TellsWhichFileOfSeveralIsRefused) {
  const std::string good = model_xml("<decision id='a' name='a'/>");
  const std::string bad = "<nothing/>";
  const Resource files[] = {{"good.dmn", good}, {"bad.dmn", bad}};
  const std::vector<DeployedFile> made = compile_together(files);
  EXPECT_NE(made.at(0).model, nullptr);
  EXPECT_EQ(made.at(1).model, nullptr);
  EXPECT_FALSE(made.at(1).problems.empty());
}

TEST(Deploy, GivesWarningsWithTheirPlaces) {
  const DeployedFile file = only("<decision id='d' name='d'><literalExpression><text>a &gt; 1</text></literalExpression></decision>");
  ASSERT_NE(file.model, nullptr);
  const auto made = file.model->evaluate("d", json(R"({"a": "x"})"), Timestamp{});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->warnings.size(), 1U);
  EXPECT_TRUE(made->warnings[0].starts_with("m.dmn:2:")) << made->warnings[0];
}

}  // namespace
}  // namespace fermata::dmn
