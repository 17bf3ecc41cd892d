// One answer, one waiter, either may be first.
#include "engine/runtime/answer_slot.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace fermata::runtime {
namespace {

TEST(AnswerSlot, EitherMayBeFirst) {
  for (int i = 0; i < 200; ++i) {
    auto slot = std::make_shared<AnswerSlot<int>>();
    std::thread writer([slot, i] { slot->put(i); });
    EXPECT_EQ(slot->wait(std::nullopt, i % 2 == 0), i);
    writer.join();
  }
}

TEST(AnswerSlot, GivesUpInTime) {
  auto slot = std::make_shared<AnswerSlot<int>>();
  EXPECT_EQ(slot->wait(Duration{1}, false), std::nullopt);
  slot->put(1);
  EXPECT_EQ(slot->wait(Duration{0}, false), 1);
}

}  // namespace
}  // namespace fermata::runtime
