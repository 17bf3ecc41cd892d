// AwaitDesk: callers who wait for the end of an instance they have created.
//
// Floor 6, engine thread only. Each is answered exactly once: with the end, or with deadline_exceeded (the instance goes on).
//
//   desk.add(created, awaiter);
//   desk.finished(InstanceFinished{...});
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/record/effect.h"
#include "engine/runtime/work.h"

namespace fermata::runtime {

class AwaitDesk {
 public:
  void add(const InstanceCreated& created, std::shared_ptr<Awaiter> awaiter);
  [[nodiscard]] bool waits_for(ProcessInstanceKey instance) const { return waiting_.contains(instance); }
  /// Answers whoever waits for it.
  void finished(const InstanceFinished& effect);
  /// Answers those whose time is over.
  void expire(Monotonic now);
  /// Answers everybody with this error.
  void fail_all(const Error& error);

  [[nodiscard]] std::optional<Monotonic> next_deadline() const;

 private:
  std::unordered_map<ProcessInstanceKey, std::vector<std::shared_ptr<Awaiter>>> waiting_;  // repeats await the same
  std::multimap<std::int64_t, std::shared_ptr<Awaiter>> by_deadline_;
};

}  // namespace fermata::runtime
