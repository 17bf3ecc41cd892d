// Decisions over both APIs and a real engine: deployed, asked, found again in the history.
#include <gtest/gtest.h>

#include "harness.h"

namespace fermata::http {
namespace {

constexpr const char* pricing = R"(<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="pricing" name="Pricing" namespace="n">
  <decision id="segment" name="Segment"><variable name="Segment"/>
    <literalExpression><text>if total &gt; 100 then "large" else "small"</text></literalExpression></decision>
  <decision id="discount" name="Discount"><variable name="Discount"/>
    <informationRequirement><requiredDecision href="#segment"/></informationRequirement>
    <decisionTable id="t" hitPolicy="COLLECT">
      <input id="i1" label="Segment"><inputExpression><text>Segment</text></inputExpression></input>
      <output id="o1" name="percent"/>
      <rule id="r1"><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>"large"</text></inputEntry><outputEntry><text>7</text></outputEntry></rule>
    </decisionTable></decision>
</definitions>)";

constexpr const char* asking = R"(<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="asking" isExecutable="true">
    <startEvent id="s"/>
    <businessRuleTask id="ask"><extensionElements><zeebe:calledDecision decisionId="discount" resultVariable="d"/></extensionElements></businessRuleTask>
    <userTask id="u"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="ask"/><sequenceFlow id="g" sourceRef="ask" targetRef="u"/>
  </process>
</definitions>)";

class Decisions : public ::testing::Test {
 protected:
  void SetUp() override {
    const Answer answer = deploy();
    ASSERT_EQ(answer.status, 200) << answer.text;
    key = answer.at("deployments.3.decisionDefinition.decisionDefinitionKey");
    ASSERT_EQ(answer.at("deployments.3.decisionDefinition.decisionDefinitionId"), "discount") << answer.text;
  }
  Answer deploy(const std::string& decisions = pricing) {
    return harness.send("POST", "/v2/deployments", "", {}, {Part{"resources", "asking.bpmn", "text/xml", asking}, Part{"resources", "pricing.dmn", "text/xml", decisions}});
  }
  Answer evaluate(const std::string& body) { return harness.send("POST", "/v2/decision-definitions/evaluation", body); }
  Answer search(const std::string& what, const std::string& filter) { return harness.send("POST", "/v2/decision-" + what + "/search", "{\"filter\":" + filter + "}"); }

  Harness harness;
  std::string key;
};

TEST_F(Decisions, AreDeployedBesideProcessesAndVersionedWithThem) {
  const Answer again = deploy();
  EXPECT_EQ(again.at("deployments.3.decisionDefinition.version"), "1") << "nothing has changed";
  EXPECT_EQ(again.at("deployments.3.decisionDefinition.decisionDefinitionKey"), key);
  EXPECT_EQ(again.at("deployments.2.decisionRequirements.decisionRequirementsId"), "pricing") << again.text;
  std::string changed = pricing;
  changed.replace(changed.find(">7<"), 3, ">8<");
  const Answer next = deploy(changed);
  EXPECT_EQ(next.at("deployments.3.decisionDefinition.version"), "2");
  EXPECT_EQ(next.at("deployments.2.decisionRequirements.version"), "2");
  EXPECT_EQ(next.at("deployments.0.processDefinition.processDefinitionVersion"), "2") << "what is deployed together gets its versions together";

  EXPECT_EQ(search("definitions", R"({"decisionDefinitionId":"discount"})").at("page.totalItems"), "2");
  const Answer latest = search("definitions", R"({"decisionDefinitionId":"discount","isLatestVersion":true})");
  EXPECT_EQ(latest.at("items.0.version"), "2");
  EXPECT_EQ(latest.at("items.0.decisionRequirementsName"), "Pricing");
  const Answer first = harness.send("GET", "/v2/decision-definitions/" + key);
  EXPECT_EQ(first.at("name"), "Discount");
  EXPECT_EQ(first.at("version"), "1");
  EXPECT_EQ(harness.send("GET", "/v2/decision-definitions/" + key + "/xml").text, pricing);
  EXPECT_EQ(harness.send("GET", "/v2/decision-definitions/17").status, 404);
  EXPECT_EQ(harness.send("GET", "/v2/decision-definitions/17/xml").status, 404);
  EXPECT_EQ(harness.send("GET", "/v2/decision-definitions/x").status, 400);
}

TEST_F(Decisions, AWrongFileIsRefusedWithElementLineAndReasonAndNothingIsDeployed) {
  std::string wrong = pricing;
  wrong.replace(wrong.find("total &gt; 100"), 14, "total &gt; ");
  const Answer answer = deploy(wrong);
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.text.find("pricing.dmn:4"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("segment"), std::string::npos) << answer.text;
  EXPECT_EQ(search("definitions", "{}").at("page.totalItems"), "2") << "those from before";
  EXPECT_EQ(harness.send("POST", "/v2/process-definitions/search", "{}").at("page.totalItems"), "1");
}

TEST_F(Decisions, OneIdForTwoRequirementsGraphsOfADeploymentIsRefused) {
  std::string other = pricing;
  for (const auto& [from, to] : {std::pair{"\"segment\"", "\"class\""}, {"\"discount\"", "\"rebate\""}, {"#segment", "#class"}}) {
    other.replace(other.find(from), std::string_view(from).size(), to);
  }
  const Answer answer = harness.send("POST", "/v2/deployments", "", {}, {Part{"resources", "pricing.dmn", "text/xml", pricing}, Part{"resources", "other.dmn", "text/xml", other}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.text.find("The decision requirements graph 'pricing' is also in pricing.dmn"), std::string::npos) << answer.text;
  EXPECT_EQ(search("definitions", "{}").at("page.totalItems"), "2") << "those from before";
}

TEST_F(Decisions, AreEvaluatedByKeyOrIdAndRemembered) {
  const Answer answer = evaluate(R"({"decisionDefinitionId":"discount","variables":{"total":500}})");
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.at("output"), "[1,7]");
  EXPECT_EQ(answer.at("decisionDefinitionKey"), key);
  EXPECT_EQ(answer.at("failureMessage"), "null");
  EXPECT_EQ(answer.at("evaluatedDecisions.0.decisionDefinitionId"), "segment");
  EXPECT_EQ(answer.at("evaluatedDecisions.0.decisionDefinitionType"), "LITERAL_EXPRESSION");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.output"), "[1,7]");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.evaluatedInputs.0.inputName"), "Segment");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.evaluatedInputs.0.inputValue"), "\"large\"");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.matchedRules.1.ruleId"), "r2");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.matchedRules.1.ruleIndex"), "2");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.matchedRules.1.evaluatedOutputs.0.outputName"), "percent");
  EXPECT_EQ(answer.at("evaluatedDecisions.1.matchedRules.1.evaluatedOutputs.0.outputValue"), "7");
  EXPECT_EQ(evaluate("{\"decisionDefinitionKey\":\"" + key + "\",\"variables\":{\"total\":5}}").at("output"), "[1]");

  const std::string shown = answer.at("evaluatedDecisions.1.decisionEvaluationInstanceKey");
  const Answer remembered = harness.send("GET", "/v2/decision-instances/" + shown);
  EXPECT_EQ(remembered.at("result"), "[1,7]") << remembered.text;
  EXPECT_EQ(remembered.at("matchedRules.1.ruleId"), "r2");
  EXPECT_EQ(remembered.at("processInstanceKey"), "null");
  EXPECT_EQ(harness.send("GET", "/v2/decision-instances/17-1").status, 404);
  EXPECT_EQ(harness.send("GET", "/v2/decision-instances/" + shown.substr(0, shown.find('-')) + "-9").status, 404);
  EXPECT_EQ(harness.send("GET", "/v2/decision-instances/9223372036854775807-2").status, 400);
  EXPECT_EQ(harness.send("GET", "/v2/decision-instances/nothing").status, 400);
  EXPECT_EQ(search("instances", "{\"decisionEvaluationKey\":\"" + answer.at("decisionEvaluationKey") + "\"}").at("page.totalItems"), "2");
}

TEST_F(Decisions, AWrongQuestionIsRefused) {
  EXPECT_EQ(evaluate("{}").status, 400);
  EXPECT_EQ(evaluate(R"({"decisionDefinitionId":"discount","decisionDefinitionKey":"1"})").status, 400);
  EXPECT_EQ(evaluate(R"({"decisionDefinitionKey":"x"})").status, 400);
  EXPECT_EQ(evaluate(R"({"decisionDefinitionId":"nobody"})").status, 404);
  EXPECT_EQ(evaluate(R"({"decisionDefinitionKey":"17"})").status, 404);
  EXPECT_EQ(evaluate(R"({"decisionDefinitionId":"discount","variables":7})").status, 400);
  EXPECT_EQ(evaluate(R"({"decisionDefinitionId":"discount","variable":{}})").status, 400);
  EXPECT_EQ(search("instances", "{}").at("page.totalItems"), "0") << "what was refused is not in the history";
}

TEST_F(Decisions, ThoseOfAnInstanceAreFoundByIt) {
  const Answer started = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"asking","variables":{"total":500},"businessId":"b-1"})");
  ASSERT_EQ(started.status, 200) << started.text;
  const std::string instance = started.at("processInstanceKey");
  (void)evaluate(R"({"decisionDefinitionId":"discount"})");
  const Answer found = search("instances", "{\"processInstanceKey\":\"" + instance + "\"}");
  EXPECT_EQ(found.at("page.totalItems"), "2") << found.text;
  EXPECT_EQ(found.at("items.1.decisionDefinitionId"), "discount");
  EXPECT_EQ(found.at("items.1.elementId"), "ask");
  EXPECT_EQ(found.at("items.1.processDefinitionId"), "asking");
  EXPECT_EQ(found.at("items.1.businessId"), "b-1");
  EXPECT_EQ(found.at("items.1.matchedRules"), "(absent)") << "only of one";
  EXPECT_EQ(search("instances", R"({"decisionDefinitionId":"discount","decisionDefinitionType":"DECISION_TABLE"})").at("page.totalItems"), "2");
}

TEST_F(Decisions, TellWhySomethingIsNull) {
  const Answer answer = evaluate(R"({"decisionDefinitionId":"segment"})");
  EXPECT_EQ(answer.at("output"), "\"small\"");
  EXPECT_NE(answer.at("warnings.0").find("pricing.dmn:4"), std::string::npos) << answer.text;
}

// ---------------------------------------------------------------- Camunda 7

TEST_F(Decisions, AreEvaluatedAsCamunda7Does) {
  const std::string body = R"({"variables":{"total":{"value":500,"type":"Integer"}}})";
  const Answer answer = harness.send("POST", "/engine-rest/decision-definition/key/discount/evaluate", body);
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.at("1.percent.value"), "7");
  EXPECT_EQ(answer.at("1.percent.type"), "Integer");
  EXPECT_EQ(answer.at("2"), "(absent)");
  const std::string id = harness.send("GET", "/engine-rest/decision-definition/key/discount").at("id");
  EXPECT_EQ(id, "discount:1:" + key);
  EXPECT_EQ(harness.send("POST", "/engine-rest/decision-definition/" + id + "/evaluate", body).text, answer.text);
  EXPECT_EQ(harness.send("POST", "/engine-rest/decision-definition/key/segment/evaluate", body).at("0.Segment.value"), "large");
  const Answer unknown = harness.send("POST", "/engine-rest/decision-definition/key/nobody/evaluate", body);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.at("type"), "RestException");
  EXPECT_EQ(harness.send("POST", "/engine-rest/decision-definition/x/evaluate", body).status, 404);
}

TEST_F(Decisions, AreListedAsCamunda7Does) {
  std::string changed = pricing;
  changed.replace(changed.find(">7<"), 3, ">8<");
  ASSERT_EQ(deploy(changed).status, 200);
  const auto list = [&](const std::string& query) { return harness.send("GET", "/engine-rest/decision-definition" + query); };
  EXPECT_EQ(list("?key=discount&sortBy=version&sortOrder=desc").at("0.version"), "2");
  EXPECT_EQ(list("?key=discount&latestVersion=true").at("1"), "(absent)");
  EXPECT_EQ(list("?keyLike=%25count").at("1.key"), "discount");
  EXPECT_EQ(list("?keyLike=*count").text, "[]") << "only % is a wildcard there";
  EXPECT_EQ(list("?version=1&name=Discount").at("0.decisionRequirementsDefinitionKey"), "pricing");
  EXPECT_EQ(list("?decisionDefinitionId=discount:1:" + key).at("0.id"), "discount:1:" + key);
  EXPECT_EQ(list("?maxResults=0").text, "[]");
  EXPECT_EQ(list("?deploymentId=none").text, "[]");
  EXPECT_EQ(list("?sortBy=colour").status, 400);
  EXPECT_EQ(list("?colour=red").status, 400);
  EXPECT_NE(harness.send("GET", "/engine-rest/decision-definition/key/discount/xml").at("dmnXml").find(">8<"), std::string::npos);
}

TEST_F(Decisions, AreDeployedAsCamunda7Does) {
  const auto send = [&](const std::string& option) {
    return harness.send("POST", "/engine-rest/deployment/create", "", {},
                        {Part{"deployment-name", {}, "", "prices"}, Part{option, {}, "", "true"}, Part{"p.dmn", "pricing.dmn", "text/xml", pricing}});
  };
  const Answer filtered = send("enable-duplicate-filtering");
  EXPECT_NE(filtered.text.find("\"discount:1:" + key), std::string::npos) << filtered.text;
  EXPECT_NE(filtered.text.find("\"pricing:1:"), std::string::npos) << filtered.text;
  EXPECT_NE(send("deploy-changed-only").text.find("\"discount:1:"), std::string::npos);
  EXPECT_NE(harness.send("POST", "/engine-rest/deployment/create", "", {}, {Part{"p.dmn", "pricing.dmn", "text/xml", pricing}}).text.find("\"discount:2:"), std::string::npos);
}

}  // namespace
}  // namespace fermata::http
