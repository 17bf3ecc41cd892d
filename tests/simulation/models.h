// Small processes made in code, and the expressions they need: for tests of the runtime that want no XML.
//
//   ClientCommand deploy = deploy_models();
//   options.compile = compile_models;          // after a restart, graphs are found again by the name of their resource
//   options.compile_decisions = compile_decisions;
#pragma once

#include "engine/core/client_command.h"
#include "engine/core/partition.h"
#include "engine/model/graph_builder.h"

namespace fermata::simulation {

[[nodiscard]] ExpressionPtr constant(Value value);
[[nodiscard]] inline ExpressionPtr text(std::string value) { return constant(Value::string(std::move(value))); }
/// The value of a variable; null when there is none.
[[nodiscard]] ExpressionPtr variable(std::string name);
/// variable >= bound; false when it is not a number.
[[nodiscard]] ExpressionPtr at_least(std::string name, std::int64_t bound);

/// The models by process id:
///   linear      a -> b, two jobs
///   fork        two jobs at once, joined
///   either      an inclusive choice of up to two jobs (order >= 1, order >= 5), joined
///   loop        a job until its variable done >= 1
///   boundary    a job with an interrupting timer (PT10M), a counted reminder (R3/PT2M, not interrupting) and an error boundary
///   race        an event-based gateway: message "paid" with key `order`, or a timer of PT30M
///   people      a user task, then a job
///   caller      calls linear, then a job
///   family      a job, calls linear for each of `items` at once, a timer of PT10S, calls linear for each of `later` at once
///   many        a parallel and then a sequential multi-instance job over the list `items`
///   saga        a subprocess with two compensable jobs and a job; on its error both are undone
///   decided     asks the decision `size`, then a job
///   by_message  started by the message "go", whose key stays reserved while it lives; waits for "paid"
[[nodiscard]] const std::vector<std::string>& model_ids();
[[nodiscard]] ProcessGraphPtr model(const std::string& process_id);
/// One resource per model, so that compile_models() finds them, and one with the decision `size`: "large" if order >= 5, else "small".
[[nodiscard]] ClientCommand deploy_models();
[[nodiscard]] Result<std::vector<DeployResource::Process>> compile_models(const Resource& resource);
[[nodiscard]] Result<DecisionModelPtr> compile_decisions(const Resource& file, const std::vector<Resource>& beside);

}  // namespace fermata::simulation
