// Multi-instance activities: a body that hands its collection out to inner instances, one at a time or all at once.
// BPMN 2.0.2, 13.3.7. The completion condition is evaluated once per completed inner instance.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Evaluates the collection or cardinality and starts the first inner instance, or all. An empty input completes the body.
[[nodiscard]] Attempt open_multi_instance(Execution& x, const Element& element, ElementInstanceKey body);

/// What an inner instance gives its body when it completes.
struct InnerResult {
  Value output;               ///< of the output element
  bool condition_met = false; ///< the completion condition holds: the others are withdrawn
};
/// Evaluates both before anything changes; a failure is an incident of the inner instance.
[[nodiscard]] Attempted<InnerResult> evaluate_inner_result(Execution& x, const Element& element, ElementInstanceKey inner);
/// Collects the output, then starts the next one, waits for the others, or completes the body.
void inner_instance_completed(Execution& x, const Element& element, const ElementInstance& inner, const InnerResult& result);
/// Counts one that was withdrawn by itself. The body goes on with those that live; with none, whoever withdrew it ends the body.
void inner_instance_terminated(Execution& x, ElementInstanceKey body);

/// Writes the output collection into the scopes around the body.
void publish_outputs(Execution& x, const Element& element, ElementInstanceKey body);

}  // namespace fermata
