#include "engine/runtime/loop.h"

#include <algorithm>

namespace fermata::runtime {
namespace {

constexpr std::size_t timers_per_batch_max = 256;
constexpr std::size_t batches_in_flight_max = 6;
// A batch leaves half of a long queue to the next one, so that deciding and committing overlap; below this it takes all there is.
constexpr std::size_t batch_commands_undivided = 64;
// The wall clock may jump while we sleep, so a sleep towards a wall-clock time is never longer than this.
constexpr std::chrono::milliseconds sleep_max{1'000};
constexpr std::chrono::milliseconds sleep_when_starved{10};
constexpr std::chrono::milliseconds quiet_before_housekeeping{20};
constexpr std::int64_t retry_stuck_timer_ms = 1'000;
// How many requests look when an unknown number of jobs may have become free.
constexpr std::size_t unknown_jobs = 64;
// Of one job type; what is beyond it waits for the end of its lease.
constexpr std::size_t leases_ended_at_start_max = 10'000;

}  // namespace

Loop::Loop(EngineOptions options, std::shared_ptr<CommandQueue> queue, std::int64_t next_key)
    : options_(std::move(options)),
      queue_(std::move(queue)),
      keys_(next_key),
      partition_(options_.partition, keys_, options_.compile, options_.compile_decisions),
      activities_(options_.activities, queue_) {
  partition_.observer = [this](const Transition& transition, const InstanceState* after) {
    agenda_.note(transition, after);
    if (options_.observer) options_.observer(transition, after);
  };
  options_.store->on_progress([queue = queue_] { queue->nudge(); });
}

Result<void> Loop::start() {
  if (auto loaded = agenda_.load(options_.store->lookups()); !loaded) return loaded;
  for (const std::string& type : activities_.types()) {
    activities_.jobs_freed(type);
    types_to_watch_.insert(type);
  }
  now_ = options_.clock->now();
  refresh_agenda();
  return end_leases_of_the_last_run();
}

// Activities run in this process, and no other process owns this store: what they held when the last one ended, nobody holds any
// more. The lease ends now instead of at its time; that it ended without an outcome stays visible in the job.
Result<void> Loop::end_leases_of_the_last_run() {
  auto session = options_.store->read();
  if (!session) return fail(session.error());
  for (const std::string& type : activities_.types()) {
    Query held;
    held.where = {{"type", FieldCondition::Op::eq, {Value::string(type)}},
                  {"status", FieldCondition::Op::eq, {Value::string("LOCKED")}},
                  {"worker", FieldCondition::Op::eq, {Value::string(std::string(activity_worker))}}};
    held.limit = leases_ended_at_start_max;
    const auto jobs = (*session)->search_jobs(held);
    if (!jobs) return fail(jobs.error());
    for (const JobRow& row : jobs->items) {
      UpdateJob end_lease;
      end_lease.job = row.job.key;
      end_lease.lease = row.job.lease;
      end_lease.timeout = Duration::from_ms(1);
      Work work;
      work.kind = Work::Kind::activity_result;
      work.type = type;
      work.request.command = std::move(end_lease);
      work.request.actor = "engine";
      internal_.push_back(std::move(work));
    }
  }
  return {};
}

Monotonic Loop::monotonic() const {
  if (!options_.own_thread) return Monotonic{options_.clock->now().ms};
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return Monotonic{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

bool Loop::turn() {
  now_ = options_.clock->now();
  const bool settled = settle(in_flight_.size() < batches_in_flight_max ? 0 : in_flight_.front().number);
  std::vector<Work> batch = gather();
  if (batch.empty()) {
    refresh_agenda();  // deliveries ask for it as well
    return settled;
  }
  if (healthy()) {
    run_batch(std::move(batch));
  } else {
    for (Work& work : batch) give_up(work, Error{ErrorCode::data_loss, "The store has failed; the engine must be restarted."});
  }
  return true;
}

std::vector<Work> Loop::gather() {
  std::vector<Work> batch;
  const Monotonic now = monotonic();
  awaits_.expire(now);
  go_home(polls_.take_expired(now), Outcome(Reply(JobsActivated{})));
  if (draining_) go_home(polls_.take_all(), Outcome(Reply(JobsActivated{})));
  if (healthy() && now >= internal_pause_until_) {
    batch.insert(batch.end(), std::make_move_iterator(internal_.begin()), std::make_move_iterator(internal_.end()));
    internal_.clear();
    if (!draining_) {
      gather_timers(batch);
      gather_freed_jobs(batch);
    }
  }
  const std::size_t first = batch.size();
  const std::size_t share = options_.own_thread ? std::max(batch_commands_undivided, (queue_->size() + 1) / 2) : SIZE_MAX;
  queue_->take(batch, std::min(options_.batch_commands_max, share));
  for (std::size_t i = first; i < batch.size(); ++i) {
    Work& work = batch[i];
    if (work.poll) work.poll->deadline = Monotonic{now.ms + work.poll->wait.ms};
    if (work.awaiter) work.awaiter->deadline = Monotonic{now.ms + work.awaiter->wait.ms};
  }
  return batch;
}

void Loop::gather_timers(std::vector<Work>& batch) {
  if (agenda_.messages_expire(now_)) {
    Work work;
    work.kind = Work::Kind::expire_messages;
    batch.push_back(std::move(work));
  }
  if (!agenda_.timers_due(now_)) return;
  const auto due = options_.store->lookups().due_timers(now_, timers_per_batch_max + stuck_timers_.size());
  if (!due) return break_down(due.error());
  const Monotonic now = monotonic();
  std::erase_if(stuck_timers_, [&](const auto& stuck) { return stuck.second <= now; });
  const std::size_t before = batch.size();
  std::set<ProcessInstanceKey> in_order;  // a cycle's next occurrence may be due before the later timers of its instance
  for (const FoundTimer& found : *due) {
    if (stuck_timers_.contains(found.timer.key) || in_order.contains(found.instance)) continue;
    if (found.instance && !found.timer.cycle.empty()) in_order.insert(found.instance);
    Work work;
    work.kind = Work::Kind::timer;
    work.request.command = FireTimer{found.timer.key, found.timer.occurrence};
    work.request.actor = "timer";
    batch.push_back(std::move(work));
  }
  timers_changed_ = true;
  if (batch.size() > before) return;
  // Nothing that may fire: either it was canceled meanwhile, or all that is due is stuck.
  const auto next = options_.store->lookups().next_timer_due();
  if (!next) return break_down(next.error());
  const Timestamp not_before{now_.ms + (stuck_timers_.empty() ? 1 : retry_stuck_timer_ms)};
  agenda_.set_next_timer(*next ? std::optional(std::max(**next, not_before)) : std::nullopt);
  timers_changed_ = false;
}

void Loop::gather_freed_jobs(std::vector<Work>& batch) {
  for (std::string& type : agenda_.take_types_due(now_)) freed_types_.insert(std::move(type));
  for (const std::string& type : std::exchange(freed_types_, {})) {
    activities_.jobs_freed(type);
    add_polls(polls_.wake(type, unknown_jobs), batch);
    types_to_watch_.insert(type);
  }
  std::vector<Work> leases = activities_.polls();
  batch.insert(batch.end(), std::make_move_iterator(leases.begin()), std::make_move_iterator(leases.end()));
}

void Loop::add_polls(std::vector<std::shared_ptr<Poll>> polls, std::vector<Work>& batch) const {
  for (std::shared_ptr<Poll>& poll : polls) {
    Work work;
    work.kind = Work::Kind::poll;
    work.request.command = poll->request;
    work.request.actor = poll->actor;
    work.poll = std::move(poll);
    batch.push_back(std::move(work));
  }
}

void Loop::go_home(const std::vector<std::shared_ptr<Poll>>& polls, const Result<Outcome>& answer) const {
  for (const std::shared_ptr<Poll>& poll : polls) poll->answer(answer);
}

std::chrono::steady_clock::time_point Loop::next_wake() const {
  using std::chrono::milliseconds;
  const auto now = std::chrono::steady_clock::now();
  auto wake = now + milliseconds(60'000);
  const auto no_later = [&](milliseconds in) { wake = std::min(wake, now + std::max(in, milliseconds(0))); };
  const Monotonic monotonic_now = monotonic();
  const auto towards = [&](std::optional<Monotonic> at) {
    if (at) no_later(milliseconds(at->ms - monotonic_now.ms));
  };
  towards(polls_.next_deadline());
  towards(awaits_.next_deadline());
  const bool paused = internal_pause_until_ > monotonic_now;
  if (paused) {
    towards(internal_pause_until_);
  } else if (!draining_) {
    if (const auto next = agenda_.next()) no_later(std::min(sleep_max, milliseconds(next->ms - options_.clock->now().ms)));
    if (activities_.starved()) no_later(sleep_when_starved);
  }
  if (written_) no_later(quiet_before_housekeeping);
  return wake;
}

void Loop::wait() { queue_->wait(next_wake()); }

void Loop::housekeeping() {
  if (!std::exchange(written_, false) || !healthy()) return;
  options_.store->idle();
}

void Loop::begin_drain() {
  draining_ = true;
  activities_.stop_leasing();
}

bool Loop::drained() const {
  return queue_->size() == 0 && internal_.empty() && in_flight_.empty() && activities_.running() == 0 && polls_.size() == 0;
}

void Loop::stop(const Error& error) {
  queue_->shut();
  if (!in_flight_.empty()) (void)settle(in_flight_.back().number);
  std::vector<Work> left;
  queue_->take(left, SIZE_MAX);
  for (Work& work : left) give_up(work, error);
  go_home(polls_.take_all(), fail(error));
  awaits_.fail_all(error);
  internal_.clear();
}

// The store has failed in a way that is not repaired by trying again.
void Loop::break_down(const Error& error) {
  constexpr std::int64_t pause_ms = 1'000;
  internal_pause_until_ = Monotonic{monotonic().ms + pause_ms};
  if (error.code != ErrorCode::data_loss) return;
  healthy_.store(false, std::memory_order_release);
  queue_->close();
  go_home(polls_.take_all(), fail(error));
  awaits_.fail_all(error);
  internal_.clear();
}

EngineCounters Loop::counters() const {
  const std::lock_guard lock(counters_mutex_);
  EngineCounters counters = counters_;
  counters.queue_length = queue_->size();
  return counters;
}

}  // namespace fermata::runtime
