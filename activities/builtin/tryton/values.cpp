#include "activities/builtin/tryton/values.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "activities/sdk/outcome.h"

namespace fermata::tryton {
namespace {

using sdk::Json;

[[noreturn]] void refuse(const std::string& kind, const Json& value) {
  throw sdk::InputError("{\"" + kind + "\": " + value.dump() + "} cannot be sent to Tryton: it is not a valid " +
                        kind.substr(1));
}

/// A cursor over text like 2026-11-21T22:07:17.
struct Scanner {
  std::string_view text;

  bool literal(char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  }
  std::optional<int> digits(std::size_t count) {
    int value = 0;
    if (text.size() < count) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
  }
};

struct Time {
  int hour = 0, minute = 0, second = 0, microsecond = 0;
};

std::optional<std::chrono::year_month_day> scan_date(Scanner& in) {
  const auto year = in.digits(4);
  if (!year || !in.literal('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.literal('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1) return std::nullopt;
  return date;
}

std::optional<Time> scan_time(Scanner& in) {
  Time time;
  const auto hour = in.digits(2);
  if (!hour || !in.literal(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute) return std::nullopt;
  time.hour = *hour;
  time.minute = *minute;
  if (in.literal(':')) {
    const auto second = in.digits(2);
    if (!second) return std::nullopt;
    time.second = *second;
    if (in.literal('.')) {
      int scale = 100'000;
      bool any = false;
      while (const auto digit = in.digits(1)) {
        time.microsecond += *digit * scale;
        scale /= 10;
        any = true;
      }
      if (!any) return std::nullopt;
    }
  }
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return std::nullopt;
  return time;
}

/// Minutes east of UTC at the end of the text; 0 for none or Z.
std::optional<int> scan_offset(Scanner& in) {
  if (in.text.empty() || in.literal('Z')) return in.text.empty() ? std::optional(0) : std::nullopt;
  const int sign = in.literal('-') ? -1 : in.literal('+') ? 1 : 0;
  const auto hour = sign == 0 ? std::nullopt : in.digits(2);
  if (!hour || !in.literal(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || !in.text.empty() || *hour > 14 || *minute > 59) return std::nullopt;
  return sign * (*hour * 60 + *minute);
}

void set_date(Json& out, const std::chrono::year_month_day& date) {
  out.set("year", static_cast<int>(date.year()));
  out.set("month", static_cast<int>(static_cast<unsigned>(date.month())));
  out.set("day", static_cast<int>(static_cast<unsigned>(date.day())));
}
void set_time(Json& out, const Time& time) {
  out.set("hour", time.hour);
  out.set("minute", time.minute);
  out.set("second", time.second);
  out.set("microsecond", time.microsecond);
}

Json encode_decimal(const std::string& kind, const Json& value) {
  const std::string text = value.is_number()   ? value.number_text()
                           : value.is_string() ? value.as_string()
                                               : std::string();
  try {
    return Json::object({{"__class__", "Decimal"}, {"decimal", Json::number(text).number_text()}});
  } catch (const sdk::JsonError&) {
    refuse(kind, value);
  }
}

Json encode_date(const std::string& kind, const Json& value) {
  Scanner in{value.is_string() ? std::string_view(value.as_string()) : std::string_view()};
  const auto date = scan_date(in);
  if (!date || !in.text.empty()) refuse(kind, value);
  Json out = Json::object({{"__class__", "date"}});
  set_date(out, *date);
  return out;
}

Json encode_datetime(const std::string& kind, const Json& value) {
  Scanner in{value.is_string() ? std::string_view(value.as_string()) : std::string_view()};
  const auto date = scan_date(in);
  const auto time = date && in.literal('T') ? scan_time(in) : std::nullopt;
  const auto offset = time ? scan_offset(in) : std::nullopt;
  if (!offset) refuse(kind, value);
  const auto utc =
      std::chrono::sys_days(*date) + std::chrono::hours(time->hour) + std::chrono::minutes(time->minute - *offset);
  const auto day = std::chrono::floor<std::chrono::days>(utc);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(utc - day).count();
  Json out = Json::object({{"__class__", "datetime"}});
  set_date(out, std::chrono::year_month_day(day));
  set_time(out, {static_cast<int>(minutes / 60), static_cast<int>(minutes % 60), time->second, time->microsecond});
  return out;
}

Json encode_time(const std::string& kind, const Json& value) {
  Scanner in{value.is_string() ? std::string_view(value.as_string()) : std::string_view()};
  const auto time = scan_time(in);
  if (!time || !in.text.empty()) refuse(kind, value);
  Json out = Json::object({{"__class__", "time"}});
  set_time(out, *time);
  return out;
}

/// PnDTnHnMnS as whole seconds; fractions of a second are not used by Tryton's business fields and are refused.
std::optional<std::int64_t> scan_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!text.starts_with('P') || text.size() < 3) return std::nullopt;
  text.remove_prefix(1);
  bool in_time = false;
  std::int64_t seconds = 0;
  while (!text.empty()) {
    if (text.front() == 'T' && !in_time) {
      in_time = true;
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
      continue;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data() + text.size() || number < 0 || number > 1'000'000'000)
      return std::nullopt;
    const char unit = *end;
    const std::int64_t scale = !in_time      ? (unit == 'D' ? 86'400 : 0)
                               : unit == 'H' ? 3600
                               : unit == 'M' ? 60
                               : unit == 'S' ? 1
                                             : 0;
    if (scale == 0) return std::nullopt;
    seconds += number * scale;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return negative ? -seconds : seconds;
}

Json encode_timedelta(const std::string& kind, const Json& value) {
  if (value.is_number()) return Json::object({{"__class__", "timedelta"}, {"seconds", value}});
  const auto seconds = scan_duration(value.is_string() ? std::string_view(value.as_string()) : std::string_view());
  if (!seconds) refuse(kind, value);
  return Json::object({{"__class__", "timedelta"}, {"seconds", *seconds}});
}

Json encode_bytes(const std::string& kind, const Json& value) {
  if (!value.is_string()) refuse(kind, value);
  return Json::object({{"__class__", "bytes"}, {"base64", value}});
}

struct Encoder {
  const char* kind;
  Json (*encode)(const std::string& kind, const Json& value);
};
constexpr Encoder encoders[] = {{"$decimal", encode_decimal},     {"$date", encode_date},
                                {"$datetime", encode_datetime},   {"$time", encode_time},
                                {"$timedelta", encode_timedelta}, {"$bytes", encode_bytes}};

std::string two(std::int64_t number, int width = 2) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%0*lld", width, static_cast<long long>(number));
  return buffer;
}
std::string date_text(const Json& value) {
  return two(value.at("year").as_int(), 4) + "-" + two(value.at("month").as_int()) + "-" +
         two(value.at("day").as_int());
}
std::string time_text(const Json& value) {
  std::string out =
      two(value.at("hour").as_int()) + ":" + two(value.at("minute").as_int()) + ":" + two(value.at("second").as_int());
  const std::int64_t microsecond = value.int_or("microsecond", 0);
  return microsecond == 0 ? out : out + "." + two(microsecond, 6);
}

/// Throws JsonError if the object is not what its class says.
Json decode(const std::string& kind, const Json& value) {
  if (kind == "Decimal") return Json::number(value.at("decimal").as_string());
  if (kind == "date") return date_text(value);
  if (kind == "datetime") return date_text(value) + "T" + time_text(value) + "Z";
  if (kind == "time") return time_text(value);
  if (kind == "timedelta") {
    std::string seconds = value.at("seconds").number_text();
    if (seconds.ends_with(".0")) seconds.resize(seconds.size() - 2);
    const bool negative = seconds.starts_with('-');
    return (negative ? "-PT" : "PT") + seconds.substr(negative ? 1 : 0) + "S";
  }
  if (kind == "bytes") {
    std::string text = value.at("base64").as_string();  // Python wraps its lines
    std::erase(text, '\n');
    return text;
  }
  return value;
}

}  // namespace

Json to_tryton(const Json& value) {
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& item : value.items()) out.push(to_tryton(item));
    return out;
  }
  if (!value.is_object() || value.find("__class__") != nullptr) return value;
  if (value.members().size() == 1) {
    const auto& [name, member] = value.members().front();
    for (const Encoder& encoder : encoders) {
      if (name == encoder.kind) return encoder.encode(name, member);
    }
  }
  std::vector<Json::Member> out;
  for (const auto& [name, member] : value.members()) out.emplace_back(name, to_tryton(member));
  return Json::object_of(std::move(out));
}

Json from_tryton(const Json& value) {
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& item : value.items()) out.push(from_tryton(item));
    return out;
  }
  if (!value.is_object()) return value;
  if (const Json* kind = value.find("__class__"); kind != nullptr && kind->is_string()) {
    try {
      return decode(kind->as_string(), value);
    } catch (const sdk::JsonError&) {
      return value;  // Decimal("NaN") has no number to become
    }
  }
  std::vector<Json::Member> out;
  for (const auto& [name, member] : value.members()) out.emplace_back(name, from_tryton(member));
  return Json::object_of(std::move(out));
}

}  // namespace fermata::tryton
