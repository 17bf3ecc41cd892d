// The YAML that specification files are written in: block mappings, block lists, plain and quoted one-line scalars, comments.
//
//   nlohmann::json spec = read_yaml("testCases:\n  - name: a\n");   // {"testCases":[{"name":"a"}]}
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace fermata::conformance {

/// Every scalar is a string. Throws std::invalid_argument with the line for anything else than the subset.
[[nodiscard]] nlohmann::json read_yaml(std::string_view text);

}  // namespace fermata::conformance
