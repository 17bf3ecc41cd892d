// No key twice: not after a failed batch, and not after a crash at any moment.
#include "engine/runtime/key_counter.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "tests/sanitized.h"

namespace fermata::runtime {
namespace {

TEST(KeyCounter, StoresABoundOnlyWhenItMust) {
  KeyCounter keys(100);
  EXPECT_EQ(keys.bound_to_store(), std::nullopt);
  EXPECT_EQ(keys.next(), 100);
  const auto bound = keys.bound_to_store();
  EXPECT_EQ(bound, 101 + KeyCounter::block);
  keys.committed(bound);
  for (std::int64_t i = 0; i < KeyCounter::block; ++i) (void)keys.next();
  EXPECT_EQ(keys.bound_to_store(), std::nullopt);
  (void)keys.next();
  EXPECT_NE(keys.bound_to_store(), std::nullopt);
}

// Several batches are on their way to the disk; the first ones arrive, or all of them are lost, or the process dies.
TEST(KeyCounter, RandomFailuresAndCrashes) {
  struct Batch {
    std::vector<std::int64_t> used;
    std::optional<std::int64_t> bound;
  };
  std::mt19937 random(7);
  std::set<std::int64_t> durable_keys;
  std::int64_t stored_bound = 1;
  KeyCounter keys(stored_bound);
  std::deque<Batch> in_flight;
  const auto arrive = [&](bool told) {
    for (const std::int64_t key : in_flight.front().used) ASSERT_TRUE(durable_keys.insert(key).second) << key;
    if (in_flight.front().bound) stored_bound = *in_flight.front().bound;
    if (told) keys.committed(in_flight.front().bound);
    in_flight.pop_front();
  };
  for (std::uint64_t step = 0; step < tests::fewer(20'000); ++step) {
    switch (random() % 8) {
      case 0:
        in_flight.clear();
        keys.rolled_back();
        break;
      case 1:
        // The disk may have got more of them than anybody was told.
        while (!in_flight.empty() && random() % 2 == 0) arrive(false);
        in_flight.clear();
        keys = KeyCounter(stored_bound);
        break;
      case 2:
      case 3:
      case 4:
        if (!in_flight.empty()) arrive(true);
        break;
      default: {
        Batch batch;
        batch.used.resize(random() % 3'000);
        for (std::int64_t& key : batch.used) key = keys.next();
        batch.bound = keys.bound_to_store();
        in_flight.push_back(std::move(batch));
      }
    }
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace fermata::runtime
