// I28: what happens at clock changes, by a table of zones and dates, and by a property over all hours of several years.
#include "engine/base/calendar.h"
#include "helpers.h"

namespace fermata::schedule_test {
namespace {

struct Row {
  const char* cron;  // with its zone
  const char* after;
  std::vector<std::string> expected;
};

// A skipped time of day fires at the jump, a repeated one at its first pass: once each. Hour "*" follows the minutes that really pass.
const std::vector<Row> rows = {
    // Europe/Berlin 2026-03-29: 02:00 -> 03:00 at 01:00Z; 2026-10-25: 03:00 -> 02:00 at 01:00Z
    {"0 30 2 * * * @Europe/Berlin", "2026-03-27T12:00:00Z", {"2026-03-28T01:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z"}},
    {"0 0 2 * * * @Europe/Berlin", "2026-03-28T12:00:00Z", {"2026-03-29T01:00:00.000Z", "2026-03-30T00:00:00.000Z"}},
    {"0 0 3 * * * @Europe/Berlin", "2026-03-28T12:00:00Z", {"2026-03-29T01:00:00.000Z", "2026-03-30T01:00:00.000Z"}},
    {"0 */15 2 * * * @Europe/Berlin", "2026-03-28T12:00:00Z", {"2026-03-29T01:00:00.000Z", "2026-03-30T00:00:00.000Z"}},
    {"0 30 2 * * * @Europe/Berlin", "2026-10-24T12:00:00Z", {"2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"}},
    {"0 0 3 * * * @Europe/Berlin", "2026-10-24T12:00:00Z", {"2026-10-25T02:00:00.000Z", "2026-10-26T02:00:00.000Z"}},
    {"0 30 2 * * * @Europe/Berlin", "2026-10-25T00:45:00Z", {"2026-10-26T01:30:00.000Z"}},
    {"0 30 2 * * * @Europe/Berlin", "2026-10-25T01:10:00Z", {"2026-10-26T01:30:00.000Z"}},
    {"0 30 * * * * @Europe/Berlin", "2026-03-29T00:00:00Z", {"2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"}},
    {"0 30 * * * * @Europe/Berlin", "2026-10-25T00:00:00Z", {"2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z", "2026-10-25T02:30:00.000Z"}},
    {"0 0 9 * * MON @Europe/Berlin", "2026-03-28T00:00:00Z", {"2026-03-30T07:00:00.000Z"}},
    // Europe/London 2026-03-29 01:00 -> 02:00; 2026-10-25 02:00 -> 01:00
    {"0 30 1 * * * @Europe/London", "2026-03-28T12:00:00Z", {"2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z"}},
    {"0 30 1 * * * @Europe/London", "2026-10-24T12:00:00Z", {"2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"}},
    {"0 0 0 * * * @Europe/Lisbon", "2026-10-24T12:00:00Z", {"2026-10-24T23:00:00.000Z", "2026-10-26T00:00:00.000Z"}},
    // America/New_York 2026-03-08 02:00 -> 03:00 at 07:00Z; 2026-11-01 02:00 -> 01:00 at 06:00Z
    {"0 30 2 * * * @America/New_York", "2026-03-07T12:00:00Z", {"2026-03-08T07:00:00.000Z", "2026-03-09T06:30:00.000Z"}},
    {"0 30 1 * * * @America/New_York", "2026-10-31T12:00:00Z", {"2026-11-01T05:30:00.000Z", "2026-11-02T06:30:00.000Z"}},
    {"30 1 * * * @America/New_York", "2026-11-01T05:30:00Z", {"2026-11-02T06:30:00.000Z"}},
    {"0 */30 * * * * @America/New_York", "2026-11-01T05:00:00Z", {"2026-11-01T05:30:00.000Z", "2026-11-01T06:00:00.000Z", "2026-11-01T06:30:00.000Z", "2026-11-01T07:00:00.000Z"}},
    // America/Sao_Paulo: no clock changes since 2019; before, at midnight: 2018-11-04 00:00 -> 01:00 at 03:00Z
    {"0 30 0 * * * @America/Sao_Paulo", "2026-11-01T12:00:00Z", {"2026-11-02T03:30:00.000Z", "2026-11-03T03:30:00.000Z"}},
    {"0 30 0 * * * @America/Sao_Paulo", "2018-11-03T12:00:00Z", {"2018-11-04T03:00:00.000Z", "2018-11-05T02:30:00.000Z"}},
    {"0 0 0 * * * @America/Sao_Paulo", "2018-11-03T12:00:00Z", {"2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"}},
    {"0 30 23 * * * @America/Sao_Paulo", "2018-02-17T12:00:00Z", {"2018-02-18T01:30:00.000Z", "2018-02-19T02:30:00.000Z"}},
    // Australia/Lord_Howe, half an hour: 2026-10-04 02:00 -> 02:30 at 2026-10-03T15:30Z; 2026-04-05 02:00 -> 01:30 at 2026-04-04T15:00Z
    {"0 15 2 * * * @Australia/Lord_Howe", "2026-10-03T00:00:00Z", {"2026-10-03T15:30:00.000Z", "2026-10-04T15:15:00.000Z"}},
    {"0 45 1 * * * @Australia/Lord_Howe", "2026-04-04T00:00:00Z", {"2026-04-04T14:45:00.000Z", "2026-04-05T15:15:00.000Z"}},
    {"0 45 * * * * @Australia/Lord_Howe", "2026-04-04T14:00:00Z", {"2026-04-04T14:45:00.000Z", "2026-04-04T15:15:00.000Z", "2026-04-04T16:15:00.000Z"}},
    {"0 15 * * * * @Australia/Lord_Howe", "2026-10-03T14:00:00Z", {"2026-10-03T14:45:00.000Z", "2026-10-03T16:15:00.000Z"}},
    // Half and quarter hour zones without changes
    {"0 0 9 * * * @Asia/Kolkata", "2026-11-21T00:00:00Z", {"2026-11-21T03:30:00.000Z"}},
    {"0 0 9 * * * @Asia/Kathmandu", "2026-11-21T00:00:00Z", {"2026-11-21T03:15:00.000Z"}},
    {"0 0 9 * * * @Asia/Tokyo", "2026-11-21T00:00:00Z", {"2026-11-22T00:00:00.000Z"}},
    // Both ends of the world, and the day that Samoa left out (2011-12-30)
    {"0 0 9 * * * @Pacific/Kiritimati", "2026-11-21T00:00:00Z", {"2026-11-21T19:00:00.000Z"}},
    {"0 0 9 * * * @Pacific/Pago_Pago", "2026-11-21T00:00:00Z", {"2026-11-21T20:00:00.000Z"}},
    {"0 0 9 * * * @Pacific/Apia", "2011-12-29T12:00:00Z", {"2011-12-29T19:00:00.000Z", "2011-12-30T10:00:00.000Z", "2011-12-30T19:00:00.000Z"}},
    // Southern hemisphere, and a quarter hour zone with changes (Chatham: 2026-09-27 02:45 -> 03:45 at 2026-09-26T14:00Z)
    {"0 30 2 * * * @Pacific/Auckland", "2026-09-26T00:00:00Z", {"2026-09-26T14:00:00.000Z", "2026-09-27T13:30:00.000Z"}},
    {"0 0 3 * * * @Pacific/Chatham", "2026-09-26T00:00:00Z", {"2026-09-26T14:00:00.000Z", "2026-09-27T13:15:00.000Z"}},
    {"0 30 2 * * * @Australia/Sydney", "2026-10-03T00:00:00Z", {"2026-10-03T16:00:00.000Z", "2026-10-04T15:30:00.000Z"}},
    // Abolished: Mexico (2022), Turkey (2016), Morocco keeps its own calendar
    {"0 30 2 * * * @America/Mexico_City", "2026-04-04T12:00:00Z", {"2026-04-05T08:30:00.000Z"}},
    {"0 30 3 * * * @Europe/Istanbul", "2026-03-28T12:00:00Z", {"2026-03-29T00:30:00.000Z"}},
    // Beyond the years listed in the files: the last rules hold
    {"0 30 2 * * * @Europe/Berlin", "2044-03-26T12:00:00Z", {"2044-03-27T01:00:00.000Z", "2044-03-28T00:30:00.000Z"}},
    {"0 30 2 * * * @Europe/Berlin", "2049-10-30T12:00:00Z", {"2049-10-31T00:30:00.000Z", "2049-11-01T01:30:00.000Z"}},
    {"0 0 12 * * * @America/Mexico_City", "2044-07-01T00:00:00Z", {"2044-07-01T18:00:00.000Z"}},
    {"0 30 2 * * * @America/New_York", "2060-03-13T12:00:00Z", {"2060-03-14T07:00:00.000Z"}},
    // Names that are offsets
    {"0 0 9 * * * @Etc/GMT+5", "2026-11-21T00:00:00Z", {"2026-11-21T14:00:00.000Z"}},
};

TEST(ZoneTable, FiresOncePerDocumentedRule) {
  for (const Row& row : rows) {
    EXPECT_EQ(dues(parsed(TimerKind::cycle, row.cron), at(row.after), static_cast<int>(row.expected.size())), row.expected)
        << row.cron << " after " << row.after;
  }
}

// A time of day fires exactly once per calendar day of its zone, whatever the clock does.
TEST(ZoneTable, OncePerDay) {
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca",
                           "Asia/Tehran", "Africa/Cairo", "Pacific/Chatham", "America/Havana", "Asia/Gaza"}) {
    for (const char* time : {"0 0 0", "0 30 0", "0 30 1", "0 15 2", "0 30 2", "0 59 2", "0 30 3", "0 59 23"}) {
      const Schedule schedule = parsed(TimerKind::cycle, std::string(time) + " * * * @" + zone);
      Timestamp due = *first_due(schedule, at("2025-12-31T00:00:00Z"));
      std::int64_t day = calendar::floor_divide(to_local(schedule.zone, due).ms, 86'400'000);
      for (int i = 0; i < 365 * 14; ++i) {
        due = *next_due(schedule, due, due);
        const std::int64_t next_day = calendar::floor_divide(to_local(schedule.zone, due).ms, 86'400'000);
        ASSERT_EQ(next_day, day + 1) << zone << " " << time << " at " << format_iso8601(due);
        day = next_day;
      }
    }
  }
}

// Local and UTC agree wherever the local time exists once.
TEST(ZoneTable, ThereAndBack) {
  for (const char* id : {"Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia", "Antarctica/Troll"}) {
    const TimeZone zone = *find_time_zone(id);
    for (std::int64_t ms = at("1999-01-01T00:00:00Z").ms; ms < at("2060-01-01T00:00:00Z").ms; ms += 7'777'777'777) {
      const LocalTime local = to_local(zone, Timestamp{ms});
      const Timestamp back = to_utc(zone, local);
      const std::int64_t hours_off = (ms - back.ms) / 3'600'000;
      ASSERT_TRUE(back.ms == ms || (hours_off >= 0 && hours_off <= 3 && to_local(zone, back) == local)) << id << " " << ms;
    }
  }
  EXPECT_FALSE(find_time_zone("Europe/Nowhere").has_value());
  EXPECT_FALSE(find_time_zone("/etc/passwd").has_value());
}

}  // namespace
}  // namespace fermata::schedule_test
