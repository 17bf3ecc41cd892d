#include "processes/bpmn/compile/events/timer_value.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/base/time.h"
#include "processes/bpmn/xml/unicode.h"

namespace fermata::bpmn {
namespace {

bool is_repetition(std::string_view text) {
  if (!text.starts_with('R')) return false;
  text.remove_prefix(1);
  const std::string_view count = text.substr(0, text.find('/'));
  constexpr std::size_t count_digits_max = 9;
  const bool endless = count == "-1";
  if (!endless &&
      (count.size() > count_digits_max || !std::ranges::all_of(count, [](char c) { return c >= '0' && c <= '9'; })))
    return false;
  if (count.size() == text.size()) return false;
  text.remove_prefix(count.size() + 1);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return is_timer_duration(text);
  const std::string_view first = text.substr(0, slash);
  const std::string_view second = text.substr(slash + 1);
  return (is_timer_date(first) && (is_timer_duration(second) || is_timer_date(second))) ||
         (is_timer_duration(first) && is_timer_date(second));
}

bool is_cron(std::string_view text) {
  constexpr std::array macros{"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"};
  if (std::ranges::find(macros, text) != macros.end()) return true;
  std::size_t fields = 0;
  bool in_field = false;
  for (char c : text) {
    if (c == ' ' || c == '\t') {
      in_field = false;
      continue;
    }
    const bool known = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("*/,-?#").find(c) != std::string_view::npos;
    if (!known) return false;
    if (!in_field) ++fields;
    in_field = true;
  }
  return fields == 6;
}

}  // namespace

bool is_timer_date(std::string_view text) {
  constexpr std::size_t date_size = 10;  // 2026-11-21
  std::string whole(trimmed(text));
  if (whole.ends_with(']') && whole.find('[') != std::string::npos) whole.resize(whole.find('['));  // [Europe/Berlin]
  if (whole.size() == date_size) whole += "T00:00:00";
  return parse_iso8601(whole).has_value() || parse_iso8601(whole + "Z").has_value();
}

bool is_timer_duration(std::string_view text) {
  const Result<CalendarDuration> duration = parse_iso8601_duration(trimmed(text));
  return duration.has_value() && duration->months >= 0 && duration->ms >= 0;
}

bool is_timer_cycle(std::string_view text) {
  text = trimmed(text);
  return is_repetition(text) || is_cron(text);
}

}  // namespace fermata::bpmn
