#include "engine/runtime/await_desk.h"

#include <algorithm>

namespace fermata::runtime {
void AwaitDesk::add(const InstanceCreated& created, std::shared_ptr<Awaiter> awaiter) {
  awaiter->created = created;
  by_deadline_.emplace(awaiter->deadline.ms, awaiter);
  waiting_[created.instance].push_back(std::move(awaiter));
}

void AwaitDesk::finished(const InstanceFinished& effect) {
  const auto at = waiting_.find(effect.instance);
  if (at == waiting_.end()) return;
  const auto awaiters = std::move(at->second);
  waiting_.erase(at);
  for (const auto& awaiter : awaiters) {
    const auto [first, last] = by_deadline_.equal_range(awaiter->deadline.ms);
    by_deadline_.erase(std::find_if(first, last, [&](const auto& entry) { return entry.second == awaiter; }));
    awaiter->done(Engine::Awaited{awaiter->created, Engine::Finished{effect.completed, effect.variables}});
  }
}

void AwaitDesk::expire(Monotonic now) {
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now.ms) {
    const std::shared_ptr<Awaiter> awaiter = by_deadline_.begin()->second;
    by_deadline_.erase(by_deadline_.begin());
    const auto at = waiting_.find(awaiter->created.instance);
    std::erase(at->second, awaiter);
    if (at->second.empty()) waiting_.erase(at);
    awaiter->done(fail(ErrorCode::deadline_exceeded, "The instance " + awaiter->created.instance.text() +
                                                         " was created, but has not ended within " +
                                                         std::to_string(awaiter->wait.ms) + " ms. It goes on."));
  }
}

void AwaitDesk::fail_all(const Error& error) {
  const auto all = std::exchange(by_deadline_, {});
  waiting_.clear();
  for (const auto& [deadline, awaiter] : all) awaiter->done(fail(error));
}

std::optional<Monotonic> AwaitDesk::next_deadline() const {
  if (by_deadline_.empty()) return std::nullopt;
  return Monotonic{by_deadline_.begin()->first};
}

}  // namespace fermata::runtime
