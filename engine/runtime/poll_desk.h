// PollDesk: requests for jobs that found none and wait (long polling).
//
// Floor 6, engine thread only. Fair: the one that has waited longest is woken first. A job wakes no more requests than can use it;
// a request with filters may not want it, so it is woken besides the others and not instead of them. Bounded by the engine.
//
//   desk.park(poll);
//   for (auto& poll : desk.wake("charge-card", 3)) batch.push_back(...);   // three jobs have become free
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/runtime/work.h"

namespace fermata::runtime {

class PollDesk {
 public:
  /// Keeps its place in the line when it was parked before.
  void park(std::shared_ptr<Poll> poll);
  void remove(const Poll& poll);

  /// Takes out those who shall look again because `jobs` jobs of the type have become free.
  [[nodiscard]] std::vector<std::shared_ptr<Poll>> wake(const std::string& type, std::size_t jobs);
  [[nodiscard]] std::vector<std::shared_ptr<Poll>> take_expired(Monotonic now);
  [[nodiscard]] std::vector<std::shared_ptr<Poll>> take_all();

  [[nodiscard]] bool waits_for(const std::string& type) const { return by_type_.contains(type); }
  [[nodiscard]] std::optional<Monotonic> next_deadline() const;
  [[nodiscard]] std::size_t size() const { return parked_.size(); }

 private:
  using Line = std::map<std::uint64_t, std::shared_ptr<Poll>>;  // by order of arrival

  Line parked_;
  std::unordered_map<std::string, Line> by_type_;
  std::multimap<std::int64_t, std::uint64_t> by_deadline_;  // monotonic ms -> order
  std::uint64_t last_order_ = 0;
};

}  // namespace fermata::runtime
