// What decide() may use from outside its instance: called processes, deployed decisions, who gets what it throws, and the options of the engine.
//
// Floor 3. Interfaces only: implementations are handed in from above.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/model/decision_model.h"
#include "engine/model/process_graph.h"
#include "engine/record/entity.h"

namespace fermata {

/// A deployed DMN file: its decisions, and what they are in this deployment.
struct DecisionFile {
  DecisionModelPtr model;
  std::vector<DecisionDefinition> decisions;
};

struct DecisionTarget {
  DecisionDefinition definition;
  std::shared_ptr<const DecisionFile> file;
};

class InstanceState;

/// What an instance must know of the world around it: the process of a call activity, the decision of a business rule task, whether what
/// it throws can be delivered, and who catches it.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  struct Target {
    Definition definition;
    ProcessGraphPtr graph;
  };
  /// nullopt: no such process is deployed. `version` is empty unless the binding is by version.
  [[nodiscard]] virtual Result<std::optional<Target>> find_called(const VersionBinding& binding, std::string_view process_id,
                                                                  std::string_view version, DefinitionKey caller) = 0;
  /// The same for a decision.
  [[nodiscard]] virtual Result<std::optional<DecisionTarget>> find_decision(const VersionBinding& binding, std::string_view decision_id,
                                                                            std::string_view version, DefinitionKey caller) = 0;
  /// Why a message that `thrower` throws now would not reach all that it is for; nullopt: it would.
  [[nodiscard]] virtual Result<std::optional<std::string>> trouble_with_message(std::string_view name, std::string_view correlation_key,
                                                                                const InstanceState& thrower) = 0;
  [[nodiscard]] virtual Result<std::optional<std::string>> trouble_with_signal(std::string_view name) = 0;

  /// Who catches an error or escalation that leaves an instance: one of those that have called it, or called those.
  enum class Caught { by_nobody, beside, interrupting };
  [[nodiscard]] virtual Result<Caught> caught_outside(const ProcessInstance& thrower, EventKind kind, const std::string& code) = 0;
};

struct DecideOptions {
  std::size_t steps_max = limits::steps_per_command_max;
  std::size_t bytes_max = 64u << 20;                   ///< of values that one command writes into an instance (text_bytes())
  std::size_t chain_bytes_max = 256u << 20;            ///< the same of all that one client command sets in motion
  std::int32_t job_retries = 3;                        ///< of a job whose model names none
  Duration retry_backoff = Duration::from_seconds(1);  ///< first delay; doubles with each attempt
  Duration retry_backoff_max = Duration::from_seconds(600);
  Duration thrown_message_ttl = Duration::from_seconds(24 * 3600);  ///< of a message that a process throws and nobody awaits yet
};

}  // namespace fermata
