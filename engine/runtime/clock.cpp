#include "engine/runtime/clock.h"

#include <chrono>

namespace fermata {

Timestamp SystemClock::now() const {
  const std::int64_t pinned = pinned_ms_.load(std::memory_order_acquire);
  if (pinned != 0) return Timestamp{pinned};
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return Timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count()};
}

void SystemClock::pin(Timestamp at) { pinned_ms_.store(at.ms, std::memory_order_release); }

void SystemClock::unpin() { pinned_ms_.store(0, std::memory_order_release); }

}  // namespace fermata
