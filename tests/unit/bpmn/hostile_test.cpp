// Hostile files: refused quickly and with a reason, and nothing that a mutation can do crashes the reader. Run under
// ASan and UBSan.
#include <gtest/gtest.h>

#include <random>

#include "tests/sanitized.h"
#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn::testing {
namespace {

void expect_refused_quickly(const std::string& text, const char* rule) {
  const double begin = cpu_ms();
  const CompileResult result = compile_text(text);
  const double took = cpu_ms() - begin;
  ASSERT_TRUE(result.refused());
  EXPECT_EQ(result.problems.front().rule, rule) << problems_of(result);
  EXPECT_TRUE(result.processes.empty());
  EXPECT_LT(took, 100.0 * tests::sanitizer_factor) << "refusal must be cheap";
}

TEST(Hostile, BillionLaughs) {
  expect_refused_quickly("<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><definitions name='&b;'/>",
                         "BPMN-0004");
}

TEST(Hostile, ThirtyThousandAttributes) {
  std::string text = "<definitions";
  for (int i = 0; i < 30'000; ++i) text += " a" + std::to_string(i) + "=''";
  expect_refused_quickly(text + "/>", "BPMN-0001");
}

// The analyst looks for the element, wherever its id stands among the attributes.
TEST(Hostile, ThirtyThousandAttributesOfANamedElement) {
  std::string many;
  for (int i = 0; i < 30'000; ++i) many += " a" + std::to_string(i) + "=''";
  for (const std::string& attributes : {" id='pay'" + many, many + " id='pay'"}) {
    const std::string text = process("<startEvent id=\"s\"/>\n<task" + attributes + "/>\n");
    expect_refused_quickly(text, "BPMN-0001");
    const Problem problem = compile_text(text).problems.front();
    EXPECT_EQ(problem.element_id, "pay");
    EXPECT_EQ(problem.line, 5);
    EXPECT_NE(problem.message.find("attributes"), std::string::npos) << problem.message;
  }
}

// Blank is not there: the engine must never meet an element that lacks what it needs.
TEST(Hostile, BlankValuesAreRefused) {
  const auto refused = [](const std::string& name, const std::string& vendor, const std::string& element, const std::string& root = "") {
    const std::string body = root.empty() ? process("<startEvent id='s'/>" + element + "<endEvent id='e'/>\ns -> t\nt -> e\n", vendor)
                                          : definitions(root + "<process id='p' isExecutable='true'><startEvent id='s'/>" + element +
                                                            "<sequenceFlow id='f' sourceRef='s' targetRef='t'/></process>",
                                                        vendor);
    const CompileResult result = compile_text(body);
    EXPECT_TRUE(result.refused()) << name;
  };
  const auto extended = [](const std::string& tag, const std::string& extensions) {
    return "<" + tag + " id='t'><extensionElements>" + extensions + "</extensionElements></" + tag + ">";
  };
  for (const std::string blank : {"", " ", "\n\t "}) {
    const std::string is = "='" + blank + "'";
    refused("type", "zeebe", extended("serviceTask", "<zeebe:taskDefinition type" + is + "/>"));
    refused("processId", "zeebe", extended("callActivity", "<zeebe:calledElement processId" + is + "/>"));
    refused("decisionId", "zeebe", extended("businessRuleTask", "<zeebe:calledDecision decisionId" + is + " resultVariable='r'/>"));
    refused("script", "zeebe", extended("scriptTask", "<zeebe:script expression" + is + " resultVariable='r'/>"));
    refused("source", "zeebe", extended("task", "<zeebe:ioMapping><zeebe:input source" + is + " target='x'/></zeebe:ioMapping>"));
    refused("inputCollection", "zeebe",
            "<task id='t'><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection" + is +
                "/></extensionElements></multiInstanceLoopCharacteristics></task>");
    refused("collection", "camunda", "<task id='t'><multiInstanceLoopCharacteristics camunda:collection" + is + "/></task>");
    refused("loopDataInputRef", "", "<task id='t'><multiInstanceLoopCharacteristics><loopDataInputRef>" + blank +
                                        "</loopDataInputRef></multiInstanceLoopCharacteristics></task>");
    refused("topic", "camunda", "<serviceTask id='t' camunda:type='external' camunda:topic" + is + "/>");
    refused("decisionRef", "camunda", "<businessRuleTask id='t' camunda:decisionRef" + is + "/>");
    refused("sourceExpression", "camunda",
            "<callActivity id='t' calledElement='q'><extensionElements><camunda:in sourceExpression" + is + " target='x'/></extensionElements></callActivity>");
    refused("out", "camunda",
            "<callActivity id='t' calledElement='q'><extensionElements><camunda:out sourceExpression" + is + " target='x'/></extensionElements></callActivity>");
    refused("errorEventDefinition", "camunda",
            "<serviceTask id='t' camunda:type='external' camunda:topic='x'><extensionElements><camunda:errorEventDefinition errorRef='bad' expression" + is +
                "/></extensionElements></serviceTask>",
            "<error id='bad' errorCode='B'/>");
    refused("correlationKey", "zeebe", "<receiveTask id='t' messageRef='m'/>",
            "<message id='m' name='m'><extensionElements><zeebe:subscription correlationKey" + is + "/></extensionElements></message>");
  }
}

// Each of these would silently do something else than it says.
TEST(Hostile, WhatIsNotOfTheSchemaIsRefused) {
  const auto problem_with = [](const std::string& task) {
    const CompileResult result = compile_text(process("<startEvent id='s'/>" + task + "<endEvent id='e'/>\ns -> t\nt -> e\n", "zeebe"));
    return result.refused() ? result.problems.front().rule : std::string("accepted");
  };
  const std::string cardinality = "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>";
  for (const std::string value : {"true", "false", "1", "0", " true "}) {
    EXPECT_EQ(problem_with("<task id='t'><multiInstanceLoopCharacteristics isSequential='" + value + "'>" + cardinality), "accepted") << value;
  }
  for (const std::string value : {"True", "TRUE", "yes", "", "2"}) {
    EXPECT_EQ(problem_with("<task id='t'><multiInstanceLoopCharacteristics isSequential='" + value + "'>" + cardinality), "BPMN-0014") << value;
  }
  EXPECT_EQ(problem_with("<task id='t' b:isForCompensation='true' xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL'/>"), "BPMN-0012");
  const std::string one = "<extensionElements><zeebe:taskDefinition type='x'/></extensionElements>";
  EXPECT_EQ(problem_with("<serviceTask id='t'>" + one + "</serviceTask>"), "accepted");
  EXPECT_EQ(problem_with("<serviceTask id='t'>" + one + one + "</serviceTask>"), "BPMN-0011");
}

TEST(Hostile, DeepNesting) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "<a>";
  expect_refused_quickly(text, "BPMN-0001");
}

TEST(Hostile, TooManyBytes) {
  expect_refused_quickly(std::string((8U << 20) + 1, ' '), "BPMN-0001");
}

TEST(Hostile, NamespacesThatChangeHalfway) {
  const CompileResult result = compile_text(
      "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' id='d'><process xmlns='urn:evil' id='p' "
      "isExecutable='true'/></definitions>");
  EXPECT_TRUE(result.refused());
}

// A process that contains itself by reference, flows from and to everything, defaults of strangers: none of it may
// confuse the linker.
TEST(Hostile, ReferencesThatMakeNoSense) {
  const char* ids[] = {"p", "d", "s", "t", "e", "g", "f", "u", "x", "nowhere", ""};
  for (const char* source : ids) {
    for (const char* target : ids) {
      const std::string flow =
          "<sequenceFlow id=\"f\" sourceRef=\"" + std::string(source) + "\" targetRef=\"" + target + "\"/>";
      const std::string boundary =
          "<boundaryEvent id=\"x\" attachedToRef=\"" + std::string(source) +
          "\"><compensateEventDefinition/></boundaryEvent><association sourceRef=\"x\" targetRef=\"" + target + "\"/>";
      const std::string thrown =
          "<endEvent id=\"y\"><compensateEventDefinition activityRef=\"" + std::string(target) + "\"/></endEvent>";
      const std::string text =
          process("<startEvent id=\"s\"/>\n<task id=\"t\" default=\"" + std::string(source) +
                      "\"/>\n<exclusiveGateway id=\"g\" default=\"" + target + "\"/>\n<subProcess id=\"u\">" + flow +
                      "</subProcess>\n<endEvent id=\"e\"/>\ns -> t\nt -> g\ng -> e\n" + boundary + thrown,
                  "camunda");
      const CompileResult result = compile_text(text);
      EXPECT_EQ(result.processes.empty(), result.refused());
    }
  }
}

std::string seed_model() {
  return definitions(
      R"(<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=id"/></extensionElements></message>
<error id="err" errorCode="E"/>
<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="t" default="f2"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
<boundaryEvent id="k" attachedToRef="t"><compensateEventDefinition/></boundaryEvent><task id="undo" isForCompensation="true"/><association id="a" sourceRef="k" targetRef="undo"/>
<subProcess id="u"><multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=3</loopCardinality></multiInstanceLoopCharacteristics><startEvent id="s2"/><endEvent id="e2"><errorEventDefinition errorRef="err"/></endEvent>
s2 -> e2
</subProcess>
<inclusiveGateway id="g"/><serviceTask id="w"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></serviceTask><endEvent id="e"/>
s -> t
<sequenceFlow id="f1" sourceRef="t" targetRef="g"><conditionExpression xsi:type="tFormalExpression">=a > 1</conditionExpression></sequenceFlow>
<sequenceFlow id="f2" sourceRef="t" targetRef="u"/>
u -> g
g -> w
b -> w
w -> e
</process>)",
      "zeebe");
}

TEST(Hostile, MutationsNeverCrash) {
  const std::string seed = seed_model();
  ASSERT_FALSE(compile_text(seed).refused()) << problems_of(compile_text(seed));
  std::mt19937 random(20261121);  // NOLINT: the same mutations every time
  const std::string pieces[] = {"<task id=\"q\"/>",
                                "<",
                                ">",
                                "\"",
                                "&",
                                "id=\"s\"",
                                "</process>",
                                "<subProcess id=\"z\">",
                                "</subProcess>",
                                "=",
                                "${",
                                "\xFF",
                                "sourceRef",
                                "isForCompensation=\"true\"",
                                "triggeredByEvent=\"true\"",
                                "<compensateEventDefinition/>",
                                "<!--",
                                "]]>"};
  int accepted = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text = seed;
    const int edits = 1 + static_cast<int>(random() % 4);
    for (int edit = 0; edit < edits; ++edit) {
      const std::size_t at = random() % text.size();
      const std::size_t length = random() % 24;
      switch (random() % 5) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, pieces[random() % std::size(pieces)]);
          break;
        case 2:
          text[at] = static_cast<char>(random());
          break;
        case 3:
          text.insert(at, text.substr(random() % text.size(), length * 4));
          break;
        default: {  // swap two ids: well-formed, and wrong in meaning
          const char* names[] = {"\"s\"",    "\"t\"",  "\"u\"",  "\"g\"",  "\"e\"",  "\"b\"", "\"k\"",
                                 "\"undo\"", "\"f1\"", "\"f2\"", "\"s2\"", "\"e2\"", "\"w\""};
          const std::string from = names[random() % std::size(names)];
          const std::size_t found = text.find(from, at);
          if (found != std::string::npos) text.replace(found, from.size(), names[random() % std::size(names)]);
        }
      }
    }
    const CompileResult result = compile_text(text);
    EXPECT_EQ(result.processes.empty(), result.refused());
    accepted += result.refused() ? 0 : 1;
  }
  EXPECT_GT(accepted, 0) << "some mutations leave the model intact";
}

}  // namespace
}  // namespace fermata::bpmn::testing
