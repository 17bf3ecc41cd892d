// KeyCounter: the source of new keys. Reserves them in the store by the block, so that most batches need not write the counter.
//
// Floor 6, engine thread only. Keys of a failed batch are never used again; after a crash up to a block of keys is skipped.
//
//   KeyCounter keys(*store.next_key());
//   ... execute ...
//   if (auto bound = keys.bound_to_store()) transaction.set_next_key(*bound);
//   transaction.commit() ? keys.committed() : keys.rolled_back();
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/keys.h"

namespace fermata::runtime {

class KeyCounter final : public KeySource {
 public:
  static constexpr std::int64_t block = 8'192;

  explicit KeyCounter(std::int64_t next) : next_(next), durable_bound_(next), pending_bound_(next) {}

  [[nodiscard]] std::int64_t next() override { return next_++; }

  /// The bound that this transaction must store, because keys at or above the durable one were handed out; nullopt: none.
  [[nodiscard]] std::optional<std::int64_t> bound_to_store() {
    if (next_ <= durable_bound_) return std::nullopt;
    pending_bound_ = next_ + block;
    return pending_bound_;
  }
  void committed() { durable_bound_ = pending_bound_; }
  void rolled_back() { pending_bound_ = durable_bound_; }

 private:
  std::int64_t next_;
  std::int64_t durable_bound_;
  std::int64_t pending_bound_;
};

}  // namespace fermata::runtime
