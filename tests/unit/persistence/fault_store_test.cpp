#include "persistence/testing/fault_store.h"

#include <gtest/gtest.h>

#include "persistence/memory/memory_store.h"
#include "persistence/read_session.h"
#include "persistence/testing/synthetic.h"

namespace fermata::testing {
namespace {

constexpr Timestamp noon{1'780'000'000'000};

Result<void> write_key(Store& store, std::int64_t key) {
  auto transaction = store.begin();
  if (!transaction) return fail(transaction.error());
  if (auto done = (*transaction)->set_next_key(key); !done) return done;
  return (*transaction)->commit();
}

TEST(FaultStore, FailsEveryNthCommitAndLosesIt) {
  auto plan = std::make_shared<FaultPlan>();
  plan->commit_every = 3;
  const std::unique_ptr<Store> store = make_fault_store(std::move(*open_memory_store()), plan);
  for (std::int64_t i = 1; i <= 9; ++i) {
    const auto done = write_key(*store, i * 100);
    EXPECT_EQ(done.has_value(), i % 3 != 0);
    EXPECT_EQ(*store->next_key(), (i % 3 != 0 ? i : i - 1) * 100);
  }
  EXPECT_EQ(plan->failures, 3U);
}

TEST(FaultStore, CanCommitAndStillSayItFailed) {
  auto plan = std::make_shared<FaultPlan>();
  plan->commit_at = 1;
  plan->durable_anyway = true;
  plan->error = Error{ErrorCode::data_loss, "injected: sync failed"};
  const std::unique_ptr<Store> store = make_fault_store(std::move(*open_memory_store()), plan);
  const auto done = write_key(*store, 700);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::data_loss);
  EXPECT_EQ(*store->next_key(), 700);
  EXPECT_TRUE(write_key(*store, 800));
}

TEST(FaultStore, AFailedAppendCannotBeCommitted) {
  auto plan = std::make_shared<FaultPlan>();
  plan->append_at = 2;
  const std::unique_ptr<Store> store = make_fault_store(std::move(*open_memory_store()), plan);
  CountingKeys keys;
  SyntheticInstance instance(keys, {});
  auto transaction = store->begin();
  ASSERT_TRUE(transaction);
  const Transition first = instance.step(noon);
  EXPECT_TRUE((*transaction)->append(first, &instance.state()));
  instance.settle();
  const Transition second = instance.step(noon);
  EXPECT_FALSE((*transaction)->append(second, &instance.state()));
  EXPECT_FALSE((*transaction)->commit());
  transaction->reset();
  EXPECT_FALSE(*store->lookups().find_instance(instance.key()));
}

}  // namespace
}  // namespace fermata::testing
