// The proleptic Gregorian calendar as integer arithmetic: days since 1970-01-01 and back.
//
// Floor 0, constexpr, valid for years -1,000,000,000 to 1,000,000,000 (FEEL's range is within). Algorithms by Howard
// Hinnant.
//
//   days_from_civil({2026, 11, 21})  ->  20778
#pragma once

#include <cstdint>

namespace fermata::calendar {

struct Date {
  std::int64_t year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31

  friend constexpr bool operator==(const Date&, const Date&) = default;
};

[[nodiscard]] constexpr bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr int days_in_month(std::int64_t year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

[[nodiscard]] constexpr bool is_valid(const Date& date) {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
// Not a - floor_divide(a, b) * b: near the smallest number that product does not fit, though the result does.
[[nodiscard]] constexpr std::int64_t floor_modulo(std::int64_t a, std::int64_t b) {
  const std::int64_t remainder = a % b;
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

[[nodiscard]] constexpr std::int64_t days_from_civil(const Date& date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

[[nodiscard]] constexpr Date civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return Date{year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
              static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

/// The same day some months later; a day that does not exist becomes the last of its month.
[[nodiscard]] constexpr Date add_months(const Date& date, std::int64_t months) {
  const std::int64_t count = date.year * 12 + date.month - 1 + months;
  Date made{floor_divide(count, 12), static_cast<int>(floor_modulo(count, 12)) + 1, date.day};
  const int last = days_in_month(made.year, made.month);
  if (made.day > last) made.day = last;
  return made;
}

/// 1 (Monday) to 7 (Sunday), as ISO 8601 numbers them.
[[nodiscard]] constexpr int weekday(std::int64_t days_since_1970) {
  return static_cast<int>(floor_modulo(days_since_1970 + 3, 7)) + 1;
}

}  // namespace fermata::calendar
