// Expressions that compute the result of a task.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Evaluates the expression, keeps its result as variable(s), and lets the token pass. Failures are script errors.
[[nodiscard]] Attempt run_script(Execution& x, const ScriptDefinition& script, ElementInstanceKey key);

/// `result_variable` = value; without a name, the entries of a context become variables and anything else is dropped.
void keep_result(Execution& x, const std::string& result_variable, const Value& value, ElementInstanceKey key);

}  // namespace fermata
