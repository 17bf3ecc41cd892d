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
