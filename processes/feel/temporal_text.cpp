// Reading and writing of FEEL's temporal notations.
#include <cstdio>

#include "processes/feel/temporal.h"
#include "processes/feel/zone.h"

namespace fermata::feel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool two_digits(std::string_view& in, int& value) {
  if (in.size() < 2 || !is_digit(in[0]) || !is_digit(in[1])) return false;
  value = (in[0] - '0') * 10 + (in[1] - '0');
  in.remove_prefix(2);
  return true;
}

bool skip(std::string_view& in, char wanted) {
  if (in.empty() || in[0] != wanted) return false;
  in.remove_prefix(1);
  return true;
}

// [-]YYYY-MM-DD; more than four digits of year must not begin with 0.
bool read_date(std::string_view& in, Date& date) {
  const bool negative = skip(in, '-');
  std::size_t digits = 0;
  std::int64_t year = 0;
  while (digits < in.size() && is_digit(in[digits]) && digits < 10) year = year * 10 + (in[digits++] - '0');
  if (digits < 4 || digits > 9 || (digits > 4 && in[0] == '0')) return false;
  in.remove_prefix(digits);
  date.year = negative ? -year : year;
  return skip(in, '-') && two_digits(in, date.month) && skip(in, '-') && two_digits(in, date.day) &&
         calendar::is_valid(date);
}

// The digits after a point, up to nine of them, as nanoseconds.
bool read_fraction(std::string_view& in, std::int64_t& ns) {
  std::int64_t unit = ns_per_second;
  std::size_t digits = 0;
  ns = 0;
  for (; digits < in.size() && is_digit(in[digits]); ++digits) {
    unit /= 10;
    ns += (in[digits] - '0') * unit;
  }
  in.remove_prefix(digits);
  return digits > 0 && digits <= 9;
}

bool read_clock(std::string_view& in, std::int64_t& ns) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t fraction = 0;
  if (!two_digits(in, hour) || !skip(in, ':') || !two_digits(in, minute)) return false;
  if (skip(in, ':')) {
    if (!two_digits(in, second)) return false;
    if (skip(in, '.') && !read_fraction(in, fraction)) return false;
  }
  const bool end_of_day = hour == 24 && minute == 0 && second == 0 && fraction == 0;
  if ((hour > 23 && !end_of_day) || minute > 59 || second > 59) return false;
  ns = (hour * 3600LL + minute * 60LL + second) * ns_per_second + fraction;
  return true;
}

// Nothing, 'Z', an offset of at most 18 hours, or '@' and a zone of the tz database; always to the end of the text.
bool read_zone(std::string_view in, Zone& zone) {
  if (in.empty()) return true;
  if (in == "Z" || in == "z") return zone.kind = Zone::Kind::offset, true;
  if (in[0] == '@') {
    zone.kind = Zone::Kind::named;
    zone.id = std::string(in.substr(1));
    return zone_exists(zone.id);
  }
  const bool west = in[0] == '-';
  if (in[0] != '+' && in[0] != '-') return false;
  in.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  if (!two_digits(in, hours) || !skip(in, ':') || !two_digits(in, minutes)) return false;
  if (skip(in, ':') && !two_digits(in, seconds)) return false;
  const int total = hours * 3600 + minutes * 60 + seconds;
  if (!in.empty() || minutes > 59 || seconds > 59 || total > 18 * 3600) return false;
  zone.kind = Zone::Kind::offset;
  zone.offset_seconds = west ? -total : total;
  return true;
}

std::string digits(std::int64_t value, int width) {
  std::string text = std::to_string(value);
  if (text.size() < static_cast<std::size_t>(width)) text.insert(0, static_cast<std::size_t>(width) - text.size(), '0');
  return text;
}

std::string fraction_text(std::int64_t ns) {
  if (ns == 0) return "";
  std::string text = "." + digits(ns, 9);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string clock_text(std::int64_t ns) {
  const std::int64_t seconds = ns / ns_per_second;
  return digits(seconds / 3600, 2) + ":" + digits(seconds / 60 % 60, 2) + ":" + digits(seconds % 60, 2) +
         fraction_text(ns % ns_per_second);
}

std::string zone_text(const Zone& zone) {
  if (zone.kind == Zone::Kind::local) return "";
  if (zone.kind == Zone::Kind::named) return "@" + zone.id;
  if (zone.offset_seconds == 0) return "Z";
  const int total = zone.offset_seconds < 0 ? -zone.offset_seconds : zone.offset_seconds;
  std::string text = (zone.offset_seconds < 0 ? "-" : "+") + digits(total / 3600, 2) + ":" + digits(total / 60 % 60, 2);
  if (total % 60 != 0) text += ":" + digits(total % 60, 2);
  return text;
}

// One "12D" or "1.5S" of a duration; `order` is the list of letters still allowed.
bool read_part(std::string_view& in, std::string_view& order, Int128& amount, std::int64_t& fraction, char& letter) {
  std::size_t count = 0;
  amount = 0;
  while (count < in.size() && is_digit(in[count])) {
    if (count >= 19) return false;
    amount = amount * 10 + (in[count++] - '0');
  }
  if (count == 0) return false;
  in.remove_prefix(count);
  fraction = 0;
  const bool has_point = skip(in, '.');
  if (has_point && !in.empty() && is_digit(in[0]) && !read_fraction(in, fraction)) return false;
  if (in.empty()) return false;
  letter = in[0];
  in.remove_prefix(1);
  const std::size_t at = order.find(letter);
  if (at == std::string_view::npos || (has_point && letter != 'S')) return false;
  order.remove_prefix(at + 1);
  return true;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Date date;
  if (!read_date(text, date) || !text.empty()) return std::nullopt;
  return date;
}

std::optional<TimeOfDay> parse_time(std::string_view text) {
  TimeOfDay time;
  skip(text, 'T');
  if (!read_clock(text, time.ns) || !read_zone(text, time.zone)) return std::nullopt;
  time.ns %= ns_per_day;
  return time;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  DateTime time;
  if (!read_date(text, time.date)) return std::nullopt;
  if (text.empty()) return time;  // a date alone is its midnight
  if (!skip(text, 'T') || !read_clock(text, time.ns) || !read_zone(text, time.zone)) return std::nullopt;
  if (time.ns == ns_per_day) {  // 24:00 is the midnight after
    const std::optional<Date> next = add_days(time.date, 1);
    if (!next) return std::nullopt;
    time.date = *next;
    time.ns = 0;
  }
  return time;
}

std::optional<DaysDuration> parse_days_duration(std::string_view text) {
  const bool negative = skip(text, '-');
  if (!skip(text, 'P')) return std::nullopt;
  DaysDuration made;
  bool any = false;
  std::string_view order = "WD";
  bool in_time = false;
  while (!text.empty()) {
    if (!in_time && skip(text, 'T')) {
      in_time = true;
      order = "HMS";
      any = false;
      continue;
    }
    Int128 amount = 0;
    std::int64_t fraction = 0;
    char letter = 0;
    if (!read_part(text, order, amount, fraction, letter)) return std::nullopt;
    const std::int64_t seconds = letter == 'W'   ? 604'800
                                 : letter == 'D' ? 86'400
                                 : letter == 'H' ? 3600
                                 : letter == 'M' ? 60
                                                 : 1;
    made.ns += amount * seconds * ns_per_second + fraction;
    any = true;
  }
  if (!any || !in_range(made)) return std::nullopt;
  if (negative) made.ns = -made.ns;
  return made;
}

std::optional<MonthsDuration> parse_months_duration(std::string_view text) {
  const bool negative = skip(text, '-');
  if (!skip(text, 'P') || text.empty()) return std::nullopt;
  constexpr Int128 months_max = INT64_MAX / 2;
  Int128 months = 0;
  std::string_view order = "YM";
  while (!text.empty()) {
    Int128 amount = 0;
    std::int64_t fraction = 0;
    char letter = 0;
    if (!read_part(text, order, amount, fraction, letter)) return std::nullopt;
    months += amount * (letter == 'Y' ? 12 : 1);
  }
  if (months > months_max) return std::nullopt;
  return MonthsDuration{static_cast<std::int64_t>(negative ? -months : months)};
}

std::string to_text(const Date& date) {
  return (date.year < 0 ? "-" : "") + digits(date.year < 0 ? -date.year : date.year, 4) + "-" + digits(date.month, 2) +
         "-" + digits(date.day, 2);
}

std::string to_text(const TimeOfDay& time) {
  return clock_text(time.ns) + zone_text(time.zone);
}

std::string to_text(const DateTime& time) {
  return to_text(time.date) + "T" + clock_text(time.ns) + zone_text(time.zone);
}

std::string to_text(const DaysDuration& duration) {
  if (duration.ns == 0) return "PT0S";
  const Int128 magnitude = duration.ns < 0 ? -duration.ns : duration.ns;
  const auto days = static_cast<std::int64_t>(magnitude / ns_per_day);
  const auto rest = static_cast<std::int64_t>(magnitude % ns_per_day);
  std::string text = duration.ns < 0 ? "-P" : "P";
  if (days != 0) text += std::to_string(days) + "D";
  if (rest == 0) return text;
  text += "T";
  const std::int64_t seconds = rest / ns_per_second;
  if (seconds / 3600 != 0) text += std::to_string(seconds / 3600) + "H";
  if (seconds / 60 % 60 != 0) text += std::to_string(seconds / 60 % 60) + "M";
  if (rest % (60 * ns_per_second) != 0)
    text += std::to_string(seconds % 60) + fraction_text(rest % ns_per_second) + "S";
  return text;
}

std::string to_text(const MonthsDuration& duration) {
  if (duration.months == 0) return "P0M";
  const std::int64_t magnitude = duration.months < 0 ? -duration.months : duration.months;
  std::string text = duration.months < 0 ? "-P" : "P";
  if (magnitude / 12 != 0) text += std::to_string(magnitude / 12) + "Y";
  if (magnitude % 12 != 0) text += std::to_string(magnitude % 12) + "M";
  return text;
}

}  // namespace fermata::feel
