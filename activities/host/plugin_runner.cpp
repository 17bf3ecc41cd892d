#include "activities/host/plugin_runner.h"

#include <signal.h>

#include <algorithm>
#include <system_error>

#include "activities/host/host_api.h"

namespace fermata::activities {
namespace {

ActivityFailed not_started(const RunningCall& call, std::string why) {
  return call.failure(FailureKind::not_started, std::move(why), false);
}

/// A mean in which a call counts a quarter.
void note_time(std::chrono::nanoseconds& mean, std::chrono::nanoseconds took) {
  took = std::max(took, std::chrono::nanoseconds(1));
  mean = mean.count() == 0 ? took : std::max((3 * mean + took) / 4, std::chrono::nanoseconds(1));
}

/// Signals that end the process are for its main thread; a plugin that writes to a closed socket must not end it
/// either.
void block_signals_of_this_thread() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGQUIT}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

/// The last fence: the ABI forbids exceptions, but a plugin that breaks the rule must fail its own call only.
template <class Function>
bool enter_plugin(Function function) noexcept {
  try {
    function();
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

PluginRunner::PluginRunner(const fermata_plugin* plugin, void* state, PluginOptions options)
    : plugin_(plugin), state_(state), options_(std::move(options)) {
  lanes_.reserve(plugin_->activity_count);
  for (std::size_t i = 0; i < plugin_->activity_count; ++i) {
    const fermata_activity* activity = plugin_->activities[i];
    const auto declared = static_cast<std::size_t>(std::max(activity->max_concurrency, 0));
    lanes_.push_back({.activity = activity,
                      .queue = {},
                      .running = 0,
                      .running_max = declared == 0 ? options_.threads_max + options_.stuck_max : declared,
                      .mean = {}});
  }
}

Result<void> PluginRunner::submit(std::size_t activity, std::shared_ptr<RunningCall> call) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return fail(ErrorCode::unavailable, "the activity host is stopping");
  Lane& lane = lanes_[activity];
  if (lane.queue.size() >= options_.queue_max) {
    return fail(ErrorCode::resource_exhausted, "busy: " + std::to_string(lane.queue.size()) + " calls of \"" +
                                                   call->call().type + "\" are waiting already (" +
                                                   std::to_string(stuck_) + " threads hang past their deadline)");
  }
  lane.queue.push_back(std::move(call));
  // An idle thread that was woken for an earlier call still counts as idle, so idle threads are compared with all that
  // waits.
  if (queued() > idle_) spawn_if_useful();
  work_available_.notify_one();
  return {};
}

std::size_t PluginRunner::capacity(std::size_t activity) const {
  const std::lock_guard lock(mutex_);
  const Lane& lane = lanes_[activity];
  const std::size_t most = ahead_max(lane);
  return stopping_ ? 0 : most - std::min(most, lane.queue.size());
}

std::size_t PluginRunner::ahead_max(const Lane& lane) const {
  constexpr std::chrono::nanoseconds soon = std::chrono::seconds(1);
  const std::size_t at_once = std::min({lane.running_max, options_.threads_max, options_.queue_max});
  if (lane.mean.count() == 0 || !why_it_hangs(lane).empty()) return at_once;
  std::chrono::nanoseconds turn = lane.mean;
  const auto now = RunningCall::Clock::now();
  for (const Running& running : running_) {
    if (running.lane == &lane && !running.stuck) turn = std::max<std::chrono::nanoseconds>(turn, now - running.since);
  }
  const auto turns = static_cast<std::size_t>(soon / turn);
  return std::clamp(turns * at_once, at_once, options_.queue_max);
}

std::string PluginRunner::why_it_hangs(const Lane& lane) const {
  if (threads_ == 0) return "the machine gives the plugin no thread";
  if (threads_ > stuck_ && lane.stuck < lane.running_max) return {};
  return "all threads that may run it hang in calls that did not answer before their deadline. Find out what they wait "
         "for; a restart of the engine frees them";
}

std::size_t PluginRunner::queued() const {
  std::size_t sum = 0;
  for (const Lane& lane : lanes_) sum += lane.queue.size();
  return sum;
}

void PluginRunner::spawn_if_useful() {
  if (stopping_ || threads_ - stuck_ >= options_.threads_max || threads_ >= options_.threads_max + options_.stuck_max)
    return;
  // Threads that have left are joined here, so that their handles do not pile up over months.
  std::erase_if(workers_, [](const std::shared_ptr<Worker>& worker) {
    if (worker->gone) worker->thread.join();
    return worker->gone;
  });
  auto worker = std::make_shared<Worker>();
  try {
    worker->thread = std::thread([self = shared_from_this(), worker] { self->work(worker); });
  } catch (const std::system_error&) {
    return;  // The machine has no thread left: the call waits for a thread we have, or until it has waited too long.
  }
  workers_.push_back(std::move(worker));
  ++threads_;
}

PluginRunner::Task PluginRunner::next_task() {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& lane = lanes_[(lane_turn_ + i) % lanes_.size()];
    if (lane.queue.empty() || lane.running >= lane.running_max) continue;
    lane_turn_ = (lane_turn_ + i + 1) % lanes_.size();
    Task task{&lane, std::move(lane.queue.front())};
    lane.queue.pop_front();
    return task;
  }
  return {};
}

void PluginRunner::work(const std::shared_ptr<Worker>& self) {
  block_signals_of_this_thread();
  std::unique_lock lock(mutex_);
  // A thread that came back from being stuck may be one too many.
  while (threads_ - stuck_ <= options_.threads_max) {
    Task task = next_task();
    if (!task.call) {
      if (stopping_) break;
      ++idle_;
      work_available_.wait(lock);
      --idle_;
      continue;
    }
    if (!task.call->start()) {
      lock.unlock();
      task.call->finish(not_started(*task.call, "the call was cancelled, or waited too long, before it started"));
      lock.lock();
      continue;
    }
    ++task.lane->running;
    const auto since = RunningCall::Clock::now();
    running_.push_back({task.call, task.lane, since, false});
    lock.unlock();
    run(*task.lane, *task.call);
    const std::chrono::nanoseconds took = RunningCall::Clock::now() - since;
    lock.lock();
    note_time(task.lane->mean, took);
    --task.lane->running;
    const auto entry =
        std::find_if(running_.begin(), running_.end(), [&](const Running& r) { return r.call == task.call; });
    if (entry->stuck) {
      --stuck_;
      --task.lane->stuck;
    }
    running_.erase(entry);
  }
  --threads_;
  self->gone = true;
  const bool last_of_abandoned = shutdown_due_ && threads_ == 0;
  thread_left_.notify_all();
  lock.unlock();
  if (last_of_abandoned) shut_down();
}

void PluginRunner::shut_down() {
  if (plugin_->shutdown == nullptr) return;
  enter_plugin([&] { plugin_->shutdown(state_); });
}

bool PluginRunner::answered_by_lookup(const fermata_activity& activity, RunningCall& call) {
  call.enter(RunningCall::Phase::lookup);
  const fermata_call_info info = call.info();
  enter_plugin([&] { activity.lookup(&activity, state_, host_api(), &call, &info); });
  const std::optional<LookupAnswer> answer = call.take_lookup();
  call.enter(RunningCall::Phase::execute);
  if (answer && std::holds_alternative<LookupNotFound>(*answer)) return false;
  if (answer && std::holds_alternative<LookupFound>(*answer)) {
    call.finish(ActivityCompleted{std::get<LookupFound>(*answer).output_json});
    return true;
  }
  const std::string why = answer ? std::get<LookupUnknown>(*answer).why : "the lookup gave no answer";
  call.finish(call.failure(FailureKind::reported, "cannot tell whether the earlier run took effect: " + why, false));
  return true;
}

void PluginRunner::run(const Lane& lane, RunningCall& call) {
  if (const Result<void> resolved = call.resolve_secrets(); !resolved) {
    ActivityFailed failed = call.failure(FailureKind::reported, resolved.error().message, false);
    failed.retryable = false;
    call.finish(std::move(failed));
    return;
  }
  const bool repeat = call.call().attempt > 1 || call.call().maybe_executed;
  if (repeat && call.repeat_safety() == RepeatSafety::lookup && answered_by_lookup(*lane.activity, call)) return;
  const fermata_call_info info = call.info();
  const bool returned = enter_plugin([&] { lane.activity->execute(lane.activity, state_, host_api(), &call, &info); });
  call.finish(call.failure(FailureKind::protocol,
                           "the activity \"" + call.call().type + "\" " +
                               (returned ? "returned without an outcome" : "let an exception out") +
                               ": a defect of the plugin",
                           true));
}

bool PluginRunner::expire(const std::shared_ptr<RunningCall>& call) {
  bool started = false;
  std::string hanging;  // why nothing will start it
  {
    const std::lock_guard lock(mutex_);
    // It waited until the last moment, and a thread took it just then.
    if (RunningCall::Clock::now() < call->deadline()) return false;
    const auto running =
        std::find_if(running_.begin(), running_.end(), [&](const Running& r) { return r.call == call; });
    if (running != running_.end()) {
      started = true;
      if (!running->stuck) {
        running->stuck = true;
        ++stuck_;
        ++running->lane->stuck;
        if (queued() > idle_) spawn_if_useful();
      }
    } else {
      for (Lane& lane : lanes_) {
        if (std::erase(lane.queue, call) > 0) hanging = why_it_hangs(lane);
      }
    }
  }
  if (started) {
    call->finish(call->failure(FailureKind::timed_out,
                               "the activity \"" + call->call().type + "\" did not answer before its deadline", true));
  } else if (!hanging.empty()) {
    call->finish(
        call->failure(FailureKind::plugin_hangs, "no call of \"" + call->call().type + "\" can start: " + hanging, false));
  } else {
    call->finish(not_started(*call, "the call waited too long for a free thread: the plugin is overloaded"));
  }
  return true;
}

void PluginRunner::close() {
  std::vector<std::shared_ptr<RunningCall>> waiting;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Lane& lane : lanes_) {
      waiting.insert(waiting.end(), lane.queue.begin(), lane.queue.end());
      lane.queue.clear();
    }
    work_available_.notify_all();
  }
  for (const auto& call : waiting) call->finish(not_started(*call, "the activity host is stopping"));
}

void PluginRunner::begin_stop() {
  close();
  const std::lock_guard lock(mutex_);
  for (const Running& running : running_) running.call->cancel();
}

bool PluginRunner::end_stop(std::chrono::steady_clock::time_point until) {
  std::vector<std::shared_ptr<RunningCall>> abandoned;
  std::vector<std::shared_ptr<Worker>> workers;
  bool all_left = false;
  {
    std::unique_lock lock(mutex_);
    all_left = thread_left_.wait_until(lock, until, [&] { return threads_ == 0; });
    shutdown_due_ = !all_left;
    for (const Running& running : running_) abandoned.push_back(running.call);
    workers.swap(workers_);
    // Detached under the lock: a thread seen as not gone here cannot be joined by anybody else later.
    for (const auto& worker : workers) {
      if (!worker->gone) worker->thread.detach();
    }
  }
  for (const auto& worker : workers) {
    if (worker->thread.joinable()) worker->thread.join();
  }
  for (const auto& call : abandoned) {
    call->finish(call->failure(FailureKind::stopped, "the engine stopped while the activity was running", true));
  }
  // The plugin's state must outlive the threads still inside it: if some hang, the last of them to leave shuts the
  // plugin down.
  if (all_left) shut_down();
  return all_left;
}

PluginStats PluginRunner::stats() const {
  const std::lock_guard lock(mutex_);
  return {threads_, stuck_, running_.size(), queued()};
}

}  // namespace fermata::activities
