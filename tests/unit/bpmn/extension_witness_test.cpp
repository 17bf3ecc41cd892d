// Every extension that the table calls executed changes the compiled graph wherever the table says so:
// extension_witnesses.txt holds a model of each. That the graph's fields are read is held by tests/tidy/check_graph_fields.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "processes/bpmn/dialect/extension_table.h"
#include "tests/unit/bpmn/graph_dump.h"
#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn::testing {
namespace {

struct Witness {
  std::string dialect, extension, owner, body;
  int line = 0;

  // "with": the brackets are dropped; otherwise also what they hold.
  [[nodiscard]] std::string model(bool with) const {
    std::string text;
    for (std::size_t at = 0; at < body.size();) {
      const std::size_t open = body.find("[[", at);
      text += body.substr(at, open - at);
      if (open == std::string::npos) break;
      const std::size_t close = body.find("]]", open);
      if (with) text += body.substr(open + 2, close - open - 2);
      at = close + 2;
    }
    if (text.find("<process") != std::string::npos) return definitions(text, dialect);
    if (text.find(" -> ") == std::string::npos) text = "<startEvent id=\"s\"/>\n" + text + "<endEvent id=\"e\"/>\ns -> t\nt -> e\n";
    return process(text, dialect);
  }
};

std::vector<Witness> read_witnesses() {
  std::ifstream file(FERMATA_SOURCE_DIR "/tests/unit/bpmn/extension_witnesses.txt");
  EXPECT_TRUE(file.good());
  std::vector<Witness> witnesses;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with('#')) continue;
    if (line.starts_with("=== ")) {
      std::istringstream words(line.substr(4));
      Witness& witness = witnesses.emplace_back();
      witness.line = number;
      words >> witness.dialect >> witness.extension >> witness.owner;
    } else if (!witnesses.empty() && !line.empty()) {
      witnesses.back().body += line + "\n";
    }
  }
  return witnesses;
}

TEST(ExtensionWitness, EachChangesTheGraph) {
  for (const Witness& witness : read_witnesses()) {
    const std::string where = "extension_witnesses.txt:" + std::to_string(witness.line) + "\n";
    const CompileResult with = compile_text(witness.model(true));
    ASSERT_FALSE(with.refused()) << where << problems_of(with);
    for (const Problem& problem : with.problems) EXPECT_NE(problem.rule, "BPMN-0709") << where << problems_of(with);
    const CompileResult without = compile_text(witness.model(false));
    ASSERT_NE(witness.model(true), witness.model(false)) << where;
    if (without.refused()) continue;
    EXPECT_NE(dump(*with.processes.front().graph) + with.processes.front().version_tag,
              dump(*without.processes.front().graph) + without.processes.front().version_tag)
        << where << "the extension changes nothing";
  }
}

void expect_witnesses(std::span<const KnownExtension> table, const std::string& mark, const std::set<std::string>& seen) {
  for (const KnownExtension& known : table) {
    if (known.treatment != Treatment::executed) continue;
    const std::string name = (known.space == Namespace::zeebe ? "zeebe " : "camunda ") + mark + std::string(known.name);
    if (known.owners.empty()) {
      const auto any = std::ranges::any_of(seen, [&](const std::string& key) { return key.starts_with(name + " "); });
      EXPECT_TRUE(any) << name << " has no witness";
      continue;
    }
    std::istringstream owners{std::string(known.owners)};
    for (std::string owner; owners >> owner;) EXPECT_TRUE(seen.contains(name + " " + owner)) << name << " on " << owner << " has no witness";
  }
}

TEST(ExtensionWitness, EveryExecutedExtensionHasOneForEachOwner) {
  std::set<std::string> seen;
  for (const Witness& witness : read_witnesses()) seen.insert(witness.dialect + " " + witness.extension + " " + witness.owner);
  expect_witnesses(extension_elements(), "", seen);
  expect_witnesses(extension_attributes(), "@", seen);
}

TEST(ExtensionWitness, WhatNobodyReadsIsPointedOut) {
  const std::pair<const char*, const char*> unread[] = {
      {"camunda", R"(<serviceTask id="t" camunda:class="C" camunda:topic="x"/>)"},
      {"camunda", R"(<serviceTask id="t" camunda:class="C" camunda:resultVariable="x"/>)"},
      {"camunda", R"(<callActivity id="t" calledElement="c" camunda:calledElementVersion="2"/>)"},
      {"camunda", R"(<serviceTask id="t" camunda:expression="${1}"><extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1S</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>)"},
      {"camunda", R"(<userTask id="t"><extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1S</camunda:failedJobRetryTimeCycle></extensionElements></userTask>)"},
      {"zeebe", R"(<intermediateThrowEvent id="t"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></intermediateThrowEvent>)"},
      {"zeebe", R"(<userTask id="t"><extensionElements><zeebe:taskHeaders><zeebe:header key="a" value="b"/></zeebe:taskHeaders></extensionElements></userTask>)"},
      {"zeebe", R"(<userTask id="t"><extensionElements><zeebe:formDefinition formId="f" bindingType="deployment"/></extensionElements></userTask>)"},
      {"zeebe", R"(<task id="t"><extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="a" tagret="b"/></zeebe:ioMapping></extensionElements></task>)"},
      {"zeebe", R"(<callActivity id="t"><extensionElements><zeebe:calledElement processId="c" versionTag="x"/></extensionElements></callActivity>)"},
  };
  for (const auto& [dialect, body] : unread) {
    const CompileResult result = compile_text(process("<startEvent id=\"s\"/>\n" + std::string(body) + "\n<endEvent id=\"e\"/>\ns -> t\nt -> e\n", dialect));
    EXPECT_FALSE(result.refused()) << problems_of(result);
    const bool found = std::ranges::any_of(result.problems, [](const Problem& problem) { return problem.rule == "BPMN-0709" && problem.element_id == "t"; });
    EXPECT_TRUE(found) << body << "\n" << problems_of(result);
  }
}

}  // namespace
}  // namespace fermata::bpmn::testing
