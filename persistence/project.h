// project: from what one command did (its events) to the rows that must be written: each row once, in its final state.
//
// Floor 2, pure, used by every store. A thing that was made and ended within one command is one insert. Whether a row is an
// insert or an update is known from the events, so no store has to probe.
//
//   RowChanges changes;                       // kept by the store and reused: its vectors keep their room
//   if (auto done = project(transition, after, changes); !done) return fail(done.error());
//   for (const RowChange<Job>& change : changes.jobs) write(*change.row, change.is_new);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/entity.h"
#include "engine/record/event.h"
#include "engine/state/instance_state.h"

namespace fermata {

/// A row to write. Points into the state, or into the events of the transition: valid as long as both are unchanged.
template <class Entity>
struct RowChange {
  const Entity* row = nullptr;
  bool is_new = false;
  /// Of an older row: at most its status, the time it ended and, of a job, when it is available have changed.
  bool only_ended = false;
};

struct CorrelatedMessage {
  MessageKey message;
  const std::string* process_id = nullptr;
};

struct RowChanges {
  // Of one instance.
  const ProcessInstance* instance = nullptr;  ///< nullptr: its row has not changed
  bool instance_is_new = false;
  bool instance_ended = false;
  std::vector<RowChange<ElementInstance>> elements;
  std::vector<RowChange<StoredVariable>> variables;
  std::vector<const Token*> tokens_parked;
  std::vector<TokenKey> tokens_consumed;  ///< of earlier transitions only
  std::vector<RowChange<Job>> jobs;
  std::vector<RowChange<Timer>> timers;                ///< of a partition transition: of start events
  std::vector<RowChange<Subscription>> subscriptions;  ///< likewise
  std::vector<RowChange<UserTask>> user_tasks;
  std::vector<RowChange<Incident>> incidents;
  std::vector<const DecisionInstance*> decision_instances;  ///< of a partition transition: asked for by themselves

  // Of a start event: its row is not in any state, so the store reads it, applies the event and writes it back.
  std::vector<const TimerFired*> start_timers_fired;
  std::vector<const TimerCanceled*> start_timers_canceled;
  std::vector<const SubscriptionClosed*> start_subscriptions_closed;

  // Of the partition.
  std::vector<const Resource*> resources;
  std::vector<const Definition*> definitions;
  std::vector<const DecisionDefinition*> decisions;
  std::vector<const Message*> messages;
  std::vector<CorrelatedMessage> messages_correlated;
  std::vector<MessageKey> messages_expired;
  std::vector<const RequestRecord*> requests;

  void clear();

  /// Keys that events have touched, before they are resolved to rows. Of no interest to stores.
  struct Touched {
    std::int64_t key = 0;
    bool is_new = false;
    bool only_ended = false;
  };
  struct TouchedKeys {
    std::vector<Touched> elements, jobs, timers, subscriptions, user_tasks, incidents;
  } touched;
};

/// Fills `changes`, which must be empty or cleared. `after` is nullptr for a partition transition (instance 0). An event that
/// names a row which `after` does not hold, or that does not belong to this kind of transition, is a defect: internal.
[[nodiscard]] Result<void> project(const Transition& transition, const InstanceState* after, RowChanges& changes);

}  // namespace fermata
