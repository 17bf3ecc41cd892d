#include "engine/base/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <limits>

#include "engine/base/calendar.h"

namespace fermata {

struct TimeZoneAccess {
  static const date::time_zone& of(const TimeZone& zone) { return *static_cast<const date::time_zone*>(zone.zone_); }
};

namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::int64_t last_listed_year = 2037;
constexpr std::int64_t first_listed_ms = calendar::days_from_civil({1800, 1, 1}) * ms_per_day;

// A stretch of a year beyond the list behaves like a stretch of the list's last years. January and February, in which no zone changes
// its clock by rule, like those of 2037; the rest of a year like that of a listed year with the same weekdays.
struct Shift {
  std::int64_t ms = 0;                                         // to add to reach the listed year
  std::int64_t end = std::numeric_limits<std::int64_t>::max();  // of the stretch, in unshifted ms
};

// A few files list more: those of Morocco, whose clock follows the moon, go on to 2087. What is listed is taken as it stands, and after
// it the last offset holds.
bool lists_more(const date::time_zone& zone) {
  constexpr std::int64_t beyond_all_lists = calendar::days_from_civil({2500, 1, 1});
  const date::sys_info last = zone.get_info(date::sys_seconds{std::chrono::seconds(beyond_all_lists * (ms_per_day / ms_per_second))});
  return last.begin.time_since_epoch().count() >= calendar::days_from_civil({last_listed_year + 1, 1, 1}) * (ms_per_day / ms_per_second);
}

Shift shift_into_list(const date::time_zone& zone, std::int64_t ms) {
  const calendar::Date date = calendar::civil_from_days(calendar::floor_divide(ms, ms_per_day));
  if (date.year <= last_listed_year || lists_more(zone)) return {};
  if (date.month <= 2) {
    const std::int64_t moved = calendar::days_from_civil({last_listed_year, 1, 1}) - calendar::days_from_civil({date.year, 1, 1});
    return Shift{moved * ms_per_day, calendar::days_from_civil({date.year, 3, 1}) * ms_per_day};
  }
  const std::int64_t march = calendar::days_from_civil({date.year, 3, 1});
  const std::int64_t end = calendar::days_from_civil({date.year + 1, 1, 1}) * ms_per_day;
  std::int64_t year = last_listed_year;  // eight years contain every weekday
  while (calendar::weekday(calendar::days_from_civil({year, 3, 1})) != calendar::weekday(march)) --year;
  return Shift{(calendar::days_from_civil({year, 3, 1}) - march) * ms_per_day, end};
}

date::sys_seconds to_sys(std::int64_t ms) {
  return date::sys_seconds{std::chrono::seconds(calendar::floor_divide(std::max(ms, first_listed_ms), ms_per_second))};
}

}  // namespace

std::optional<TimeZone> find_time_zone(std::string_view id) {
  constexpr std::size_t id_bytes_max = 64;
  if (id == "UTC" || id == "Z") return TimeZone{};
  if (id.empty() || id.size() > id_bytes_max) return std::nullopt;
  // Ids are looked up in the list of names that the library read, never used as a path. It throws for an unknown one.
  try {
    TimeZone found;
    found.zone_ = date::locate_zone(id);
    return found;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Timestamp to_utc(const TimeZone& zone, LocalTime local) {
  if (zone.is_utc()) return Timestamp{local.ms};
  const Shift shift = shift_into_list(TimeZoneAccess::of(zone), local.ms);
  const std::int64_t listed = std::max(local.ms + shift.ms, first_listed_ms);
  const date::local_seconds seconds{std::chrono::seconds(calendar::floor_divide(listed, ms_per_second))};
  const date::local_info info = TimeZoneAccess::of(zone).get_info(seconds);
  if (info.result == date::local_info::nonexistent) {
    return Timestamp{info.first.end.time_since_epoch().count() * ms_per_second - shift.ms};
  }
  return Timestamp{local.ms - info.first.offset.count() * ms_per_second};
}

OffsetSpan offset_span(const TimeZone& zone, Timestamp time) {
  if (zone.is_utc()) return OffsetSpan{0, Timestamp{std::numeric_limits<std::int64_t>::max()}};
  const Shift shift = shift_into_list(TimeZoneAccess::of(zone), time.ms);
  const date::sys_info info = TimeZoneAccess::of(zone).get_info(to_sys(time.ms + shift.ms));
  // A time beyond the list that is not shifted is in one that goes on: its spans end where they are listed to end.
  constexpr std::int64_t end_of_time = calendar::days_from_civil({10'000, 1, 1}) * (ms_per_day / ms_per_second);
  const std::int64_t list_end = calendar::days_from_civil({last_listed_year + 1, 1, 1}) * (ms_per_day / ms_per_second);
  const std::int64_t last_second = shift.ms == 0 && time.ms >= list_end * ms_per_second ? end_of_time : list_end;
  const std::int64_t end_second = std::min<std::int64_t>(info.end.time_since_epoch().count(), last_second);
  const std::int64_t end = std::min(end_second * ms_per_second - shift.ms, shift.end);
  return OffsetSpan{info.offset.count() * ms_per_second, Timestamp{end}};
}

LocalTime to_local(const TimeZone& zone, Timestamp time) {
  return LocalTime{time.ms + offset_span(zone, time).offset_ms};
}

}  // namespace fermata
