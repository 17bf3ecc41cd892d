// CommandQueue: the bounded queue between all threads and the engine thread.
//
// Floor 6. push() from any thread, take() and wait() from the engine thread. Full means refused at once: nobody ever waits to get in.
// The answers of running activities pass the bound, since each of them has a place reserved by the activity's own capacity.
//
//   if (!queue.push(std::move(work))) return fail(ErrorCode::resource_exhausted, "...");
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "engine/runtime/work.h"

namespace fermata::runtime {

class CommandQueue {
 public:
  explicit CommandQueue(std::size_t bound) : bound_(bound) {}

  enum class Pushed { ok, full, closed };
  /// `work` is moved from only when the answer is ok.
  [[nodiscard]] Pushed push(Work& work);
  /// For answers of activities: not counted against the bound, accepted while draining; dropped (false) after shut().
  bool push_reserved(Work work);

  /// Moves up to `max` entries, oldest first.
  void take(std::vector<Work>& out, std::size_t max);

  /// Returns when there is something to take, when nudged, or at `until`. Looks for a short while before it sleeps, because under
  /// load the next request is usually only microseconds away.
  void wait(std::chrono::steady_clock::time_point until);
  /// Ends the present or the next wait().
  void nudge();

  void close();  ///< refuses clients
  void shut();   ///< refuses everybody
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_acquire); }

 private:
  [[nodiscard]] bool something_to_do() const;

  const std::size_t bound_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> entries_;         // guarded by mutex_
  bool closed_ = false;              // guarded by mutex_
  bool shut_ = false;                // guarded by mutex_
  bool asleep_ = false;              // guarded by mutex_: a notify is needed
  std::atomic<std::size_t> size_{0};  // of entries_, readable without the mutex
  std::atomic<bool> nudged_{false};
};

}  // namespace fermata::runtime
