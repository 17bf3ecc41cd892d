#include "engine/base/time.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/base/calendar.h"

namespace fermata {
namespace {

std::string reread(std::string_view text) {
  const Result<Timestamp> time = parse_iso8601(text);
  return time ? format_iso8601(*time) : "refused";
}
std::string redo(std::string_view text) {
  const Result<CalendarDuration> duration = parse_iso8601_duration(text);
  return duration ? format_iso8601_duration(*duration) : "refused";
}
std::string plus(std::string_view time, std::string_view duration) {
  const std::optional<Timestamp> sum = add(*parse_iso8601(time), *parse_iso8601_duration(duration));
  return sum ? format_iso8601(*sum) : "nullopt";
}

TEST(Timestamp, ReadsOffsetsAndFractions) {
  EXPECT_EQ(reread("2026-11-21T10:00:30Z"), "2026-11-21T10:00:30.000Z");
  EXPECT_EQ(reread("2026-11-21T10:00:30.5+01:00"), "2026-11-21T09:00:30.500Z");
  EXPECT_EQ(reread("2026-11-21T10:00:30.123456789-0530"), "2026-11-21T15:30:30.123Z");
  EXPECT_EQ(reread("2026-11-21T10:00Z"), "2026-11-21T10:00:00.000Z");
  EXPECT_EQ(reread("2024-02-29T23:59:59.999Z"), "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(reread("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso8601(Timestamp{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso8601(Timestamp{-1}), "1969-12-31T23:59:59.999Z");
}

TEST(Timestamp, RefusesWithAReason) {
  for (const char* bad : {"", "2026-11-21", "2026-11-21T10:00:30", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                          "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T10:00:30.Z",
                          "2026-11-21T10:00:30.1234567890Z", "2026-11-21T10:00:30Zx", "2026-11-21T10:00:30+1",
                          "0000-01-01T00:00:00Z", "2026-11-21T10:00:30[Europe/Berlin]", "+2026-11-21T10:00:30Z"}) {
    const Result<Timestamp> time = parse_iso8601(bad);
    ASSERT_FALSE(time) << bad;
    EXPECT_EQ(time.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_LT(parse_iso8601(std::string(1'000'000, '2')).error().message.size(), 300u);
}

TEST(CalendarDuration, ReadsAndWrites) {
  EXPECT_EQ(redo("P1Y2M3DT4H5M6.789S"), "P1Y2M3DT4H5M6.789S");
  EXPECT_EQ(redo("P2W"), "P14D");
  EXPECT_EQ(redo("PT36H"), "P1DT12H");
  EXPECT_EQ(redo("-P1M"), "-P1M");
  EXPECT_EQ(redo("-PT0.5S"), "-PT0.5S");
  EXPECT_EQ(redo("PT0S"), "PT0S");
  EXPECT_EQ(redo("P0D"), "PT0S");
  EXPECT_EQ(redo("P14M"), "P1Y2M");
}

TEST(CalendarDuration, Refuses) {
  for (const char* bad : {"", "P", "PT", "P1", "1D", "P1DT", "PT1D", "P1H", "P1M1Y", "P1Y1Y", "PT1.5H", "P-1D", "PT1.S",
                          "P1D ", "p1d", "P99999999999999999999D", "P9223372036854775807D", "PT9223372036854775S1"}) {
    EXPECT_FALSE(parse_iso8601_duration(bad)) << bad;
  }
}

TEST(CalendarDuration, CalendarAddition) {
  EXPECT_EQ(plus("2026-01-31T12:00:00Z", "P1M"), "2026-02-28T12:00:00.000Z");
  EXPECT_EQ(plus("2024-02-29T00:00:00Z", "P1Y"), "2025-02-28T00:00:00.000Z");
  EXPECT_EQ(plus("2026-03-31T00:00:00Z", "-P1M"), "2026-02-28T00:00:00.000Z");
  EXPECT_EQ(plus("2026-12-31T23:59:59Z", "PT1S"), "2027-01-01T00:00:00.000Z");
  EXPECT_EQ(plus("9999-12-31T23:59:59Z", "PT1S"), "nullopt");
  EXPECT_EQ(plus("0001-01-01T00:00:00Z", "-PT1S"), "nullopt");
  EXPECT_EQ(plus("2026-01-01T00:00:00Z", "P999999999999Y"), "nullopt");
}

TEST(Calendar, DaysAndDatesAreInverse) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto days = static_cast<std::int64_t>(random() % 800'000'000'000ULL) - 400'000'000'000LL;
    const calendar::Date date = calendar::civil_from_days(days);
    ASSERT_TRUE(calendar::is_valid(date));
    ASSERT_EQ(calendar::days_from_civil(date), days);
  }
  EXPECT_EQ(calendar::weekday(calendar::days_from_civil({2026, 11, 21})), 6);
  EXPECT_EQ(calendar::add_months({2026, 1, 31}, -11), (calendar::Date{2025, 2, 28}));
}

TEST(Calendar, ExtremeTimestampsStillPrint) {
  EXPECT_EQ(format_iso8601(Timestamp{INT64_MAX}), "+292278994-08-17T07:12:55.807Z");
  EXPECT_EQ(format_iso8601(Timestamp{INT64_MIN}), "-292275055-05-16T16:47:04.192Z");
  EXPECT_EQ(format_iso8601_duration({INT64_MIN, INT64_MIN}).substr(0, 2), "-P");
}

}  // namespace
}  // namespace fermata
