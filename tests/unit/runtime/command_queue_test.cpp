// The queue between all threads and the engine thread: order, bound, waking, closing.
#include "engine/runtime/command_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace fermata::runtime {
namespace {

using std::chrono::steady_clock;

Work named(std::string actor) {
  Work work;
  work.request.actor = std::move(actor);
  return work;
}

CommandQueue::Pushed push(CommandQueue& queue, std::string actor) {
  Work work = named(std::move(actor));
  return queue.push(work);
}

TEST(CommandQueue, KeepsTheOrderAndTakesNoMoreThanAsked) {
  CommandQueue queue(10);
  for (const char* name : {"a", "b", "c"}) ASSERT_EQ(push(queue, name), CommandQueue::Pushed::ok);
  std::vector<Work> taken;
  queue.take(taken, 2);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].request.actor, "a");
  EXPECT_EQ(taken[1].request.actor, "b");
  EXPECT_EQ(queue.size(), 1u);
}

TEST(CommandQueue, FullIsRefusedAtOnceAndTheWorkStaysWithTheCaller) {
  CommandQueue queue(1);
  ASSERT_EQ(push(queue, "a"), CommandQueue::Pushed::ok);
  Work second = named("b");
  EXPECT_EQ(queue.push(second), CommandQueue::Pushed::full);
  EXPECT_EQ(second.request.actor, "b");
  EXPECT_TRUE(queue.push_reserved(named("answer"))) << "the answer of an activity has its own place";
  EXPECT_EQ(queue.size(), 2u);
}

TEST(CommandQueue, ClosedForClientsButNotForAnswers) {
  CommandQueue queue(10);
  queue.close();
  EXPECT_EQ(push(queue, "late"), CommandQueue::Pushed::closed);
  EXPECT_TRUE(queue.push_reserved(named("answer")));
  queue.shut();
  EXPECT_FALSE(queue.push_reserved(named("too late")));
}

TEST(CommandQueue, WaitEndsAtItsTimeAndAtANudge) {
  CommandQueue queue(10);
  queue.wait(steady_clock::now() + std::chrono::milliseconds(1));
  queue.nudge();
  const auto before = steady_clock::now();
  queue.wait(before + std::chrono::seconds(60));  // the nudge came first and is not lost
  EXPECT_LT(steady_clock::now() - before, std::chrono::seconds(30));
}

// Every entry of every thread arrives once, in the order of its thread; a sleeping reader is always woken.
TEST(CommandQueue, ManyWritersAndASleepyReader) {
  constexpr int writers = 4;
  constexpr int each = 2'000;
  CommandQueue queue(64);
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&queue, w] {
      for (int i = 0; i < each; ++i) {
        Work work = named(std::to_string(w) + ":" + std::to_string(i));
        while (queue.push(work) == CommandQueue::Pushed::full) std::this_thread::yield();
        if (i % 100 == 0) queue.nudge();
      }
    });
  }
  std::vector<int> next(writers, 0);
  int received = 0;
  while (received < writers * each) {
    std::vector<Work> taken;
    queue.take(taken, 7);
    if (taken.empty()) queue.wait(steady_clock::now() + std::chrono::seconds(20));
    for (const Work& work : taken) {
      const std::size_t writer = static_cast<std::size_t>(work.request.actor[0] - '0');
      ASSERT_EQ(work.request.actor.substr(2), std::to_string(next[writer]++));
      ++received;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(queue.size(), 0u);
}

}  // namespace
}  // namespace fermata::runtime
