// Cron expressions: five fields (minute first), six (second first) or seven (a year at the end), with names, lists, ranges, steps,
// L, W, # and ?. Used by engine/base/schedule.h.
//
// Floor 0, pure but for the time zone data.
//   dialect     weekdays are 0-7 (0 and 7 are Sunday) or SUN..SAT, as in Unix and in Camunda 8. Quartz (Camunda 7) counts from
//               Sunday = 1: where a text looks like Quartz (a ? or a year) a weekday in numbers is refused as ambiguous.
//   two days    when day of month and weekday are both restricted, five fields mean either (Unix), six and seven mean both (Spring).
//   special     day of month: L, L-3, LW, 15W; weekday: FRIL (the last), FRI#2 (the second). Macros: @hourly @daily @midnight
//               @weekly @monthly @yearly @annually.
//   clock jumps a time of day that is skipped fires at the moment of the jump, one that is repeated fires at its first pass, so
//               once in both cases. With hour "*" the expression counts minutes, not times of day: it fires in every pass that
//               the clock really makes, and not at minutes that do not exist.
//
//   Result<Cron> cron = parse_cron("0 30 2 * * MON-FRI");
//   next_time(*cron, zone, now)  ->  the first time strictly after now, or nullopt within limits::cron_search_years_max
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/time_zone.h"

namespace fermata {

/// Sets of allowed values as bits: bit 5 of `minutes` is minute 5.
struct Cron {
  std::uint64_t seconds = 1;
  std::uint64_t minutes = 0;
  std::uint64_t hours = 0;
  std::uint64_t months = 0;
  std::vector<int> years;  ///< sorted; empty: every year

  std::uint64_t days = 0;              ///< of the month, 1..31
  std::uint64_t days_nearest = 0;      ///< 15W: the working day nearest to the 15th
  std::uint64_t days_before_last = 0;  ///< L is bit 0, L-3 is bit 3
  bool last_working_day = false;       ///< LW
  bool any_day = false;                ///< * or ?

  std::uint64_t weekdays = 0;                     ///< bit 0 Sunday .. bit 6 Saturday
  std::uint64_t last_weekdays = 0;                ///< FRIL
  std::array<std::uint8_t, 7> numbered_weekdays{};  ///< FRI#2: bit 2 of [5]
  bool any_weekday = false;

  bool either_day = false;  ///< five fields: day of month or weekday
};

[[nodiscard]] Result<Cron> parse_cron(std::string_view text);

[[nodiscard]] std::optional<Timestamp> next_time(const Cron& cron, const TimeZone& zone, Timestamp after);

}  // namespace fermata
