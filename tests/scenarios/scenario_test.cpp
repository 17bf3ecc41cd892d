// Plays every scenario of this folder in every world.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/scenarios/runner/player.h"

namespace fermata::scenarios {
namespace {

std::vector<std::string> all_scenarios() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FERMATA_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".scenario") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class EveryScenario : public testing::TestWithParam<std::string> {};

TEST_P(EveryScenario, GoesAlikeInAllWorlds) {
  const Result<Scenario> scenario = read_scenario(GetParam());
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  ASSERT_FALSE(scenario->lines.empty());
  for (const WorldKind& kind : all_worlds()) {
    World world(kind);
    const std::string trouble = Player(*scenario, world).play();
    ASSERT_TRUE(trouble.empty()) << trouble;
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EveryScenario, testing::ValuesIn(all_scenarios()), [](const auto& scenario) {
  const std::filesystem::path path(scenario.param);
  std::string name = path.parent_path().filename().string() + "_" + path.stem().string();
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
});

}  // namespace
}  // namespace fermata::scenarios
