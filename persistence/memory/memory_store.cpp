#include "persistence/memory/memory_store.h"

#include <utility>

#include "engine/base/check.h"
#include "persistence/lookup_forwarder.h"
#include "persistence/memory/apply_changes.h"
#include "persistence/memory/lookups.h"
#include "persistence/memory/memory_session.h"
#include "persistence/memory/shared_rows.h"
#include "persistence/read_session.h"

namespace fermata {
namespace memory {
namespace {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(MemoryRows shared) : shared_(std::move(shared)), lookups_(shared_->rows) {}
  ~MemoryStore() override {
    const std::lock_guard lock(shared_->mutex);
    shared_->owned = false;
  }

  Result<std::unique_ptr<StoreTransaction>> begin() override;
  StoreLookups& lookups() override { return lookups_; }
  Result<std::int64_t> next_key() override { return shared_->rows.next_key; }
  Result<std::unique_ptr<ReadSession>> read() override { return make_memory_session(shared_->committed()); }

 private:
  friend class MemoryTransaction;
  MemoryRows shared_;
  Lookups lookups_;
  bool transaction_open_ = false;
};

class MemoryTransaction final : public LookupForwarder {
 public:
  explicit MemoryTransaction(MemoryStore& store) : LookupForwarder(store.lookups_), store_(store) { store_.transaction_open_ = true; }
  ~MemoryTransaction() override {
    store_.transaction_open_ = false;
    if (committed_) return;
    const std::lock_guard lock(store_.shared_->mutex);
    store_.shared_->journal.undo_in(store_.shared_->rows);
    store_.shared_->journal.clear();
  }

  Result<void> append(const Transition& transition, const InstanceState* after) override {
    if (failed_) return fail(*failed_);
    const std::lock_guard lock(store_.shared_->mutex);
    auto done = apply_changes(store_.shared_->rows, transition, after, store_.shared_->journal);
    if (!done) failed_ = done.error();
    return done;
  }

  Result<void> set_next_key(std::int64_t next_key) override {
    const std::lock_guard lock(store_.shared_->mutex);
    SharedRows& shared = *store_.shared_;
    shared.journal.add([before = shared.rows.next_key](Rows& in) { in.next_key = before; });
    shared.rows.next_key = next_key;
    return {};
  }

  Result<void> commit() override {
    FERMATA_CHECK(!committed_, "a transaction is committed once");
    if (failed_) return fail(*failed_);
    const std::lock_guard lock(store_.shared_->mutex);
    store_.shared_->journal.clear();
    committed_ = true;
    return {};
  }

 private:
  MemoryStore& store_;
  std::optional<Error> failed_;
  bool committed_ = false;
};

Result<std::unique_ptr<StoreTransaction>> MemoryStore::begin() {
  FERMATA_CHECK(!transaction_open_, "one write transaction at a time");
  return std::unique_ptr<StoreTransaction>(std::make_unique<MemoryTransaction>(*this));
}

}  // namespace
}  // namespace memory

MemoryRows make_memory_rows() { return std::make_shared<memory::SharedRows>(); }

Result<std::unique_ptr<Store>> open_memory_store(MemoryRows rows) {
  if (rows == nullptr) rows = make_memory_rows();
  {
    const std::lock_guard lock(rows->mutex);
    if (rows->owned) return fail(ErrorCode::unavailable, "the memory store is in use already; only one owner at a time");
    rows->owned = true;
  }
  return std::unique_ptr<Store>(std::make_unique<memory::MemoryStore>(std::move(rows)));
}

}  // namespace fermata
