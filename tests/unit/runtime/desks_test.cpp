// Those who wait: for jobs (fair, no herd) and for the end of an instance (answered exactly once).
#include <gtest/gtest.h>

#include <functional>

#include "engine/runtime/await_desk.h"
#include "engine/runtime/poll_desk.h"

namespace fermata::runtime {
namespace {

std::shared_ptr<Poll> poll_for(std::vector<std::string> types, std::size_t max_jobs = 1, std::int64_t deadline = 1'000) {
  auto poll = std::make_shared<Poll>();
  for (std::string& type : types) {
    ActivateJobs::Topic topic;
    topic.type = std::move(type);
    poll->request.topics.push_back(std::move(topic));
  }
  poll->request.max_jobs = max_jobs;
  poll->deadline = Monotonic{deadline};
  return poll;
}

using Polls = std::vector<std::shared_ptr<Poll>>;

TEST(PollDesk, TheOldestIsServedFirstAndKeepsItsPlace) {
  PollDesk desk;
  const auto a = poll_for({"x"});
  const auto b = poll_for({"x"});
  desk.park(a);
  desk.park(b);
  EXPECT_EQ(desk.wake("x", 1), Polls{a});
  desk.park(a);  // found nothing: somebody else was faster
  EXPECT_EQ(desk.wake("x", 1), Polls{a});
  EXPECT_EQ(desk.wake("x", 1), Polls{b});
  EXPECT_EQ(desk.wake("x", 1), Polls{});
  EXPECT_EQ(desk.size(), 0u);
}

TEST(PollDesk, NoMoreAreWokenThanJobsCanServe) {
  PollDesk desk;
  const auto big = poll_for({"x"}, 32);
  const auto small = poll_for({"x"}, 1);
  const auto other = poll_for({"y"}, 1);
  for (const auto& poll : {big, small, other}) desk.park(poll);
  EXPECT_EQ(desk.wake("x", 32), Polls{big});
  desk.park(big);
  EXPECT_EQ(desk.wake("x", 33), (Polls{big, small}));
  EXPECT_TRUE(desk.waits_for("y"));
  EXPECT_FALSE(desk.waits_for("x"));
}

TEST(PollDesk, ARequestWithFiltersIsWokenBesidesTheOthers) {
  using Topic = ActivateJobs::Topic;
  const std::vector<std::function<void(Topic&)>> filters{
      [](Topic& topic) { topic.business_key = "only this one"; },
      [](Topic& topic) { topic.process_ids = {"only this one"}; },
      [](Topic& topic) { topic.definitions = {DefinitionKey{7}}; },
      [](Topic& topic) { topic.version_tag = "only this one"; },
      [](Topic& topic) { topic.process_variables = {{"only", Value::boolean(true)}}; },
  };
  for (const auto& filter : filters) {
    PollDesk desk;
    const auto picky = poll_for({"x"}, 1);
    filter(picky->request.topics[0]);
    const auto plain = poll_for({"x"}, 1);
    desk.park(picky);
    desk.park(plain);
    EXPECT_EQ(desk.wake("x", 1), (Polls{picky, plain}));
  }
}

TEST(PollDesk, SeveralTopicsAreOneRequest) {
  PollDesk desk;
  const auto poll = poll_for({"x", "y"});
  desk.park(poll);
  EXPECT_EQ(desk.wake("y", 1), Polls{poll});
  EXPECT_FALSE(desk.waits_for("x"));
  EXPECT_EQ(desk.next_deadline(), std::nullopt);
}

TEST(PollDesk, ExpiryByDeadline) {
  PollDesk desk;
  const auto late = poll_for({"x"}, 1, 300);
  const auto early = poll_for({"x"}, 1, 100);
  const auto same = poll_for({"x"}, 1, 100);
  for (const auto& poll : {late, early, same}) desk.park(poll);
  desk.remove(*same);
  EXPECT_EQ(desk.next_deadline(), Monotonic{100});
  EXPECT_EQ(desk.take_expired(Monotonic{99}), Polls{});
  EXPECT_EQ(desk.take_expired(Monotonic{100}), Polls{early});
  EXPECT_EQ(desk.take_all(), Polls{late});
  EXPECT_FALSE(desk.waits_for("x"));
}

using Answer = Result<tl::expected<Engine::Awaited, Rejection>>;

std::shared_ptr<Awaiter> awaiter(std::vector<Answer>& answers, std::int64_t deadline) {
  auto made = std::make_shared<Awaiter>();
  made->deadline = Monotonic{deadline};
  made->done = [&answers](Answer answer) { answers.push_back(std::move(answer)); };
  return made;
}

InstanceCreated created(std::int64_t key) {
  InstanceCreated made;
  made.instance = ProcessInstanceKey{key};
  return made;
}

TEST(AwaitDesk, AnswersOnceWithTheEnd) {
  std::vector<Answer> answers;
  AwaitDesk desk;
  desk.add(created(7), awaiter(answers, 100));
  desk.add(created(7), awaiter(answers, 100));  // the repeated request
  desk.add(created(8), awaiter(answers, 100));
  desk.finished({ProcessInstanceKey{9}, true, {}});
  EXPECT_TRUE(answers.empty());
  desk.finished({ProcessInstanceKey{7}, true, {{"x", Value::integer(1)}}});
  desk.finished({ProcessInstanceKey{7}, true, {}});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ((*answers[0])->finished.variables.size(), 1u);
  desk.expire(Monotonic{100});
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[2].error().code, ErrorCode::deadline_exceeded);
  desk.finished({ProcessInstanceKey{8}, true, {}});
  EXPECT_EQ(answers.size(), 3u);
  EXPECT_EQ(desk.next_deadline(), std::nullopt);
}

TEST(AwaitDesk, FailsEverybodyAtTheEnd) {
  std::vector<Answer> answers;
  AwaitDesk desk;
  desk.add(created(7), awaiter(answers, 100));
  desk.fail_all(Error{ErrorCode::unavailable, "stopping"});
  desk.finished({ProcessInstanceKey{7}, true, {}});
  desk.expire(Monotonic{200});
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace fermata::runtime
