// apply(): one small function per kind of event. Legal changes of status are looked up in engine/lifecycle, never decided here.
#include <optional>
#include <string>

#include "engine/base/check.h"
#include "engine/lifecycle/lifecycle.h"
#include "engine/model/process_graph.h"
#include "engine/state/instance_state.h"

namespace fermata {
namespace {

template <class Entity>
Entity& must_find(Table<Entity>& table, typename Table<Entity>::Key key) {
  Entity* found = table.find_mutable(key);
  FERMATA_CHECK(found != nullptr, "an event names a thing that the instance has");
  return *found;
}

template <class Status, class Trigger>
void change(Status& status, Trigger trigger) {
  const std::optional<Status> next = step(status, trigger);
  FERMATA_CHECK(next.has_value(), "a status changes only as its lifecycle allows");
  status = *next;
}

// The trigger that leads to the status which an event carries.
template <class Status>
auto trigger_to(Status target) {
  const auto trigger = trigger_for(target);
  FERMATA_CHECK(trigger.has_value(), "an event carries a status that one trigger leads to");
  return *trigger;
}

class Applier {
 public:
  explicit Applier(InstanceState& state) : state_(state) {}

  void operator()(const InstanceStarted& event) { state_.instance = event.instance; }

  void operator()(const InstanceEnded& event) {
    change(state_.instance.status, trigger_to(event.status));
    state_.instance.ended_at = event.at;
  }

  void operator()(const ElementEntered& event) { state_.elements.insert(event.element); }

  void operator()(const ElementStatusChanged& event) {
    ElementInstance& element = must_find(state_.elements, event.key);
    change(element.status, trigger_to(event.status));
    if (!is_live(event.status)) element.ended_at = event.at;
  }

  void operator()(const FlowTaken&) {}  // a fact for the history: the token is where its next event says

  void operator()(const TokenParked& event) { state_.tokens.insert(event.token); }

  void operator()(const TokenConsumed& event) {
    FERMATA_CHECK(state_.tokens.find(event.key) != nullptr, "a token is consumed at most once");
    state_.tokens.erase_if([&](const Token& token) { return token.key == event.key; });
  }

  void operator()(const MultiInstanceOpened& event) {
    ElementInstance& body = must_find(state_.elements, event.body);
    body.instances_total = event.instances_total;
    body.items = event.items;
    body.outputs = event.outputs;
  }

  void operator()(const MultiInstanceProgressed& event) {
    ElementInstance& body = must_find(state_.elements, event.body);
    body.loop_counter = event.loop_counter;
    body.instances_total = event.instances_total;
    body.instances_completed = event.instances_completed;
    body.instances_terminated = event.instances_terminated;
    if (event.output_of > 0 && body.outputs.is_list()) {
      const auto outputs = body.outputs.as_list();
      Value::List next(outputs.begin(), outputs.end());
      FERMATA_CHECK(static_cast<std::size_t>(event.output_of) <= next.size(), "an output belongs to an inner instance");
      next[static_cast<std::size_t>(event.output_of) - 1] = event.output;
      body.outputs = Value::list(std::move(next));
    }
  }

  void operator()(const ChildCalled& event) { must_find(state_.elements, event.key).called = event.child; }

  void operator()(const VariableSet& event) { state_.variables.set(event.variable); }

  void operator()(const JobCreated& event) { state_.jobs.insert(event.job); }

  void operator()(const JobLocked& event) {
    Job& job = must_find(state_.jobs, event.key);
    const bool lease_ran_out = job.status == JobStatus::locked;
    change(job.status, JobTrigger::lock);
    job.worker = event.worker;
    job.lease = event.lease;
    job.available_at = event.until;
    if (!lease_ran_out) ++job.attempt;
  }

  void operator()(const JobLeaseChanged& event) {
    Job& job = must_find(state_.jobs, event.key);
    change(job.status, event.until == never ? JobTrigger::release : JobTrigger::prolong);
    if (event.until == never) job.worker.clear();
    job.available_at = event.until;
  }

  void operator()(const JobReturned& event) {
    Job& job = must_find(state_.jobs, event.key);
    change(job.status, JobTrigger::release);
    job.worker.clear();
    job.available_at = never;
    // Both: a lease that ran out before it stays visible in their difference.
    --job.lease;
    --job.attempt;
  }

  void operator()(const JobFailed& event) {
    Job& job = must_find(state_.jobs, event.key);
    change(job.status, event.retries > 0 ? JobTrigger::fail_with_retries : JobTrigger::fail_finally);
    job.retries = event.retries;
    job.attempt = static_cast<std::int32_t>(job.lease);  // an outcome is known
    job.available_at = event.retries > 0 ? event.retry_at : never;
    job.error_message = event.message;
    job.error_details = event.details;
    job.worker.clear();
  }

  void operator()(const JobUpdated& event) {
    Job& job = must_find(state_.jobs, event.key);
    job.retries = event.retries;
    job.priority = event.priority;
  }

  void operator()(const JobReadied& event) {
    Job& job = must_find(state_.jobs, event.key);
    change(job.status, JobTrigger::ready_again);
    job.attempt = static_cast<std::int32_t>(job.lease);  // a person has looked
    job.available_at = never;
    job.incident = IncidentKey{};
  }

  void operator()(const JobEnded& event) {
    Job& job = must_find(state_.jobs, event.key);
    change(job.status, trigger_to(event.status));
    if (!event.error_code.empty()) job.error_code = event.error_code;
    if (!event.error_message.empty()) job.error_message = event.error_message;
    job.available_at = never;
    job.ended_at = event.at;
  }

  void operator()(const TimerSet& event) { state_.timers.insert(event.timer); }

  void operator()(const TimerFired& event) {
    Timer& timer = must_find(state_.timers, event.key);
    FERMATA_CHECK(timer.occurrence == event.occurrence, "an occurrence of a timer fires once");
    if (event.next_due == never) {
      timer.ended_at = event.at;
      return;
    }
    timer.due = event.next_due;
    ++timer.occurrence;
    if (timer.repetitions_left > 0) --timer.repetitions_left;
  }

  void operator()(const TimerCanceled& event) { must_find(state_.timers, event.key).ended_at = event.at; }

  void operator()(const SubscriptionOpened& event) { state_.subscriptions.insert(event.subscription); }

  void operator()(const SubscriptionClosed& event) { must_find(state_.subscriptions, event.key).ended_at = event.at; }

  void operator()(const CompensationHandedOver& event) {
    Subscription& subscription = must_find(state_.subscriptions, event.key);
    subscription.element_instance = event.to_scope;
    if (event.through != no_element) subscription.enclosing.insert(subscription.enclosing.begin(), event.through);
    subscription.snapshot = event.snapshot;
  }

  void operator()(const UserTaskCreated& event) { state_.user_tasks.insert(event.task); }

  void operator()(const UserTaskChanged& event) {
    UserTask& task = must_find(state_.user_tasks, event.task.key);
    if (task.status != event.task.status) {
      change(task.status, event.task.assignee.empty() ? UserTaskTrigger::unassign : UserTaskTrigger::assign);
      FERMATA_CHECK(task.status == event.task.status, "a user task is assigned if and only if it has an assignee");
    }
    task = event.task;
  }

  void operator()(const UserTaskEnded& event) {
    UserTask& task = must_find(state_.user_tasks, event.key);
    change(task.status, trigger_to(event.status));
    task.completed_by = event.by;
    task.ended_at = event.at;
  }

  void operator()(const IncidentRaised& event) {
    const Incident& incident = event.incident;
    state_.incidents.insert(incident);
    must_find(state_.elements, incident.element_instance).incident = incident.key;
    if (incident.job) must_find(state_.jobs, incident.job).incident = incident.key;
    ++state_.instance.incidents;
  }

  void operator()(const IncidentResolved& event) {
    Incident& incident = must_find(state_.incidents, event.key);
    change(incident.status, IncidentTrigger::resolve);
    incident.ended_at = event.at;
    must_find(state_.elements, incident.element_instance).incident = IncidentKey{};
    if (incident.job) must_find(state_.jobs, incident.job).incident = IncidentKey{};
    --state_.instance.incidents;
  }

  /// History: what became of the result is in the variables.
  void operator()(const DecisionEvaluated&) {}

  // Facts about the partition never reach an instance.
  void operator()(const ResourceDeployed&) { not_ours(); }
  void operator()(const DefinitionDeployed&) { not_ours(); }
  void operator()(const DecisionDeployed&) { not_ours(); }
  void operator()(const MessagePublished&) { not_ours(); }
  void operator()(const MessageCorrelated&) { not_ours(); }
  void operator()(const MessageExpired&) { not_ours(); }
  void operator()(const SignalBroadcast&) { not_ours(); }
  void operator()(const RequestRemembered&) { not_ours(); }

 private:
  static void not_ours() { FERMATA_CHECK(false, "a fact about the partition was applied to an instance"); }

  InstanceState& state_;
};

}  // namespace

void apply(InstanceState& state, const Event& event) { std::visit(Applier(state), event); }

}  // namespace fermata
