#include <gtest/gtest.h>

#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn::testing {
namespace {

std::string around(std::string_view element, std::string_view roots = "") {
  return definitions(std::string(roots) + "<process id=\"p\" isExecutable=\"true\">\n<startEvent id=\"s\"/>\n" +
                         std::string(element) + "\n<endEvent id=\"e\"/>\ns -> t\nt -> e\n</process>",
                     "zeebe");
}

TEST(Zeebe, ServiceTask) {
  const ProcessGraphPtr graph = graph_of(around(R"(<serviceTask id="t"><extensionElements>
<zeebe:taskDefinition type="=&quot;pay-&quot; + region" retries="5"/>
<zeebe:taskHeaders><zeebe:header key="url" value="x"/></zeebe:taskHeaders>
<zeebe:ioMapping><zeebe:input source="=order.total" target="amount"/><zeebe:input source="fixed" target="kind"/><zeebe:output source="=receipt" target="order.receipt"/></zeebe:ioMapping>
</extensionElements></serviceTask>)"));
  ASSERT_NE(graph, nullptr);
  const Element& task = element_of(*graph, "t");
  EXPECT_EQ(evaluated(task.job->type, {{"region", "\"eu\""}}), "\"pay-eu\"");
  EXPECT_EQ(evaluated(task.job->retries), "5");
  ASSERT_EQ(task.job->headers.size(), 1U);
  EXPECT_EQ(task.job->headers[0].first, "url");
  ASSERT_EQ(task.inputs.size(), 2U);
  EXPECT_EQ(evaluated(task.inputs[0].source, {{"order", R"({"total":7})"}}), "7");
  EXPECT_EQ(evaluated(task.inputs[1].source), "\"fixed\"");
  EXPECT_EQ(task.outputs[0].target, (std::vector<std::string>{"order", "receipt"}));
}

TEST(Zeebe, UserTask) {
  const ProcessGraphPtr graph = graph_of(around(R"(<userTask id="t"><extensionElements><zeebe:userTask/>
<zeebe:assignmentDefinition assignee="=boss" candidateGroups="sales, support" candidateUsers="=[&quot;a&quot;]"/>
<zeebe:taskSchedule dueDate="2026-12-24T18:00:00Z" followUpDate="=due"/><zeebe:priorityDefinition priority="80"/><zeebe:formDefinition formId="approve"/>
</extensionElements></userTask>)"));
  ASSERT_NE(graph, nullptr);
  const UserTaskDefinition& task = *element_of(*graph, "t").user_task;
  EXPECT_EQ(evaluated(task.assignee, {{"boss", "\"mary\""}}), "\"mary\"");
  EXPECT_EQ(evaluated(task.candidate_groups), "\"sales, support\"");
  EXPECT_EQ(evaluated(task.candidate_users), "[\"a\"]");
  EXPECT_EQ(evaluated(task.priority), "80");
  EXPECT_EQ(task.form_id, "approve");
}

TEST(Zeebe, MessagesCorrelateByKey) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<receiveTask id="t" messageRef="m"/>)",
      R"(<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=orderId"/></extensionElements></message>)"));
  ASSERT_NE(graph, nullptr);
  const MessageDefinition& message = *element_of(*graph, "t").message;
  EXPECT_EQ(evaluated(message.name), "\"paid\"");
  EXPECT_EQ(evaluated(message.correlation_key, {{"orderId", "42"}}), "42");
}

TEST(Zeebe, CallActivity) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<callActivity id="t"><extensionElements><zeebe:calledElement processId="child" propagateAllChildVariables="false" bindingType="versionTag" versionTag="v2"/></extensionElements></callActivity>)"));
  ASSERT_NE(graph, nullptr);
  const CallDefinition& call = *element_of(*graph, "t").call;
  EXPECT_EQ(evaluated(call.process_id), "\"child\"");
  EXPECT_TRUE(call.copy_all_to_child);
  EXPECT_FALSE(call.copy_all_to_parent);
  EXPECT_EQ(call.binding.kind, VersionBinding::Kind::version_tag);
  EXPECT_EQ(call.binding.version_tag, "v2");
}

TEST(Zeebe, ScriptAndMultiInstance) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<scriptTask id="t"><extensionElements><zeebe:script expression="=item * 2" resultVariable="r"/></extensionElements>
<multiInstanceLoopCharacteristics isSequential="false"><extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="rs" outputElement="=r"/></extensionElements></multiInstanceLoopCharacteristics></scriptTask>)"));
  ASSERT_NE(graph, nullptr);
  const Element& task = element_of(*graph, "t");
  EXPECT_EQ(evaluated(task.script->expression, {{"item", "4"}}), "8");
  EXPECT_EQ(task.script->result_variable, "r");
  EXPECT_EQ(evaluated(task.multi_instance->collection, {{"items", "[1,2]"}}), "[1,2]");
  EXPECT_EQ(task.multi_instance->input_element, "item");
  EXPECT_EQ(task.multi_instance->output_collection, "rs");
  EXPECT_EQ(task.multi_instance->output_variable, "r");
  EXPECT_EQ(task.multi_instance->counter_from, 1);
  EXPECT_FALSE(task.multi_instance->sequential);
}

TEST(Zeebe, TheVariableOfAnOutputElement) {
  const std::vector<std::pair<std::string, std::string>> expected{
      {"=r", "r"}, {"=r.x.y", "r"}, {"r.x", "r"}, {"=item", ""}, {"=item.x", ""}, {"=loopCounter", ""},
      {"=r + 1", ""}, {"=r[1]", ""}, {"=[r]", ""}, {"={a: r}", ""}, {"=5", ""}};
  for (const auto& [text, variable] : expected) {
    const ProcessGraphPtr graph = graph_of(around(
        R"(<task id="t"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="rs" outputElement=")" +
        text + R"("/></extensionElements></multiInstanceLoopCharacteristics></task>)"));
    ASSERT_NE(graph, nullptr) << text;
    EXPECT_EQ(element_of(*graph, "t").multi_instance->output_variable, variable) << text;
  }
}

TEST(Zeebe, VersionTagDecisionAndThrowingJob) {
  const CompileResult result = compile_text(definitions(
      R"(<process id="p" name="P" isExecutable="true"><extensionElements><zeebe:versionTag value="7"/></extensionElements>
<startEvent id="s"/>
<businessRuleTask id="t"><extensionElements><zeebe:calledDecision decisionId="discount" resultVariable="d"/></extensionElements></businessRuleTask>
<endEvent id="e"><extensionElements><zeebe:taskDefinition type="send"/></extensionElements><messageEventDefinition/></endEvent>
s -> t
t -> e
</process>)",
      "zeebe"));
  ASSERT_EQ(result.processes.size(), 1U) << problems_of(result);
  EXPECT_EQ(result.processes[0].version_tag, "7");
  EXPECT_EQ(result.processes[0].graph->version_tag(), "7");
  EXPECT_EQ(result.processes[0].name, "P");
  const ProcessGraph& graph = *result.processes[0].graph;
  EXPECT_EQ(evaluated(element_of(graph, "t").decision->decision_id), "\"discount\"");
  EXPECT_EQ(evaluated(element_of(graph, "e").job->type), "\"send\"");
  EXPECT_FALSE(element_of(graph, "e").message.has_value());
}

TEST(Zeebe, RefusesListenersAndHalfConfigurations) {
  const CompileResult listener = compile_text(around(
      R"(<userTask id="t"><extensionElements><zeebe:taskListeners><zeebe:taskListener eventType="creating" type="x"/></zeebe:taskListeners></extensionElements></userTask>)"));
  EXPECT_NE(problems_of(listener).find("BPMN-0922"), std::string::npos);
  const CompileResult half = compile_text(around(
      R"(<serviceTask id="t"><extensionElements><zeebe:taskDefinition retries="many"/><zeebe:ioMapping><zeebe:input source="=a"/></zeebe:ioMapping></extensionElements></serviceTask>)"));
  EXPECT_EQ(half.problems.size(), 3U) << problems_of(half);
}

}  // namespace
}  // namespace fermata::bpmn::testing
