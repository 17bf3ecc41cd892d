// Timestamp and Duration: the engine's clock values, in milliseconds, and their ISO 8601 text.
//
// Floor 0, pure: nothing here reads a clock. Wall-clock reading is engine/runtime/clock.h.
//
//   Timestamp due = now + Duration::from_seconds(30);
//   format_iso8601(due)  ->  "2026-11-21T10:00:30.000Z"
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace fermata {

/// A length of time in milliseconds; may be negative.
struct Duration {
  std::int64_t ms = 0;

  static constexpr Duration from_ms(std::int64_t value) { return Duration{value}; }
  static constexpr Duration from_seconds(std::int64_t value) { return Duration{value * 1000}; }
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
struct Timestamp {
  std::int64_t ms = 0;

  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp time, Duration length) { return Timestamp{time.ms + length.ms}; }
  friend constexpr Timestamp operator-(Timestamp time, Duration length) { return Timestamp{time.ms - length.ms}; }
  friend constexpr Duration operator-(Timestamp later, Timestamp earlier) { return Duration{later.ms - earlier.ms}; }
};

/// "2026-11-21T10:00:30.000Z": always UTC, always three digits of milliseconds.
[[nodiscard]] std::string format_iso8601(Timestamp time);

/// Reads a date-time with 'Z' or an offset ("+01:00", "+0100", "[Europe/Berlin]" is not read here), fraction of 0 to 9 digits.
/// A local date-time without offset is refused with invalid_argument: the caller must know its zone.
[[nodiscard]] Result<Timestamp> parse_iso8601(std::string_view text);

/// An ISO 8601 duration whose months and years have no fixed length: applied to a date by the calendar, not by multiplication.
/// "P1Y2M3DT4H5M6.789S", "P2W", and a leading '-' are read. Both parts carry the sign.
struct CalendarDuration {
  std::int64_t months = 0;
  std::int64_t ms = 0;

  friend constexpr bool operator==(CalendarDuration, CalendarDuration) = default;
};
[[nodiscard]] Result<CalendarDuration> parse_iso8601_duration(std::string_view text);
[[nodiscard]] std::string format_iso8601_duration(CalendarDuration duration);

/// Adds by the proleptic Gregorian calendar in UTC; a day that does not exist becomes the last of its month
/// (31 January + P1M = 28 February). Out of the years 0001..9999: nullopt.
[[nodiscard]] std::optional<Timestamp> add(Timestamp time, CalendarDuration duration);

}  // namespace fermata
