// AnswerSlot: where a thread waits for one answer of the engine thread.
//
// Floor 6. Shared by the waiter and the callback, because the waiter may give up first. A waiter that is alone looks for a moment
// before it sleeps: a commit alone takes a few hundred microseconds, and waking a thread would add a good part of that.
//
//   auto slot = std::make_shared<AnswerSlot<int>>();
//   engine_thread: slot->put(42);       caller: std::optional<int> answer = slot->wait_for(Duration::from_seconds(1));
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/base/time.h"

namespace fermata::runtime {

template <class T>
class AnswerSlot {
 public:
  void put(T value) {
    {
      const std::lock_guard lock(mutex_);
      value_.emplace(std::move(value));
      ready_.store(true, std::memory_order_release);
    }
    there_.notify_one();
  }

  /// Waits without end when `longest` is absent; nullopt: the time was over. The value can be taken once.
  [[nodiscard]] std::optional<T> wait(std::optional<Duration> longest, bool alone) {
    if (alone) look_for_a_moment();
    std::unique_lock lock(mutex_);
    const auto is_ready = [this] { return ready_.load(std::memory_order_acquire); };
    if (!longest) {
      there_.wait(lock, is_ready);
    } else if (!there_.wait_for(lock, std::chrono::milliseconds(longest->ms), is_ready)) {
      return std::nullopt;
    }
    return std::move(value_);
  }

 private:
  void look_for_a_moment() const {
    constexpr std::chrono::microseconds moment{1'000};
    const auto end = std::chrono::steady_clock::now() + moment;
    while (!ready_.load(std::memory_order_acquire) && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  }

  std::mutex mutex_;
  std::condition_variable there_;
  std::optional<T> value_;
  std::atomic<bool> ready_{false};
};

}  // namespace fermata::runtime
