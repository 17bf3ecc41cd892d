// Executing a batch: one transaction, one commit; when that fails, each request once more by itself.
#include <exception>

#include "engine/runtime/loop.h"

namespace fermata::runtime {
namespace {

constexpr std::size_t messages_expired_per_batch_max = 512;

}  // namespace

void Loop::run_batch(std::vector<Work> batch) {
  std::vector<Work> woken;
  Result<void> done = attempt(batch, woken);
  if (done) {
    deliver(batch);
    deliver(woken);
  } else {
    for (Work& work : batch) {
      if (healthy()) done = attempt(std::span(&work, 1), woken);
      if (done) {
        deliver(std::span(&work, 1));
        deliver(woken);
      } else {
        give_up(work, done.error());
      }
    }
  }
  refresh_agenda();
}

Result<void> Loop::attempt(std::span<Work> works, std::vector<Work>& woken) {
  woken.clear();
  Result<void> done = [&]() -> Result<void> {
    // The fence: nothing thrown below may take the engine down or leave a transaction half done.
    try {
      return execute_and_commit(works, woken);
    } catch (const std::exception& thrown) {
      return fail(ErrorCode::internal, std::string("A defect of the engine stopped this request: ") + thrown.what());
    }
  }();
  if (done) return done;
  roll_back(works, woken);
  if (done.error().code == ErrorCode::data_loss) break_down(done.error());
  return done;
}

Result<void> Loop::execute_and_commit(std::span<Work> works, std::vector<Work>& woken) {
  auto transaction = options_.store->begin();
  if (!transaction) return fail(transaction.error());
  for (Work& work : works) {
    if (auto done = execute(work, **transaction); !done) return done;
  }
  // Jobs that these works have set free are leased in the same transaction by those who wait for them: one commit instead of two.
  if (!draining_ && !agenda_.freed_jobs().empty() && (polls_.size() > 0 || !activities_.types().empty())) {
    const std::map<std::string, std::size_t> freed(agenda_.freed_jobs().begin(), agenda_.freed_jobs().end());
    for (const auto& [type, count] : freed) {
      activities_.jobs_freed(type);
      add_polls(polls_.wake(type, count), woken);
    }
    for (Work& lease : activities_.polls()) woken.push_back(std::move(lease));
    for (Work& work : woken) {
      if (auto done = execute(work, **transaction); !done) return done;
    }
  }
  if (const auto bound = keys_.bound_to_store()) {
    if (auto stored = (*transaction)->set_next_key(*bound); !stored) return stored;
  }
  if (auto committed = (*transaction)->commit(); !committed) return committed;
  keys_.committed();
  {
    const std::lock_guard lock(counters_mutex_);
    ++counters_.batches;
    agenda_.count(counters_);
  }
  agenda_.commit();
  written_ = true;
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
  if (work.kind != Work::Kind::poll || draining_ || work.poll->wait.ms <= 0 || !work.execution->outcome) return {};
  const auto* found = std::get_if<JobsActivated>(&*work.execution->outcome);
  if (found == nullptr || !found->jobs.empty() || polls_.size() >= options_.parked_max) return {};
  // Parked at once and not after the commit: a later request of this batch may set a job free that this one waits for.
  polls_.park(work.poll);
  work.parked = true;
  return {};
}

void Loop::roll_back(std::span<Work> works, std::vector<Work>& woken) {
  partition_.forget_everything();
  keys_.rolled_back();
  agenda_.roll_back();
  // Those who were woken wait again, and look again in the next turn.
  for (Work& work : woken) {
    if (work.poll) {
      if (work.parked) polls_.remove(*work.poll);
      for (const ActivateJobs::Topic& topic : work.poll->request.topics) freed_types_.insert(topic.type);
      polls_.park(std::move(work.poll));
    } else {
      freed_types_.insert(work.type);
    }
  }
  woken.clear();
  // After them, because a request of this batch may have been parked and woken within it.
  for (Work& work : works) {
    if (work.parked) polls_.remove(*work.poll);
    work.parked = false;
    work.execution.reset();
  }
  const std::lock_guard lock(counters_mutex_);
  ++counters_.commit_failures;
}

// The second attempt has failed too: a caller gets the error, our own work is tried again later.
void Loop::give_up(Work& work, const Error& error) {
  constexpr std::int64_t pause_ms = 1'000;
  switch (work.kind) {
    case Work::Kind::client:
      if (work.awaiter) return work.awaiter->done(fail(error));
      return work.done(fail(error));
    case Work::Kind::poll: return work.poll->done(fail(error));
    case Work::Kind::activity_result:
      if (healthy()) internal_.push_back(std::move(work));
      break;
    case Work::Kind::activity_poll: freed_types_.insert(work.type); break;
    case Work::Kind::timer:
    case Work::Kind::expire_messages: break;  // still due
  }
  internal_pause_until_ = Monotonic{monotonic().ms + pause_ms};
}

}  // namespace fermata::runtime
