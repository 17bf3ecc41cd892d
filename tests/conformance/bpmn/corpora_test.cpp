// The corpora of shared/fixtures against the compiler: what must be refused, what must deploy, what must be read.
//
// Ratchets: each expectation that is not met is listed by name, with the reason. A listed miss that is met, or a miss
// that is not listed, fails the test. The fixtures are not part of this repository; without them everything here is
// skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "processes/bpmn/deploy.h"
#include "processes/bpmn/feel_expressions.h"

namespace fermata::bpmn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Corpora : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root_)) GTEST_SKIP() << "no fixtures at " << root_;
  }

  [[nodiscard]] json read_json(const std::string& path) const { return json::parse(std::ifstream(root_ / path)); }

  [[nodiscard]] static CompileResult compile_file(const fs::path& path, const CompileOptions& options = {}) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    FeelExpressions expressions;
    return compile(path.filename().string(), bytes.str(), expressions, options);
  }

  [[nodiscard]] static std::string first_errors(const CompileResult& result) {
    std::string text;
    for (const Problem& problem : result.problems) {
      if (problem.severity == Severity::error && text.size() < 400) text += " " + problem.rule + " " + problem.message;
    }
    return text;
  }

  // Compares the misses with the list, and prints the count.
  static void expect_misses(const std::string& what, std::size_t total, const std::set<std::string>& misses,
                            const std::set<std::string>& listed) {
    EXPECT_GT(total, 0U) << what << ": the corpus is empty";
    std::cout << what << ": " << total - misses.size() << " of " << total << " as expected\n";
    for (const std::string& miss : misses) EXPECT_TRUE(listed.contains(miss)) << what << ": new miss: " << miss;
    for (const std::string& entry : listed)
      EXPECT_TRUE(misses.contains(entry)) << what << ": no longer a miss, take it off the list: " << entry;
  }

  const fs::path root_ = FERMATA_FIXTURES_DIR;
};

// Rules that say "not executed here" or "not executable yet", and nothing about the standard.
bool is_about_the_standard(const Problem& problem) {
  static const std::set<std::string> others{"BPMN-0105", "BPMN-0409", "BPMN-0502", "BPMN-0507"};
  return problem.severity == Severity::error && problem.rule < "BPMN-0700" && !others.contains(problem.rule);
}

TEST_F(Corpora, BpmnspectorFilesThatBreakTheStandardAreRefused) {
  std::set<std::string> misses;
  std::size_t total = 0;
  const json expectations = read_json("bpmnspector/expectations.json")["expectations"];
  for (const json& expected : expectations) {
    if (expected["valid"].get<bool>()) continue;
    ++total;
    const std::string file = expected["file"];
    const CompileResult result = compile_file(root_ / "bpmnspector/files" / file);
    if (!result.refused()) misses.insert(file);
  }
  expect_misses("bpmnspector, invalid files refused", total, misses, {});
}

TEST_F(Corpora, BpmnspectorFilesThatKeepTheStandardBreakNoRuleOfIt) {
  std::set<std::string> misses;
  std::size_t total = 0;
  const json expectations = read_json("bpmnspector/expectations.json")["expectations"];
  for (const json& expected : expectations) {
    if (!expected["valid"].get<bool>()) continue;
    ++total;
    const std::string file = expected["file"];
    const CompileResult result = compile_file(root_ / "bpmnspector/files" / file, {.require_executable = false});
    if (std::ranges::any_of(result.problems, is_about_the_standard)) misses.insert(file);
  }
  expect_misses("bpmnspector, valid files without findings of the standard", total, misses,
                {
                    // Imports are not followed: a file is deployed by itself.
                    "path/folder/success_import.bpmn",
                    "path/success_import.bpmn",
                    "001/Success.bpmn",
                    "test-19-referenz-6-korrekt.bpmn",
                    // Valid only for the stage that the file was made for: dangling operationRef, event definitions
                    // without message, signal or time, a condition in plain text.
                    "127/EXT127_success_intThrow.bpmn",
                    "103/Success_ref.bpmn",
                    "109/Success_ref.bpmn",
                    "mojo/warning_intermediateEvents.bpmn",
                    "mojo/warning_conditionalSeqFlow.bpmn",
                });
}

TEST_F(Corpora, BetsyConstraintFilesAreRefused) {
  std::set<std::string> misses;
  const json tests = read_json("betsy/expectations.json")["constraintTests"];
  for (const json& test : tests) {
    const std::string file = test["file"];
    if (!compile_file(root_ / "betsy/files/bpmn" / file).refused()) misses.insert(file);
  }
  expect_misses("betsy, constraint files refused", tests.size(), misses, {});
}

// A file that must deploy may only be refused for what this engine does not execute yet.
TEST_F(Corpora, BetsyProcessesDeployOrNameWhatIsNotExecuted) {
  std::set<std::string> misses;
  std::size_t deployed = 0;
  const json tests = read_json("betsy/expectations.json")["tests"];
  for (const json& test : tests) {
    const std::string file = test["file"];
    const CompileResult result = compile_file(root_ / "betsy/files/bpmn" / file);
    deployed += result.refused() ? 0U : 1U;
    const auto other = [](const Problem& problem) {
      return problem.severity == Severity::error && problem.rule < "BPMN-0900";
    };
    if (std::ranges::any_of(result.problems, other)) misses.insert(file);
  }
  std::cout << "betsy: " << deployed << " of " << tests.size() << " deploy\n";
  EXPECT_GE(deployed, 42U);
  expect_misses("betsy, deployed or refused as not executed", tests.size(), misses,
                {"errors/LoopTask_NegativeLoopMaximum.bpmn",
                 "errors/Token_CompletionQuantity_Zero.bpmn"});  // both must be refused
}

TEST_F(Corpora, Camunda7RejectedFilesAreRefused) {
  std::set<std::string> misses;
  std::size_t total = 0;
  const json corpus = read_json("camunda7/rejected.json")["rejected"];
  for (const json& rejected : corpus) {
    for (const json& name : rejected["files"]) {
      const std::string file = name;
      ++total;
      if (!compile_file(root_ / "camunda7" / file).refused()) misses.insert(file);
    }
  }
  expect_misses("camunda7, rejected files refused", total, misses, {});
}

TEST_F(Corpora, Camunda7ScenarioFilesDeploy) {
  std::set<std::string> misses;
  const json files = read_json("camunda7/scenarios.json")["files"];
  for (const auto& [file, facts] : files.items()) {
    const CompileResult result = compile_file(root_ / "camunda7" / file);
    if (result.refused()) misses.insert(fs::path(file).filename().string());
  }
  expect_misses(
      "camunda7, scenario files deploy", files.size(), misses,
      {
          // Transactions and cancel events are not executed in this version.
          "ProcessInstanceModificationTest.cancelEnd.bpmn20.xml",
          "TransactionSubProcessTest.testCompensateSubprocess.bpmn20.xml",
          "TransactionSubProcessTest.testCompensateTransactionWithEventSubprocess.bpmn20.xml",
          "TransactionSubProcessTest.testParseWithDI.bpmn20.xml",
          // camunda:initiator is not executed.
          "reviewSalesLead.bpmn20.xml",
          // A message that names neither a message nor who sends it.
          "MessageIntermediateThrowEventTest.testSingleIntermediateThrowMessageEvent.bpmn20.xml",
          // Files without any Camunda vocabulary are held to the standard: dangling errorRef, boundary event without
          // flow.
          "BoundaryErrorEventTest.testDeeplyNestedErrorThrown.bpmn20.xml",
          "BoundaryErrorEventTest.testDeeplyNestedErrorThrownOnlyAutomaticSteps.bpmn20.xml",
          "MessageNonInterruptingBoundaryEventTest.testNonInterruptingWithUserTaskAndBoundaryEvent.bpmn20.xml",
      });
}

TEST_F(Corpora, ZeebeVerdictsAgree) {
  const json expectations = read_json("zeebe-apache/expectations.json");
  const fs::path folder = root_ / "zeebe-apache" / expectations["root"].get<std::string>();
  std::set<std::string> misses;
  for (const json& item : expectations["items"]) {
    const std::string file = item["file"];
    const CompileResult result = compile_file(folder / file, {.require_executable = false});
    const bool broken = std::ranges::any_of(result.problems, [](const Problem& problem) {
      return problem.severity == Severity::error && (problem.rule < "BPMN-0900" || problem.rule > "BPMN-0920");
    });
    const bool product_limit = item.value("productLimit", false);
    if (item["valid"].get<bool>() ? broken : (!result.refused() && !product_limit))
      misses.insert(file + first_errors(result));
  }
  expect_misses("zeebe-apache, verdicts", expectations["items"].size(), misses, {});
}

TEST_F(Corpora, ZeebeProcessesDeploy) {
  std::set<std::string> misses;
  std::size_t total = 0;
  for (const char* folder : {"zeebe-process-test", "zeebe-spec"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root_ / folder)) {
      if (entry.path().extension() != ".bpmn") continue;
      ++total;
      const CompileResult result = compile_file(entry.path());
      if (result.refused()) misses.insert(entry.path().filename().string() + first_errors(result));
    }
  }
  expect_misses("zeebe-process-test and zeebe-spec, deploy", total, misses, {});
}

// Interchange: whatever a modeler wrote is read, and what is refused is refused for its content, never for its XML.
TEST_F(Corpora, ModelsOfAllToolsAreRead) {
  std::set<std::string> misses;
  std::size_t total = 0;
  std::size_t deployed = 0;
  for (const char* folder :
       {"bpmn-miwg", "bpmn-elements", "bpmn-engine", "fbpmn", "bpmn-analyzer", "betsy", "bpmnspector"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root_ / folder)) {
      if (entry.path().extension() != ".bpmn") continue;
      ++total;
      const CompileResult result = compile_file(entry.path());
      deployed += result.refused() ? 0U : 1U;
      const auto unreadable = [](const Problem& problem) { return problem.rule <= "BPMN-0009"; };
      if (std::ranges::any_of(result.problems, unreadable)) misses.insert(entry.path().filename().string());
    }
  }
  std::cout << "files that deploy: " << deployed << " of " << total << "\n";
  expect_misses("all tools, files read", total, misses,
                {
                    "single_process.bpmn",          // not well-formed, on purpose
                    "service-task-operation.bpmn",  // its root has no BPMN namespace
                });
}

}  // namespace
}  // namespace fermata::bpmn
