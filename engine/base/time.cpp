#include "engine/base/time.h"

#include <array>
#include <cstdio>

#include "engine/base/calendar.h"

namespace fermata {
namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t ms_per_minute = 60 * ms_per_second;
constexpr std::int64_t ms_per_hour = 60 * ms_per_minute;
constexpr std::int64_t ms_per_day = 24 * ms_per_hour;
// Beyond this a text is quoted only in part: error messages stay readable.
constexpr std::size_t quoted_max = 60;

tl::unexpected<Error> refuse(std::string_view text, const char* why) {
  return fail(ErrorCode::invalid_argument, "\"" + std::string(text.substr(0, quoted_max)) + "\" " + why);
}

// Reads from left to right; every reader answers false and moves nothing when the text does not fit.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }
  [[nodiscard]] bool at_digit() const { return peek() >= '0' && peek() <= '9'; }

  bool skip(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  bool skip_any(char a, char b) { return skip(a) || skip(b); }

  /// Exactly `count` digits.
  bool digits(int count, int& value) {
    if (text_.size() - at_ < static_cast<std::size_t>(count)) return false;
    int read = 0;
    for (int i = 0; i < count; ++i) {
      const char c = text_[at_ + static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      read = read * 10 + (c - '0');
    }
    at_ += static_cast<std::size_t>(count);
    value = read;
    return true;
  }

  /// One or more digits; false also when the number does not fit.
  bool number(std::int64_t& value) {
    if (!at_digit()) return false;
    std::int64_t read = 0;
    for (; at_digit(); ++at_) {
      if (__builtin_mul_overflow(read, 10, &read) || __builtin_add_overflow(read, peek() - '0', &read)) return false;
    }
    value = read;
    return true;
  }

  /// The digits after a point, cut to milliseconds. At least one, at most nine.
  bool milliseconds(int& value) {
    int count = 0;
    int read = 0;
    for (; at_digit(); ++at_, ++count) {
      if (count < 3) read = read * 10 + (peek() - '0');
    }
    if (count == 0 || count > 9) return false;
    for (int missing = count; missing < 3; ++missing) read *= 10;
    value = read;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool read_time_of_day(Reader& in, std::int64_t& ms) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int fraction = 0;
  if (!in.digits(2, hour) || !in.skip(':') || !in.digits(2, minute)) return false;
  if (in.skip(':')) {
    if (!in.digits(2, second)) return false;
    if (in.skip_any('.', ',') && !in.milliseconds(fraction)) return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  ms = hour * ms_per_hour + minute * ms_per_minute + second * ms_per_second + fraction;
  return true;
}

// 'Z', "+01:00", "+0100" or "+01".
bool read_offset(Reader& in, std::int64_t& ms) {
  if (in.skip_any('Z', 'z')) return ms = 0, true;
  const bool west = in.peek() == '-';
  if (!in.skip_any('+', '-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!in.digits(2, hours)) return false;
  if (in.skip(':') ? !in.digits(2, minutes) : in.at_digit() && !in.digits(2, minutes)) return false;
  if (hours > 18 || minutes > 59) return false;
  ms = (hours * ms_per_hour + minutes * ms_per_minute) * (west ? -1 : 1);
  return true;
}

// Adds amount * unit to total; false on overflow.
bool accumulate(std::int64_t& total, std::int64_t amount, std::int64_t unit) {
  std::int64_t product = 0;
  return !__builtin_mul_overflow(amount, unit, &product) && !__builtin_add_overflow(total, product, &total);
}

struct Designator {
  char letter;
  std::int64_t unit;
  bool in_months;
};
constexpr std::array<Designator, 4> date_designators{
    {{'Y', 12, true}, {'M', 1, true}, {'W', 7 * ms_per_day, false}, {'D', ms_per_day, false}}};
constexpr std::array<Designator, 3> time_designators{
    {{'H', ms_per_hour, false}, {'M', ms_per_minute, false}, {'S', ms_per_second, false}}};

// Reads "1Y2M" and the like: each designator at most once and in order. False when the text does not fit.
template <std::size_t Count>
bool read_parts(Reader& in, const std::array<Designator, Count>& designators, CalendarDuration& made, bool& any) {
  std::size_t next = 0;
  while (in.at_digit()) {
    std::int64_t amount = 0;
    int fraction = 0;
    if (!in.number(amount)) return false;
    const bool has_fraction = in.skip_any('.', ',');
    if (has_fraction && !in.milliseconds(fraction)) return false;
    while (next < Count && in.peek() != designators[next].letter) ++next;
    if (next == Count || (has_fraction && designators[next].letter != 'S')) return false;
    in.skip(designators[next].letter);
    std::int64_t& total = designators[next].in_months ? made.months : made.ms;
    if (!accumulate(total, amount, designators[next].unit) || !accumulate(made.ms, fraction, 1)) return false;
    ++next;
    any = true;
  }
  return true;
}

}  // namespace

std::string format_iso8601(Timestamp time) {
  const std::int64_t days = calendar::floor_divide(time.ms, ms_per_day);
  const std::int64_t rest = calendar::floor_modulo(time.ms, ms_per_day);
  const calendar::Date date = calendar::civil_from_days(days);
  char text[64];
  // Years of more than four digits are ISO 8601's expanded form, with a sign.
  const char* form = date.year >= 0 && date.year <= 9999 ? "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ"
                                                         : "%+07lld-%02d-%02dT%02d:%02d:%02d.%03dZ";
  std::snprintf(text, sizeof text, form, static_cast<long long>(date.year), date.month, date.day,
                static_cast<int>(rest / ms_per_hour), static_cast<int>(rest / ms_per_minute % 60),
                static_cast<int>(rest / ms_per_second % 60), static_cast<int>(rest % ms_per_second));
  return text;
}

Result<Timestamp> parse_iso8601(std::string_view text) {
  Reader in(text);
  int year = 0;
  calendar::Date date;
  if (!in.digits(4, year) || !in.skip('-') || !in.digits(2, date.month) || !in.skip('-') || !in.digits(2, date.day) ||
      !in.skip_any('T', 't')) {
    return refuse(text, "is not a date and time such as 2026-11-21T10:00:30Z");
  }
  date.year = year;
  if (year < 1 || !calendar::is_valid(date)) return refuse(text, "names a day that does not exist");
  std::int64_t time_of_day = 0;
  std::int64_t offset = 0;
  if (!read_time_of_day(in, time_of_day))
    return refuse(text, "names a time of day that does not exist; write it as 10:00:30 or 10:00:30.125");
  if (in.done()) return refuse(text, "has no zone; add Z or an offset such as +01:00");
  if (!read_offset(in, offset) || !in.done()) return refuse(text, "must end in Z or an offset such as +01:00");
  return Timestamp{calendar::days_from_civil(date) * ms_per_day + time_of_day - offset};
}

Result<CalendarDuration> parse_iso8601_duration(std::string_view text) {
  constexpr const char* expected = "is not an ISO 8601 duration such as P1DT2H, PT30S, P2W or P1Y6M";
  Reader in(text);
  const bool negative = in.skip('-');
  CalendarDuration made;
  bool any = false;
  if (!in.skip('P') || !read_parts(in, date_designators, made, any)) return refuse(text, expected);
  if (in.skip('T')) {
    bool any_time = false;
    if (!read_parts(in, time_designators, made, any_time) || !any_time) return refuse(text, expected);
    any = true;
  }
  if (!any || !in.done()) return refuse(text, expected);
  if (negative) made = CalendarDuration{-made.months, -made.ms};
  return made;
}

std::string format_iso8601_duration(CalendarDuration duration) {
  const bool negative = duration.months < 0 || (duration.months == 0 && duration.ms < 0);
  // Unsigned, so that the smallest int64 has a magnitude too.
  auto magnitude = [](std::int64_t value) {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  };
  const std::uint64_t months = magnitude(duration.months);
  const std::uint64_t ms = magnitude(duration.ms);
  std::string out = negative ? "-P" : "P";
  const auto part = [&out](std::uint64_t amount, char letter) {
    if (amount != 0) out += std::to_string(amount) + letter;
  };
  part(months / 12, 'Y');
  part(months % 12, 'M');
  part(ms / ms_per_day, 'D');
  const std::uint64_t rest = ms % ms_per_day;
  if (rest != 0) out += 'T';
  part(rest / ms_per_hour, 'H');
  part(rest / ms_per_minute % 60, 'M');
  const std::uint64_t milliseconds = rest % ms_per_minute;
  if (milliseconds % ms_per_second != 0) {
    std::string fraction = std::to_string(1000 + milliseconds % ms_per_second).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    out += std::to_string(milliseconds / ms_per_second) + "." + fraction + "S";
  } else {
    part(milliseconds / ms_per_second, 'S');
  }
  if (months == 0 && ms == 0) return "PT0S";
  return out;
}

std::optional<Timestamp> add(Timestamp time, CalendarDuration duration) {
  constexpr std::int64_t months_max = 12 * 10'000;
  if (duration.months > months_max || duration.months < -months_max) return std::nullopt;
  const std::int64_t days = calendar::floor_divide(time.ms, ms_per_day);
  const std::int64_t time_of_day = calendar::floor_modulo(time.ms, ms_per_day);
  const calendar::Date moved = calendar::add_months(calendar::civil_from_days(days), duration.months);
  if (moved.year < 0 || moved.year > 10'000) return std::nullopt;
  std::int64_t ms = calendar::days_from_civil(moved) * ms_per_day + time_of_day;
  if (__builtin_add_overflow(ms, duration.ms, &ms)) return std::nullopt;
  constexpr std::int64_t first = calendar::days_from_civil({1, 1, 1}) * ms_per_day;
  constexpr std::int64_t end = calendar::days_from_civil({10'000, 1, 1}) * ms_per_day;
  if (ms < first || ms >= end) return std::nullopt;
  return Timestamp{ms};
}

}  // namespace fermata
