// fermata dmn eval: evaluates a decision of a DMN model without a server.
#pragma once

#include <string>
#include <vector>

#include "cli/client/session.h"

namespace fermata::cli {

struct DecideOptions {
  std::vector<std::string> models;  ///< the first is asked; the others are there to be imported
  std::string decision;             ///< id or name; empty: the only one there is
  std::string service;              ///< instead of a decision
  std::string input;                ///< a file with a JSON object, "-" for standard input; empty: no inputs
  bool json = false;                ///< everything: decisions, tables, rules that matched, warnings
};

/// Prints the value to standard output and warnings to standard error. `refused` when a model has an error or the
/// evaluation hits a bound.
[[nodiscard]] Exit decide(const DecideOptions& options);

}  // namespace fermata::cli
