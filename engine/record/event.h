// Event: a fact about one instance or about the partition. The only currency of change; state is changed by apply() alone.
//
// Floor 1. Past tense. An event that creates a thing carries the whole thing; one that changes it carries what changed.
// Adding a kind: add the struct, add it to the variant, and the compiler shows every place that must think about it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/record/entity.h"

namespace fermata {

#define FERMATA_EVENT_NAME(text) static constexpr std::string_view event_name = text
#define FERMATA_FIELDS(...)                        \
  template <class Self, class Visitor>             \
  static void fields(Self& s, Visitor&& v) {       \
    __VA_ARGS__;                                   \
  }

// ---- Process instance ----
struct InstanceStarted {
  FERMATA_EVENT_NAME("instanceStarted");
  ProcessInstance instance;
  FERMATA_FIELDS(v("instance", s.instance))
};
struct InstanceEnded {
  FERMATA_EVENT_NAME("instanceEnded");
  InstanceStatus status = InstanceStatus::completed;
  Timestamp at;
  FERMATA_FIELDS(v("status", s.status), v("at", s.at))
};

// ---- Elements and tokens ----
struct ElementEntered {
  FERMATA_EVENT_NAME("elementEntered");
  ElementInstance element;
  FERMATA_FIELDS(v("element", s.element))
};
struct ElementStatusChanged {
  FERMATA_EVENT_NAME("elementStatusChanged");
  ElementInstanceKey key;
  ElementStatus status = ElementStatus::active;
  Timestamp at;
  FERMATA_FIELDS(v("key", s.key), v("status", s.status), v("at", s.at))
};
struct FlowTaken {
  FERMATA_EVENT_NAME("flowTaken");
  ElementInstanceKey scope;
  std::uint32_t flow = 0;
  FERMATA_FIELDS(v("scope", s.scope), v("flow", s.flow))
};
struct TokenParked {
  FERMATA_EVENT_NAME("tokenParked");
  Token token;
  FERMATA_FIELDS(v("token", s.token))
};
struct TokenConsumed {
  FERMATA_EVENT_NAME("tokenConsumed");
  TokenKey key;
  FERMATA_FIELDS(v("key", s.key))
};
/// The input of a multi-instance body is known.
struct MultiInstanceOpened {
  FERMATA_EVENT_NAME("multiInstanceOpened");
  ElementInstanceKey body;
  std::int32_t instances_total = 0;
  Value items;    ///< only of a sequential body; a parallel one has handed them out at once
  Value outputs;  ///< as many nulls as there are instances, if there is an output collection
  FERMATA_FIELDS(v("body", s.body), v("instancesTotal", s.instances_total), v("items", s.items), v("outputs", s.outputs))
};
/// The counters of a multi-instance body, and one more output.
struct MultiInstanceProgressed {
  FERMATA_EVENT_NAME("multiInstanceProgressed");
  ElementInstanceKey body;
  std::int32_t loop_counter = 0;
  std::int32_t instances_total = 0;
  std::int32_t instances_completed = 0;
  std::int32_t instances_terminated = 0;
  std::int32_t output_of = 0;  ///< loop counter of the inner instance whose output this is; 0: none
  Value output;
  FERMATA_FIELDS(v("body", s.body), v("loopCounter", s.loop_counter), v("instancesTotal", s.instances_total),
                 v("instancesCompleted", s.instances_completed), v("instancesTerminated", s.instances_terminated),
                 v("outputOf", s.output_of), v("output", s.output))
};
struct ChildCalled {
  FERMATA_EVENT_NAME("childCalled");
  ElementInstanceKey key;
  ProcessInstanceKey child;
  FERMATA_FIELDS(v("key", s.key), v("child", s.child))
};

// ---- Variables ----
struct VariableSet {
  FERMATA_EVENT_NAME("variableSet");
  StoredVariable variable;
  FERMATA_FIELDS(v("variable", s.variable))
};

// ---- Jobs ----
struct JobCreated {
  FERMATA_EVENT_NAME("jobCreated");
  Job job;
  FERMATA_FIELDS(v("job", s.job))
};
struct JobLocked {
  FERMATA_EVENT_NAME("jobLocked");
  JobKey key;
  std::string worker;
  std::int64_t lease = 0;
  Timestamp until;
  FERMATA_FIELDS(v("key", s.key), v("worker", s.worker), v("lease", s.lease), v("until", s.until))
};
/// The lease was given back, or prolonged (then `until` is later).
struct JobLeaseChanged {
  FERMATA_EVENT_NAME("jobLeaseChanged");
  JobKey key;
  Timestamp until;  ///< never: given back, ready at once
  FERMATA_FIELDS(v("key", s.key), v("until", s.until))
};
/// The lock was never used: as if it had not been. Its number is given again.
struct JobReturned {
  FERMATA_EVENT_NAME("jobReturned");
  JobKey key;
  FERMATA_FIELDS(v("key", s.key))
};
struct JobFailed {
  FERMATA_EVENT_NAME("jobFailed");
  JobKey key;
  std::int32_t retries = 0;
  Timestamp retry_at = never;
  std::string message;
  std::string details;
  FERMATA_FIELDS(v("key", s.key), v("retries", s.retries), v("retryAt", s.retry_at), v("message", s.message), v("details", s.details))
};
/// Retries or priority set by an operator or a worker; makes a job with spent retries ready again only through its incident.
struct JobUpdated {
  FERMATA_EVENT_NAME("jobUpdated");
  JobKey key;
  std::int32_t retries = 0;
  std::int64_t priority = 0;
  FERMATA_FIELDS(v("key", s.key), v("retries", s.retries), v("priority", s.priority))
};
/// The incident of a job was resolved: it is ready again.
struct JobReadied {
  FERMATA_EVENT_NAME("jobReadied");
  JobKey key;
  FERMATA_FIELDS(v("key", s.key))
};
/// completed, error_thrown or canceled.
struct JobEnded {
  FERMATA_EVENT_NAME("jobEnded");
  JobKey key;
  JobStatus status = JobStatus::completed;
  std::string error_code;
  std::string error_message;
  Timestamp at;
  FERMATA_FIELDS(v("key", s.key), v("status", s.status), v("errorCode", s.error_code), v("errorMessage", s.error_message), v("at", s.at))
};

// ---- Timers and subscriptions, of instances and of start events ----
struct TimerSet {
  FERMATA_EVENT_NAME("timerSet");
  Timer timer;
  FERMATA_FIELDS(v("timer", s.timer))
};
/// One occurrence has fired. `next_due` is never for the last one.
struct TimerFired {
  FERMATA_EVENT_NAME("timerFired");
  TimerKey key;
  std::int32_t occurrence = 1;
  Timestamp at;
  Timestamp next_due = never;
  FERMATA_FIELDS(v("key", s.key), v("occurrence", s.occurrence), v("at", s.at), v("nextDue", s.next_due))
};
struct TimerCanceled {
  FERMATA_EVENT_NAME("timerCanceled");
  TimerKey key;
  Timestamp at;
  FERMATA_FIELDS(v("key", s.key), v("at", s.at))
};
struct SubscriptionOpened {
  FERMATA_EVENT_NAME("subscriptionOpened");
  Subscription subscription;
  FERMATA_FIELDS(v("subscription", s.subscription))
};
struct SubscriptionClosed {
  FERMATA_EVENT_NAME("subscriptionClosed");
  SubscriptionKey key;
  bool correlated = false;  ///< by a message or signal; false: its element ended without one
  Timestamp at;
  FERMATA_FIELDS(v("key", s.key), v("correlated", s.correlated), v("at", s.at))
};
/// A finished subprocess hands what can still be undone to the scope around it.
struct CompensationHandedOver {
  FERMATA_EVENT_NAME("compensationHandedOver");
  SubscriptionKey key;
  ElementInstanceKey to_scope;
  std::uint32_t through = 0;  ///< the subprocess element; no_element for a multi-instance body, which adds no level
  Value snapshot;
  FERMATA_FIELDS(v("key", s.key), v("toScope", s.to_scope), v("through", s.through), v("snapshot", s.snapshot))
};

// ---- People ----
struct UserTaskCreated {
  FERMATA_EVENT_NAME("userTaskCreated");
  UserTask task;
  FERMATA_FIELDS(v("task", s.task))
};
/// Assignment, candidates, dates or priority changed: the whole task as it is now.
struct UserTaskChanged {
  FERMATA_EVENT_NAME("userTaskChanged");
  UserTask task;
  FERMATA_FIELDS(v("task", s.task))
};
struct UserTaskEnded {
  FERMATA_EVENT_NAME("userTaskEnded");
  UserTaskKey key;
  UserTaskStatus status = UserTaskStatus::completed;
  std::string by;
  Timestamp at;
  FERMATA_FIELDS(v("key", s.key), v("status", s.status), v("by", s.by), v("at", s.at))
};

// ---- Incidents ----
struct IncidentRaised {
  FERMATA_EVENT_NAME("incidentRaised");
  Incident incident;
  FERMATA_FIELDS(v("incident", s.incident))
};
struct IncidentResolved {
  FERMATA_EVENT_NAME("incidentResolved");
  IncidentKey key;
  Timestamp at;
  FERMATA_FIELDS(v("key", s.key), v("at", s.at))
};

// ---- The partition ----
struct ResourceDeployed {
  FERMATA_EVENT_NAME("resourceDeployed");
  Resource resource;
  FERMATA_FIELDS(v("resource", s.resource))
};
struct DefinitionDeployed {
  FERMATA_EVENT_NAME("definitionDeployed");
  Definition definition;
  FERMATA_FIELDS(v("definition", s.definition))
};
struct MessagePublished {
  FERMATA_EVENT_NAME("messagePublished");
  Message message;
  FERMATA_FIELDS(v("message", s.message))
};
struct MessageCorrelated {
  FERMATA_EVENT_NAME("messageCorrelated");
  MessageKey message;
  std::string process_id;
  ProcessInstanceKey instance;
  FERMATA_FIELDS(v("message", s.message), v("processId", s.process_id), v("instance", s.instance))
};
struct MessageExpired {
  FERMATA_EVENT_NAME("messageExpired");
  MessageKey message;
  FERMATA_FIELDS(v("message", s.message))
};
struct SignalBroadcast {
  FERMATA_EVENT_NAME("signalBroadcast");
  SignalKey key;
  std::string name;
  FERMATA_FIELDS(v("key", s.key), v("name", s.name))
};
struct RequestRemembered {
  FERMATA_EVENT_NAME("requestRemembered");
  RequestRecord request;
  FERMATA_FIELDS(v("request", s.request))
};

struct DecisionDeployed {
  FERMATA_EVENT_NAME("decisionDeployed");
  DecisionDefinition decision;
  FERMATA_FIELDS(v("decision", s.decision))
};

// ---- Decisions: of a business rule task, or of nobody's instance ----
struct DecisionEvaluated {
  FERMATA_EVENT_NAME("decisionEvaluated");
  DecisionInstance decision;
  FERMATA_FIELDS(v("decision", s.decision))
};

#undef FERMATA_FIELDS
#undef FERMATA_EVENT_NAME

using Event =
    std::variant<InstanceStarted, InstanceEnded, ElementEntered, ElementStatusChanged, FlowTaken, TokenParked, TokenConsumed,
                 MultiInstanceOpened, MultiInstanceProgressed, ChildCalled, VariableSet, JobCreated, JobLocked, JobLeaseChanged, JobReturned, JobFailed,
                 JobUpdated, JobReadied, JobEnded, TimerSet, TimerFired, TimerCanceled, SubscriptionOpened, SubscriptionClosed,
                 CompensationHandedOver, UserTaskCreated, UserTaskChanged, UserTaskEnded, IncidentRaised, IncidentResolved,
                 ResourceDeployed, DefinitionDeployed, MessagePublished, MessageCorrelated, MessageExpired, SignalBroadcast,
                 RequestRemembered, DecisionDeployed, DecisionEvaluated>;

using TransitionKey = StrongId<struct TransitionTag>;

/// What one command did to one instance (or to the partition: instance 0): written as one row, in one transaction with its effects
/// on the other rows. Its key is taken before any key of its events, so a row's key leads to the transition that made it.
struct Transition {
  TransitionKey key;
  ProcessInstanceKey instance;
  TransitionKey previous;  ///< of the same instance; 0: the first
  Timestamp at;
  std::string command;     ///< "completeJob"
  std::string actor;       ///< who asked: token name, "timer", "engine"
  std::vector<Event> events;
};

}  // namespace fermata
