// Every rule has a model that breaks it, and only it: tests/unit/bpmn/witnesses.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "processes/bpmn/rules/catalogue.h"
#include "tests/unit/bpmn/models.h"

namespace fermata::bpmn::testing {
namespace {

struct Witness {
  std::set<std::string> rules;  ///< the first is the one that it is for
  std::string rule, wrapper, element, body;
  int line = 0;

  [[nodiscard]] std::string text() const {
    if (wrapper == "raw") return body;
    if (wrapper == "root") return definitions(body);
    if (wrapper == "drawing") return definitions("<process id=\"p\" isExecutable=\"false\">\n" + body + "</process>");
    return process(body, wrapper == "process" ? "" : wrapper);
  }
};

std::vector<Witness> read_witnesses() {
  std::ifstream file(FERMATA_SOURCE_DIR "/tests/unit/bpmn/witnesses.txt");
  EXPECT_TRUE(file.good());
  std::vector<Witness> witnesses;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with('#')) continue;
    if (!line.starts_with("=== ")) {
      if (!witnesses.empty() && !line.empty()) witnesses.back().body += line + "\n";
      continue;
    }
    Witness& witness = witnesses.emplace_back();
    witness.line = number;
    std::istringstream words(line.substr(4));
    for (std::string word; words >> word;) {
      if (word.starts_with("BPMN-")) {
        if (witness.rule.empty()) witness.rule = word;
        witness.rules.insert(word);
      } else if (word != "also") {
        (witness.wrapper.empty() ? witness.wrapper : witness.element) = word;
      }
    }
  }
  return witnesses;
}

TEST(RuleWitness, EveryModelBreaksItsRuleAndNoOther) {
  for (const Witness& witness : read_witnesses()) {
    const CompileResult result = compile_text(witness.text());
    std::set<std::string> found;
    for (const Problem& problem : result.problems) found.insert(problem.rule);
    EXPECT_EQ(found, witness.rules) << "witnesses.txt:" << witness.line << "\n" << problems_of(result);
    const bool at_element = std::ranges::any_of(result.problems, [&](const Problem& problem) {
      return problem.rule == witness.rule && (witness.element.empty() || problem.element_id == witness.element);
    });
    EXPECT_TRUE(at_element) << "witnesses.txt:" << witness.line << "\n" << problems_of(result);
    EXPECT_EQ(result.processes.empty(), result.refused()) << "witnesses.txt:" << witness.line;
    for (const Problem& problem : result.problems) {
      EXPECT_GT(problem.line, 0) << witness.line;
      EXPECT_GT(problem.column, 0) << witness.line;
      EXPECT_TRUE(problem.message.ends_with('.')) << problem.message;
    }
  }
}

TEST(RuleWitness, EveryRuleHasOne) {
  std::set<std::string> seen{"BPMN-0001", "BPMN-0010"};  // bounds have tests of their own
  for (const Witness& witness : read_witnesses()) seen.insert(witness.rule);
  for (const Rule* rule : all_rules())
    EXPECT_TRUE(seen.contains(std::string(rule->id))) << rule->id << " has no witness";
}

}  // namespace
}  // namespace fermata::bpmn::testing
