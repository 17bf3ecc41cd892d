// Loop: the batch loop, the one place where commands are executed. Everything in it belongs to the engine thread.
//
// Floor 6. One turn: gather what is there (never wait for a batch to fill), execute all of it in one store transaction, commit once,
// and only when that is durable answer, wake and start. While the disk is busy with a commit and more requests wait, the next batch is
// decided already: batches in flight are settled in their order. When a batch fails it is rolled back together with those decided
// after it, everything in memory is forgotten, and each request is tried once more in a transaction of its own; one that fails again is
// answered with the error. A timer or an activity's answer that can never succeed (what it sets in motion has no end) is carried out by
// itself, and an incident stands where it stopped. After data_loss nothing is tried any more. loop.cpp gathers and waits, batch.cpp executes and settles,
// deliver.cpp grants what was promised.
//
//   while (loop.turn()) {}
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/runtime/activity_desk.h"
#include "engine/runtime/agenda.h"
#include "engine/runtime/await_desk.h"
#include "engine/runtime/command_queue.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/key_counter.h"
#include "engine/runtime/poll_desk.h"
#include "engine/runtime/work.h"

namespace fermata::runtime {

class Loop {
 public:
  Loop(EngineOptions options, std::shared_ptr<CommandQueue> queue, std::int64_t next_key);

  /// Reads what is due next. Once, before the first turn.
  [[nodiscard]] Result<void> start();

  /// One batch; false when there was nothing to do.
  bool turn();
  /// Sleeps until there may be something to do.
  void wait();
  /// Housekeeping of the store, if something was written since the last time.
  void housekeeping();

  /// From the next turn on: no timers, no new leases, parked requests go home empty-handed.
  void begin_drain();
  /// While draining: nothing is queued and no activity is running.
  [[nodiscard]] bool drained() const;
  /// Answers everything that is left with `error`. Afterwards no turn may be made.
  void stop(const Error& error);

  [[nodiscard]] bool healthy() const { return healthy_.load(std::memory_order_acquire); }
  [[nodiscard]] EngineCounters counters() const;
  [[nodiscard]] Store& store() { return *options_.store; }

 private:
  Result<void> end_leases_of_the_last_run();
  // loop.cpp
  [[nodiscard]] Monotonic monotonic() const;
  std::vector<Work> gather();
  void gather_timers(std::vector<Work>& batch);
  void gather_freed_jobs(std::vector<Work>& batch);
  void add_polls(std::vector<std::shared_ptr<Poll>> polls, std::vector<Work>& batch) const;
  void go_home(const std::vector<std::shared_ptr<Poll>>& polls, const Result<Outcome>& answer) const;
  [[nodiscard]] std::chrono::steady_clock::time_point next_wake() const;
  void break_down(const Error& error);

  // batch.cpp
  /// What was executed in one transaction, until it is durable.
  struct Batch {
    std::vector<Work> works;
    std::vector<Work> woken;                 ///< leases of jobs that the works have set free
    Agenda::Noted noted;
    std::optional<std::int64_t> key_bound;   ///< that the transaction stores
    CommitNumber number = 0;                 ///< 0: durable
  };
  void run_batch(std::vector<Work> works);
  void run_one_by_one(std::vector<Work> works);
  [[nodiscard]] Result<void> attempt(Batch& batch, bool hand_over);
  [[nodiscard]] Result<void> execute_and_commit(Batch& batch, bool hand_over);
  [[nodiscard]] Result<void> execute(Work& work, StoreTransaction& transaction);
  void roll_back(Batch& batch);
  void give_up(Work& work, const Error& error);
  void forget_leases(const Work& work);
  /// Delivers the batches in flight that are durable, runs again what was lost. True when there was something. Waits for those up to
  /// `wait_for` (0: for none).
  bool settle(CommitNumber wait_for);
  void finish(Batch& batch);

  // deliver.cpp
  void deliver(std::span<Work> works);
  void deliver(Work& work);
  void deliver_client(Work& work);
  void deliver_poll(Work& work);
  void deliver_activity_poll(Work& work);
  void deliver_activity_result(Work& work);
  bool refuse_result(const Work& work, const std::string& why);
  void answer_if_ended(const InstanceCreated& created);
  void refresh_agenda();
  [[nodiscard]] Result<void> watch(const std::string& type);

  EngineOptions options_;
  std::shared_ptr<CommandQueue> queue_;
  KeyCounter keys_;
  Partition partition_;
  Agenda agenda_;
  PollDesk polls_;
  AwaitDesk awaits_;
  ActivityDesk activities_;

  Timestamp now_;                             ///< of the present turn
  std::deque<Batch> in_flight_;               ///< handed over to the store, not known to be durable; in commit order
  std::vector<Work> internal_;                ///< results that wait for their turn
  std::set<std::string> freed_types_;         ///< jobs may be free: whoever waits shall look
  std::set<std::string> types_to_watch_;      ///< ask the store when their next job is free
  std::map<TimerKey, Monotonic> stuck_timers_;  ///< refused to fire: not again before then
  Monotonic internal_pause_until_;            ///< after a failure: no work of our own before then
  bool timers_changed_ = false;               ///< ask the store for the next one
  bool expiries_changed_ = false;
  bool draining_ = false;
  bool written_ = false;                      ///< since the last housekeeping
  std::atomic<bool> healthy_{true};

  mutable std::mutex counters_mutex_;
  EngineCounters counters_;                   ///< guarded by counters_mutex_
};

}  // namespace fermata::runtime
