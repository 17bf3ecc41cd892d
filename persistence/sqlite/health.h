// Health: whether the store may still be trusted. Once an I/O error or a failed sync has happened, it may not: fail-stop.
//
// Floor 5, persistence/sqlite only. Any thread.
#pragma once

#include <atomic>
#include <mutex>

#include "engine/base/result.h"

namespace fermata::sqlite {

class Health {
 public:
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_acquire); }

  /// Why; what every later call is answered with.
  [[nodiscard]] Error error() const {
    const std::lock_guard lock(mutex_);
    return Error{ErrorCode::data_loss, "the store has stopped after an earlier failure and the process must restart: " + first_.message};
  }

  /// The first failure counts.
  void fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (failed_.load(std::memory_order_relaxed)) return;
    first_ = error;
    failed_.store(true, std::memory_order_release);
  }

  /// Passes an error on; if it says data_loss, the store is finished.
  [[nodiscard]] Error noted(const Error& error) {
    if (error.code == ErrorCode::data_loss) fail(error);
    return error;
  }

 private:
  std::atomic<bool> failed_{false};
  mutable std::mutex mutex_;
  Error first_;
};

}  // namespace fermata::sqlite
