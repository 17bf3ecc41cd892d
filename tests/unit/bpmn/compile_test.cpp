#include <gtest/gtest.h>

#include <iostream>

#include "processes/bpmn/deploy.h"
#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn::testing {
namespace {

TEST(Compile, LinksElementsFlowsAndDefaults) {
  const ProcessGraphPtr graph = graph_of(process(R"(
<startEvent id="s" name="Start"/>
<exclusiveGateway id="g" default="low"/>
<task id="t"/>
<endEvent id="e"/>
s -> g
<sequenceFlow id="high" name="much" sourceRef="g" targetRef="t"><conditionExpression xsi:type="tFormalExpression">amount > 100</conditionExpression></sequenceFlow>
<sequenceFlow id="low" sourceRef="g" targetRef="e"/>
t -> e
)"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(graph->process().id, "p");
  EXPECT_EQ(graph->none_start_event(), graph->find_element("s"));
  const Element& gateway = element_of(*graph, "g");
  EXPECT_EQ(gateway.kind, ElementKind::exclusive_gateway);
  EXPECT_EQ(gateway.default_flow, graph->find_flow("low"));
  EXPECT_EQ(gateway.outgoing.size(), 2U);
  const SequenceFlow& high = graph->flow(graph->find_flow("high"));
  EXPECT_EQ(high.name, "much");
  EXPECT_EQ(evaluated(high.condition, {{"amount", "101"}}), "true");
  EXPECT_EQ(evaluated(high.condition, {{"amount", "100"}}), "false");
  EXPECT_EQ(element_of(*graph, "s").name, "Start");
  EXPECT_EQ(element_of(*graph, "s").line, 5);
}

TEST(Compile, NestsScopesAndEventSubprocesses) {
  const ProcessGraphPtr graph = graph_of(process(R"(
<startEvent id="s"/>
<subProcess id="u"><startEvent id="s2"/><task id="t"/><endEvent id="e2"/>
s2 -> t
t -> e2
<subProcess id="x" triggeredByEvent="true"><startEvent id="s3" isInterrupting="false"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></startEvent><endEvent id="e3"/>
s3 -> e3
</subProcess>
</subProcess>
<endEvent id="e"/>
s -> u
u -> e
)"));
  ASSERT_NE(graph, nullptr);
  const Element& sub = element_of(*graph, "u");
  EXPECT_EQ(sub.kind, ElementKind::subprocess);
  EXPECT_EQ(element_of(*graph, "t").scope, sub.index);
  ASSERT_EQ(sub.event_subprocesses.size(), 1U);
  const Element& event_sub = graph->element(sub.event_subprocesses[0]);
  EXPECT_EQ(event_sub.kind, ElementKind::event_subprocess);
  const Element& start = element_of(*graph, "s3");
  EXPECT_EQ(event_sub.start_events, std::vector<ElementIndex>{start.index});
  EXPECT_FALSE(start.interrupting);
  ASSERT_TRUE(start.timer.has_value());
  EXPECT_EQ(start.timer->type, TimerDefinition::Type::cycle);
  EXPECT_EQ(evaluated(start.timer->expression), "\"R3/PT1H\"");
}

TEST(Compile, AttachesBoundaryEventsAndCompensationHandlers) {
  const ProcessGraphPtr graph = graph_of(definitions(R"(
<error id="err" errorCode="E1"/>
<escalation id="esc" escalationCode="X1"/>
<process id="p" isExecutable="true">
<startEvent id="s"/>
<task id="t"/>
<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><escalationEventDefinition escalationRef="esc"/></boundaryEvent>
<boundaryEvent id="c" attachedToRef="t"><errorEventDefinition errorRef="err"/></boundaryEvent>
<boundaryEvent id="k" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>
<task id="undo" isForCompensation="true"/>
<association id="a" sourceRef="k" targetRef="undo"/>
<intermediateThrowEvent id="w"><compensateEventDefinition activityRef="t"/></intermediateThrowEvent>
<endEvent id="e"><compensateEventDefinition/></endEvent>
<endEvent id="e1"><errorEventDefinition errorRef="err"/></endEvent>
s -> t
t -> w
w -> e
b -> e1
c -> e1
</process>)"));
  ASSERT_NE(graph, nullptr);
  const Element& task = element_of(*graph, "t");
  EXPECT_EQ(task.boundary_events, (std::vector<ElementIndex>{graph->find_element("b"), graph->find_element("c")}));
  EXPECT_EQ(task.compensation_handler, graph->find_element("undo"));
  EXPECT_TRUE(element_of(*graph, "undo").is_for_compensation);
  EXPECT_FALSE(element_of(*graph, "b").interrupting);
  EXPECT_EQ(evaluated(element_of(*graph, "c").code->code), "\"E1\"");
  EXPECT_EQ(element_of(*graph, "w").compensate_activity, task.index);
  EXPECT_EQ(element_of(*graph, "e").compensate_activity, no_element);
  EXPECT_EQ(element_of(*graph, "e1").event, EventKind::error);
}

TEST(Compile, GivesFlowsWithoutIdsAnIdThatStays) {
  const std::string text = process(R"(
<startEvent id="s"/>
<parallelGateway id="g"/>
<task id="t"/>
<endEvent id="e"/>
s -> g
<sequenceFlow sourceRef="g" targetRef="t"/>
<sequenceFlow sourceRef="g" targetRef="t"/>
t -> e
)");
  const ProcessGraphPtr graph = graph_of(text);
  ASSERT_NE(graph, nullptr);
  EXPECT_NE(graph->find_flow("flow_g_t"), no_flow);
  EXPECT_NE(graph->find_flow("flow_g_t_2"), no_flow);
}

TEST(Compile, ReadsEveryProcessOfAFileAndLeavesDrawingsOut) {
  const std::string body =
      "<startEvent id='{}s'/><endEvent id='{}e'/><sequenceFlow id='{}f' sourceRef='{}s' targetRef='{}e'/></process>";
  const auto one = [&](const std::string& id, const std::string& executable) {
    std::string text = "<process id='" + id + "' isExecutable='" + executable + "'><documentation>About " + id +
                       "</documentation>" + body;
    for (std::size_t at; (at = text.find("{}")) != std::string::npos;) text.replace(at, 2, id);
    return text + "\n";
  };
  const std::string text = definitions("<collaboration id='c'><participant id='pa' processRef='a'/></collaboration>" +
                                       one("a", "true") + one("b", "false") + one("x", "1"));
  const CompileResult result = compile_text(text);
  ASSERT_EQ(result.processes.size(), 2U) << problems_of(result);
  EXPECT_EQ(result.processes[0].id, "a");
  EXPECT_EQ(result.processes[0].documentation, "About a");
  EXPECT_EQ(result.processes[1].id, "x");
  EXPECT_EQ(compile_text(text, {.all_processes = true}).processes.size(), 3U);
}

TEST(Compile, SharesEventDefinitionsByReference) {
  const ProcessGraphPtr graph = graph_of(definitions(R"(
<timerEventDefinition id="hour"><timeDuration>PT1H</timeDuration></timerEventDefinition>
<process id="p" isExecutable="true">
<startEvent id="s"/>
<intermediateCatchEvent id="c"><eventDefinitionRef>hour</eventDefinitionRef></intermediateCatchEvent>
<endEvent id="e"/>
s -> c
c -> e
</process>)"));
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(element_of(*graph, "c").event, EventKind::timer);
  EXPECT_EQ(evaluated(element_of(*graph, "c").timer->expression), "\"PT1H\"");
}

TEST(Compile, ReadsStandardMultiInstanceAndRoles) {
  const ProcessGraphPtr graph = graph_of(process(R"(
<startEvent id="s"/>
<userTask id="t"><humanPerformer id="h"><resourceAssignmentExpression><formalExpression>mary</formalExpression></resourceAssignmentExpression></humanPerformer>
<potentialOwner id="o"><resourceAssignmentExpression><formalExpression>user(kim), group(sales), support</formalExpression></resourceAssignmentExpression></potentialOwner>
<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality xsi:type="tFormalExpression">3</loopCardinality>
<completionCondition xsi:type="tFormalExpression">done</completionCondition></multiInstanceLoopCharacteristics></userTask>
<endEvent id="e"/>
s -> t
t -> e
)"));
  ASSERT_NE(graph, nullptr);
  const Element& task = element_of(*graph, "t");
  ASSERT_TRUE(task.multi_instance.has_value());
  EXPECT_TRUE(task.multi_instance->sequential);
  EXPECT_EQ(evaluated(task.multi_instance->cardinality), "3");
  EXPECT_EQ(evaluated(task.multi_instance->completion_condition, {{"done", "true"}}), "true");
  EXPECT_EQ(task.multi_instance->counter_from, 1);
  EXPECT_EQ(evaluated(task.user_task->assignee), "\"mary\"");
  EXPECT_EQ(evaluated(task.user_task->candidate_users), "\"kim\"");
  EXPECT_EQ(evaluated(task.user_task->candidate_groups), "\"sales,support\"");
}

TEST(Compile, ReportsAllProblemsWithTheirPlaces) {
  const CompileResult result = compile_text(process(R"(
<startEvent id="s"/>
<task id="t" default="nowhere"/>
<complexGateway id="g"/>
<endEvent id="e"/>
s -> t
t -> g
g -> e
<sequenceFlow id="f" sourceRef="g" targetRef="e"><conditionExpression xsi:type="tFormalExpression">= 1 +</conditionExpression></sequenceFlow>
)"));
  EXPECT_TRUE(result.refused());
  EXPECT_TRUE(result.processes.empty());
  ASSERT_EQ(result.problems.size(), 3U) << problems_of(result);
  EXPECT_EQ(result.problems[0].rule, "BPMN-0103");
  EXPECT_EQ(result.problems[0].line, 6);
  EXPECT_EQ(result.problems[0].column, 14);
  EXPECT_EQ(result.problems[1].rule, "BPMN-0901");
  EXPECT_EQ(result.problems[1].element_id, "g");
  EXPECT_EQ(result.problems[2].rule, "BPMN-0701");
  EXPECT_EQ(result.problems[2].element_id, "f");
  EXPECT_EQ(result.problems[2].line, 12);
}

TEST(Compile, BoundsTheListOfProblemsButNeverHidesErrorsBehindWarnings) {
  std::string body = "<startEvent id=\"s\"/>\n<endEvent id=\"e\"/>\ns -> e\n";
  for (int i = 0; i < 300; ++i)
    body += "<dataObject id=\"o" + std::to_string(i) + "\" name=\"o\"/><dataObjectReference id=\"r" +
            std::to_string(i) + "\" dataObjectRef=\"o" + std::to_string(i) +
            "\"><dataState name=\"x\"/></dataObjectReference>\n";
  body += "<complexGateway id=\"g\"/>\n";
  const CompileResult result = compile_text(process(body));
  EXPECT_TRUE(result.refused());
  EXPECT_LE(result.problems.size(), 101U);
  EXPECT_NE(problems_of(result).find("BPMN-0901"), std::string::npos);
  EXPECT_EQ(result.problems.back().rule, "BPMN-0010");
}

TEST(Compile, TakesVendorFilesAsTheirEnginesDo) {
  const std::string body = R"(
<startEvent id="s"/>
<userTask id="t"/>
<endEvent id="e"/>
s -> t
s -> e
)";
  EXPECT_TRUE(compile_text(process(body)).refused());
  const CompileResult camunda = compile_text(process(body, "camunda"));
  EXPECT_FALSE(camunda.refused()) << problems_of(camunda);
  ASSERT_EQ(camunda.problems.size(), 1U);
  EXPECT_EQ(camunda.problems[0].rule, "BPMN-0209");
  EXPECT_EQ(camunda.problems[0].severity, Severity::warning);
}

std::string chain(int tasks) {
  std::string body = "<startEvent id=\"t0\"/>\n";
  for (int i = 1; i <= tasks; ++i) {
    body += "<scriptTask id=\"t" + std::to_string(i) + "\" scriptFormat=\"feel\"><incoming>t" + std::to_string(i - 1) +
            "_t" + std::to_string(i) + "</incoming><script>a + " + std::to_string(i) + "</script></scriptTask>\n";
  }
  body += "<endEvent id=\"e\"/>\n";
  return body;
}

TEST(Compile, ThreeHundredElementsTakeMillisecondsAndTwentyThousandAreTheMost) {
  std::string body = chain(300);
  std::string flows;
  for (int i = 1; i <= 300; ++i) flows += "t" + std::to_string(i - 1) + " -> t" + std::to_string(i) + "\n";
  for (std::size_t at; (at = body.find("<incoming>")) != std::string::npos;)
    body.erase(at, body.find("</incoming>", at) + 11 - at);
  const std::string text = process(body + flows + "t300 -> e\n");
  const double begin = cpu_ms();
  const CompileResult result = compile_text(text);
  const double took = cpu_ms() - begin;
  EXPECT_EQ(result.processes.size(), 1U) << problems_of(result);
  std::cout << "300 elements: " << took << " ms\n";
  EXPECT_LT(took, 300.0) << "even in a debug build under a sanitizer";

  std::string many = "<startEvent id=\"s\"/>\n<endEvent id=\"e\"/>\ns -> e\n";
  for (int i = 0; i < 20'001; ++i) many += "<task id=\"x" + std::to_string(i) + "\" isForCompensation=\"true\"/>\n";
  EXPECT_NE(problems_of(compile_text(process(many))).find("BPMN-0001"), std::string::npos);
}

}  // namespace
}  // namespace fermata::bpmn::testing
