// When to look next, as the facts tell: a lower bound that never lies too late, and nothing before the commit.
#include "engine/runtime/agenda.h"

#include <gtest/gtest.h>

namespace fermata::runtime {
namespace {

constexpr Timestamp now{1'000'000};

Transition with(std::vector<Event> events) {
  Transition transition;
  transition.at = now;
  transition.events = std::move(events);
  return transition;
}

TimerSet timer_at(std::int64_t ms) {
  TimerSet event;
  event.timer.due = Timestamp{ms};
  return event;
}

InstanceState with_job(std::int64_t key, std::string type) {
  InstanceState state;
  Job job;
  job.key = JobKey{key};
  job.type = std::move(type);
  state.jobs.insert(job);
  return state;
}

TEST(Agenda, TimersCountOnlyAfterTheCommit) {
  Agenda agenda;
  agenda.note(with({timer_at(1'000'500)}), nullptr);
  EXPECT_EQ(agenda.next(), std::nullopt);
  (void)agenda.take_noted();
  agenda.commit(agenda.take_noted());
  EXPECT_EQ(agenda.next(), std::nullopt);
  agenda.note(with({timer_at(1'000'900), timer_at(1'000'700)}), nullptr);
  agenda.commit(agenda.take_noted());
  EXPECT_EQ(agenda.next(), Timestamp{1'000'700});
  EXPECT_FALSE(agenda.timers_due(Timestamp{1'000'699}));
  EXPECT_TRUE(agenda.timers_due(Timestamp{1'000'700}));
  TimerFired fired;
  fired.next_due = Timestamp{1'000'100};
  agenda.note(with({fired}), nullptr);
  EngineCounters counters;
  const Agenda::Noted noted = agenda.take_noted();
  Agenda::count(noted, counters);
  EXPECT_EQ(counters.timers_fired, 1u);
  agenda.commit(noted);
  EXPECT_EQ(agenda.next(), Timestamp{1'000'100});
}

TEST(Agenda, MessagesExpire) {
  Agenda agenda;
  MessagePublished published;
  published.message.expires_at = Timestamp{1'000'800};
  agenda.note(with({published}), nullptr);
  agenda.commit(agenda.take_noted());
  EXPECT_FALSE(agenda.messages_expire(Timestamp{1'000'799}));
  EXPECT_TRUE(agenda.messages_expire(Timestamp{1'000'800}));
}

TEST(Agenda, JobsBecomeFreeNowOrLater) {
  Agenda agenda;
  agenda.watch_type("pay", std::nullopt);
  const InstanceState state = with_job(5, "pay");
  JobFailed at_once;
  at_once.key = JobKey{5};
  at_once.retries = 2;
  agenda.note(with({at_once}), &state);
  EXPECT_EQ(agenda.freed_jobs().at("pay"), 1u) << "no pause: free at once";
  agenda.commit(agenda.take_noted());
  EXPECT_TRUE(agenda.freed_jobs().empty());
  JobFailed later = at_once;
  later.retry_at = Timestamp{1'030'000};
  JobLocked locked;
  locked.key = JobKey{5};
  locked.until = Timestamp{1'060'000};
  agenda.note(with({later, locked}), &state);
  EXPECT_TRUE(agenda.freed_jobs().empty());
  agenda.commit(agenda.take_noted());
  EXPECT_EQ(agenda.next(), Timestamp{1'030'000});
  EXPECT_TRUE(agenda.take_types_due(Timestamp{1'029'999}).empty());
  EXPECT_EQ(agenda.take_types_due(Timestamp{1'030'000}), std::vector<std::string>{"pay"});
  EXPECT_EQ(agenda.next(), std::nullopt) << "the store is asked for the next one";
}

TEST(Agenda, AJobWithoutRetriesIsNotFree) {
  Agenda agenda;
  agenda.watch_type("pay", std::nullopt);
  const InstanceState state = with_job(5, "pay");
  JobFailed failed;
  failed.key = JobKey{5};
  agenda.note(with({failed}), &state);
  EXPECT_TRUE(agenda.freed_jobs().empty());
  JobReadied readied;
  readied.key = JobKey{5};
  agenda.note(with({readied}), &state);
  EXPECT_EQ(agenda.freed_jobs().at("pay"), 1u);
}

TEST(Agenda, UnwatchedTypesHaveNoTimes) {
  Agenda agenda;
  const InstanceState state = with_job(5, "pay");
  JobLocked locked;
  locked.key = JobKey{5};
  locked.until = Timestamp{1'060'000};
  agenda.note(with({locked}), &state);
  agenda.commit(agenda.take_noted());
  EXPECT_EQ(agenda.next(), std::nullopt);
}

}  // namespace
}  // namespace fermata::runtime
