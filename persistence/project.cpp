#include "persistence/project.h"

#include <algorithm>
#include <string>
#include <variant>

namespace fermata {
namespace {

using Touched = RowChanges::Touched;

/// Visits the events of one transition; collects keys and what can be taken from the event itself.
class Collector {
 public:
  Collector(const Transition& transition, const InstanceState* after, RowChanges& changes)
      : transition_(transition), after_(after), changes_(changes), keys_(changes.touched) {}

  // ---- Process instance ----
  void operator()(const InstanceStarted&) {
    changes_.instance_is_new = true;
    touch_instance();
  }
  void operator()(const InstanceEnded&) {
    changes_.instance_ended = true;
    touch_instance();
  }

  // ---- Elements, tokens, variables ----
  void operator()(const ElementEntered& event) { keys_.elements.push_back({event.element.key.raw(), true, false}); }
  void operator()(const ElementStatusChanged& event) { end(keys_.elements, event.key); }
  void operator()(const MultiInstanceOpened& event) { touch(keys_.elements, event.body); }
  void operator()(const MultiInstanceProgressed& event) { touch(keys_.elements, event.body); }
  void operator()(const ChildCalled& event) { touch(keys_.elements, event.key); }
  void operator()(const FlowTaken&) {}
  void operator()(const TokenParked& event) { changes_.tokens_parked.push_back(&event.token); }
  void operator()(const TokenConsumed& event) { changes_.tokens_consumed.push_back(event.key); }
  void operator()(const VariableSet& event) {
    // The transition took its key before its events took theirs, so a larger key was made by this transition.
    changes_.variables.push_back({&event.variable, event.variable.key.raw() > transition_.key.raw(), false});
  }

  // ---- Jobs ----
  void operator()(const JobCreated& event) { keys_.jobs.push_back({event.job.key.raw(), true, false}); }
  void operator()(const JobLocked& event) { touch(keys_.jobs, event.key); }
  void operator()(const JobLeaseChanged& event) { touch(keys_.jobs, event.key); }
  void operator()(const JobReturned& event) { touch(keys_.jobs, event.key); }
  void operator()(const JobFailed& event) { touch(keys_.jobs, event.key); }
  void operator()(const JobUpdated& event) { touch(keys_.jobs, event.key); }
  void operator()(const JobReadied& event) { touch(keys_.jobs, event.key); }
  void operator()(const JobEnded& event) {
    keys_.jobs.push_back({event.key.raw(), false, event.error_code.empty() && event.error_message.empty()});
  }

  // ---- Timers and subscriptions: those of start events are in no state ----
  void operator()(const TimerSet& event) {
    if (after_ == nullptr) {
      changes_.timers.push_back({&event.timer, true, false});
    } else {
      keys_.timers.push_back({event.timer.key.raw(), true, false});
    }
  }
  void operator()(const TimerFired& event) {
    if (after_ == nullptr) {
      changes_.start_timers_fired.push_back(&event);
    } else {
      touch(keys_.timers, event.key);
    }
  }
  void operator()(const TimerCanceled& event) {
    if (after_ == nullptr) {
      changes_.start_timers_canceled.push_back(&event);
    } else {
      end(keys_.timers, event.key);
    }
  }
  void operator()(const SubscriptionOpened& event) {
    if (after_ == nullptr) {
      changes_.subscriptions.push_back({&event.subscription, true, false});
    } else {
      keys_.subscriptions.push_back({event.subscription.key.raw(), true, false});
    }
  }
  void operator()(const SubscriptionClosed& event) {
    if (after_ == nullptr) {
      changes_.start_subscriptions_closed.push_back(&event);
    } else {
      end(keys_.subscriptions, event.key);
    }
  }
  void operator()(const CompensationHandedOver& event) { touch(keys_.subscriptions, event.key); }

  // ---- People and incidents ----
  void operator()(const UserTaskCreated& event) { keys_.user_tasks.push_back({event.task.key.raw(), true, false}); }
  void operator()(const UserTaskChanged& event) { touch(keys_.user_tasks, event.task.key); }
  void operator()(const UserTaskEnded& event) { touch(keys_.user_tasks, event.key); }
  void operator()(const IncidentRaised& event) {
    keys_.incidents.push_back({event.incident.key.raw(), true, false});
    touch_owners(event.incident);
  }
  void operator()(const IncidentResolved& event) {
    touch(keys_.incidents, event.key);
    const Incident* incident = after_ == nullptr ? nullptr : after_->incidents.find(event.key);
    if (incident != nullptr) touch_owners(*incident);
  }

  void operator()(const DecisionEvaluated& event) { changes_.decision_instances.push_back(&event.decision); }

  // ---- The partition ----
  void operator()(const ResourceDeployed& event) { changes_.resources.push_back(&event.resource); }
  void operator()(const DefinitionDeployed& event) { changes_.definitions.push_back(&event.definition); }
  void operator()(const DecisionDeployed& event) { changes_.decisions.push_back(&event.decision); }
  void operator()(const MessagePublished& event) { changes_.messages.push_back(&event.message); }
  void operator()(const MessageCorrelated& event) {
    changes_.messages_correlated.push_back({event.message, &event.process_id});
  }
  void operator()(const MessageExpired& event) { changes_.messages_expired.push_back(event.message); }
  void operator()(const SignalBroadcast&) {}
  void operator()(const RequestRemembered& event) { changes_.requests.push_back(&event.request); }

 private:
  template <class Key>
  static void touch(std::vector<Touched>& keys, Key key) {
    keys.push_back({key.raw(), false, false});
  }
  template <class Key>
  static void end(std::vector<Touched>& keys, Key key) {
    keys.push_back({key.raw(), false, true});
  }
  void touch_instance() {
    if (after_ != nullptr) changes_.instance = &after_->instance;
  }
  /// The instance counts its incidents; the element instance and the job name theirs.
  void touch_owners(const Incident& incident) {
    touch_instance();
    if (incident.element_instance) touch(keys_.elements, incident.element_instance);
    if (incident.job) touch(keys_.jobs, incident.job);
  }

  const Transition& transition_;
  const InstanceState* after_;
  RowChanges& changes_;
  RowChanges::TouchedKeys& keys_;
};

/// Each key once, new if any event made it, and only ended if no event did more.
void make_unique(std::vector<Touched>& keys) {
  if (keys.size() < 2) return;
  std::sort(keys.begin(), keys.end(), [](const Touched& a, const Touched& b) {
    if (a.key != b.key) return a.key < b.key;
    return a.is_new != b.is_new ? a.is_new : !a.only_ended && b.only_ended;  // of equals the first one stays
  });
  keys.erase(std::unique(keys.begin(), keys.end(), [](const Touched& a, const Touched& b) { return a.key == b.key; }),
             keys.end());
}

Error missing(std::string_view what, std::int64_t key, const Transition& transition) {
  return Error{ErrorCode::internal, "transition " + transition.key.text() + " (" + transition.command + ") touches " +
                                        std::string(what) + ' ' + std::to_string(key) +
                                        ", which is not in the state that was handed to the store"};
}

template <class Entity>
Result<void> resolve(std::vector<Touched>& keys, const Table<Entity>& table, std::string_view what,
                     const Transition& transition, std::vector<RowChange<Entity>>& rows) {
  make_unique(keys);
  for (const Touched& touched : keys) {
    const Entity* row = table.find(decltype(Entity::key){touched.key});
    if (row == nullptr) return fail(missing(what, touched.key, transition));
    rows.push_back({row, touched.is_new, touched.only_ended});
  }
  return {};
}

/// Of several settings of one variable only the last is written; it is new if its key is.
void keep_last_variables(std::vector<RowChange<StoredVariable>>& rows) {
  if (rows.size() < 2) return;
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.row->key < b.row->key; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + 1 < rows.size() && rows[i + 1].row->key == rows[i].row->key) continue;
    rows[kept++] = rows[i];
  }
  rows.resize(kept);
}

/// A token that was parked and consumed within the transition needs no row at all.
void cancel_out_tokens(RowChanges& changes) {
  std::erase_if(changes.tokens_consumed, [&](TokenKey key) {
    return std::erase_if(changes.tokens_parked, [key](const Token* token) { return token->key == key; }) > 0;
  });
}

template <class... Vectors>
void clear_all(Vectors&... vectors) {
  (vectors.clear(), ...);
}

}  // namespace

void RowChanges::clear() {
  instance = nullptr;
  instance_is_new = instance_ended = false;
  clear_all(elements, variables, tokens_parked, tokens_consumed, jobs, timers, subscriptions, user_tasks, incidents, decision_instances);
  clear_all(start_timers_fired, start_timers_canceled, start_subscriptions_closed);
  clear_all(resources, definitions, decisions, messages, messages_correlated, messages_expired, requests);
  clear_all(touched.elements, touched.jobs, touched.timers, touched.subscriptions, touched.user_tasks, touched.incidents);
}

Result<void> project(const Transition& transition, const InstanceState* after, RowChanges& changes) {
  if ((after == nullptr) != !transition.instance) {
    return fail(ErrorCode::internal, "a transition of an instance needs its state, one of the partition has none");
  }
  Collector collector(transition, after, changes);
  for (const Event& event : transition.events) std::visit(collector, event);
  keep_last_variables(changes.variables);
  if (!changes.tokens_parked.empty() && !changes.tokens_consumed.empty()) cancel_out_tokens(changes);

  RowChanges::TouchedKeys& keys = changes.touched;
  if (after == nullptr) {
    if (!keys.elements.empty() || !keys.jobs.empty() || !keys.user_tasks.empty() || !keys.incidents.empty() ||
        !changes.variables.empty() || changes.instance_is_new || changes.instance_ended) {
      return fail(ErrorCode::internal, "transition " + transition.key.text() + " of the partition changes an instance");
    }
    return {};
  }
  if (auto done = resolve(keys.elements, after->elements, "element instance", transition, changes.elements); !done) return done;
  if (auto done = resolve(keys.jobs, after->jobs, "job", transition, changes.jobs); !done) return done;
  if (auto done = resolve(keys.timers, after->timers, "timer", transition, changes.timers); !done) return done;
  if (auto done = resolve(keys.subscriptions, after->subscriptions, "subscription", transition, changes.subscriptions); !done) {
    return done;
  }
  if (auto done = resolve(keys.user_tasks, after->user_tasks, "user task", transition, changes.user_tasks); !done) return done;
  return resolve(keys.incidents, after->incidents, "incident", transition, changes.incidents);
}

}  // namespace fermata
