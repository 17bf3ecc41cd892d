// What one command may do is bounded: what is beyond it becomes an incident, from which the instance goes on, or is refused as a whole.
#include <gtest/gtest.h>

#include "harness.h"

namespace fermata::http {
namespace {

std::string process(const std::string& id, const std::string& content) {
  return R"(<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id=")" + id + R"(" isExecutable="true">)" + content + "</process></definitions>";
}

// Adds a text of 100 characters to a list, fifty times, and waits for nothing in between.
const std::string growing = process("growing", R"x(
    <startEvent id="s"/>
    <scriptTask id="add"><extensionElements><zeebe:script expression="=append(list, &quot;)x" + std::string(100, 'x') + R"x(&quot;)" resultVariable="list"/></extensionElements></scriptTask>
    <exclusiveGateway id="enough" default="back"/>
    <userTask id="look"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="add"/><sequenceFlow id="f2" sourceRef="add" targetRef="enough"/>
    <sequenceFlow id="back" sourceRef="enough" targetRef="add"/>
    <sequenceFlow id="on" sourceRef="enough" targetRef="look"><conditionExpression xsi:type="tFormalExpression">=count(list) = 50</conditionExpression></sequenceFlow>)x");

// Starts the process with an empty list, resolves incidents of the given text until it waits for somebody, and answers how many there were.
int incidents_until_it_waits(Harness& harness, const std::string& text) {
  const Answer started = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"growing","variables":{"list":[]}})");
  EXPECT_EQ(started.status, 200) << started.text;
  const std::string filter = "{\"filter\":{\"processInstanceKey\":\"" + started.at("processInstanceKey") + "\"";
  for (int incidents = 0; incidents < 100; ++incidents) {
    const Answer found = harness.send("POST", "/v2/incidents/search", filter + ",\"state\":\"ACTIVE\"}}");
    if (found.at("page.totalItems") == "0") {
      EXPECT_EQ(harness.send("POST", "/v2/user-tasks/search", filter + "}}").at("page.totalItems"), "1");
      const Answer list = harness.send("POST", "/v2/variables/search", filter + ",\"name\":\"list\"}}");
      EXPECT_EQ(parse_json(list.at("items.0.value"))->as_list().size(), 50U) << "each text was added once: " << list.text;
      return incidents;
    }
    EXPECT_EQ(found.at("page.totalItems"), "1") << found.text;
    EXPECT_NE(found.at("items.0.errorMessage").find(text), std::string::npos) << found.text;
    EXPECT_EQ(harness.send("POST", "/v2/incidents/" + found.at("items.0.incidentKey") + "/resolution", "{}").status, 204);
  }
  ADD_FAILURE() << "it never comes to its end";
  return 0;
}

TEST(Bounds, VariablesThatOneCommandWrites) {
  DecideOptions decide;
  decide.bytes_max = 20'000;
  Harness harness(decide);
  ASSERT_EQ(harness.deploy("growing.bpmn", growing).status, 200);
  EXPECT_GT(incidents_until_it_waits(harness, "more than 20000 bytes of variables"), 3);
}

TEST(Bounds, StepsOfOneCommand) {
  DecideOptions decide;
  decide.steps_max = 60;
  Harness harness(decide);
  ASSERT_EQ(harness.deploy("growing.bpmn", growing).status, 200);
  EXPECT_GT(incidents_until_it_waits(harness, "more than 60 steps"), 1);
}

TEST(Bounds, TheUsualOnesAreFarAway) {
  Harness harness;
  ASSERT_EQ(harness.deploy("growing.bpmn", growing).status, 200);
  EXPECT_EQ(incidents_until_it_waits(harness, ""), 0);
}

TEST(Bounds, VariablesThatMappingsWrite) {
  DecideOptions decide;
  decide.bytes_max = 5'000;
  Harness harness(decide);
  for (const std::string direction : {"input", "output"}) {
    std::string mappings;
    for (int i = 0; i < 10; ++i) mappings += "<zeebe:" + direction + " source=\"=big\" target=\"copy" + std::to_string(i) + "\"/>";
    ASSERT_EQ(harness.deploy(direction + ".bpmn", process(direction, R"(<startEvent id="s"/><userTask id="look"><extensionElements><zeebe:userTask/><zeebe:ioMapping>)" + mappings +
                                 R"(</zeebe:ioMapping></extensionElements></userTask><sequenceFlow id="f" sourceRef="s" targetRef="look"/>)")).status, 200);
    const Answer started = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":")" + direction + R"(","variables":{"big":")" + std::string(1'000, 'x') + "\"}}");
    ASSERT_EQ(started.status, 200) << started.text;
    const std::string filter = "{\"filter\":{\"processInstanceKey\":\"" + started.at("processInstanceKey") + "\"}}";
    if (direction == "output") {
      const Answer task = harness.send("POST", "/v2/user-tasks/search", filter);
      EXPECT_EQ(harness.send("POST", "/v2/user-tasks/" + task.at("items.0.userTaskKey") + "/completion", "{}").status, 204) << task.text;
    }
    const Answer found = harness.send("POST", "/v2/incidents/search", filter);
    EXPECT_NE(found.at("items.0.errorMessage").find("the " + direction + " mappings make more than 5000 bytes"), std::string::npos) << found.text;
  }
}

TEST(Bounds, AllThatACommandSetsInMotion) {
  DecideOptions decide;
  decide.chain_bytes_max = 10'000;
  Harness harness(decide);
  ASSERT_EQ(harness.deploy("child.bpmn", process("child", R"(<startEvent id="s"/><userTask id="look"/><sequenceFlow id="f" sourceRef="s" targetRef="look"/>)")).status, 200);
  ASSERT_EQ(harness.deploy("parent.bpmn", process("parent", R"(<startEvent id="s"/><callActivity id="call"><extensionElements><zeebe:calledElement processId="child"/></extensionElements>
    <multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=for i in 1..20 return i"/></extensionElements></multiInstanceLoopCharacteristics></callActivity>
    <sequenceFlow id="f" sourceRef="s" targetRef="call"/>)")).status, 200);
  const auto start = [&](std::size_t bytes) {
    return harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"parent","variables":{"big":")" + std::string(bytes, 'x') + "\"}}");
  };
  const Answer refused = start(1'000);
  EXPECT_EQ(refused.status, 413) << refused.text;
  EXPECT_NE(refused.text.find("more than 10000 bytes of variables"), std::string::npos) << refused.text;
  EXPECT_EQ(harness.send("POST", "/v2/process-instances/search", "{}").at("page.totalItems"), "0") << "nothing was changed";
  EXPECT_EQ(start(10).status, 200);
}

TEST(Bounds, VariablesOfOneRequest) {
  Harness harness;
  ASSERT_EQ(harness.deploy("one.bpmn", one_task_model()).status, 200);
  const auto entries = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i > 0 ? ",\"v" : "\"v") + std::to_string(i) + "\":" + std::to_string(i);
    return "{" + text + "}";
  };
  const auto start = [&](const std::string& variables) {
    return harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"one","variables":)" + variables + "}");
  };
  const Answer refused = start(entries(1'001));
  EXPECT_EQ(refused.status, 413) << refused.text;
  EXPECT_NE(refused.text.find("1001 variables in one request; at most 1000"), std::string::npos) << refused.text;
  EXPECT_EQ(harness.send("POST", "/v2/process-instances/search", "{}").at("page.totalItems"), "0");
  EXPECT_EQ(start(entries(1'000)).status, 200);
  EXPECT_EQ(start("{\"one\":" + entries(5'000) + "}").status, 200);
}

TEST(Bounds, ALongErrorIsCutBetweenCharacters) {
  Harness harness;
  ASSERT_EQ(harness.deploy("one.bpmn", one_task_model()).status, 200);
  ASSERT_EQ(harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"one"})").status, 200);
  const Answer jobs = harness.send("POST", "/v2/jobs/activation", R"({"type":"work","worker":"w","timeout":60000,"maxJobsToActivate":1})");
  const std::string ascii(limits::history_error_bytes_max - 1, 'x');
  const Answer failed = harness.send("POST", "/v2/jobs/" + jobs.at("jobs.0.jobKey") + "/failure", R"({"retries":0,"errorMessage":")" + ascii + "\u00e4 and more\"}");
  EXPECT_EQ(failed.status, 204) << failed.text;
  EXPECT_EQ(harness.send("POST", "/v2/incidents/search", "{}").at("items.0.errorMessage"), ascii);
  EXPECT_EQ(harness.send("POST", "/v2/jobs/search", "{}").at("items.0.errorMessage"), ascii);
}

}  // namespace
}  // namespace fermata::http
