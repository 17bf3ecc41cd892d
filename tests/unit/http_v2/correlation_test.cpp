// Who a message or a signal reaches when many wait: all of them or a clear refusal, never the first thousand.
#include <gtest/gtest.h>

#include "harness.h"

namespace fermata::http {
namespace {

std::string model(const std::string& processes) {
  return R"(<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <message id="paid" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>
  <signal id="stop" name="stop"/>)" + processes + "</definitions>";
}

const std::string waits = model(R"(<process id="waits" isExecutable="true">
    <startEvent id="s"/><intermediateCatchEvent id="c"><messageEventDefinition messageRef="paid"/></intermediateCatchEvent>
    <endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="c"/><sequenceFlow id="g" sourceRef="c" targetRef="e"/></process>)");

std::string start(Harness& harness, const std::string& order) {
  const Answer started = harness.send("POST", "/engine-rest/process-definition/key/waits/start",
                                      R"({"businessKey":")" + order + R"(","variables":{"order":{"value":")" + order + R"(","type":"String"}}})");
  EXPECT_EQ(started.status, 200) << started.text;
  return started.at("id");
}

TEST(Correlation, FindsTheInstanceByItsBusinessKeyAmongThousands) {
  Harness harness;
  ASSERT_EQ(harness.deploy("waits.bpmn", waits).status, 200);
  std::string last;
  for (int i = 0; i < 1'100; ++i) last = start(harness, "order-" + std::to_string(i));
  const Answer vague = harness.send("POST", "/engine-rest/message", R"({"messageName":"paid"})");
  EXPECT_EQ(vague.status, 400) << vague.text;
  EXPECT_NE(vague.text.find("more than 1000 subscriptions wait for message 'paid'"), std::string::npos) << vague.text;
  const Answer all = harness.send("POST", "/engine-rest/message", R"({"messageName":"paid","all":true})");
  EXPECT_EQ(all.status, 400) << "all of them are more than it can reach: " << all.text;

  const Answer found = harness.send("POST", "/engine-rest/message", R"({"messageName":"paid","businessKey":"order-1099","resultEnabled":true})");
  EXPECT_EQ(found.status, 200) << found.text;
  EXPECT_EQ(found.at("0.execution.processInstanceId"), last) << found.text;
  const std::string other = start(harness, "order-2000");
  EXPECT_EQ(harness.send("POST", "/engine-rest/message", R"({"messageName":"paid","processInstanceId":")" + other + "\"}").status, 204);
  const Answer again = harness.send("POST", "/engine-rest/message", R"({"messageName":"paid","businessKey":"order-1099"})");
  EXPECT_EQ(again.status, 400) << "it has gone on: " << again.text;
}

TEST(Correlation, OnlyAReaderIsShownTheVariables) {
  Harness harness;
  ASSERT_EQ(harness.deploy("waits.bpmn", waits).status, 200);
  const std::string instance = start(harness, "A");
  const std::string with_variables = R"({"messageName":"paid","businessKey":"A","resultEnabled":true,"variablesInResultEnabled":true})";
  harness.roles = RoleSet{Role::starter};
  const Answer refused = harness.send("POST", "/engine-rest/message", with_variables);
  EXPECT_EQ(refused.status, 403) << refused.text;
  EXPECT_EQ(refused.at("type"), "AuthorizationException");
  EXPECT_NE(refused.at("message").find("role reader"), std::string::npos) << refused.text;
  harness.roles = RoleSet{Role::operator_};
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/" + instance).at("state"), "ACTIVE") << "the message is not spent";
  const Answer shown = harness.send("POST", "/engine-rest/message", with_variables);
  EXPECT_EQ(shown.status, 200) << shown.text;
  EXPECT_EQ(shown.at("0.variables.order.value"), "A") << shown.text;
  start(harness, "B");
  harness.roles = RoleSet{Role::starter};
  const Answer without = harness.send("POST", "/engine-rest/message", R"({"messageName":"paid","businessKey":"B","resultEnabled":true})");
  EXPECT_EQ(without.status, 200) << without.text;
  EXPECT_EQ(without.at("0.variables"), "(absent)") << without.text;
}

TEST(Correlation, AnEarlyMessageIsFoundBehindManyThatHaveReachedTheProcess) {
  Harness harness;
  ASSERT_EQ(harness.deploy("waits.bpmn", waits).status, 200);
  const auto publish = [&] {
    return harness.send("POST", "/v2/messages/publication", R"({"name":"paid","correlationKey":"A","timeToLive":3600000})").status;
  };
  for (int i = 0; i < 120; ++i) {
    start(harness, "A");
    ASSERT_EQ(publish(), 200);
  }
  ASSERT_EQ(publish(), 200);  // nobody waits
  const std::string instance = start(harness, "A");
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/" + instance).at("state"), "COMPLETED");
}

TEST(Correlation, ASignalReachesAllOrNone) {
  Harness harness;
  // Two instances of 7,000 catchers each would do, a third is too much.
  ASSERT_EQ(harness.deploy("many.bpmn", model(R"(<process id="many" isExecutable="true"><startEvent id="s"/>
      <subProcess id="each"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=for i in 1..7000 return i"/></extensionElements></multiInstanceLoopCharacteristics>
        <startEvent id="s2"/><intermediateCatchEvent id="c"><signalEventDefinition signalRef="stop"/></intermediateCatchEvent><endEvent id="e2"/><sequenceFlow id="f2" sourceRef="s2" targetRef="c"/><sequenceFlow id="g2" sourceRef="c" targetRef="e2"/></subProcess>
      <sequenceFlow id="f" sourceRef="s" targetRef="each"/></process>
    <process id="stops" isExecutable="true"><startEvent id="s3"/><endEvent id="tell"><signalEventDefinition signalRef="stop"/></endEvent><sequenceFlow id="f3" sourceRef="s3" targetRef="tell"/></process>)")).status, 200);
  std::vector<std::string> instances;
  for (int i = 0; i < 3; ++i) {
    const Answer started = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"many"})");
    ASSERT_EQ(started.status, 200) << started.text;
    instances.push_back(started.at("processInstanceKey"));
  }
  const Answer refused = harness.send("POST", "/v2/signals/broadcast", R"({"signalName":"stop"})");
  EXPECT_EQ(refused.status, 413) << refused.text;
  EXPECT_NE(refused.text.find("more than 20000 subscriptions wait for signal 'stop'"), std::string::npos) << refused.text;
  const Answer thrower = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"stops"})");
  const Answer incident = harness.send("POST", "/v2/incidents/search", R"({"filter":{"processInstanceKey":")" + thrower.at("processInstanceKey") + "\"}}");
  EXPECT_NE(incident.at("items.0.errorMessage").find("more than 20000 subscriptions"), std::string::npos) << incident.text;

  for (const std::string& instance : instances) EXPECT_EQ(harness.send("POST", "/v2/process-instances/" + instance + "/cancellation", "{}").status, 204);
  EXPECT_EQ(harness.send("POST", "/v2/incidents/" + incident.at("items.0.incidentKey") + "/resolution", "{}").status, 204);
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/" + thrower.at("processInstanceKey")).at("state"), "COMPLETED");
}

}  // namespace
}  // namespace fermata::http
