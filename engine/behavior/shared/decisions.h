// Decisions (DMN): what becomes of a result, and its rows in the history. Shared by business rule tasks and by who asks for a decision
// by itself.
#pragma once

#include <vector>

#include "engine/behavior/execution.h"

namespace fermata {

/// The rows of one evaluation, in the order in which its decisions were evaluated.
[[nodiscard]] std::vector<DecisionInstance> decision_instances(const DecisionTarget& target, const DecisionResult& result, KeySource& keys,
                                                               Timestamp now);

/// As Camunda 7 shows a result: a list with a context for each rule that matched, and an entry in it for each output.
[[nodiscard]] Value result_list(const DecisionResult& result);

/// called_decision_error when the result is not of the shape that the mapping asks for.
[[nodiscard]] Attempted<Value> mapped_result(const DecisionResult& result, DecisionReference::Mapping mapping);

}  // namespace fermata
