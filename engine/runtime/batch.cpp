// Executing a batch: one transaction, one commit; when that fails, each request once more by itself.
#include <exception>
#include <new>

#include "engine/runtime/loop.h"

namespace fermata::runtime {
namespace {

constexpr std::size_t messages_expired_per_batch_max = 512;
constexpr std::int64_t pause_after_store_trouble_ms = 1'000;
constexpr std::int64_t retry_impossible_timer_ms = 60'000;

// Not the store's trouble, which passes: it will fail again.
bool fails_by_itself(const Error& error) { return error.code == ErrorCode::limit_exceeded || error.code == ErrorCode::internal; }

bool must_not_be_lost(const Work& work) { return work.kind == Work::Kind::timer || work.kind == Work::Kind::activity_result; }

}  // namespace

void Loop::run_batch(std::vector<Work> works) {
  Batch batch;
  batch.works = std::move(works);
  // Alone, a request is answered soonest when this thread waits for its commit itself.
  const bool hand_over = options_.own_thread && (!in_flight_.empty() || queue_->size() > 0);
  if (!attempt(batch, hand_over)) {
    // Those decided before it come first; and when it has failed because they are lost, nothing is begun until that was seen.
    if (!in_flight_.empty()) settle(in_flight_.back().number);
    run_one_by_one(std::move(batch.works));
  } else if (batch.number == 0) {
    finish(batch);
  } else {
    in_flight_.push_back(std::move(batch));
  }
  refresh_agenda();
}

// The second attempt of what was in a batch that failed.
void Loop::run_one_by_one(std::vector<Work> works) {
  Error error{ErrorCode::data_loss, "The store has failed; the engine must be restarted."};
  for (Work& work : works) {
    if (work.poll) {
      // It may have gone home meanwhile, and may lie in several of the batches that are lost.
      if (work.poll->answered()) continue;
      polls_.remove(*work.poll);
    }
    Batch single;
    single.works.push_back(std::move(work));
    Result<void> done = fail(error);
    if (healthy()) done = attempt(single, false);
    Work& own = single.works.front();
    if (!done && healthy() && fails_by_itself(done.error()) && must_not_be_lost(own)) {
      // Nobody is there to hear of it: an incident where it stopped says it.
      own.request.set_down = "What follows from here was not carried out: " + done.error().message + ". Resolve the incident to try it again";
      done = attempt(single, false);
    }
    if (done) {
      finish(single);
    } else {
      error = done.error();
      give_up(single.works.front(), error);
    }
  }
}

bool Loop::settle(CommitNumber wait_for) {
  if (in_flight_.empty()) return false;
  const CommitProgress progress = wait_for == 0 ? options_.store->progress() : options_.store->wait_for(wait_for);
  bool settled = false;
  while (!in_flight_.empty() && in_flight_.front().number <= progress.durable) {
    Batch batch = std::move(in_flight_.front());
    in_flight_.pop_front();
    finish(batch);
    settled = true;
  }
  if (!progress.failure || in_flight_.empty()) return settled;
  std::vector<Batch> lost(std::make_move_iterator(in_flight_.begin()), std::make_move_iterator(in_flight_.end()));
  in_flight_.clear();
  for (auto batch = lost.rbegin(); batch != lost.rend(); ++batch) roll_back(*batch);
  if (progress.failure->code == ErrorCode::data_loss) break_down(*progress.failure);
  // The agenda was refreshed with what was decided in them.
  timers_changed_ = expiries_changed_ = true;
  for (std::string& type : agenda_.watched()) types_to_watch_.insert(std::move(type));
  for (Batch& batch : lost) run_one_by_one(std::move(batch.works));
  refresh_agenda();
  return true;
}

void Loop::finish(Batch& batch) {
  keys_.committed(batch.key_bound);
  {
    const std::lock_guard lock(counters_mutex_);
    ++counters_.batches;
    Agenda::count(batch.noted, counters_);
  }
  agenda_.commit(batch.noted);
  written_ = true;
  deliver(batch.works);
  deliver(batch.woken);
}

Result<void> Loop::attempt(Batch& batch, bool hand_over) {
  Result<void> done = [&]() -> Result<void> {
    // The fence: nothing thrown below may take the engine down or leave a transaction half done.
    try {
      return execute_and_commit(batch, hand_over);
    } catch (const std::bad_alloc&) {
      return fail(ErrorCode::resource_exhausted, "The machine has no memory left for this request.");
    } catch (const std::exception& thrown) {
      return fail(ErrorCode::internal, std::string("A defect of the engine stopped this request: ") + thrown.what());
    }
  }();
  if (done) return done;
  roll_back(batch);
  if (done.error().code == ErrorCode::data_loss) break_down(done.error());
  return done;
}

Result<void> Loop::execute_and_commit(Batch& batch, bool hand_over) {
  auto transaction = options_.store->begin();
  if (!transaction) return fail(transaction.error());
  for (Work& work : batch.works) {
    if (auto done = execute(work, **transaction); !done) return done;
  }
  // Jobs that these works have set free are leased in the same transaction by those who wait for them: one commit instead of two.
  if (!draining_ && !agenda_.freed_jobs().empty() && (polls_.size() > 0 || !activities_.types().empty())) {
    const std::map<std::string, std::size_t> freed(agenda_.freed_jobs().begin(), agenda_.freed_jobs().end());
    for (const auto& [type, count] : freed) {
      activities_.jobs_freed(type);
      add_polls(polls_.wake(type, count), batch.woken);
    }
    for (Work& lease : activities_.polls()) batch.woken.push_back(std::move(lease));
    for (Work& work : batch.woken) {
      if (auto done = execute(work, **transaction); !done) return done;
    }
  }
  batch.key_bound = keys_.bound_to_store();
  if (batch.key_bound) {
    if (auto stored = (*transaction)->set_next_key(*batch.key_bound); !stored) return stored;
  }
  if (hand_over) {
    const auto number = (*transaction)->hand_over();
    if (!number) return fail(number.error());
    batch.number = *number;
  } else if (auto committed = (*transaction)->commit(); !committed) {
    return committed;
  }
  batch.noted = agenda_.take_noted();
  return {};
}

Result<void> Loop::execute(Work& work, StoreTransaction& transaction) {
  if (work.kind == Work::Kind::expire_messages) {
    expiries_changed_ = true;
    const auto expired = partition_.expire_messages(now_, transaction, messages_expired_per_batch_max);
    if (!expired) return fail(expired.error());
    return {};
  }
  Result<Executed> execution = partition_.execute(work.request, now_, transaction);
  if (!execution) return fail(execution.error());
  work.execution = std::move(*execution);
  if (work.kind == Work::Kind::activity_poll) activities_.leases_made(work.type, leases_of(work));
  if (work.kind != Work::Kind::poll || draining_ || work.poll->wait.ms <= 0 || !work.execution->outcome) return {};
  const auto* found = std::get_if<JobsActivated>(&*work.execution->outcome);
  if (found == nullptr || !found->jobs.empty() || polls_.size() >= options_.parked_max) return {};
  // Parked at once and not after the commit: a later request of this batch may set a job free that this one waits for.
  polls_.park(work.poll);
  work.parked = true;
  return {};
}

void Loop::roll_back(Batch& batch) {
  partition_.forget_everything();
  keys_.rolled_back();
  (void)agenda_.take_noted();
  // Those who were woken wait again, and look again in the next turn.
  for (Work& work : batch.woken) {
    if (work.poll) {
      if (work.parked) polls_.remove(*work.poll);
      for (const ActivateJobs::Topic& topic : work.poll->request.topics) freed_types_.insert(topic.type);
      if (!work.poll->answered()) polls_.park(std::move(work.poll));
    } else {
      forget_leases(work);
      freed_types_.insert(work.type);
    }
  }
  batch.woken.clear();
  // After them, because a request of this batch may have been parked and woken within it.
  for (Work& work : batch.works) {
    if (work.parked) polls_.remove(*work.poll);
    work.parked = false;
    forget_leases(work);
    work.execution.reset();
  }
  const std::lock_guard lock(counters_mutex_);
  ++counters_.commit_failures;
}

void Loop::forget_leases(const Work& work) {
  if (work.kind == Work::Kind::activity_poll) activities_.leases_over(work.type, leases_of(work));
}

// The last attempt has failed too: a caller gets the error, our own work is tried again later.
void Loop::give_up(Work& work, const Error& error) {
  switch (work.kind) {
    case Work::Kind::client: {
      const bool too_much = error.code == ErrorCode::limit_exceeded;
      const Error told{error.code, error.message + (too_much ? ". Nothing was changed" : "")};
      if (work.awaiter) return work.awaiter->done(fail(told));
      return work.done(fail(told));
    }
    case Work::Kind::poll: return work.poll->answer(fail(error));
    case Work::Kind::activity_result:
      if (fails_by_itself(error) && refuse_result(work, error.message)) return;
      if (healthy()) internal_.push_back(std::move(work));
      break;
    case Work::Kind::activity_poll: freed_types_.insert(work.type); break;
    case Work::Kind::timer:
      if (!fails_by_itself(error)) break;  // still due
      stuck_timers_[std::get<FireTimer>(work.request.command).timer] = Monotonic{monotonic().ms + retry_impossible_timer_ms};
      return;
    case Work::Kind::expire_messages: break;  // still due
  }
  internal_pause_until_ = Monotonic{monotonic().ms + pause_after_store_trouble_ms};
}

}  // namespace fermata::runtime
