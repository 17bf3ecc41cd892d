// No key twice: not after a failed batch, and not after a crash at any moment.
#include "engine/runtime/key_counter.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace fermata::runtime {
namespace {

TEST(KeyCounter, StoresABoundOnlyWhenItMust) {
  KeyCounter keys(100);
  EXPECT_EQ(keys.bound_to_store(), std::nullopt);
  EXPECT_EQ(keys.next(), 100);
  EXPECT_EQ(keys.bound_to_store(), 101 + KeyCounter::block);
  keys.committed();
  for (std::int64_t i = 0; i < KeyCounter::block; ++i) (void)keys.next();
  EXPECT_EQ(keys.bound_to_store(), std::nullopt);
  (void)keys.next();
  EXPECT_NE(keys.bound_to_store(), std::nullopt);
}

TEST(KeyCounter, RandomFailuresAndCrashes) {
  std::mt19937 random(7);
  std::set<std::int64_t> durable_keys;
  std::int64_t stored_bound = 1;
  KeyCounter keys(stored_bound);
  for (int batch = 0; batch < 2'000; ++batch) {
    std::vector<std::int64_t> used(random() % 40);
    for (std::int64_t& key : used) key = keys.next();
    const auto bound = keys.bound_to_store();
    switch (random() % 5) {
      case 0: keys.rolled_back(); break;
      case 1: keys = KeyCounter(stored_bound); break;  // crash before the commit
      default:
        for (const std::int64_t key : used) ASSERT_TRUE(durable_keys.insert(key).second) << key;
        if (bound) stored_bound = *bound;
        keys.committed();
        if (random() % 7 == 0) keys = KeyCounter(stored_bound);  // crash after it
    }
  }
}

}  // namespace
}  // namespace fermata::runtime
