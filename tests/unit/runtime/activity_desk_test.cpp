// Jobs for activities of this process: no more than fit, each answer turned into the right command.
#include "engine/runtime/activity_desk.h"

#include <gtest/gtest.h>

namespace fermata::runtime {
namespace {

class Runner final : public ActivityRunner {
 public:
  [[nodiscard]] std::vector<std::string> types() const override { return {"http"}; }
  [[nodiscard]] std::size_t capacity(const std::string&) const override { return places; }
  [[nodiscard]] Duration deadline(const std::string&) const override { return Duration::from_seconds(30); }
  [[nodiscard]] Result<void> run(Call call, std::function<void(Outcome)> done) override {
    if (places == 0) return fail(ErrorCode::resource_exhausted, "full");
    --places;
    calls.push_back(std::move(call));
    answers.push_back(std::move(done));
    return {};
  }
  std::size_t places = 2;
  std::vector<Call> calls;
  std::vector<std::function<void(Outcome)>> answers;
};

ActivatedJob job(std::int64_t key) {
  ActivatedJob activated;
  activated.job.key = JobKey{key};
  activated.job.lease = 3;
  activated.job.type = "http";
  return activated;
}

struct Desk : testing::Test {
  std::shared_ptr<Runner> runner = std::make_shared<Runner>();
  std::shared_ptr<CommandQueue> queue = std::make_shared<CommandQueue>(1);
  ActivityDesk desk{runner, queue};
};

TEST_F(Desk, LeasesOnTheirWayTakePlaces) {
  desk.jobs_freed("http");
  EXPECT_EQ(desk.polls().size(), 1u);
  desk.leases_made("http", 1);
  desk.jobs_freed("http");
  const std::vector<Work> second = desk.polls();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(std::get<ActivateJobs>(second[0].request.command).max_jobs, 1u) << "of two places one is taken already";
  desk.leases_made("http", 1);
  desk.jobs_freed("http");
  EXPECT_TRUE(desk.polls().empty());
  EXPECT_TRUE(desk.starved());
  desk.leases_over("http", 2);
  EXPECT_EQ(desk.polls().size(), 1u);
}

TEST_F(Desk, AsksForAsManyJobsAsFit) {
  EXPECT_TRUE(desk.polls().empty());
  desk.jobs_freed("mail");
  EXPECT_TRUE(desk.polls().empty()) << "not ours";
  desk.jobs_freed("http");
  const std::vector<Work> polls = desk.polls();
  ASSERT_EQ(polls.size(), 1u);
  const auto& poll = std::get<ActivateJobs>(polls[0].request.command);
  EXPECT_EQ(poll.max_jobs, 2u);
  EXPECT_EQ(poll.topics.at(0).timeout, Duration::from_seconds(35)) << "the deadline and a slack";
  EXPECT_TRUE(poll.topics.at(0).mapped_variables_only);
  EXPECT_TRUE(desk.polls().empty()) << "asked once";
  runner->places = 0;
  desk.jobs_freed("http");
  EXPECT_TRUE(desk.polls().empty());
  EXPECT_TRUE(desk.starved());
  desk.stop_leasing();
  runner->places = 1;
  EXPECT_TRUE(desk.polls().empty());
}

TEST_F(Desk, AnAnswerComesBackThroughTheQueueEvenWhenItIsFull) {
  Work filler;
  ASSERT_EQ(queue->push(filler), CommandQueue::Pushed::ok);
  EXPECT_TRUE(desk.run("http", {job(1)}, 2).empty());
  EXPECT_EQ(desk.running(), 1u);
  runner->answers.at(0)(ActivityRunner::Completed{{{"x", Value::integer(1)}}});
  std::vector<Work> taken;
  queue->take(taken, 10);
  ASSERT_EQ(taken.size(), 2u);
  const auto& complete = std::get<CompleteJob>(taken[1].request.command);
  EXPECT_EQ(complete.job, JobKey{1});
  EXPECT_EQ(complete.lease, 3);
  EXPECT_EQ(taken[1].request.actor, "activity:http");
}

TEST_F(Desk, AJobThatDoesNotFitAfterAllGivesItsLeaseBack) {
  const std::vector<Work> refused = desk.run("http", {job(1), job(2), job(3)}, 2);
  ASSERT_EQ(refused.size(), 1u);
  const auto& returned = std::get<ReturnJob>(refused[0].request.command);
  EXPECT_EQ(returned.job, JobKey{3});
  EXPECT_EQ(returned.lease, 3);
  EXPECT_TRUE(desk.starved()) << "there may be more jobs than were asked for";
}

TEST_F(Desk, AnswersAsCommands) {
  const Job done_job = job(9).job;
  ActivityRunner::Failed failed;
  failed.message = "refused";
  failed.details = "status 500";
  failed.retry_after = Duration::from_seconds(7);
  auto command = std::get<FailJob>(command_for(done_job, failed));
  EXPECT_EQ(command.retries, std::nullopt) << "one less";
  EXPECT_EQ(command.retry_after, Duration::from_seconds(7));
  EXPECT_EQ(command.message, "refused");
  EXPECT_FALSE(command.ambiguous);
  failed.retryable = false;
  EXPECT_EQ(std::get<FailJob>(command_for(done_job, failed)).retries, 0) << "an incident at once";
  failed.ambiguous = true;
  EXPECT_TRUE(std::get<FailJob>(command_for(done_job, failed)).ambiguous);
  const auto returned = std::get<ReturnJob>(command_for(done_job, ActivityRunner::NotStarted{}));
  EXPECT_EQ(returned.job, JobKey{9});
  EXPECT_EQ(returned.lease, 3);
  const auto thrown = std::get<ThrowJobError>(command_for(done_job, ActivityRunner::BpmnError{"CREDIT", "limit", {}}));
  EXPECT_EQ(thrown.code, "CREDIT");
  EXPECT_EQ(thrown.lease, 3);
}

}  // namespace
}  // namespace fermata::runtime
