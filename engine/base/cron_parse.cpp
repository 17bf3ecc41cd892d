// Reading cron expressions: fields are split by spaces, items by commas; each item fills bits of its field's set.
#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "engine/base/cron.h"
#include "engine/base/limits.h"

namespace fermata {
namespace {

constexpr int first_year = 1970;
constexpr int last_year = 2199;
constexpr std::string_view month_names = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
constexpr std::string_view weekday_names = "SUNMONTUEWEDTHUFRISAT";

struct FieldKind {
  const char* name;
  int min;
  int max;
  std::string_view names;  // three letters each, the first one is `min`
};
constexpr FieldKind second_field{"second", 0, 59, {}};
constexpr FieldKind minute_field{"minute", 0, 59, {}};
constexpr FieldKind hour_field{"hour", 0, 23, {}};
constexpr FieldKind day_field{"day of month", 1, 31, {}};
constexpr FieldKind month_field{"month", 1, 12, month_names};
constexpr FieldKind weekday_field{"weekday", 0, 7, weekday_names};
constexpr FieldKind year_field{"year", first_year, last_year, {}};

Error wrong(const FieldKind& kind, std::string_view item, const std::string& why) {
  return Error{ErrorCode::invalid_argument, "cron: \"" + std::string(item.substr(0, 40)) + "\" in the field " + kind.name + " " + why};
}

std::string upper(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return made;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> made;
  for (const std::string_view part : split(text, ' ')) {
    if (!part.empty()) made.push_back(part);
  }
  return made;
}

// A number or a name of the field; nullopt when it is neither or out of range.
std::optional<int> read_value(const FieldKind& kind, std::string_view text) {
  if (text.size() == 3 && !kind.names.empty()) {
    for (std::size_t i = 0; i * 3 < kind.names.size(); ++i) {
      if (kind.names.substr(i * 3, 3) == text) return kind.min + static_cast<int>(i);
    }
  }
  if (text.empty() || text.size() > 4 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const int value = std::stoi(std::string(text));
  if (value < kind.min || value > kind.max) return std::nullopt;
  return value;
}

struct Range {
  int first = 0;
  int last = 0;
  int step = 1;
};

// "*", "5", "1-5", each optionally with "/step".
Result<Range> read_range(const FieldKind& kind, std::string_view item) {
  const std::size_t slash = item.find('/');
  const std::string_view base = item.substr(0, slash);
  const std::string allowed = std::to_string(kind.min) + "-" + std::to_string(kind.max) + (kind.names.empty() ? "" : " or a name");
  Range range{kind.min, kind.max == 7 ? 6 : kind.max, 1};
  if (base != "*") {
    const std::size_t dash = base.find('-');
    const auto first = read_value(kind, base.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : read_value(kind, base.substr(dash + 1));
    if (!first || !last) return fail(wrong(kind, item, "is not understood; allowed are " + allowed));
    range.first = *first;
    if (dash != std::string_view::npos) {
      range.last = kind.max == 7 && *last == 0 && *first > 0 ? 7 : *last;  // FRI-SUN
      if (range.last < range.first) return fail(wrong(kind, item, "runs backwards; write two ranges with a comma"));
    } else if (slash == std::string_view::npos) {
      range.last = *first;
    }
  }
  if (slash != std::string_view::npos) {
    const std::string_view step = item.substr(slash + 1);
    const auto value = read_value(FieldKind{"step", 1, kind.max, {}}, step);
    if (!value) return fail(wrong(kind, item, "has a step that is not a number from 1 to " + std::to_string(kind.max)));
    range.step = *value;
  }
  return range;
}

Result<void> read_into(const FieldKind& kind, std::string_view item, std::uint64_t& bits) {
  const Result<Range> range = read_range(kind, item);
  if (!range) return fail(range.error());
  for (int value = range->first; value <= range->last; value += range->step) {
    bits |= 1ULL << (kind.max == 7 ? value % 7 : value);
  }
  return {};
}

Result<std::uint64_t> read_plain(const FieldKind& kind, std::string_view text) {
  std::uint64_t bits = 0;
  for (const std::string_view item : split(text, ',')) {
    if (auto done = read_into(kind, item, bits); !done) return fail(done.error());
  }
  return bits;
}

Result<void> read_years(std::string_view text, std::vector<int>& years) {
  if (text == "*") return {};
  for (const std::string_view item : split(text, ',')) {
    const Result<Range> range = read_range(year_field, item);
    if (!range) return fail(range.error());
    for (int year = range->first; year <= range->last; year += range->step) years.push_back(year);
  }
  std::sort(years.begin(), years.end());
  years.erase(std::unique(years.begin(), years.end()), years.end());
  return {};
}

Result<void> read_day_item(std::string_view item, Cron& cron) {
  if (item == "LW" || item == "WL") return cron.last_working_day = true, Result<void>{};
  if (item == "L") return cron.days_before_last |= 1, Result<void>{};
  if (item.starts_with("L-")) {
    const auto before = read_value(FieldKind{"day", 1, 30, {}}, item.substr(2));
    if (!before) return fail(wrong(day_field, item, "must be L-1 to L-30"));
    cron.days_before_last |= 1ULL << *before;
    return {};
  }
  if (item.ends_with('W')) {
    const auto day = read_value(day_field, item.substr(0, item.size() - 1));
    if (!day) return fail(wrong(day_field, item, "must be 1W to 31W, or LW"));
    cron.days_nearest |= 1ULL << *day;
    return {};
  }
  return read_into(day_field, item, cron.days);
}

Result<void> read_weekday_item(std::string_view item, Cron& cron) {
  if (item == "L") return fail(wrong(weekday_field, item, "means different days in different dialects; name the day: SUN or SAT"));
  const std::size_t number_sign = item.find('#');
  if (number_sign != std::string_view::npos) {
    const auto weekday = read_value(weekday_field, item.substr(0, number_sign));
    const auto number = read_value(FieldKind{"number", 1, 5, {}}, item.substr(number_sign + 1));
    if (!weekday || !number) return fail(wrong(weekday_field, item, "must be a weekday and 1 to 5, such as FRI#2"));
    cron.numbered_weekdays[static_cast<std::size_t>(*weekday % 7)] |= static_cast<std::uint8_t>(1u << *number);
    return {};
  }
  if (item.size() > 1 && item.ends_with('L')) {
    const auto weekday = read_value(weekday_field, item.substr(0, item.size() - 1));
    if (!weekday) return fail(wrong(weekday_field, item, "must be a weekday and L, such as FRIL"));
    cron.last_weekdays |= 1ULL << (*weekday % 7);
    return {};
  }
  return read_into(weekday_field, item, cron.weekdays);
}

std::string_view macro(std::string_view text) {
  if (text == "@HOURLY") return "0 0 * * * *";
  if (text == "@DAILY" || text == "@MIDNIGHT") return "0 0 0 * * *";
  if (text == "@WEEKLY") return "0 0 0 * * SUN";
  if (text == "@MONTHLY") return "0 0 0 1 * *";
  if (text == "@YEARLY" || text == "@ANNUALLY") return "0 0 0 1 1 *";
  return text;
}

Result<void> read_days(std::string_view days, std::string_view weekdays, bool like_quartz, Cron& cron) {
  cron.any_day = days == "*" || days == "?";
  cron.any_weekday = weekdays == "*" || weekdays == "?";
  if (!cron.any_day) {
    for (const std::string_view item : split(days, ',')) {
      if (auto done = read_day_item(item, cron); !done) return done;
    }
  }
  if (cron.any_weekday) return {};
  for (const std::string_view item : split(weekdays, ',')) {
    const bool has_number = !item.empty() && item[0] >= '0' && item[0] <= '9';
    if (like_quartz && has_number) {
      return fail(wrong(weekday_field, item, "is ambiguous: Quartz counts from Sunday = 1, Unix from Sunday = 0; write SUN, MON ..."));
    }
    if (auto done = read_weekday_item(item, cron); !done) return done;
  }
  return {};
}

}  // namespace

Result<Cron> parse_cron(std::string_view source) {
  if (source.size() > limits::timer_text_bytes_max) return fail(ErrorCode::invalid_argument, "cron: the expression is too long");
  const std::string text = upper(source);
  std::vector<std::string_view> fields = words(macro(text));
  if (fields.size() < 5 || fields.size() > 7) {
    return fail(ErrorCode::invalid_argument,
                "cron: \"" + std::string(source.substr(0, 60)) + "\" has " + std::to_string(fields.size()) +
                    " fields; write five (minute, hour, day, month, weekday), six (second first) or seven (year last)");
  }
  Cron cron;
  cron.either_day = fields.size() == 5;
  if (fields.size() == 5) fields.insert(fields.begin(), "0");
  const bool like_quartz = fields.size() == 7 || fields[3] == "?" || fields[5] == "?";
  struct Plain {
    const FieldKind& kind;
    std::string_view text;
    std::uint64_t& bits;
  };
  for (const Plain& plain : {Plain{second_field, fields[0], cron.seconds}, Plain{minute_field, fields[1], cron.minutes},
                             Plain{hour_field, fields[2], cron.hours}, Plain{month_field, fields[4], cron.months}}) {
    const Result<std::uint64_t> bits = read_plain(plain.kind, plain.text);
    if (!bits) return fail(bits.error());
    plain.bits = *bits;
  }
  if (auto done = read_days(fields[3], fields[5], like_quartz, cron); !done) return fail(done.error());
  if (fields.size() == 7) {
    if (auto done = read_years(fields[6], cron.years); !done) return fail(done.error());
  }
  const std::vector<int> years = std::exchange(cron.years, {});
  const bool ever = next_time(cron, TimeZone{}, Timestamp{}).has_value();
  cron.years = years;
  if (!ever) return fail(ErrorCode::invalid_argument, "cron: \"" + std::string(source.substr(0, 60)) + "\" names a day that never comes");
  return cron;
}

}  // namespace fermata
