// Runs expressions with expectations in the format of the feelin fixtures:
//   {"tests": [{"kind": "expression" or "unaryTests", "expression": "...", "expected": JSON, "context": {}, "input":
//   JSON}]}
// An expected {"$feelin": kind, "value": text} is a temporal value. Used by `fermata conformance feelin` and the tests.
//
// Pure. Errors: invalid_argument when the file is not of that format.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/value.h"

namespace fermata::feel {

struct CaseOutcome {
  std::string expression;
  bool passed = false;
  std::string expected;
  std::string got;           ///< the value, or why there is none, with the first warning
  bool silent_null = false;  ///< null, and no warning says why
};

[[nodiscard]] Result<std::vector<CaseOutcome>> run_feelin_cases(const Value& file);

}  // namespace fermata::feel
