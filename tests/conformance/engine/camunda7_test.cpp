// Scenarios of Camunda 7's own test suite, played against this engine.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/conformance/engine/camunda7_case.h"

namespace fermata::conformance {
namespace {

// By the id of the case.
const std::map<std::string, KnownMiss>& known_misses() {
  static const std::map<std::string, KnownMiss> known{};
  return known;
}

TEST(EngineConformance, Camunda7Scenarios) {
  const std::filesystem::path root = fixtures() / "camunda7";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no fixtures at " << root;
  Ledger ledger("camunda7 scenarios");
  const nlohmann::json scenarios = nlohmann::json::parse(read_text(root / "scenarios.json"));
  for (const nlohmann::json& test : scenarios["tests"]) {
    ledger.enter(test["id"], play_camunda7(test, root), known_misses());
  }
  ledger.settle(0, known_misses());
}

}  // namespace
}  // namespace fermata::conformance
