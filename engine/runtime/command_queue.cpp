#include "engine/runtime/command_queue.h"

#include <thread>

namespace fermata::runtime {
namespace {

// Long enough to catch the next request of a client that has just been answered, short enough to cost nothing when idle.
constexpr std::chrono::microseconds spin_before_sleep{50};

}  // namespace

CommandQueue::Pushed CommandQueue::push(Work& work) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || shut_) return Pushed::closed;
    if (entries_.size() >= bound_) return Pushed::full;
    entries_.push_back(std::move(work));
    size_.store(entries_.size(), std::memory_order_release);
    if (!asleep_) return Pushed::ok;
    asleep_ = false;
  }
  wake_.notify_one();
  return Pushed::ok;
}

bool CommandQueue::push_reserved(Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (shut_) return false;
    entries_.push_back(std::move(work));
    size_.store(entries_.size(), std::memory_order_release);
    asleep_ = false;
  }
  wake_.notify_one();
  return true;
}

void CommandQueue::take(std::vector<Work>& out, std::size_t max) {
  if (size() == 0) return;
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && max > 0) {
    out.push_back(std::move(entries_.front()));
    entries_.pop_front();
    --max;
  }
  size_.store(entries_.size(), std::memory_order_release);
}

bool CommandQueue::something_to_do() const { return size() != 0 || nudged_.load(std::memory_order_acquire); }

void CommandQueue::wait(std::chrono::steady_clock::time_point until) {
  const auto spin_end = std::min(until, std::chrono::steady_clock::now() + spin_before_sleep);
  while (!something_to_do() && std::chrono::steady_clock::now() < spin_end) std::this_thread::yield();
  if (!something_to_do()) {
    std::unique_lock lock(mutex_);
    asleep_ = true;
    wake_.wait_until(lock, until, [this] { return something_to_do(); });
    asleep_ = false;
  }
  // Exchanged and not just stored: what the nudge announced must be read after the flag is down, or it might be missed.
  (void)nudged_.exchange(false, std::memory_order_acq_rel);
}

void CommandQueue::nudge() {
  nudged_.store(true, std::memory_order_release);
  {
    // Taken so that the flag cannot be set between the waiter's look at it and its sleep. asleep_ stays: the waiter clears it.
    const std::lock_guard lock(mutex_);
  }
  wake_.notify_one();
}

void CommandQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void CommandQueue::shut() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  shut_ = true;
}

}  // namespace fermata::runtime
