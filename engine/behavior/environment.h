// What a decision may use from outside its instance: the called process, the decision engine, and the options of the engine.
//
// Floor 3. Interfaces only: implementations are handed in from above.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/model/process_graph.h"
#include "engine/record/entity.h"

namespace fermata {

/// Finds the process of a call activity.
class DefinitionDirectory {
 public:
  virtual ~DefinitionDirectory() = default;
  struct Target {
    Definition definition;
    ProcessGraphPtr graph;
  };
  /// nullopt: no such process is deployed. `version` is empty unless the binding is by version.
  [[nodiscard]] virtual Result<std::optional<Target>> find_called(const CallDefinition& call, std::string_view process_id,
                                                                  std::string_view version, DefinitionKey caller) = 0;
};

/// The decision engine that business rule tasks ask (processes/dmn can decide; nobody hands it in yet).
class DecisionEvaluator {
 public:
  virtual ~DecisionEvaluator() = default;
  [[nodiscard]] virtual Result<Value> evaluate(std::string_view decision_id, const VariableScope& variables, Timestamp now) = 0;
};

struct DecideOptions {
  std::size_t steps_max = limits::steps_per_command_max;
  std::int32_t job_retries = 3;                        ///< of a job whose model names none
  Duration retry_backoff = Duration::from_seconds(1);  ///< first delay; doubles with each attempt
  Duration retry_backoff_max = Duration::from_seconds(600);
  Duration thrown_message_ttl = Duration::from_seconds(24 * 3600);  ///< of a message that a process throws and nobody awaits yet
  DecisionEvaluator* decisions = nullptr;              ///< null: a business rule task with a decision raises an incident
};

}  // namespace fermata
