// Finding the next time of a cron expression: days are walked, times within a day are found by bits.
#include "engine/base/cron.h"

#include <algorithm>
#include <bit>

#include "engine/base/calendar.h"
#include "engine/base/limits.h"

namespace fermata {
namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t ms_per_day = seconds_per_day * ms_per_second;
constexpr std::uint64_t all_hours = (1ULL << 24) - 1;

constexpr bool has(std::uint64_t bits, int value) { return (bits >> value & 1) != 0; }

// Sunday 0 .. Saturday 6.
int cron_weekday(std::int64_t days) { return calendar::weekday(days) % 7; }

bool is_working_day(std::int64_t days) { return calendar::weekday(days) <= 5; }

// The working day nearest to `day` within its month.
int nearest_working_day(const calendar::Date& date, int day) {
  const int last = calendar::days_in_month(date.year, date.month);
  const std::int64_t first_of_month = calendar::days_from_civil({date.year, date.month, 1});
  const auto works = [&](int candidate) {
    return candidate >= 1 && candidate <= last && is_working_day(first_of_month + candidate - 1);
  };
  for (const int distance : {0, -1, 1, -2, 2}) {
    if (works(day + distance)) return day + distance;
  }
  return day;  // not reached: five days in a row always contain a working day of the month
}

bool day_of_month_fits(const Cron& cron, const calendar::Date& date) {
  if (cron.any_day || has(cron.days, date.day)) return true;
  const int last = calendar::days_in_month(date.year, date.month);
  if (has(cron.days_before_last, last - date.day)) return true;
  if (cron.last_working_day && nearest_working_day(date, last) == date.day) return true;
  for (std::uint64_t rest = cron.days_nearest; rest != 0; rest &= rest - 1) {
    const int wanted = std::countr_zero(rest);
    if (wanted <= last && nearest_working_day(date, wanted) == date.day) return true;
  }
  return false;
}

bool weekday_fits(const Cron& cron, const calendar::Date& date, std::int64_t days) {
  if (cron.any_weekday) return true;
  const int weekday = cron_weekday(days);
  if (has(cron.weekdays, weekday)) return true;
  if (has(cron.last_weekdays, weekday) && date.day + 7 > calendar::days_in_month(date.year, date.month)) return true;
  return has(cron.numbered_weekdays[static_cast<std::size_t>(weekday)], (date.day - 1) / 7 + 1);
}

bool day_fits(const Cron& cron, const calendar::Date& date, std::int64_t days) {
  if (!has(cron.months, date.month)) return false;
  const bool by_day = day_of_month_fits(cron, date);
  const bool by_weekday = weekday_fits(cron, date, days);
  const bool both_restricted = !cron.any_day && !cron.any_weekday;
  return cron.either_day && both_restricted ? by_day || by_weekday : by_day && by_weekday;
}

// The first bit at or after `from`; -1: none.
int next_bit(std::uint64_t bits, int from) {
  if (from > 63) return -1;
  const std::uint64_t rest = bits >> from << from;
  return rest == 0 ? -1 : std::countr_zero(rest);
}

// The first allowed second of the day at or after `from`; -1: none today.
std::int64_t next_second_of_day(const Cron& cron, std::int64_t from) {
  int hour = static_cast<int>(from / 3600);
  int minute = static_cast<int>(from / 60 % 60);
  int second = next_bit(cron.seconds, static_cast<int>(from % 60));
  if (second < 0) {
    second = next_bit(cron.seconds, 0);
    ++minute;
  }
  const int allowed_minute = has(cron.hours, std::min(hour, 63)) ? next_bit(cron.minutes, minute) : -1;
  if (allowed_minute == minute) return hour * 3600 + minute * 60 + second;
  second = next_bit(cron.seconds, 0);
  if (allowed_minute >= 0) return hour * 3600 + allowed_minute * 60 + second;
  hour = next_bit(cron.hours, hour + 1);
  return hour < 0 ? -1 : hour * 3600 + next_bit(cron.minutes, 0) * 60 + second;
}

// The first allowed local second at or after `from`, as seconds since 1970; nullopt: not before the end of the search.
std::optional<std::int64_t> next_local_second(const Cron& cron, std::int64_t from, std::int64_t end_year) {
  std::int64_t days = calendar::floor_divide(from, seconds_per_day);
  std::int64_t second_of_day = calendar::floor_modulo(from, seconds_per_day);
  for (;;) {
    const calendar::Date date = calendar::civil_from_days(days);
    if (date.year > end_year) return std::nullopt;
    const bool year_fits = cron.years.empty() || std::binary_search(cron.years.begin(), cron.years.end(), static_cast<int>(date.year));
    if (!year_fits) {
      days = calendar::days_from_civil({date.year + 1, 1, 1});
    } else if (!has(cron.months, date.month)) {
      days += calendar::days_in_month(date.year, date.month) - date.day + 1;
    } else {
      if (day_fits(cron, date, days)) {
        const std::int64_t found = next_second_of_day(cron, second_of_day);
        if (found >= 0) return days * seconds_per_day + found;
      }
      ++days;
    }
    second_of_day = 0;
  }
}

// Hour "*": what counts is the time that really passes. Looks for it in each span of equal offset.
std::optional<Timestamp> next_in_every_pass(const Cron& cron, const TimeZone& zone, Timestamp after, std::int64_t end_year) {
  std::int64_t from = calendar::floor_divide(after.ms, ms_per_second) + 1;  // the first whole second after `after`
  for (;;) {
    const OffsetSpan span = offset_span(zone, Timestamp{from * ms_per_second});
    const std::int64_t offset = span.offset_ms / ms_per_second;
    const auto local = next_local_second(cron, from + offset, end_year);
    if (!local) return std::nullopt;
    if ((*local - offset) * ms_per_second < span.end.ms) return Timestamp{(*local - offset) * ms_per_second};
    from = span.end.ms / ms_per_second;
  }
}

// Times of day: each local time once, at its first pass; a skipped one at the jump. The map from local time to UTC never falls.
std::optional<Timestamp> next_once(const Cron& cron, const TimeZone& zone, Timestamp after, std::int64_t end_year) {
  std::int64_t from = calendar::floor_divide(to_local(zone, after).ms, ms_per_second);
  for (;;) {
    const auto local = next_local_second(cron, from, end_year);
    if (!local) return std::nullopt;
    const Timestamp found = to_utc(zone, LocalTime{*local * ms_per_second});
    if (found > after) return found;
    from = *local + 1;
  }
}

}  // namespace

std::optional<Timestamp> next_time(const Cron& cron, const TimeZone& zone, Timestamp after) {
  const std::int64_t year = calendar::civil_from_days(calendar::floor_divide(after.ms, ms_per_day)).year;
  const std::int64_t end_year = std::min<std::int64_t>(year + limits::cron_search_years_max, 9'998);
  if ((cron.hours & all_hours) == all_hours) return next_in_every_pass(cron, zone, after, end_year);
  return next_once(cron, zone, after, end_year);
}

}  // namespace fermata
