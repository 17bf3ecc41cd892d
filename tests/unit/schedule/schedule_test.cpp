// Dates, durations and repetitions: what is read, what is refused, no drift, catching up after downtime.
#include "helpers.h"

namespace fermata::schedule_test {
namespace {

TEST(Schedule, Dates) {
  const Timestamp now = at("2026-11-21T10:00:00Z");
  const auto due = [&](std::string_view text) { return iso(first_due(parsed(TimerKind::date, text), now)); };
  EXPECT_EQ(due("2026-12-24T18:00:00Z"), "2026-12-24T18:00:00.000Z");
  EXPECT_EQ(due("2026-12-24T18:00:00+01:00"), "2026-12-24T17:00:00.000Z");
  EXPECT_EQ(due("2026-12-24T18:00:00[Europe/Berlin]"), "2026-12-24T17:00:00.000Z");
  EXPECT_EQ(due("2026-07-01T18:00:00@Europe/Berlin"), "2026-07-01T16:00:00.000Z");
  EXPECT_EQ(due("2026-12-24T18:00:00+01:00[Europe/Berlin]"), "2026-12-24T17:00:00.000Z");
  EXPECT_EQ(due("1969-12-24T18:00:00Z"), "1970-01-01T00:00:00.001Z") << "0 would mean never";
  EXPECT_EQ(next_due(parsed(TimerKind::date, "2026-12-24T18:00:00Z"), now, now), std::nullopt);
}

TEST(Schedule, Durations) {
  const Timestamp now = at("2026-01-31T10:00:00Z");
  const auto due = [&](std::string_view text) { return iso(first_due(parsed(TimerKind::duration, text), now)); };
  EXPECT_EQ(due("PT30S"), "2026-01-31T10:00:30.000Z");
  EXPECT_EQ(due(" P1DT2H "), "2026-02-01T12:00:00.000Z");
  EXPECT_EQ(due("P1M"), "2026-02-28T10:00:00.000Z");
  EXPECT_EQ(due("-PT5M"), "2026-01-31T09:55:00.000Z") << "in the past: due at once";
  EXPECT_EQ(due("PT0S"), "2026-01-31T10:00:00.000Z");
}

TEST(Schedule, Refusals) {
  const auto refused = [](TimerKind kind, std::string_view text) {
    const Result<Schedule> schedule = parse_schedule(kind, text);
    EXPECT_FALSE(schedule.has_value()) << text;
    if (schedule) return;
    EXPECT_EQ(schedule.error().code, ErrorCode::invalid_argument) << text;
    EXPECT_FALSE(schedule.error().message.empty());
  };
  for (const char* text : {"", "2026-12-24", "2026-02-30T00:00:00Z", "2026-12-24T18:00:00[Mars/Base]", "PT5M",
                           "2026-12-24T18:00:00[../../etc/passwd]", "2026-12-24T18:00:00Z]"}) {
    refused(TimerKind::date, text);
  }
  for (const char* text : {"", "5 minutes", "P", "PT", "R3/PT1H", "P1H", "PT99999999999999999999S"}) refused(TimerKind::duration, text);
  for (const char* text : {"PT1H", "R", "R/", "R0/PT1H", "R-2/PT1H", "Rx/PT1H", "R/PT0S", "R/-PT1H", "R/PT0.05S", "R9999999/PT1H",
                           "R/2026-01-01T00:00:00Z", "R/2026-01-01T00:00:00Z/", "R/PT1H/2026-01-01T00:00:00Z",
                           "R/2026-01-02T00:00:00Z/2026-01-01T00:00:00Z"}) {
    refused(TimerKind::cycle, text);
  }
  refused(TimerKind::cycle, std::string(5000, '*'));
}

TEST(Schedule, CountsAndGridsOfRepetitions) {
  const Timestamp now = at("2026-11-21T10:00:00Z");
  EXPECT_EQ(parsed(TimerKind::cycle, "R5/PT1H").repetitions, 5);
  EXPECT_EQ(parsed(TimerKind::cycle, "R/PT1H").repetitions, -1);
  EXPECT_EQ(parsed(TimerKind::cycle, "R-1/PT1H").repetitions, -1);
  using List = std::vector<std::string>;
  EXPECT_EQ(dues(parsed(TimerKind::cycle, "R3/PT1H"), now, 2), (List{"2026-11-21T11:00:00.000Z", "2026-11-21T12:00:00.000Z"}));
  EXPECT_EQ(dues(parsed(TimerKind::cycle, "R/2026-11-21T09:30:00Z/PT1H"), now, 2),
            (List{"2026-11-21T10:30:00.000Z", "2026-11-21T11:30:00.000Z"}));
  EXPECT_EQ(dues(parsed(TimerKind::cycle, "R/2026-11-21T10:00:00Z/PT1H"), now, 1), (List{"2026-11-21T10:00:00.000Z"}));
  EXPECT_EQ(dues(parsed(TimerKind::cycle, "R2/2026-12-01T00:00:00Z/2026-12-01T00:10:00Z"), now, 2),
            (List{"2026-12-01T00:00:00.000Z", "2026-12-01T00:10:00.000Z"}));
  EXPECT_EQ(dues(parsed(TimerKind::cycle, "R/2026-12-01T00:00:00@Asia/Pyongyang/2026-12-01T00:10:00[Europe/Paris]"), now, 2),
            (List{"2026-11-30T15:00:00.000Z", "2026-11-30T23:10:00.000Z"}));
  EXPECT_FALSE(parse_schedule(TimerKind::cycle, "R/2026-12-01T00:00:00@Europe/Paris/2026-12-01T00:10:00[Asia/Pyongyang]").has_value())
      << "the end lies before the start once the zones are applied";
}

TEST(Schedule, MonthsKeepTheirDay) {
  const Timestamp now = at("2026-01-31T08:00:00Z");
  const Schedule schedule = parsed(TimerKind::cycle, anchored_text(parsed(TimerKind::cycle, "R/P1M"), now));
  EXPECT_EQ(iso(next_due(schedule, at("2026-02-28T08:00:00Z"), now)), "2026-03-31T08:00:00.000Z");
  EXPECT_EQ(anchored_text(parsed(TimerKind::cycle, "R5/PT1H"), now), "R5/2026-01-31T08:00:00.000Z/PT1H");
  EXPECT_EQ(anchored_text(parsed(TimerKind::cycle, "0 0 9 * * *"), now), "0 0 9 * * *");
  EXPECT_EQ(anchored_text(parsed(TimerKind::duration, "PT1H"), now), "");
}

// I27: R5/PT1H with 3.5 hours of downtime fires five times in all, on its grid, the missed ones at once after the start.
TEST(Schedule, ACountedCycleCatchesUp) {
  const Timestamp start = at("2026-11-21T10:00:00Z");
  const Schedule schedule = parsed(TimerKind::cycle, "R5/PT1H");
  std::vector<std::string> fired;
  Timestamp now = start;
  Timestamp due = *first_due(schedule, now);
  for (int left = schedule.repetitions; left > 0; --left) {
    now = std::max(now, due);
    if (fired.size() == 1) now = at("2026-11-21T14:30:00Z");  // stopped after the first, up again three and a half hours later
    EXPECT_LE(due, now) << "never early";
    fired.push_back(format_iso8601(due));
    due = *next_due(schedule, due, now);
  }
  EXPECT_EQ(fired, (std::vector<std::string>{"2026-11-21T11:00:00.000Z", "2026-11-21T12:00:00.000Z", "2026-11-21T13:00:00.000Z",
                                             "2026-11-21T14:00:00.000Z", "2026-11-21T15:00:00.000Z"}));
}

TEST(Schedule, AnEndlessCycleFiresOnceForAllItMissed) {
  const Schedule hourly = parsed(TimerKind::cycle, "R/PT1H");
  EXPECT_EQ(iso(next_due(hourly, at("2026-11-21T11:00:00Z"), at("2026-11-28T11:20:00Z"))), "2026-11-28T12:00:00.000Z");
  const Schedule daily = parsed(TimerKind::cycle, "0 0 9 * * *");
  EXPECT_EQ(iso(next_due(daily, at("2026-11-21T09:00:00Z"), at("2026-11-28T11:20:00Z"))), "2026-11-29T09:00:00.000Z");
}

// Handled late every time, by up to a period: the times stay on the grid.
TEST(Schedule, LatenessDoesNotDrift) {
  const Schedule schedule = parsed(TimerKind::cycle, "R1000/PT7M");
  const Timestamp start = at("2026-11-21T10:00:00Z");
  Timestamp due = *first_due(schedule, start);
  for (int i = 1; i <= 999; ++i) {
    ASSERT_EQ(due.ms, start.ms + i * 7 * 60'000);
    due = *next_due(schedule, due, due + Duration{(i * 7919) % 400'000});
  }
}

TEST(Schedule, ADayOfAZonedCycleFollowsTheClockOnTheWall) {
  const Schedule days = parsed(TimerKind::cycle, "R/2026-03-28T08:00:00[Europe/Berlin]/P1D");
  using List = std::vector<std::string>;
  EXPECT_EQ(dues(days, at("2026-03-28T00:00:00Z"), 3),
            (List{"2026-03-28T07:00:00.000Z", "2026-03-29T06:00:00.000Z", "2026-03-30T06:00:00.000Z"}));
  const Schedule hours = parsed(TimerKind::cycle, "R/2026-03-28T08:00:00[Europe/Berlin]/PT24H");
  EXPECT_EQ(dues(hours, at("2026-03-28T00:00:00Z"), 2), (List{"2026-03-28T07:00:00.000Z", "2026-03-29T07:00:00.000Z"}));
}

TEST(Schedule, TheEndOfTimeIsNotPassed) {
  EXPECT_EQ(first_due(parsed(TimerKind::duration, "P9000Y"), at("2026-01-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(next_due(parsed(TimerKind::cycle, "R/P4000Y"), at("6000-01-01T00:00:00Z"), at("6000-01-01T00:00:00Z")), std::nullopt);
}

}  // namespace
}  // namespace fermata::schedule_test
