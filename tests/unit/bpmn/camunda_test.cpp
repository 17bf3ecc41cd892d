#include <gtest/gtest.h>

#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn::testing {
namespace {

std::string around(std::string_view element, std::string_view roots = "") {
  return definitions(std::string(roots) +
                         "<process id=\"p\" isExecutable=\"true\" camunda:versionTag=\"3\" "
                         "camunda:historyTimeToLive=\"P30D\">\n<startEvent id=\"s\" camunda:asyncBefore=\"true\"/>\n" +
                         std::string(element) + "\n<endEvent id=\"e\"/>\ns -> t\nt -> e\n</process>",
                     "camunda");
}

TEST(Camunda, ExternalTaskWithInputsOfEveryForm) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<serviceTask id="t" camunda:type="external" camunda:topic="charge-${region}" camunda:taskPriority="${p}"><extensionElements>
<camunda:failedJobRetryTimeCycle>R5/PT10S</camunda:failedJobRetryTimeCycle>
<camunda:properties><camunda:property name="a" value="b"/></camunda:properties>
<camunda:inputOutput>
<camunda:inputParameter name="text">order ${id}</camunda:inputParameter>
<camunda:inputParameter name="script"><camunda:script scriptFormat="feel">amount * 2</camunda:script></camunda:inputParameter>
<camunda:inputParameter name="list"><camunda:list><camunda:value>a</camunda:value><camunda:value>${id}</camunda:value></camunda:list></camunda:inputParameter>
<camunda:inputParameter name="map"><camunda:map><camunda:entry key="x">1</camunda:entry><camunda:entry key="y"><camunda:list><camunda:value>${id}</camunda:value></camunda:list></camunda:entry></camunda:map></camunda:inputParameter>
<camunda:inputParameter name="empty"/>
<camunda:outputParameter name="result.text">${receipt}</camunda:outputParameter>
</camunda:inputOutput></extensionElements></serviceTask>)"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(graph->version_tag(), "3");
  const Element& task = element_of(*graph, "t");
  EXPECT_EQ(evaluated(task.job->type, {{"region", "\"eu\""}}), "\"charge-eu\"");
  EXPECT_EQ(evaluated(task.job->priority, {{"p", "7"}}), "7");
  EXPECT_EQ(evaluated(task.job->retries), "5");
  EXPECT_EQ(task.job->retry_delays, std::vector<std::string>{"PT10S"});
  EXPECT_EQ(task.job->headers.size(), 1U);
  ASSERT_EQ(task.inputs.size(), 5U);
  EXPECT_EQ(evaluated(task.inputs[0].source, {{"id", "7"}}), "\"order 7\"");
  EXPECT_EQ(evaluated(task.inputs[1].source, {{"amount", "4"}}), "8");
  EXPECT_EQ(evaluated(task.inputs[2].source, {{"id", "7"}}), "[\"a\",7]");
  EXPECT_EQ(evaluated(task.inputs[3].source, {{"id", "7"}}), R"({"x":"1","y":[7]})");
  EXPECT_EQ(evaluated(task.inputs[4].source), "null");
  EXPECT_EQ(task.outputs[0].target, std::vector<std::string>{"result.text"});
  EXPECT_FALSE(task.outputs_only);
}

TEST(Camunda, RetryCyclesAsAList) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<serviceTask id="t" camunda:type="external" camunda:topic="x"><extensionElements><camunda:failedJobRetryTimeCycle>PT10M,PT17M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>)"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(evaluated(element_of(*graph, "t").job->retries), "3");
  EXPECT_EQ(element_of(*graph, "t").job->retry_delays, (std::vector<std::string>{"PT10M", "PT17M"}));
  EXPECT_TRUE(
      compile_text(
          around(
              R"(<serviceTask id="t" camunda:type="external" camunda:topic="x"><extensionElements><camunda:failedJobRetryTimeCycle>often</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>)"))
          .refused());
}

TEST(Camunda, UserTask) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<userTask id="t" camunda:assignee="${who}" camunda:candidateUsers="a,b" camunda:candidateGroups="sales" camunda:dueDate="${due}" camunda:priority="60" camunda:formKey="embedded:app:f.html"/>)"));
  ASSERT_NE(graph, nullptr);
  const UserTaskDefinition& task = *element_of(*graph, "t").user_task;
  EXPECT_EQ(evaluated(task.assignee, {{"who", "\"kim\""}}), "\"kim\"");
  EXPECT_EQ(evaluated(task.candidate_users), "\"a,b\"");
  EXPECT_EQ(evaluated(task.priority), "60");
  EXPECT_EQ(evaluated(task.form_key), "\"embedded:app:f.html\"");
}

TEST(Camunda, CallActivityCopiesWhatItSays) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<callActivity id="t" calledElement="child" camunda:calledElementBinding="version" camunda:calledElementVersion="4"><extensionElements>
<camunda:in source="my-var" target="b"/><camunda:in sourceExpression="${a + 1}" target="c"/><camunda:in businessKey="${key}"/><camunda:out variables="all"/></extensionElements></callActivity>)"));
  ASSERT_NE(graph, nullptr);
  const CallDefinition& call = *element_of(*graph, "t").call;
  EXPECT_FALSE(call.copy_all_to_child);
  EXPECT_TRUE(call.copy_all_to_parent);
  ASSERT_EQ(call.to_child.size(), 2U);
  EXPECT_EQ(evaluated(call.to_child[0].source, {{"my-var", "1"}}), "1");
  EXPECT_EQ(evaluated(call.to_child[1].source, {{"a", "1"}}), "2");
  EXPECT_EQ(evaluated(call.business_key, {{"key", "\"k\""}}), "\"k\"");
  EXPECT_EQ(evaluated(call.binding.version), "4");
}

TEST(Camunda, ExpressionsAreEvaluatedAndClassesBecomeJobs) {
  const ProcessGraphPtr expression =
      graph_of(around(R"(<serviceTask id="t" camunda:expression="${a + b}" camunda:resultVariable="sum"/>)"));
  ASSERT_NE(expression, nullptr);
  EXPECT_EQ(evaluated(element_of(*expression, "t").script->expression, {{"a", "1"}, {"b", "2"}}), "3");
  EXPECT_FALSE(element_of(*expression, "t").job.has_value());

  const CompileResult delegate =
      compile_text(around(R"(<serviceTask id="t" camunda:delegateExpression="${chargeCard}"/>)"));
  ASSERT_EQ(delegate.processes.size(), 1U) << problems_of(delegate);
  EXPECT_EQ(evaluated(element_of(*delegate.processes[0].graph, "t").job->type), "\"chargeCard\"");
  EXPECT_EQ(delegate.problems.at(0).rule, "BPMN-0707");

  const CompileResult method = compile_text(around(R"(<serviceTask id="t" camunda:expression="${bean.work(1)}"/>)"));
  EXPECT_NE(problems_of(method).find("BPMN-0701"), std::string::npos);
}

TEST(Camunda, ConnectorBecomesTheHttpJob) {
  const ProcessGraphPtr graph =
      graph_of(around(R"(<serviceTask id="t"><extensionElements><camunda:connector><camunda:inputOutput>
<camunda:inputParameter name="url">http://x</camunda:inputParameter></camunda:inputOutput><camunda:connectorId>http-connector</camunda:connectorId></camunda:connector></extensionElements></serviceTask>)"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(evaluated(element_of(*graph, "t").job->type), "\"http\"");
  EXPECT_EQ(element_of(*graph, "t").inputs.size(), 1U);
}

TEST(Camunda, ErrorsAndMultiInstance) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<businessRuleTask id="t" camunda:type="external" camunda:topic="x">
<multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementVariable="item"/></businessRuleTask>
<boundaryEvent id="b" attachedToRef="t"><errorEventDefinition errorRef="err" camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/></boundaryEvent>
<endEvent id="e2"/>
b -> e2)",
      R"(<error id="err" errorCode="E"/>)"));
  ASSERT_NE(graph, nullptr);
  const Element& task = element_of(*graph, "t");
  EXPECT_EQ(evaluated(task.multi_instance->collection, {{"items", "[1]"}}), "[1]");
  EXPECT_EQ(task.multi_instance->counter_from, 0);
  EXPECT_EQ(element_of(*graph, "b").code->code_variable, "code");
  EXPECT_EQ(element_of(*graph, "b").code->message_variable, "text");
}

TEST(Camunda, Decisions) {
  const ProcessGraphPtr graph = graph_of(around(
      R"(<businessRuleTask id="t" camunda:decisionRef="d" camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry" camunda:decisionRefBinding="version" camunda:decisionRefVersion="3"/>)"));
  ASSERT_NE(graph, nullptr);
  const DecisionReference& decision = *element_of(*graph, "t").decision;
  EXPECT_EQ(evaluated(decision.decision_id), "\"d\"");
  EXPECT_EQ(decision.result_variable, "r");
  EXPECT_EQ(decision.mapping, DecisionReference::Mapping::single_entry);
  EXPECT_EQ(decision.binding.kind, VersionBinding::Kind::version);
  EXPECT_EQ(evaluated(decision.binding.version), "3");

  const std::pair<const char*, const char*> wrong[] = {
      {R"(camunda:mapDecisionResult="first")", "BPMN-0703"},
      {R"(camunda:decisionRefBinding="newest")", "BPMN-0703"},
      {R"(camunda:decisionRefBinding="version")", "BPMN-0704"},
      {R"(camunda:decisionRefBinding="versionTag")", "BPMN-0704"},
  };
  for (const auto& [attributes, rule] : wrong) {
    const CompileResult result = compile_text(around("<businessRuleTask id='t' camunda:decisionRef='d' " + std::string(attributes) + "/>"));
    EXPECT_TRUE(result.refused()) << attributes;
    ASSERT_EQ(result.problems.size(), 1U) << attributes << "\n" << problems_of(result);
    EXPECT_EQ(result.problems[0].rule, rule) << attributes;
    EXPECT_NE(problems_of(result).find("camunda:"), std::string::npos) << attributes;
  }
}

TEST(Camunda, TheTaskPriorityOfTheProcessIsThatOfItsTasks) {
  const ProcessGraphPtr graph = graph_of(definitions(
      "<process id='p' isExecutable='true' camunda:taskPriority='8'><startEvent id='s'/><subProcess id='u'><startEvent "
      "id='s1'/><serviceTask id='t' camunda:type='external' camunda:topic='x'/>\n"
      "<serviceTask id='own' camunda:type='external' camunda:topic='x' camunda:taskPriority='3'/><endEvent id='e1'/>\ns1 -> "
      "t\nt -> own\nown -> e1\n</subProcess><endEvent id='e'/>\ns -> u\nu -> e\n</process>",
      "camunda"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(evaluated(element_of(*graph, "t").job->priority), "8");
  EXPECT_EQ(evaluated(element_of(*graph, "own").job->priority), "3");
}

TEST(Camunda, AnErrorReferenceWithoutErrorIsTheCode) {
  const ProcessGraphPtr graph = graph_of(
      definitions("<process id='p' isExecutable='true'><startEvent id='s'/><endEvent id='e'><errorEventDefinition "
                  "errorRef='E7'/></endEvent><sequenceFlow id='f' sourceRef='s' targetRef='e'/></process>",
                  "camunda"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(evaluated(element_of(*graph, "e").code->code), "\"E7\"");
}

TEST(Camunda, TwoImplementationsAreAConflict) {
  const CompileResult result = compile_text(
      "<definitions id='d' xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' "
      "xmlns:c='http://camunda.org/schema/1.0/bpmn' xmlns:z='http://camunda.org/schema/zeebe/1.0'>"
      "<process id='p' isExecutable='true'><startEvent id='s'/><serviceTask id='t' c:type='external' "
      "c:topic='a'><extensionElements><z:taskDefinition type='b'/></extensionElements></serviceTask>"
      "<endEvent id='e'/><sequenceFlow id='f' sourceRef='s' targetRef='t'/><sequenceFlow id='g' sourceRef='t' "
      "targetRef='e'/></process></definitions>");
  ASSERT_EQ(result.problems.size(), 1U) << problems_of(result);
  EXPECT_EQ(result.problems[0].rule, "BPMN-0705");
}

}  // namespace
}  // namespace fermata::bpmn::testing
