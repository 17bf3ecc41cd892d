// How variables move: into a scope, outwards, and through the input and output mappings of an element.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Sets one variable in just this scope. An unchanged value is not written again.
void set_variable(Execution& x, ElementInstanceKey scope, const std::string& name, const Value& value);
void set_local_variables(Execution& x, ElementInstanceKey scope, const Variables& variables);

/// Sets each variable in the nearest scope outwards from `scope` that has it, and at the root if none has.
void merge_variables(Execution& x, ElementInstanceKey scope, const Variables& variables);

/// What an event, a job or a called process brings to its element: local if outputs pick from it, otherwise merged from its own scope outwards.
void take_result(Execution& x, ElementInstanceKey key, const Variables& variables);

/// Evaluates the input mappings in order, each seeing the ones before, into the element's own scope.
[[nodiscard]] Attempt map_inputs(Execution& x, const Element& element, ElementInstanceKey key);
/// What the input mappings give without any variable of the instance, but for those in which a variable chooses (Expression::chooses()):
/// text that the author of the model wrote. Empty unless a mapping mentions a secret, for only there it matters: a reference to a secret is
/// resolved in the author's text, never in process data.
[[nodiscard]] Variables fixed_inputs(const Element& element, Timestamp now);
/// Evaluates the output mappings in the element's scope and merges them into the scopes around it; those of an inner instance of a
/// multi-instance from its own scope outwards, where its body looks for the output.
[[nodiscard]] Attempt map_outputs(Execution& x, const Element& element, ElementInstanceKey key);

/// `root` with the value put at the path: write_path({"a": 1}, {"b", "c"}, 2) is {"a": 1, "b": {"c": 2}}.
[[nodiscard]] Value with_path(const Value& root, std::span<const std::string> path, Value value);

}  // namespace fermata
