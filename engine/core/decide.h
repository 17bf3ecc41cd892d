// decide(): what one command does to one instance. The heart of the engine, and pure.
//
//     decide(graph, state, command)  ->  events (already applied to the state), effects, follow-up commands  |  Rejection
//
// Floor 4. No clock, no I/O, no threads, no randomness, no logging. Each event is applied at once, so later steps of the same
// command see it. A Rejection has changed nothing. Read decide.cpp as the table of contents: one decide_<command> file each.
#pragma once

#include <memory>
#include <vector>

#include <tl/expected.hpp>

#include "engine/base/keys.h"
#include "engine/base/limits.h"
#include "engine/model/process_graph.h"
#include "engine/record/command.h"
#include "engine/record/effect.h"
#include "engine/record/event.h"
#include "engine/record/rejection.h"
#include "engine/state/instance_state.h"

namespace fermata {

/// What decisions may look up outside their instance: the process of a call activity.
class DefinitionDirectory {
 public:
  virtual ~DefinitionDirectory() = default;
  struct Target {
    Definition definition;
    ProcessGraphPtr graph;
  };
  /// nullopt: no such process is deployed.
  [[nodiscard]] virtual Result<std::optional<Target>> find_called(const CallDefinition& call, std::string_view process_id,
                                                                  std::string_view version, DefinitionKey caller) = 0;
};

/// The decision engine that business rule tasks ask (its implementation follows in processes/dmn).
class DecisionEvaluator {
 public:
  virtual ~DecisionEvaluator() = default;
  [[nodiscard]] virtual Result<Value> evaluate(std::string_view decision_id, const VariableScope& variables, Timestamp now) = 0;
};

struct DecideOptions {
  std::size_t steps_max = limits::steps_per_command_max;
  std::int32_t job_retries = 3;             ///< of a job whose model names none
  Duration retry_backoff = Duration::from_seconds(1);       ///< first delay; doubles with each attempt
  Duration retry_backoff_max = Duration::from_seconds(600);
  DecisionEvaluator* decisions = nullptr;   ///< null: a business rule task with a decision raises an incident
};

struct DecideInput {
  const ProcessGraph& graph;
  InstanceState& state;  ///< changed only by the events that are answered
  const CommandContext& context;
  KeySource& keys;
  DefinitionDirectory& definitions;
  const DecideOptions& options;
};

struct Decision {
  std::vector<Event> events;
  std::vector<Effect> effects;
  std::vector<FollowUp> follow_ups;  ///< to be executed in the same transaction, in order
};

[[nodiscard]] tl::expected<Decision, Rejection> decide(const DecideInput& input, const InstanceCommand& command);

}  // namespace fermata
