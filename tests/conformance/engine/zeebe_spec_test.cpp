// zeebe-spec: YAML specifications and the models that lie beside them.
#include <gtest/gtest.h>

#include "tests/conformance/engine/yaml_subset.h"
#include "tests/conformance/engine/zeebe_spec_case.h"

namespace fermata::conformance {
namespace {

namespace fs = std::filesystem;

// By file and case.
const std::map<std::string, KnownMiss>& known_misses() {
  static const std::map<std::string, KnownMiss> known{
      {"junit-extension/spec-with-external-worker.yaml: complete task",
       {Kind::other_means, "a worker outside of the specification"}},
      {"junit-extension/demo2.yaml: complete process",
       {Kind::other_means, "meant to fail: completes all jobs and wants the instance terminated"}},
      {"junit-extension/demo.yaml: has variable from task",
       {Kind::other_means, "meant to fail"}},
      {"core/demo-fail-verification.yaml: fail-verification",
       {Kind::other_means, "meant to fail"}},
      {"core/demo-incident.yaml: publish message",
       {Kind::other_means, "completes jobs that its incident keeps from being there"}},
  };
  return known;
}

// Models of the specification's own folder and of those around it, up to the folder "resources".
std::vector<Bench::File> models_near(const fs::path& specification) {
  std::vector<Bench::File> files;
  for (fs::path folder = specification.parent_path();; folder = folder.parent_path()) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".bpmn") files.emplace_back(entry.path().filename().string(), read_text(entry.path()));
    }
    if (folder.filename() == "resources" || folder == fixtures() || !folder.has_relative_path()) return files;
  }
}

TEST(EngineConformance, ZeebeSpecifications) {
  const fs::path root = fixtures() / "zeebe-spec";
  if (!fs::exists(root)) GTEST_SKIP() << "no fixtures at " << root;
  Ledger ledger("zeebe-spec");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".yaml" && entry.path().extension() != ".yml") continue;
    const std::vector<Bench::File> models = models_near(entry.path());
    const nlohmann::json specification = read_yaml(read_text(entry.path()));
    for (const nlohmann::json& test_case : specification["testCases"]) {
      const std::string id = fs::relative(entry.path(), root).begin()->string() + "/" + entry.path().filename().string() + ": " + test_case["name"].get<std::string>();
      ledger.enter(id, play_zeebe_spec(test_case, models), known_misses());
    }
  }
  ledger.settle(15, known_misses());
}

}  // namespace
}  // namespace fermata::conformance
