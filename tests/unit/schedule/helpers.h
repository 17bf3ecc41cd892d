// Short forms for the tables of these tests.
//
//   EXPECT_EQ(iso(first_due(parsed("cycle text"), at("2026-01-01T00:00:00Z"))), "2026-01-01T01:00:00.000Z");
#pragma once

#include <gtest/gtest.h>

#include "engine/base/schedule.h"

namespace fermata::schedule_test {

inline Timestamp at(std::string_view text) {
  const Result<Timestamp> time = parse_iso8601(text);
  EXPECT_TRUE(time.has_value()) << text;
  return time.value_or(Timestamp{});
}

inline std::string iso(std::optional<Timestamp> time) { return time ? format_iso8601(*time) : "none"; }

inline Schedule parsed(TimerKind kind, std::string_view text) {
  const Result<Schedule> schedule = parse_schedule(kind, text);
  EXPECT_TRUE(schedule.has_value()) << text << ": " << (schedule ? "" : schedule.error().message);
  return schedule.value_or(Schedule{});
}

/// The times at which the schedule is due when it is handled at once, from its set-up on, at most `count`.
inline std::vector<std::string> dues(const Schedule& schedule, Timestamp now, int count) {
  std::vector<std::string> made;
  std::optional<Timestamp> due = first_due(schedule, now);
  for (int i = 0; i < count && due; ++i) {
    made.push_back(format_iso8601(*due));
    due = next_due(schedule, *due, *due);
  }
  return made;
}

}  // namespace fermata::schedule_test
