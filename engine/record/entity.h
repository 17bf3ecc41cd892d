// The things an instance is made of: one struct per kind of row. State holds them, events carry them, stores keep them.
//
// Floor 1. Each struct lists its fields once, in fields(): the codec, the comparison of states and the debugging print all use
// that list. An entity that has ended keeps its row with `ended_at`: that is the history.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/keys.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "engine/model/element_kind.h"
#include "engine/record/status.h"

namespace fermata {

inline constexpr Timestamp never{0};  ///< "not ended", "not due", "at once"

/// A multi-instance activity has one body row and one row per inner instance, all with the same element id (BPMN 13.3.7).
enum class ElementRole : std::uint8_t { element = 1, multi_instance_body = 2, inner_instance = 3 };

struct ProcessInstance {
  ProcessInstanceKey key;
  DefinitionKey definition;
  std::string process_id;
  std::int32_t version = 0;
  InstanceStatus status = InstanceStatus::active;
  std::string business_key;
  std::string start_correlation_key;  ///< of the message that started it: one live instance per process and key
  ProcessInstanceKey parent;          ///< of a called process; none: 0
  ElementInstanceKey parent_element;  ///< the call activity
  ProcessInstanceKey root;            ///< the topmost caller; itself if it has none
  std::int32_t call_depth = 0;
  std::int32_t incidents = 0;         ///< open ones
  std::vector<std::string> tags;
  Timestamp started_at;
  Timestamp ended_at = never;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("definition", s.definition), v("processId", s.process_id), v("version", s.version), v("status", s.status);
    v("businessKey", s.business_key), v("startCorrelationKey", s.start_correlation_key), v("parent", s.parent);
    v("parentElement", s.parent_element), v("root", s.root), v("callDepth", s.call_depth), v("incidents", s.incidents);
    v("tags", s.tags), v("startedAt", s.started_at), v("endedAt", s.ended_at);
  }
};

/// One activation of one element; also the scope of variables. The process itself is the root row (key = instance key).
struct ElementInstance {
  ElementInstanceKey key;
  ElementInstanceKey scope;  ///< the element instance that contains it; 0 for the root
  std::uint32_t element = 0; ///< ElementIndex in the graph of this definition
  std::string element_id;
  ElementKind kind = ElementKind::task;
  ElementRole role = ElementRole::element;
  ElementStatus status = ElementStatus::activating;
  std::int32_t loop_counter = 0;     ///< 1.. of an inner instance; of a sequential body: the last one started
  std::int32_t instances_total = 0;  ///< of a multi-instance body
  std::int32_t instances_completed = 0;
  std::int32_t instances_terminated = 0;
  Value items;    ///< of a sequential body: the input collection; null otherwise
  Value outputs;  ///< of a body: the output collection so far, in input order; null otherwise
  ProcessInstanceKey called;        ///< of a call activity: the child instance
  ElementInstanceKey compensates;   ///< of a compensation handler: the throw event that waits for it; 0: nobody waits
  IncidentKey incident;             ///< the open one; 0: none
  Timestamp started_at;
  Timestamp ended_at = never;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("scope", s.scope), v("element", s.element), v("elementId", s.element_id), v("kind", s.kind);
    v("role", s.role), v("status", s.status), v("loopCounter", s.loop_counter), v("instancesTotal", s.instances_total);
    v("instancesCompleted", s.instances_completed), v("instancesTerminated", s.instances_terminated), v("items", s.items);
    v("outputs", s.outputs), v("called", s.called), v("compensates", s.compensates), v("incident", s.incident);
    v("startedAt", s.started_at), v("endedAt", s.ended_at);
  }
};

struct StoredVariable {
  VariableKey key;
  ElementInstanceKey scope;
  std::string name;
  Value value;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("scope", s.scope), v("name", s.name), v("value", s.value);
  }
};

/// A token that has arrived at a joining gateway and waits there for the others.
struct Token {
  TokenKey key;
  ElementInstanceKey scope;
  std::uint32_t flow = 0;  ///< FlowIndex
  std::uint32_t gateway = 0;
  Timestamp arrived_at;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("scope", s.scope), v("flow", s.flow), v("gateway", s.gateway), v("arrivedAt", s.arrived_at);
  }
};

struct Job {
  JobKey key;  ///< with created_at the idempotency key towards the outside: the same for every attempt
  ElementInstanceKey element_instance;
  std::string element_id;
  std::string type;
  JobStatus status = JobStatus::ready;
  std::int32_t retries = 3;   ///< left
  /// How often it was locked, without those locks whose lease ran out before anybody reported an outcome (then the work may have
  /// been done: see maybe_executed()), and without those that were returned.
  std::int32_t attempt = 0;
  std::int64_t priority = 0;
  std::string worker;
  std::int64_t lease = 0;     ///< fencing token: rises with every lock, but for one that was returned; a completion with an older one is refused
  Timestamp available_at = never;  ///< locked: end of the lease; backing_off: not before; ready: at once
  std::vector<std::pair<std::string, std::string>> headers;
  std::string error_code;
  std::string error_message;
  std::string error_details;
  IncidentKey incident;
  Timestamp created_at;
  Timestamp ended_at = never;

  /// An earlier holder vanished without an outcome (killed, or too slow): the outside world may have seen the work already.
  [[nodiscard]] bool maybe_executed() const { return lease > attempt; }

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("elementInstance", s.element_instance), v("elementId", s.element_id), v("type", s.type);
    v("status", s.status), v("retries", s.retries), v("attempt", s.attempt), v("priority", s.priority), v("worker", s.worker);
    v("lease", s.lease), v("availableAt", s.available_at), v("headers", s.headers), v("errorCode", s.error_code);
    v("errorMessage", s.error_message), v("errorDetails", s.error_details), v("incident", s.incident);
    v("createdAt", s.created_at), v("endedAt", s.ended_at);
  }
};

/// A pending timer. Of an instance, or of a process definition's start event (then `element_instance` is 0).
struct Timer {
  TimerKey key;
  ElementInstanceKey element_instance;  ///< whose wait this is: the catch event, the activity of a boundary event, the scope
  DefinitionKey definition;             ///< of a start event of a process; else 0
  std::uint32_t element = 0;            ///< the event that fires
  std::string element_id;
  Timestamp due;
  std::int32_t repetitions_left = 0;  ///< after this one; -1: for ever
  std::string cycle;                  ///< text of the repetition (ISO 8601 or cron); empty: fires once
  std::int32_t occurrence = 1;        ///< 1, 2, ...: unique with the key, so that one occurrence has one effect
  Timestamp ended_at = never;         ///< fired for the last time, or canceled

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("elementInstance", s.element_instance), v("definition", s.definition), v("element", s.element);
    v("elementId", s.element_id), v("due", s.due), v("repetitionsLeft", s.repetitions_left), v("cycle", s.cycle);
    v("occurrence", s.occurrence), v("endedAt", s.ended_at);
  }
};

/// An open wait: for a message, for a signal, or (kind compensation) a completed activity that can still be undone.
struct Subscription {
  SubscriptionKey key;
  EventKind kind = EventKind::message;
  ElementInstanceKey element_instance;  ///< whose wait this is; of a compensation: the scope in which the activity completed
  DefinitionKey definition;             ///< of a start event of a process; else 0
  std::string process_id;
  std::uint32_t element = 0;            ///< the event that catches; of a compensation: the activity that completed
  std::string element_id;
  std::string name;
  std::string correlation_key;          ///< empty: any
  bool interrupting = true;
  Value snapshot;                       ///< of a compensation: the variables of finished scopes that its handler shall see
  std::vector<std::uint32_t> enclosing; ///< of a compensation inside finished subprocesses: those, outermost first
  Timestamp created_at;
  Timestamp ended_at = never;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("kind", s.kind), v("elementInstance", s.element_instance), v("definition", s.definition);
    v("processId", s.process_id), v("element", s.element), v("elementId", s.element_id), v("name", s.name);
    v("correlationKey", s.correlation_key), v("interrupting", s.interrupting), v("snapshot", s.snapshot);
    v("enclosing", s.enclosing), v("createdAt", s.created_at), v("endedAt", s.ended_at);
  }
};

struct UserTask {
  UserTaskKey key;
  ElementInstanceKey element_instance;
  std::string element_id;
  std::string name;
  UserTaskStatus status = UserTaskStatus::created;
  std::string assignee;
  std::vector<std::string> candidate_users;
  std::vector<std::string> candidate_groups;
  std::int32_t priority = 50;
  std::string form_id;
  std::string form_key;
  Timestamp due_at = never;
  Timestamp follow_up_at = never;
  std::string completed_by;
  Timestamp created_at;
  Timestamp ended_at = never;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("elementInstance", s.element_instance), v("elementId", s.element_id), v("name", s.name);
    v("status", s.status), v("assignee", s.assignee), v("candidateUsers", s.candidate_users);
    v("candidateGroups", s.candidate_groups), v("priority", s.priority), v("formId", s.form_id), v("formKey", s.form_key);
    v("dueAt", s.due_at), v("followUpAt", s.follow_up_at), v("completedBy", s.completed_by), v("createdAt", s.created_at);
    v("endedAt", s.ended_at);
  }
};

struct Incident {
  IncidentKey key;
  ElementInstanceKey element_instance;
  std::string element_id;
  JobKey job;  ///< of a failed job; else 0
  IncidentType type = IncidentType::job_no_retries;
  IncidentStatus status = IncidentStatus::active;
  std::string message;
  Timestamp created_at;
  Timestamp ended_at = never;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("elementInstance", s.element_instance), v("elementId", s.element_id), v("job", s.job);
    v("type", s.type), v("status", s.status), v("message", s.message), v("createdAt", s.created_at), v("endedAt", s.ended_at);
  }
};

// ---- Things of the whole partition, not of one instance ----

/// One version of one deployed process.
struct Definition {
  DefinitionKey key;
  DeploymentKey deployment;
  ResourceKey resource;
  std::string process_id;
  std::string name;
  std::int32_t version = 1;
  std::string version_tag;
  std::string resource_name;
  std::string checksum;  ///< of the resource: an unchanged file gets no new version
  Timestamp deployed_at;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("deployment", s.deployment), v("resource", s.resource), v("processId", s.process_id), v("name", s.name);
    v("version", s.version), v("versionTag", s.version_tag), v("resourceName", s.resource_name), v("checksum", s.checksum);
    v("deployedAt", s.deployed_at);
  }
};

/// One version of one deployed decision (DMN 1.5, 6.3.7). The decisions of a file are versioned each by itself, and the file, the
/// decision requirements graph, as a whole.
struct DecisionDefinition {
  DecisionDefinitionKey key;
  DeploymentKey deployment;
  ResourceKey resource;  ///< the file: also the key of this version of the requirements graph
  std::string decision_id;
  std::string name;
  std::int32_t version = 1;
  std::string version_tag;
  std::string requirements_id;  ///< of <definitions>
  std::string requirements_name;
  std::int32_t requirements_version = 1;
  std::string resource_name;
  std::string checksum;  ///< of the resource and of all that it imports: unchanged files get no new version
  Timestamp deployed_at;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("deployment", s.deployment), v("resource", s.resource), v("decisionId", s.decision_id), v("name", s.name);
    v("version", s.version), v("versionTag", s.version_tag), v("requirementsId", s.requirements_id);
    v("requirementsName", s.requirements_name), v("requirementsVersion", s.requirements_version), v("resourceName", s.resource_name);
    v("checksum", s.checksum), v("deployedAt", s.deployed_at);
  }
};

/// How one decision was evaluated: a row of history, never changed. An evaluation that was asked for makes one for each decision that
/// it took, in their order; the one that was asked for is the last.
struct DecisionInstance {
  DecisionInstanceKey key;
  DecisionInstanceKey evaluation;  ///< shared by all rows of one evaluation: the key of its first; the others have the next keys
  std::int32_t position = 1;       ///< within the evaluation, from 1
  DecisionDefinitionKey decision;    ///< 0: a decision of an imported file, which has no version in this deployment
  DecisionDefinitionKey root;      ///< the decision that was asked for
  ElementInstanceKey element_instance;  ///< the business rule task; 0: asked for by itself
  std::string element_id;
  std::string decision_id;
  std::string name;
  std::int32_t version = 0;
  std::string type;  ///< of its logic: "decisionTable", "literalExpression", ...
  ResourceKey requirements;
  Value inputs;      ///< a list of {id, name, value}
  Value rules;       ///< those that matched, in the order of their tables: a list of {index, id, outputs: [{id, name, value}]}
  Value result;
  std::vector<std::string> warnings;  ///< of the whole evaluation, in the row of the decision that was asked for: why something is null
  Timestamp evaluated_at;

  /// "2251799813685249-1": as /v2 names it.
  [[nodiscard]] std::string shown_key() const { return evaluation.text() + '-' + std::to_string(position); }

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("evaluation", s.evaluation), v("position", s.position), v("decision", s.decision), v("root", s.root);
    v("elementInstance", s.element_instance), v("elementId", s.element_id), v("decisionId", s.decision_id), v("name", s.name);
    v("version", s.version), v("type", s.type), v("requirements", s.requirements), v("inputs", s.inputs), v("rules", s.rules);
    v("result", s.result), v("warnings", s.warnings), v("evaluatedAt", s.evaluated_at);
  }
};

/// A deployed file as it came: BPMN XML, DMN XML, or a form (JSON).
struct Resource {
  ResourceKey key;
  DeploymentKey deployment;
  std::string name;
  std::string kind;     ///< "bpmn", "dmn" or "form"
  std::string form_id;  ///< of a form
  std::int32_t version = 1;
  std::string checksum;
  std::string content;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("deployment", s.deployment), v("name", s.name), v("kind", s.kind), v("formId", s.form_id);
    v("version", s.version), v("checksum", s.checksum), v("content", s.content);
  }
};

/// A published message, kept until its time to live is over, so that an instance that arrives later still gets it.
struct Message {
  MessageKey key;
  std::string name;
  std::string correlation_key;
  std::string message_id;  ///< empty: no deduplication
  Variables variables;
  Timestamp published_at;
  Timestamp expires_at;
  std::vector<std::string> correlated_processes;  ///< a message reaches each process id at most once

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("key", s.key), v("name", s.name), v("correlationKey", s.correlation_key), v("messageId", s.message_id);
    v("variables", s.variables), v("publishedAt", s.published_at), v("expiresAt", s.expires_at);
    v("correlatedProcesses", s.correlated_processes);
  }
};

/// The remembered answer to a request that carried an idempotency key (also webhook deliveries and message ids).
struct RequestRecord {
  std::string source;       ///< who numbers the requests: "api", "message:NAME", "webhook:NAME"
  std::string id;           ///< the idempotency key, message id or delivery id
  std::string fingerprint;  ///< hash of the request: another body under the same id is refused
  std::string reply;        ///< JSON of the first answer
  Timestamp created_at;
  Timestamp expires_at;

  template <class Self, class Visitor>
  static void fields(Self& s, Visitor&& v) {
    v("source", s.source), v("id", s.id), v("fingerprint", s.fingerprint), v("reply", s.reply), v("createdAt", s.created_at);
    v("expiresAt", s.expires_at);
  }
};

}  // namespace fermata
