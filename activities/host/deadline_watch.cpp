#include "activities/host/deadline_watch.h"

namespace fermata::activities {

DeadlineWatch::DeadlineWatch() : thread_([this] { watch(); }) {}

void DeadlineWatch::add(std::shared_ptr<RunningCall> call, std::shared_ptr<PluginRunner> runner) {
  const std::lock_guard lock(mutex_);
  enqueue({std::move(call), std::move(runner)});
}

void DeadlineWatch::enqueue(Entry entry) {
  const RunningCall* key = entry.call.get();
  const auto place = queue_.emplace(key->deadline(), std::move(entry));
  places_.emplace(key, place);
  if (place == queue_.begin()) changed_.notify_one();
}

void DeadlineWatch::moved(const RunningCall* call) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(call);
  if (found == places_.end()) return;
  Entry entry = std::move(found->second->second);
  queue_.erase(found->second);
  places_.erase(found);
  enqueue(std::move(entry));
}

void DeadlineWatch::forget(const RunningCall* call) {
  Entry dropped;  // destroyed after the lock is gone
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(call);
  if (found == places_.end()) return;
  dropped = std::move(found->second->second);
  queue_.erase(found->second);
  places_.erase(found);
}

bool DeadlineWatch::cancel(std::int64_t job_key) {
  const std::lock_guard lock(mutex_);
  bool found = false;
  for (auto& [deadline, entry] : queue_) {
    if (entry.call->call().job_key != job_key) continue;
    entry.call->cancel();
    found = true;
  }
  return found;
}

void DeadlineWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void DeadlineWatch::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (queue_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto next = queue_.begin()->first;
    if (RunningCall::Clock::now() < next) {
      changed_.wait_until(lock, next);
      continue;
    }
    const Entry due = std::move(queue_.begin()->second);
    places_.erase(due.call.get());
    queue_.erase(queue_.begin());
    lock.unlock();
    const bool over = due.runner->expire(due.call);
    lock.lock();
    if (!over && !due.call->finished()) enqueue(due);
  }
}

}  // namespace fermata::activities
