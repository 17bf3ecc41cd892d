// RecentTransitions: which instance has made a key, for the keys of late: what clients ask for is mostly young.
//
// Floor 5, persistence/sqlite only; engine thread. Bounded; what is older is asked of the rows (schema: table transition).
//
//   recent.note(transition);                   // as it is appended
//   recent.forget();                           // after a rollback: keys are never used again, so nothing else is needed
//   if (recent.knows(key)) recent.instance_of(key);
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_set>
#include <variant>

#include "engine/record/event.h"

namespace fermata::sqlite {

class RecentTransitions {
 public:
  void note(const Transition& transition) {
    const bool started = transition.instance && std::any_of(transition.events.begin(), transition.events.end(), [](const Event& event) {
                           return std::holds_alternative<InstanceStarted>(event);
                         });
    if (started) started_.insert(transition.instance.raw());
    // Nearly always the last: only a transition whose key was reserved early comes after its elders.
    const Entry entry{transition.key.raw(), transition.instance.raw(), started};
    entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry.key, [](std::int64_t key, const Entry& at) { return key < at.key; }), entry);
    if (entries_.size() <= entries_max) return;
    if (entries_.front().started) started_.erase(entries_.front().instance);
    entries_.pop_front();
  }
  void forget() {
    entries_.clear();
    started_.clear();
  }

  /// Every transition that may have made this key is remembered.
  [[nodiscard]] bool knows(std::int64_t key) const { return !entries_.empty() && entries_.front().key <= key; }
  /// Of a key that knows() says yes to: what StoreLookups::instance_of() answers.
  [[nodiscard]] std::optional<ProcessInstanceKey> instance_of(std::int64_t key) const {
    if (started_.contains(key)) return ProcessInstanceKey{key};  // an instance may be numbered before the transition that starts it
    const auto after = std::upper_bound(entries_.begin(), entries_.end(), key, [](std::int64_t wanted, const Entry& at) { return wanted < at.key; });
    const ProcessInstanceKey maker{std::prev(after)->instance};
    return maker ? std::optional(maker) : std::nullopt;
  }

 private:
  static constexpr std::size_t entries_max = 1u << 16;
  struct Entry {
    std::int64_t key = 0;
    std::int64_t instance = 0;
    bool started = false;
  };
  std::deque<Entry> entries_;  // by key
  std::unordered_set<std::int64_t> started_;
};

}  // namespace fermata::sqlite
