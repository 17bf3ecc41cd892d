#include "processes/feel/temporal.h"

#include "processes/feel/zone.h"

namespace fermata::feel {
namespace {

std::int64_t floor_seconds(Int128 ns) {
  const Int128 quotient = ns / ns_per_second;
  return static_cast<std::int64_t>(ns % ns_per_second < 0 ? quotient - 1 : quotient);
}

std::int64_t local_seconds(const DateTime& time) {
  return calendar::days_from_civil(time.date) * 86'400 + time.ns / ns_per_second;
}

DateTime local_from_ns(Int128 ns, const Zone& zone) {
  Int128 days = ns / ns_per_day;
  Int128 rest = ns % ns_per_day;
  if (rest < 0) {
    rest += ns_per_day;
    --days;
  }
  return DateTime{calendar::civil_from_days(static_cast<std::int64_t>(days)), static_cast<std::int64_t>(rest), zone};
}

// Beyond this no date exists; checked before a 128-bit count becomes a 64-bit number of days.
constexpr Int128 instant_max = static_cast<Int128>(366) * (year_max + 2) * ns_per_day;

}  // namespace

std::optional<std::int32_t> offset_of(const DateTime& time) {
  if (time.zone.kind == Zone::Kind::local) return std::nullopt;
  if (time.zone.kind == Zone::Kind::offset) return time.zone.offset_seconds;
  return offset_at_local(time.zone.id, local_seconds(time));
}

std::optional<std::int32_t> offset_of(const TimeOfDay& time) {
  return offset_of(DateTime{{1970, 1, 1}, time.ns, time.zone});
}

Int128 instant(const DateTime& time) {
  const Int128 local = static_cast<Int128>(calendar::days_from_civil(time.date)) * ns_per_day + time.ns;
  return local - static_cast<Int128>(offset_of(time).value_or(0)) * ns_per_second;
}

DateTime from_instant(Int128 ns, const Zone& zone) {
  std::int64_t offset = zone.offset_seconds;
  if (zone.kind == Zone::Kind::local) offset = 0;
  if (zone.kind == Zone::Kind::named) offset = offset_at_instant(zone.id, floor_seconds(ns));
  return local_from_ns(ns + static_cast<Int128>(offset) * ns_per_second, zone);
}

DateTime from_timestamp(Timestamp time) {
  Zone utc;
  utc.kind = Zone::Kind::offset;
  return local_from_ns(static_cast<Int128>(time.ms) * 1'000'000, utc);
}

bool in_range(const Date& date) {
  return date.year >= -year_max && date.year <= year_max;
}

std::optional<Date> add_days(const Date& date, std::int64_t days) {
  constexpr std::int64_t days_max = 366 * (2 * year_max + 2);
  if (days > days_max || days < -days_max) return std::nullopt;
  const Date moved = calendar::civil_from_days(calendar::days_from_civil(date) + days);
  if (!in_range(moved)) return std::nullopt;
  return moved;
}

std::optional<Date> add_months_checked(const Date& date, std::int64_t months) {
  constexpr std::int64_t months_max = 12 * (2 * year_max + 2);
  if (months > months_max || months < -months_max) return std::nullopt;
  const Date moved = calendar::add_months(date, months);
  if (!in_range(moved)) return std::nullopt;
  return moved;
}

std::optional<DateTime> add(const DateTime& time, const DaysDuration& duration) {
  if (duration.ns > 2 * instant_max || duration.ns < -2 * instant_max) return std::nullopt;
  const Int128 moved = instant(time) + duration.ns;
  if (moved > instant_max || moved < -instant_max) return std::nullopt;
  DateTime made = from_instant(moved, time.zone);
  if (!in_range(made.date)) return std::nullopt;
  return made;
}

std::optional<DateTime> add(const DateTime& time, const MonthsDuration& duration) {
  const std::optional<Date> moved = add_months_checked(time.date, duration.months);
  if (!moved) return std::nullopt;
  return DateTime{*moved, time.ns, time.zone};
}

TimeOfDay add(const TimeOfDay& time, const DaysDuration& duration) {
  Int128 ns = (time.ns + duration.ns % ns_per_day) % ns_per_day;
  if (ns < 0) ns += ns_per_day;
  return TimeOfDay{static_cast<std::int64_t>(ns), time.zone};
}

std::int64_t months_between(const DateTime& from, const DateTime& to) {
  std::int64_t months = (to.date.year - from.date.year) * 12 + (to.date.month - from.date.month);
  if (months > 0 && to.date.day < from.date.day) --months;
  if (months < 0 && to.date.day > from.date.day) ++months;
  return months;
}

int day_of_year(const Date& date) {
  return static_cast<int>(calendar::days_from_civil(date) - calendar::days_from_civil({date.year, 1, 1})) + 1;
}

int week_of_year(const Date& date) {
  // The week belongs to the year of its Thursday.
  const std::int64_t days = calendar::days_from_civil(date);
  const std::int64_t thursday = days - calendar::weekday(days) + 4;
  return (day_of_year(calendar::civil_from_days(thursday)) - 1) / 7 + 1;
}

}  // namespace fermata::feel
