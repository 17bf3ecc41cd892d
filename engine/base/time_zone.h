// Named time zones: from wall-clock time of a place to UTC and back.
//
// Floor 0. The one read of files below the persistence floor: the system's tz database (/usr/share/zoneinfo) is read lazily, once,
// by the date library, and never again, so answers do not change while the process runs; new zone data take effect at restart.
// Thread-safe. Times beyond the years that the compiled files list (2037; those of Morocco more) follow each zone's last rules.
//
//   TimeZone berlin = *find_time_zone("Europe/Berlin");
//   to_utc(berlin, local)  // 2026-03-29T02:30 does not exist: 01:00Z, the moment at which the clock jumps
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/time.h"

namespace fermata {

/// Wall-clock time of a place: milliseconds since its 1970-01-01T00:00:00, without knowing its offset.
struct LocalTime {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(LocalTime, LocalTime) = default;
};

class TimeZone {
 public:
  TimeZone() = default;  ///< UTC
  [[nodiscard]] bool is_utc() const { return zone_ == nullptr; }

 private:
  friend std::optional<TimeZone> find_time_zone(std::string_view);
  friend struct TimeZoneAccess;
  const void* zone_ = nullptr;  // a date::time_zone, which lives as long as the process
};

/// By its name in the tz database; "UTC" and "Z" as well. Unknown: nullopt.
[[nodiscard]] std::optional<TimeZone> find_time_zone(std::string_view id);

/// A time that is repeated (clock set back) means its first pass; one that is skipped (clock set forward) means the moment of the jump.
[[nodiscard]] Timestamp to_utc(const TimeZone& zone, LocalTime local);
[[nodiscard]] LocalTime to_local(const TimeZone& zone, Timestamp time);

/// From `time` on the offset is the same up to (not including) `end`, at least; the next span may have the same offset again.
struct OffsetSpan {
  std::int64_t offset_ms = 0;
  Timestamp end;
};
[[nodiscard]] OffsetSpan offset_span(const TimeZone& zone, Timestamp time);

}  // namespace fermata
