// KeyCounter: the source of new keys. Reserves them in the store by the block, so that most batches need not write the counter.
//
// Floor 6, engine thread only. Keys of a failed batch are never used again; after a crash up to a block of keys is skipped.
//
//   KeyCounter keys(*store.next_key());
//   ... execute ...
//   const auto bound = keys.bound_to_store();
//   if (bound) transaction.set_next_key(*bound);
//   transaction.commit() ? keys.committed(bound) : keys.rolled_back();
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/keys.h"

namespace fermata::runtime {

class KeyCounter final : public KeySource {
 public:
  static constexpr std::int64_t block = 8'192;

  explicit KeyCounter(std::int64_t next) : next_(next), durable_bound_(next), ordered_bound_(next) {}

  [[nodiscard]] std::int64_t next() override { return next_++; }

  /// The bound that this transaction must store, because keys at or above the last one were handed out; nullopt: none. The bound of
  /// an earlier transaction counts before it is durable: this one cannot become durable without that one.
  [[nodiscard]] std::optional<std::int64_t> bound_to_store() {
    if (next_ <= ordered_bound_) return std::nullopt;
    ordered_bound_ = next_ + block;
    return ordered_bound_;
  }
  void committed(std::optional<std::int64_t> bound) {
    if (bound) durable_bound_ = *bound;
  }
  /// Of all transactions that are not durable.
  void rolled_back() { ordered_bound_ = durable_bound_; }

 private:
  std::int64_t next_;
  std::int64_t durable_bound_;
  std::int64_t ordered_bound_;
};

}  // namespace fermata::runtime
