// Modification and start instructions as clients send them: what is selected by element id, and what is refused.
#include <gtest/gtest.h>

#include "harness.h"

namespace fermata::http {
namespace {

// A multi-instance subprocess with one task inside, then a multi-instance task, then a task.
constexpr const char* rounds_model = R"(<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="d" targetNamespace="t">
  <process id="rounds" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="each"/>
    <subProcess id="each">
      <multiInstanceLoopCharacteristics>
        <extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/></extensionElements>
      </multiInstanceLoopCharacteristics>
      <startEvent id="in"/>
      <sequenceFlow id="f2" sourceRef="in" targetRef="inside"/>
      <serviceTask id="inside"><extensionElements><zeebe:taskDefinition type="inside"/></extensionElements></serviceTask>
    </subProcess>
    <sequenceFlow id="f3" sourceRef="each" targetRef="vote"/>
    <serviceTask id="vote">
      <extensionElements><zeebe:taskDefinition type="vote"/></extensionElements>
      <multiInstanceLoopCharacteristics>
        <extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/></extensionElements>
      </multiInstanceLoopCharacteristics>
    </serviceTask>
    <sequenceFlow id="f4" sourceRef="vote" targetRef="after"/>
    <serviceTask id="after"><extensionElements><zeebe:taskDefinition type="after"/></extensionElements></serviceTask>
  </process>
</definitions>)";

class Modification : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(harness.deploy("one.bpmn", one_task_model()).status, 200);
    ASSERT_EQ(harness.deploy("rounds.bpmn", rounds_model).status, 200);
  }

  Answer start(const std::string& process, const std::string& more = "") {
    return harness.send("POST", "/v2/process-instances",
                        R"({"processDefinitionId":")" + process + R"(","variables":{"items":[1,2,3]})" + more + "}");
  }
  Answer modify(const std::string& key, const std::string& instructions) {
    return harness.send("POST", "/v2/process-instances/" + key + "/modification", instructions);
  }
  /// Those of one element that live, the oldest first.
  Answer live(const std::string& key, const std::string& element) {
    return harness.send("POST", "/v2/element-instances/search",
                        R"({"sort":[{"field":"elementInstanceKey"}],"filter":{"state":"ACTIVE","processInstanceKey":")" + key +
                            R"(","elementId":")" + element + R"("}})");
  }

  Harness harness;
};

TEST_F(Modification, ByElementIdTakesAllInstancesOrNone) {
  const std::string key = start("one").at("processInstanceKey");
  std::string more;
  for (int i = 0; i < 1'000; ++i) more += std::string(i == 0 ? "" : ",") + R"({"elementId":"work"})";
  ASSERT_EQ(modify(key, R"({"activateInstructions":[)" + more + "]}").status, 204);
  ASSERT_EQ(live(key, "work").at("page.totalItems"), "1001");
  for (const char* instructions :
       {R"({"terminateInstructions":[{"elementId":"work"}]})",
        R"({"moveInstructions":[{"sourceElementInstruction":{"sourceType":"byId","sourceElementId":"work"},"targetElementId":"end"}]})"}) {
    const Answer refused = modify(key, instructions);
    EXPECT_EQ(refused.status, 400) << instructions;
    EXPECT_NE(refused.at("detail").find("1001 instances of the element 'work'"), std::string::npos) << refused.text;
  }
  EXPECT_EQ(live(key, "work").at("page.totalItems"), "1001");

  const std::string one = R"({"elementInstanceKey":")" + live(key, "work").at("items.0.elementInstanceKey") + R"("})";
  ASSERT_EQ(modify(key, R"({"terminateInstructions":[)" + one + "]}").status, 204);
  const std::string another = R"({"elementInstanceKey":")" + live(key, "work").at("items.0.elementInstanceKey") + R"("})";
  const Answer refused = modify(key, R"({"terminateInstructions":[{"elementId":"work"},)" + another + "]}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.at("detail").find("more than 1000"), std::string::npos) << refused.text;
  EXPECT_EQ(modify(key, R"({"terminateInstructions":[{"elementId":"work"}]})").status, 204);
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/" + key).at("state"), "TERMINATED");
}

TEST_F(Modification, ByElementIdMovesAMultiInstanceAsOne) {
  const std::string key = start("rounds").at("processInstanceKey");
  const auto move = [](const std::string& from, const std::string& to) {
    return R"({"moveInstructions":[{"sourceElementInstruction":{"sourceType":"byId","sourceElementId":")" + from +
           R"("},"targetElementId":")" + to + R"("}]})";
  };
  ASSERT_EQ(modify(key, move("each", "vote")).status, 204);
  EXPECT_EQ(live(key, "each").at("page.totalItems"), "0");
  EXPECT_EQ(live(key, "vote").at("page.totalItems"), "4") << "a body and three inner instances";
  ASSERT_EQ(modify(key, move("vote", "after")).status, 204);
  EXPECT_EQ(live(key, "vote").at("page.totalItems"), "0");
  EXPECT_EQ(live(key, "after").at("page.totalItems"), "1");
}

TEST_F(Modification, ABodyIsNoAncestor) {
  const std::string key = start("rounds").at("processInstanceKey");
  const Answer each = live(key, "each");
  ASSERT_EQ(each.at("items.0.type"), "MULTI_INSTANCE_BODY") << each.text;
  const auto inside = [&](const std::string& ancestor) {
    return R"({"activateInstructions":[{"elementId":"inside","ancestorElementInstanceKey":")" + ancestor + R"("}]})";
  };
  const Answer body = modify(key, inside(each.at("items.0.elementInstanceKey")));
  EXPECT_EQ(body.status, 400);
  EXPECT_NE(body.at("detail").find("name one of its inner instances"), std::string::npos) << body.text;
  const std::string inner = each.at("items.1.elementInstanceKey");
  const Answer parent = modify(key, R"({"moveInstructions":[{"sourceElementInstruction":{"sourceType":"byKey","sourceElementInstanceKey":")" + inner +
                                        R"("},"ancestorScopeInstruction":{"ancestorScopeType":"sourceParent"},"targetElementId":"inside"}]})");
  EXPECT_EQ(parent.status, 400);
  EXPECT_NE(parent.at("detail").find("name one of its inner instances"), std::string::npos) << parent.text;
  EXPECT_EQ(live(key, "inside").at("page.totalItems"), "3");
  EXPECT_EQ(modify(key, inside(inner)).status, 204);
  EXPECT_EQ(live(key, "inside").at("page.totalItems"), "4");
}

TEST_F(Modification, NoInstanceStartsInsideAMultiInstance) {
  const Answer v2 = start("rounds", R"(,"startInstructions":[{"elementId":"inside"}])");
  EXPECT_EQ(v2.status, 400);
  EXPECT_NE(v2.at("detail").find("'inside' is inside the multi-instance 'each'"), std::string::npos) << v2.text;
  const Answer rest = harness.send("POST", "/engine-rest/process-definition/key/rounds/start",
                                   R"({"startInstructions":[{"type":"startBeforeActivity","activityId":"inside"}]})");
  EXPECT_EQ(rest.status, 400);
  EXPECT_NE(rest.at("message").find("'inside' is inside the multi-instance 'each'"), std::string::npos) << rest.text;
  EXPECT_EQ(start("rounds", R"(,"startInstructions":[{"elementId":"vote"}])").status, 200);
}

}  // namespace
}  // namespace fermata::http
