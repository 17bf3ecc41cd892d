// A test case of a zeebe-spec file: actions drive the engine, verifications look at it. The corpus's README explains both.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tests/conformance/engine/bench.h"
#include "tests/conformance/engine/ledger.h"

namespace fermata::conformance {

/// `files`: every model that stands near the specification; all are deployed.
[[nodiscard]] CaseResult play_zeebe_spec(const nlohmann::json& test_case, const std::vector<Bench::File>& files);

}  // namespace fermata::conformance
