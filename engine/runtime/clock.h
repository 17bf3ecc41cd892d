// Clock: the only place where time comes from. The real one reads the wall clock; the virtual one is set by tests and /v2/clock.
//
// Floor 6. Thread-safe. Wall time may jump: due times are compared with now(), waits are made with the steady clock of the loop.
#pragma once

#include <atomic>
#include <memory>

#include "engine/base/time.h"

namespace fermata {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The system's wall clock; pin() stops it at a time, unpin() lets it go on (PUT /v2/clock, POST /v2/clock/reset).
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
  void pin(Timestamp at);
  void unpin();

 private:
  std::atomic<std::int64_t> pinned_ms_{0};  // 0: not pinned
};

/// Stands still until it is told otherwise.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Timestamp start) : now_ms_(start.ms) {}
  [[nodiscard]] Timestamp now() const override { return Timestamp{now_ms_.load(std::memory_order_acquire)}; }
  void set(Timestamp at) { now_ms_.store(at.ms, std::memory_order_release); }
  void advance(Duration by) { now_ms_.fetch_add(by.ms, std::memory_order_acq_rel); }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace fermata
