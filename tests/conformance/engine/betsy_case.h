// A test case of betsy: start a process with variables, let it run, compare the tokens that its script tasks left behind.
//
// betsy writes its scripts and conditions in an engine-neutral notation. A script task leaves its token when it completes; conditions
// are replaced by the FEEL text that the corpus gives for them; scripts that take seconds become jobs that are completed in time.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tests/conformance/engine/ledger.h"

namespace fermata::conformance {

[[nodiscard]] CaseResult play_betsy(const nlohmann::json& test, const nlohmann::json& test_case, const std::filesystem::path& files);

}  // namespace fermata::conformance
