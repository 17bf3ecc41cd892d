#include "persistence/testing/fault_store.h"

#include <utility>

#include "persistence/lookup_forwarder.h"
#include "persistence/read_session.h"

namespace fermata::testing {
namespace {

/// True when this call shall fail; counts it.
bool strikes(FaultPlan& plan, std::uint64_t& count, std::uint64_t& once_at, std::uint64_t every) {
  ++count;
  const bool now = (once_at != 0 && count == once_at) || (every != 0 && count % every == 0);
  if (count == once_at) once_at = 0;
  if (now) ++plan.failures;
  return now;
}

class FaultTransaction final : public LookupForwarder {
 public:
  FaultTransaction(std::unique_ptr<StoreTransaction> inner, std::shared_ptr<FaultPlan> plan)
      : LookupForwarder(*inner), inner_(std::move(inner)), plan_(std::move(plan)) {}

  Result<void> append(const Transition& transition, const InstanceState* after) override {
    if (strikes(*plan_, plan_->appends, plan_->append_at, plan_->append_every)) {
      broken_ = true;
      return fail(plan_->error);
    }
    return inner_->append(transition, after);
  }
  Result<void> set_next_key(std::int64_t next_key) override { return inner_->set_next_key(next_key); }
  Result<void> commit() override {
    if (broken_) return fail(plan_->error);
    if (!strikes(*plan_, plan_->commits, plan_->commit_at, plan_->commit_every)) return inner_->commit();
    if (plan_->durable_anyway) {
      if (auto done = inner_->commit(); !done) return done;
    }
    broken_ = true;
    return fail(plan_->error);
  }

 private:
  std::unique_ptr<StoreTransaction> inner_;
  std::shared_ptr<FaultPlan> plan_;
  bool broken_ = false;
};

class FaultStore final : public Store {
 public:
  FaultStore(std::unique_ptr<Store> inner, std::shared_ptr<FaultPlan> plan) : inner_(std::move(inner)), plan_(std::move(plan)) {}

  Result<std::unique_ptr<StoreTransaction>> begin() override {
    std::uint64_t never_once = 0;
    if (strikes(*plan_, plan_->begins, never_once, plan_->begin_every)) return fail(plan_->error);
    Result<std::unique_ptr<StoreTransaction>> inner = inner_->begin();
    if (!inner) return inner;
    return std::unique_ptr<StoreTransaction>(std::make_unique<FaultTransaction>(std::move(*inner), plan_));
  }
  StoreLookups& lookups() override { return inner_->lookups(); }
  Result<std::int64_t> next_key() override { return inner_->next_key(); }
  void idle() override { inner_->idle(); }
  Result<std::unique_ptr<ReadSession>> read() override { return inner_->read(); }

 private:
  std::unique_ptr<Store> inner_;
  std::shared_ptr<FaultPlan> plan_;
};

}  // namespace

std::unique_ptr<Store> make_fault_store(std::unique_ptr<Store> inner, std::shared_ptr<FaultPlan> plan) {
  return std::make_unique<FaultStore>(std::move(inner), std::move(plan));
}

}  // namespace fermata::testing
