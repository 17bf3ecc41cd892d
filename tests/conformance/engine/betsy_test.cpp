// betsy: one small process per feature of the standard.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/conformance/engine/betsy_case.h"

namespace fermata::conformance {
namespace {

// By test and number of the case.
const std::map<std::string, KnownMiss>& known_misses() {
  static const std::map<std::string, KnownMiss> known{
      {"Escalation_EndEvent_TopLevel/1",
       {Kind::other_means, "its trace leaves out the marker that its called process sets"}},
  };
  return known;
}

TEST(EngineConformance, BetsyProcesses) {
  const std::filesystem::path root = fixtures() / "betsy";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no fixtures at " << root;
  Ledger ledger("betsy processes");
  const nlohmann::json expectations = nlohmann::json::parse(read_text(root / "expectations.json"));
  for (const nlohmann::json& test : expectations["tests"]) {
    for (const nlohmann::json& test_case : test["testCases"]) {
      const std::string id = test["id"].get<std::string>() + "/" + std::to_string(test_case["number"].get<int>());
      ledger.enter(id, play_betsy(test, test_case, root / "files" / "bpmn"), known_misses());
    }
  }
  ledger.settle(54, known_misses());
}

}  // namespace
}  // namespace fermata::conformance
