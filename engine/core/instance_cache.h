// InstanceCache: live instances kept in memory between commands, so that a hot one is not loaded again. The rows stay the truth.
//
// Floor 4, engine thread only. Bounded: the one that was unused for longest leaves first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <memory>
#include <unordered_map>

#include "engine/state/instance_state.h"

namespace fermata {

class InstanceCache {
 public:
  /// Holds at least one: the instance that the present command works on lives here.
  explicit InstanceCache(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

  /// The state, or nullptr when it is not here. Valid until the next put(), drop() or clear(); using it marks it as young.
  [[nodiscard]] InstanceState* find(ProcessInstanceKey key);
  InstanceState& put(std::unique_ptr<InstanceState> state);
  void drop(ProcessInstanceKey key);
  void clear();
  [[nodiscard]] std::size_t size() const { return by_key_.size(); }

 private:
  using Order = std::list<std::unique_ptr<InstanceState>>;  // youngest first
  std::size_t capacity_;
  Order order_;
  std::unordered_map<ProcessInstanceKey, Order::iterator> by_key_;
};

}  // namespace fermata
