#include "persistence/memory/apply_changes.h"

#include <algorithm>

namespace fermata::memory {
namespace {

Error unexpected(std::string_view what, std::int64_t key, bool is_new) {
  return Error{ErrorCode::internal, std::string(what) + ' ' + std::to_string(key) +
                                        (is_new ? " exists already and cannot be inserted" : " does not exist and cannot be changed")};
}

class Changer {
 public:
  Changer(Rows& rows, const Transition& transition, Journal& journal)
      : rows_(rows), transition_(transition), journal_(journal), instance_(transition.instance.raw()) {}

  template <class Entity>
  Result<void> write_all(RowTable<Entity> Rows::*table, const std::vector<RowChange<Entity>>& changes, std::string_view what) {
    for (const RowChange<Entity>& change : changes) {
      const RowId id{instance_, change.row->key.raw()};
      if (((rows_.*table).find(id) == nullptr) != change.is_new) return fail(unexpected(what, id.second, change.is_new));
      put(rows_, table, id, *change.row, journal_);
    }
    return {};
  }

  Result<void> write_instance(const RowChanges& changes) {
    const auto found = rows_.instances.find(instance_);
    const bool exists = found != rows_.instances.end();
    if (exists == changes.instance_is_new) return fail(unexpected("process instance", instance_, changes.instance_is_new));
    if (exists && found->second.row.ended_at != never) return fail(unexpected("live process instance", instance_, false));
    InstanceEntry entry = exists ? found->second : InstanceEntry{};
    if (changes.instance != nullptr) entry.row = *changes.instance;
    entry.last_transition = transition_.key;
    put(rows_, &Rows::instances, instance_, entry, journal_);
    set_live(instance_, entry.row.ended_at == never);
    return {};
  }

  Result<void> write_tokens(const RowChanges& changes) {
    for (const Token* token : changes.tokens_parked) put(rows_, &Rows::tokens, {instance_, token->key.raw()}, *token, journal_);
    for (const TokenKey key : changes.tokens_consumed) {
      if (rows_.tokens.find({instance_, key.raw()}) == nullptr) return fail(unexpected("token", key.raw(), false));
      erase(rows_, &Rows::tokens, {instance_, key.raw()}, journal_);
    }
    return {};
  }

  Result<void> write_decision_instances(const RowChanges& changes) {
    for (const DecisionInstance* row : changes.decision_instances) {
      const RowId id{instance_, row->key.raw()};
      if (rows_.decision_instances.find(id) != nullptr) return fail(unexpected("decision instance", id.second, true));
      put(rows_, &Rows::decision_instances, id, *row, journal_);
    }
    return {};
  }

  Result<void> write_start_events(const RowChanges& changes) {
    for (const TimerFired* event : changes.start_timers_fired) {
      const Timer* before = rows_.timers.find({0, event->key.raw()});
      if (before == nullptr || before->occurrence != event->occurrence) return fail(unexpected("start timer", event->key.raw(), false));
      Timer timer = *before;
      if (event->next_due == never) {
        timer.ended_at = event->at;
      } else {
        timer.due = event->next_due;
        ++timer.occurrence;
        if (timer.repetitions_left > 0) --timer.repetitions_left;
      }
      put(rows_, &Rows::timers, {0, event->key.raw()}, timer, journal_);
    }
    for (const TimerCanceled* event : changes.start_timers_canceled) {
      const Timer* before = rows_.timers.find({0, event->key.raw()});
      if (before == nullptr) return fail(unexpected("start timer", event->key.raw(), false));
      Timer timer = *before;
      timer.ended_at = event->at;
      put(rows_, &Rows::timers, {0, event->key.raw()}, timer, journal_);
    }
    for (const SubscriptionClosed* event : changes.start_subscriptions_closed) {
      const Subscription* before = rows_.subscriptions.find({0, event->key.raw()});
      if (before == nullptr) return fail(unexpected("start subscription", event->key.raw(), false));
      Subscription subscription = *before;
      subscription.ended_at = event->at;
      put(rows_, &Rows::subscriptions, {0, event->key.raw()}, subscription, journal_);
    }
    return {};
  }

  Result<void> write_partition(const RowChanges& changes) {
    for (const Resource* row : changes.resources) {
      if (rows_.resources.contains(row->key.raw())) return fail(unexpected("resource", row->key.raw(), true));
      put(rows_, &Rows::resources, row->key.raw(), *row, journal_);
    }
    for (const Definition* row : changes.definitions) {
      const bool taken = std::any_of(rows_.definitions.begin(), rows_.definitions.end(), [row](const auto& entry) {
        return entry.first == row->key.raw() || (entry.second.process_id == row->process_id && entry.second.version == row->version);
      });
      if (taken) return fail(unexpected("definition", row->key.raw(), true));
      if (!rows_.resources.contains(row->resource.raw())) return fail(unexpected("resource", row->resource.raw(), false));
      put(rows_, &Rows::definitions, row->key.raw(), *row, journal_);
    }
    for (const DecisionDefinition* row : changes.decisions) {
      const bool taken = std::any_of(rows_.decisions.begin(), rows_.decisions.end(), [row](const auto& entry) {
        return entry.first == row->key.raw() || (entry.second.decision_id == row->decision_id && entry.second.version == row->version);
      });
      if (taken) return fail(unexpected("decision", row->key.raw(), true));
      if (!rows_.resources.contains(row->resource.raw())) return fail(unexpected("resource", row->resource.raw(), false));
      put(rows_, &Rows::decisions, row->key.raw(), *row, journal_);
    }
    for (const Message* row : changes.messages) put(rows_, &Rows::messages, row->key.raw(), *row, journal_);
    for (const CorrelatedMessage& correlated : changes.messages_correlated) {
      const auto found = rows_.messages.find(correlated.message.raw());
      if (found == rows_.messages.end()) continue;  // answered at once, so it was never put into the buffer
      Message message = found->second;
      message.correlated_processes.push_back(*correlated.process_id);
      put(rows_, &Rows::messages, message.key.raw(), message, journal_);
    }
    for (const MessageKey key : changes.messages_expired) erase(rows_, &Rows::messages, key.raw(), journal_);
    for (const RequestRecord* row : changes.requests) {
      put(rows_, &Rows::requests, std::pair(row->source, row->id), *row, journal_);
    }
    return {};
  }

 private:
  void set_live(std::int64_t instance, bool live) {
    if (rows_.live_instances.contains(instance) == live) return;
    journal_.add([instance, live](Rows& in) { live ? void(in.live_instances.erase(instance)) : void(in.live_instances.insert(instance)); });
    live ? void(rows_.live_instances.insert(instance)) : void(rows_.live_instances.erase(instance));
  }

  Rows& rows_;
  const Transition& transition_;
  Journal& journal_;
  const std::int64_t instance_;
};

}  // namespace

Result<void> apply_changes(Rows& rows, const Transition& transition, const InstanceState* after, Journal& journal) {
  RowChanges changes;
  if (auto done = project(transition, after, changes); !done) return done;
  if (rows.transitions.contains(transition.key.raw())) return fail(unexpected("transition", transition.key.raw(), true));
  put(rows, &Rows::transitions, transition.key.raw(), transition, journal);
  Changer changer(rows, transition, journal);
  if (after != nullptr) {
    if (auto done = changer.write_instance(changes); !done) return done;
  } else if (auto done = changer.write_start_events(changes); !done) {
    return done;
  }
  if (auto done = changer.write_partition(changes); !done) return done;
  if (auto done = changer.write_all(&Rows::elements, changes.elements, "element instance"); !done) return done;
  if (auto done = changer.write_all(&Rows::variables, changes.variables, "variable"); !done) return done;
  if (auto done = changer.write_tokens(changes); !done) return done;
  if (auto done = changer.write_decision_instances(changes); !done) return done;
  if (auto done = changer.write_all(&Rows::jobs, changes.jobs, "job"); !done) return done;
  if (auto done = changer.write_all(&Rows::timers, changes.timers, "timer"); !done) return done;
  if (auto done = changer.write_all(&Rows::subscriptions, changes.subscriptions, "subscription"); !done) return done;
  if (auto done = changer.write_all(&Rows::user_tasks, changes.user_tasks, "user task"); !done) return done;
  return changer.write_all(&Rows::incidents, changes.incidents, "incident");
}

}  // namespace fermata::memory
