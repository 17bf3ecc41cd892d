// A scenario of the camunda7 corpus, step by step against a Bench. The corpus explains its steps under notes.ops.
//
// Snapshots are rows as they were when they were asked for; a step that acts on one finds the thing again by its key.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tests/conformance/engine/ledger.h"

namespace fermata::conformance {

/// Plays one entry of "tests". `root` is the folder that its files are named in.
[[nodiscard]] CaseResult play_camunda7(const nlohmann::json& test, const std::filesystem::path& root);

}  // namespace fermata::conformance
