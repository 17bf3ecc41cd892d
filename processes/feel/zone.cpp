#include "processes/feel/zone.h"

#include <date/tz.h>

#include "engine/base/calendar.h"

namespace fermata::feel {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t last_listed_year = 2037;  // the compiled tz files list changes up to here and repeat afterwards
constexpr std::int64_t first_listed_year = 1700;

// A year out of the files' list is replaced by one with the same calendar: rules such as "last Sunday of March" then
// agree.
std::int64_t into_listed_years(std::int64_t seconds) {
  const std::int64_t days = calendar::floor_divide(seconds, seconds_per_day);
  calendar::Date date = calendar::civil_from_days(days);
  if (date.year >= first_listed_year && date.year <= last_listed_year) return seconds;
  const std::int64_t rest = calendar::floor_modulo(seconds, seconds_per_day);
  if (date.year < first_listed_year) {
    date.year = first_listed_year;
    date.day = date.day > 28 ? 28 : date.day;
  } else {
    const bool leap = calendar::is_leap(date.year);
    const int first_weekday = calendar::weekday(calendar::days_from_civil({date.year, 1, 1}));
    for (std::int64_t year = last_listed_year; year > last_listed_year - 28; --year) {
      if (calendar::is_leap(year) != leap ||
          calendar::weekday(calendar::days_from_civil({year, 1, 1})) != first_weekday)
        continue;
      date.year = year;
      break;
    }
  }
  return calendar::days_from_civil(date) * seconds_per_day + rest;
}

const date::time_zone* find(std::string_view id) {
  // Ids are names of the list, never paths: the library searches the list it read at start.
  try {
    return date::locate_zone(id);
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace

bool zone_exists(std::string_view id) {
  constexpr std::size_t id_bytes_max = 64;
  return !id.empty() && id.size() <= id_bytes_max && find(id) != nullptr;
}

std::int32_t offset_at_local(const std::string& id, std::int64_t local_seconds) {
  const date::time_zone* zone = find(id);
  if (zone == nullptr) return 0;
  const date::local_seconds local{std::chrono::seconds(into_listed_years(local_seconds))};
  return static_cast<std::int32_t>(zone->get_info(local).first.offset.count());
}

std::int32_t offset_at_instant(const std::string& id, std::int64_t utc_seconds) {
  const date::time_zone* zone = find(id);
  if (zone == nullptr) return 0;
  const date::sys_seconds utc{std::chrono::seconds(into_listed_years(utc_seconds))};
  return static_cast<std::int32_t>(zone->get_info(utc).offset.count());
}

}  // namespace fermata::feel
