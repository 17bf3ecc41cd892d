// Command: a wish to change one instance, or the partition. Decided at `now`; the clock is a field, never read inside.
//
// Floor 1. Instance commands go to core/decide, partition commands to core/partition (which turns them into instance commands).
// Adding a kind: add the struct, add it to the variant, and the compiler shows every place that must think about it.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/keys.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "engine/record/entity.h"

namespace fermata {

/// Who asked, and when. `actor` ends up in the transition: a user or token name, "timer", "engine".
struct CommandContext {
  Timestamp now;
  std::string actor;
  /// Not empty: only the command itself is carried out. The tokens that it moves are set down where they are going, each with an incident
  /// that says this. For work of the engine's own whose consequences cannot be carried out in one piece.
  std::string set_down = {};
};

// ---------------------------------------------------------------- to one instance

struct ParentLink {
  ProcessInstanceKey instance;
  ElementInstanceKey element;  ///< the call activity
  ProcessInstanceKey root;
  std::int32_t call_depth = 0;  ///< of the child
};

/// Starts a new instance. `start_element` empty: at the none start event.
struct StartInstance {
  static constexpr std::string_view command_name = "startInstance";
  ProcessInstanceKey instance;  ///< taken by the caller from the KeySource
  DefinitionKey definition;
  std::string start_element;               ///< id of the start event that was triggered
  std::vector<std::string> start_at;       ///< start at these elements instead (C8 startInstructions)
  Variables variables;
  std::string business_key;
  std::string start_correlation_key;
  std::vector<std::string> tags;
  std::optional<ParentLink> parent;
};

/// Leases job(s) that were found by type. Refused silently (no event) for those that are not available any more.
struct LockJob {
  static constexpr std::string_view command_name = "lockJob";
  JobKey job;
  std::string worker;
  Duration timeout;
};
struct CompleteJob {
  static constexpr std::string_view command_name = "completeJob";
  JobKey job;
  std::optional<std::int64_t> lease;   ///< given: must be the current one
  std::optional<std::string> worker;   ///< given: must be the holder (Camunda 7)
  Variables variables;
  Variables local_variables;
};
struct FailJob {
  static constexpr std::string_view command_name = "failJob";
  JobKey job;
  std::optional<std::int64_t> lease;
  std::optional<std::string> worker;
  std::optional<std::int32_t> retries;   ///< left after this failure; absent: one less
  std::optional<Duration> retry_after;   ///< absent: the model's delays, then the engine's backoff
  std::string message;
  std::string details;
  Variables variables;
  bool ambiguous = false;  ///< the call may have happened and its connector cannot repeat safely: an incident at once
};
struct ThrowJobError {
  static constexpr std::string_view command_name = "throwJobError";
  JobKey job;
  std::optional<std::int64_t> lease;
  std::optional<std::string> worker;
  std::string code;
  std::string message;
  Variables variables;
};
struct UpdateJob {
  static constexpr std::string_view command_name = "updateJob";
  JobKey job;
  std::optional<std::int64_t> lease;
  std::optional<std::string> worker;
  std::optional<std::int32_t> retries;
  std::optional<std::int64_t> priority;
  std::optional<Duration> timeout;  ///< new lease time from now; zero: unlock
};
/// Whoever locked the job has not begun it, and says so: it is ready again, and the lock does not count.
struct ReturnJob {
  static constexpr std::string_view command_name = "returnJob";
  JobKey job;
  std::int64_t lease = 0;
};

struct FireTimer {
  static constexpr std::string_view command_name = "fireTimer";
  TimerKey timer;
  std::int32_t occurrence = 1;
};
/// A message or signal has found this subscription.
struct TriggerSubscription {
  static constexpr std::string_view command_name = "triggerSubscription";
  SubscriptionKey subscription;
  Variables variables;
};

struct AssignUserTask {
  static constexpr std::string_view command_name = "assignUserTask";
  UserTaskKey task;
  std::string assignee;         ///< empty: unassign
  bool allow_override = true;   ///< false: refused when somebody else has it (claim)
};
struct CompleteUserTask {
  static constexpr std::string_view command_name = "completeUserTask";
  UserTaskKey task;
  Variables variables;
  std::string completed_by;
};
struct UpdateUserTask {
  static constexpr std::string_view command_name = "updateUserTask";
  UserTaskKey task;
  std::optional<std::vector<std::string>> candidate_users;
  std::optional<std::vector<std::string>> candidate_groups;
  std::optional<Timestamp> due_at;        ///< never: removed
  std::optional<Timestamp> follow_up_at;
  std::optional<std::int32_t> priority;
};

/// Sets variables seen from a scope: an existing one where it is, a new one at the root; `local`: in this very scope.
struct SetVariables {
  static constexpr std::string_view command_name = "setVariables";
  ElementInstanceKey scope;
  Variables variables;
  bool local = false;
};
/// Tries again what the incident stopped. `job_retries`: of a failed job; at least 1.
struct ResolveIncident {
  static constexpr std::string_view command_name = "resolveIncident";
  IncidentKey incident;
  std::int32_t job_retries = 1;
};
struct CancelInstance {
  static constexpr std::string_view command_name = "cancelInstance";
  ProcessInstanceKey instance;
  bool by_parent = false;  ///< only a parent may cancel a called instance
};
struct ModifyInstance {
  static constexpr std::string_view command_name = "modifyInstance";
  struct Activate {
    std::string element_id;
    ElementInstanceKey ancestor;  ///< 0: the only live instance of its scope
    Variables variables;          ///< set in the scope of the activated element's parent, or of `variable_scope`
    std::string variable_scope;   ///< element id
  };
  ProcessInstanceKey instance;
  std::vector<Activate> activate;
  std::vector<ElementInstanceKey> terminate;
};

/// From a called instance to its call activity, in the same batch.
struct ChildCompleted {
  static constexpr std::string_view command_name = "childCompleted";
  ElementInstanceKey call_activity;
  ProcessInstanceKey child;
  Variables variables;  ///< those of the child's root scope
};
struct ChildThrewError {
  static constexpr std::string_view command_name = "childThrewError";
  ElementInstanceKey call_activity;
  ProcessInstanceKey child;
  std::string code;
  std::string message;
  Variables variables;
};
struct ChildEscalated {
  static constexpr std::string_view command_name = "childEscalated";
  ElementInstanceKey call_activity;
  ProcessInstanceKey child;
  std::string code;
  Variables variables;
};

using InstanceCommand =
    std::variant<StartInstance, LockJob, CompleteJob, FailJob, ThrowJobError, UpdateJob, ReturnJob, FireTimer, TriggerSubscription,
                 AssignUserTask, CompleteUserTask, UpdateUserTask, SetVariables, ResolveIncident, CancelInstance, ModifyInstance,
                 ChildCompleted, ChildThrewError, ChildEscalated>;

// ---------------------------------------------------------------- to the partition

/// Publishes a message: to every process that waits for it (each at most once), to start events, or into the buffer until `ttl` is over.
struct PublishMessage {
  static constexpr std::string_view command_name = "publishMessage";
  std::string name;
  std::optional<std::string> correlation_key;  ///< absent: by name alone (Camunda 7), then exactly one must wait
  Variables variables;
  std::string message_id;  ///< empty: no deduplication
  Duration ttl;
};
/// Correlates now or is refused with not_found; nothing is buffered. Several matches are refused with invalid_state.
struct CorrelateMessage {
  static constexpr std::string_view command_name = "correlateMessage";
  std::string name;
  std::optional<std::string> correlation_key;
  std::optional<std::string> business_key;         ///< Camunda 7: of the waiting instance, and of a started one
  std::optional<ProcessInstanceKey> instance;      ///< Camunda 7: exactly this one
  Variables match_variables;                       ///< Camunda 7 correlationKeys: the instance has these values
  Variables variables;
  bool start_only = false;  ///< never look at waiting instances
  bool all = false;         ///< every match instead of exactly one
};
struct BroadcastSignal {
  static constexpr std::string_view command_name = "broadcastSignal";
  std::string name;
  Variables variables;
};

using FollowUp = std::variant<InstanceCommand, PublishMessage, BroadcastSignal>;

}  // namespace fermata
