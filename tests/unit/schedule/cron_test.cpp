// Cron expressions against a brute-force reader of the same rules, and the special forms by hand.
#include <random>

#include "engine/base/calendar.h"
#include "helpers.h"

namespace fermata::schedule_test {
namespace {

struct Case {
  const char* text;
  const char* after;
  std::vector<std::string> expected;
};

TEST(Cron, SpecialForms) {
  const std::vector<Case> cases = {
      {"*/5 * * * *", "2026-11-21T10:03:00Z", {"2026-11-21T10:05:00.000Z", "2026-11-21T10:10:00.000Z"}},
      {"*/20 * * * * *", "2026-11-21T10:00:00Z", {"2026-11-21T10:00:20.000Z", "2026-11-21T10:00:40.000Z", "2026-11-21T10:01:00.000Z"}},
      {"0 0 9-17/4 * * MON-FRI", "2026-11-21T10:00:00Z", {"2026-11-23T09:00:00.000Z", "2026-11-23T13:00:00.000Z"}},
      {"0 30 2 L * *", "2026-01-31T03:00:00Z", {"2026-02-28T02:30:00.000Z", "2026-03-31T02:30:00.000Z"}},
      {"0 0 0 L-3 * ?", "2026-11-01T00:00:00Z", {"2026-11-27T00:00:00.000Z", "2026-12-28T00:00:00.000Z"}},
      {"0 0 0 LW * ?", "2026-02-01T00:00:00Z", {"2026-02-27T00:00:00.000Z", "2026-03-31T00:00:00.000Z"}},
      {"0 0 0 15W * ?", "2026-02-01T00:00:00Z", {"2026-02-16T00:00:00.000Z", "2026-03-16T00:00:00.000Z", "2026-04-15T00:00:00.000Z"}},
      {"0 0 0 1W * ?", "2026-07-31T12:00:00Z", {"2026-08-03T00:00:00.000Z"}},  // 1 August is a Saturday: not back into July
      {"0 0 0 31W * ?", "2026-04-01T00:00:00Z", {"2026-05-29T00:00:00.000Z"}},  // April has no 31st; 31 May is a Sunday
      {"0 0 12 ? * FRIL", "2026-11-01T00:00:00Z", {"2026-11-27T12:00:00.000Z", "2026-12-25T12:00:00.000Z"}},
      {"0 0 12 ? * MON#2", "2026-11-01T00:00:00Z", {"2026-11-09T12:00:00.000Z", "2026-12-14T12:00:00.000Z"}},
      {"0 0 12 ? * THU#5", "2026-11-01T00:00:00Z", {"2026-12-31T12:00:00.000Z", "2027-04-29T12:00:00.000Z"}},
      {"0 0 0 29 FEB ?", "2026-01-01T00:00:00Z", {"2028-02-29T00:00:00.000Z", "2032-02-29T00:00:00.000Z"}},
      {"0 0 13 * 5", "2026-11-01T00:00:00Z", {"2026-11-06T00:00:00.000Z", "2026-11-13T00:00:00.000Z"}},  // five fields: either day
      {"0 0 0 13 * 5", "2026-11-14T00:00:00Z", {"2027-08-13T00:00:00.000Z"}},                            // six fields: both
      {"0 0 0 * * FRI-SUN", "2026-11-16T00:00:00Z", {"2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"}},
      {"0 0 * * 7", "2026-11-21T00:00:00Z", {"2026-11-22T00:00:00.000Z"}},
      {"0 0 6 1 1 ? 2027,2029", "2026-01-01T00:00:00Z", {"2027-01-01T06:00:00.000Z", "2029-01-01T06:00:00.000Z"}},
      {"@daily", "2026-11-21T10:00:00Z", {"2026-11-22T00:00:00.000Z"}},
      {"@daily @Europe/Berlin", "2026-11-21T10:00:00Z", {"2026-11-21T23:00:00.000Z"}},
      {"0 0 9 * * * [America/New_York]", "2026-11-21T10:00:00Z", {"2026-11-21T14:00:00.000Z"}},
      {"0 59 23 31 DEC *", "2026-12-31T23:59:00Z", {"2027-12-31T23:59:00.000Z"}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(dues(parsed(TimerKind::cycle, one.text), at(one.after), static_cast<int>(one.expected.size())), one.expected) << one.text;
  }
  EXPECT_EQ(dues(parsed(TimerKind::cycle, "0 0 6 1 1 ? 2027,2029"), at("2026-01-01T00:00:00Z"), 5).size(), 2u) << "the years are over";
}

TEST(Cron, Refusals) {
  for (const char* text :
       {"* * * *", "* * * * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "a * * * *",
        "*/0 * * * *", "5-1 * * * *", "1,,2 * * * *", "1- * * * *", "-1 * * * *", "* * 30 2 *", "0 0 0 31 4,6,9,11 *", "0 0 12 ? * 2",
        "0 0 12 * * 2 2027", "0 0 12 ? * L", "0 0 12 ? * FRI#6", "0 0 12 L-31 * *", "0 0 12 W * *", "0 0 0 1 1 ? 1200",
        "99999999999999999999 * * * *", "* * * * * @Nowhere/City", "0 0 9 * * MON#"}) {
    const Result<Schedule> schedule = parse_schedule(TimerKind::cycle, text);
    ASSERT_FALSE(schedule.has_value()) << text;
    EXPECT_EQ(schedule.error().code, ErrorCode::invalid_argument) << text;
  }
}

// Random plain expressions: next_time() must find the very second that walking second by second (minute by minute) finds.
TEST(Cron, AgreesWithWalkingMinuteByMinute) {
  std::mt19937 random(20261121);
  const auto pick = [&](int min, int max) { return std::uniform_int_distribution<int>(min, max)(random); };
  const auto field = [&](int min, int max, int wide) -> std::pair<std::string, std::uint64_t> {
    std::uint64_t bits = 0;
    if (pick(0, 99) < wide) return {"*", ~0ULL};
    std::string text;
    for (int item = pick(1, 3); item > 0; --item) {
      const int first = pick(min, max);
      const int last = pick(first, max);
      const int step = pick(1, 5);
      text += (text.empty() ? "" : ",") + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(step);
      for (int i = first; i <= last; i += step) bits |= 1ULL << i;
    }
    return {text, bits};
  };
  for (int round = 0; round < 300; ++round) {
    const auto [minutes, minute_bits] = field(0, 59, 20);
    const auto [hours, hour_bits] = field(0, 23, 30);
    const auto [days, day_bits] = field(1, 28, 50);
    const auto [months, month_bits] = field(1, 12, 60);
    const std::string text = "0 " + minutes + " " + hours + " " + days + " " + months + " *";
    const Result<Cron> cron = parse_cron(text);
    ASSERT_TRUE(cron.has_value()) << text;
    const Timestamp after{1'790'000'000'000 + static_cast<std::int64_t>(pick(0, 1'000'000)) * 60'000};
    std::int64_t expected = after.ms / 60'000 + 1;
    for (;; ++expected) {
      const calendar::Date date = calendar::civil_from_days(expected / 1440);
      if ((month_bits >> date.month & 1) == 0 || (day_bits >> date.day & 1) == 0) {
        expected += 1439 - expected % 1440;
        continue;
      }
      if ((hour_bits >> (expected / 60 % 24) & 1) != 0 && (minute_bits >> (expected % 60) & 1) != 0) break;
    }
    ASSERT_EQ(iso(next_time(*cron, TimeZone{}, after)), iso(Timestamp{expected * 60'000})) << text;
  }
}

}  // namespace
}  // namespace fermata::schedule_test
