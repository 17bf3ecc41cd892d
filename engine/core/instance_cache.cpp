#include "engine/core/instance_cache.h"

namespace fermata {

InstanceState* InstanceCache::find(ProcessInstanceKey key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->get();
}

InstanceState& InstanceCache::put(std::unique_ptr<InstanceState> state) {
  const ProcessInstanceKey key = state->instance.key;
  drop(key);
  order_.push_front(std::move(state));
  by_key_.emplace(key, order_.begin());
  if (by_key_.size() > capacity_) {
    by_key_.erase(order_.back()->instance.key);
    order_.pop_back();
  }
  return *order_.front();
}

void InstanceCache::drop(ProcessInstanceKey key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  order_.erase(found->second);
  by_key_.erase(found);
}

void InstanceCache::clear() {
  by_key_.clear();
  order_.clear();
}

}  // namespace fermata
