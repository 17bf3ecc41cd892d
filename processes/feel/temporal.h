// FEEL's temporal values as plain structs, with their text and arithmetic (DMN 1.5, 10.3.2.3 and table 55 ff.).
//
// Pure apart from the tz database behind zone ids, which zone.cpp reads. Times have nanoseconds; years reach from
// -999,999,999 to 999,999,999. Whatever leaves that range is nullopt.
//
//   parse_date_time("2026-11-21T10:00:30@Europe/Paris")  ->  DateTime with zone id
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/calendar.h"
#include "engine/base/time.h"

namespace fermata::feel {

__extension__ using Int128 = __int128;

inline constexpr std::int64_t ns_per_second = 1'000'000'000;
inline constexpr std::int64_t ns_per_day = 86'400 * ns_per_second;
inline constexpr std::int64_t year_max = 999'999'999;

/// Where a time is: nowhere (local), at a fixed offset, or in a named zone.
struct Zone {
  enum class Kind : std::uint8_t { local, offset, named };
  Kind kind = Kind::local;
  std::int32_t offset_seconds = 0;  ///< of Kind::offset
  std::string id;                   ///< of Kind::named; known to the tz database

  friend bool operator==(const Zone&, const Zone&) = default;
};

using Date = calendar::Date;

struct TimeOfDay {
  std::int64_t ns = 0;  ///< since midnight
  Zone zone;
};

struct DateTime {
  Date date;
  std::int64_t ns = 0;  ///< since midnight
  Zone zone;
};

struct DaysDuration {
  Int128 ns = 0;
};

/// Durations reach as far as 64-bit seconds do.
inline constexpr Int128 duration_ns_max = static_cast<Int128>(INT64_MAX) * ns_per_second;
[[nodiscard]] constexpr bool in_range(const DaysDuration& duration) {
  return duration.ns <= duration_ns_max && duration.ns >= -duration_ns_max;
}

struct MonthsDuration {
  std::int64_t months = 0;
};

// Text to value; nullopt when the text is not one.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::optional<TimeOfDay> parse_time(std::string_view text);
[[nodiscard]] std::optional<DateTime> parse_date_time(std::string_view text);
[[nodiscard]] std::optional<DaysDuration> parse_days_duration(std::string_view text);
[[nodiscard]] std::optional<MonthsDuration> parse_months_duration(std::string_view text);

// Value to text, in FEEL's notation: what the parsers above read back.
[[nodiscard]] std::string to_text(const Date& date);
[[nodiscard]] std::string to_text(const TimeOfDay& time);
[[nodiscard]] std::string to_text(const DateTime& time);
[[nodiscard]] std::string to_text(const DaysDuration& duration);
[[nodiscard]] std::string to_text(const MonthsDuration& duration);

/// Seconds east of UTC at this local date and time; nullopt for a local zone.
[[nodiscard]] std::optional<std::int32_t> offset_of(const DateTime& time);
/// The same for a time of day alone: a named zone is asked for 1970-01-01, as no date is known.
[[nodiscard]] std::optional<std::int32_t> offset_of(const TimeOfDay& time);
/// Nanoseconds since 1970-01-01T00:00Z; a local time counts as UTC.
[[nodiscard]] Int128 instant(const DateTime& time);
[[nodiscard]] DateTime from_instant(Int128 ns, const Zone& zone);
[[nodiscard]] DateTime from_timestamp(Timestamp time);

[[nodiscard]] bool in_range(const Date& date);
[[nodiscard]] std::optional<Date> add_days(const Date& date, std::int64_t days);
[[nodiscard]] std::optional<Date> add_months_checked(const Date& date, std::int64_t months);
[[nodiscard]] std::optional<DateTime> add(const DateTime& time, const DaysDuration& duration);
[[nodiscard]] std::optional<DateTime> add(const DateTime& time, const MonthsDuration& duration);
[[nodiscard]] TimeOfDay add(const TimeOfDay& time, const DaysDuration& duration);
/// Whole months between two dates, cut toward zero; the times of day do not count.
[[nodiscard]] std::int64_t months_between(const DateTime& from, const DateTime& to);

/// ISO 8601 week number, 1 to 53.
[[nodiscard]] int week_of_year(const Date& date);
[[nodiscard]] int day_of_year(const Date& date);

}  // namespace fermata::feel
