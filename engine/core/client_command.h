// What a client may ask of the engine, and what it is answered. The vocabulary between http/, cli/, activities and the core.
//
// Floor 4. A client names things by key alone; core/partition finds the instance that a key belongs to. Instance commands of
// engine/record/command.h are client commands as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/model/decision_model.h"
#include "engine/model/process_graph.h"
#include "engine/record/command.h"
#include "engine/record/rejection.h"

namespace fermata {

/// One file of a deployment, compiled by the caller (processes/bpmn, processes/dmn), so that the engine thread never parses XML.
struct DeployResource {
  std::string name;
  std::string kind;     ///< "bpmn", "dmn" or "form"
  std::string form_id;  ///< of a form
  std::string content;
  std::string checksum;  ///< of a DMN file: of those that it imports as well
  struct Process {
    std::string process_id;
    std::string name;
    ProcessGraphPtr graph;
  };
  std::vector<Process> processes;  ///< the executable ones, in file order
  /// Of a DMN file.
  struct Decisions {
    std::string requirements_id;  ///< of <definitions>
    std::string requirements_name;
    bool imports = false;  ///< it needs other files of its deployment
    DecisionModelPtr model;
    struct Decision {
      std::string id;
      std::string name;
      std::string version_tag;
    };
    std::vector<Decision> all;  ///< in file order
  };
  std::optional<Decisions> decisions;

  /// Anything that has versions; otherwise it is an attachment.
  [[nodiscard]] bool defines_anything() const {
    return !processes.empty() || !form_id.empty() || (decisions && !decisions->all.empty());
  }
};

/// All files or none.
struct Deploy {
  static constexpr std::string_view command_name = "deploy";
  /// What gets a new version. `together`: everything, as soon as one file has changed, so that what belongs together (a process and the
  /// decision that it calls with the binding "deployment") is in one deployment; nothing when none has. `changed_only`: files that have
  /// changed (Camunda 7, deploy-changed-only). `always`: everything (Camunda 7 without duplicate filtering).
  enum class Versions : std::uint8_t { together, changed_only, always };
  std::vector<DeployResource> resources;
  Versions versions = Versions::together;
};

/// By definition key, or by process id with an optional version (absent: the latest).
struct CreateInstance {
  static constexpr std::string_view command_name = "createInstance";
  DefinitionKey definition;
  std::string process_id;
  std::optional<std::int32_t> version;
  Variables variables;
  std::string business_key;
  std::vector<std::string> start_at;  ///< element ids; empty: the none start event
  std::vector<std::string> tags;
  bool unique_business_key = false;   ///< refuse when a live instance of the process has this business key
};

struct ActivateJobs {
  static constexpr std::string_view command_name = "activateJobs";
  struct Topic {
    std::string type;
    Duration timeout;
    std::optional<std::vector<std::string>> variables;  ///< names to fetch; absent: all visible
    bool local_variables_only = false;
    bool mapped_variables_only = false;       ///< of a task that has input mappings: those of its own scope, which they made
    std::string business_key;                 ///< filter; empty: any
    std::vector<std::string> process_ids;     ///< filter; empty: any
    std::vector<DefinitionKey> definitions;   ///< filter; empty: any
    std::string version_tag;                  ///< filter; empty: any
    Variables process_variables;              ///< filter: variables of the instance that have just these values
  };
  std::vector<Topic> topics;
  std::string worker;
  std::size_t max_jobs = 1;
};

/// Asks a decision by itself; what it took is in the history. By key, or by id with an optional version (absent: the latest).
struct EvaluateDecision {
  static constexpr std::string_view command_name = "evaluateDecision";
  DecisionDefinitionKey decision;
  std::string decision_id;
  std::optional<std::int32_t> version;
  Variables variables;
};

using ClientCommand =
    std::variant<Deploy, CreateInstance, EvaluateDecision, ActivateJobs, LockJob, CompleteJob, FailJob, ThrowJobError, UpdateJob, ReturnJob,
                 AssignUserTask, CompleteUserTask, UpdateUserTask, SetVariables, ResolveIncident, CancelInstance, ModifyInstance, PublishMessage,
                 CorrelateMessage, BroadcastSignal, FireTimer>;

/// A request as it enters the queue. With an idempotency key the first answer is kept and repeated (Idempotency-Key header,
/// webhook delivery id); the same key with another fingerprint is refused with already_exists.
struct ClientRequest {
  ClientCommand command;
  std::string actor;
  std::string idempotency_source;  ///< empty: no idempotency
  std::string idempotency_key;
  std::string fingerprint;
  Duration idempotency_ttl = Duration::from_seconds(7 * 24 * 3600);
  std::string set_down = {};       ///< see CommandContext
};

// ---------------------------------------------------------------- answers

struct Done {};  ///< the command took effect; there is nothing to tell

struct Deployed {
  DeploymentKey key;
  Timestamp at;
  std::vector<Definition> definitions;
  std::vector<Resource> forms;  ///< without content
  std::vector<DecisionDefinition> decisions;
};
struct InstanceCreated {
  ProcessInstanceKey instance;
  Definition definition;
  std::string business_key;
};
struct ActivatedJob {
  Job job;
  ProcessInstanceKey instance;
  Definition definition;
  std::string business_key;
  ProcessInstanceKey root;
  Variables variables;
  Variables fixed_inputs;  ///< see fixed_inputs() in engine/behavior/shared/variables.h
};
struct JobsActivated {
  std::vector<ActivatedJob> jobs;
};
struct MessageAccepted {
  MessageKey message;
  std::vector<ProcessInstanceKey> instances;  ///< that got it now; none: it is in the buffer
  bool started_instance = false;              ///< the (first) instance was started by it
};
struct SignalAccepted {
  SignalKey signal;
  std::vector<ProcessInstanceKey> instances;
};

struct DecisionAnswered {
  DecisionDefinition decision;
  Value value;
  Value result_list;  ///< the same as Camunda 7 shows it: a context for each rule that matched
  std::vector<DecisionInstance> instances;  ///< how each decision was evaluated; that of `decision` is the last
};

using Reply = std::variant<Done, Deployed, InstanceCreated, JobsActivated, MessageAccepted, SignalAccepted, DecisionAnswered>;

/// A repeated idempotency key is answered with the remembered keys, so every Reply has a JSON form.
[[nodiscard]] std::string encode_reply(const Reply& reply);
[[nodiscard]] Result<Reply> decode_reply(std::string_view json);

[[nodiscard]] std::string_view name_of(const ClientCommand& command);

}  // namespace fermata
