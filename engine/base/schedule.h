// Schedule: when a timer fires. Reads the texts that BPMN models use and computes due times; used by decide() and for start timers.
//
// Floor 0, pure but for the time zone data (time_zone.h).
//   date      2026-11-21T10:00:30Z, ...+01:00, ...T10:00:30[Europe/Berlin], ...+01:00[Europe/Berlin], ...T10:00:30@Europe/Berlin;
//             without offset and zone it means UTC
//   duration  PT30S, P1DT2H, P1M; a negative one is due at once
//   cycle     R5/PT1H: five times, first in an hour. R/PT1H and R-1/PT1H: for ever. R5/START/PT1H: first at START, or when that has
//             passed at the next point of its grid. R5/START/END: with the length from START to END. Cron (cron.h), optionally
//             followed by [Europe/Berlin] or @Europe/Berlin; without a zone it means UTC.
//   no drift  a cycle's times lie on the grid start + k * period; how late an occurrence was handled does not move the next.
//   catch-up  a counted cycle (R5) fires every occurrence that was missed during downtime, one after another: five in total.
//             An endless one (R/, cron) fires once for all missed occurrences, then goes on along its grid.
//   calendar  months and years follow the calendar (31 January + P1M = 28 February, then 31 March again). Days and longer of a cycle
//             whose START names a zone follow that zone's wall clock; otherwise a day has 24 hours.
//
//   Result<Schedule> schedule = parse_schedule(TimerKind::cycle, "R5/PT1H");
//   timer.due = *first_due(*schedule, now);  timer.repetitions_left = schedule->repetitions < 0 ? -1 : schedule->repetitions - 1;
//   timer.cycle = anchored_text(*schedule, now);             // "R5/2026-11-21T10:00:00.000Z/PT1H"
//   ... when it has fired, and repetitions_left is not 0:
//   timer.due = *next_due(*parse_schedule(TimerKind::cycle, timer.cycle), timer.due, now);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/cron.h"
#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/time_zone.h"

namespace fermata {

enum class TimerKind : std::uint8_t { date, duration, cycle };

struct Schedule {
  /// A length whose days are apart from its hours, because a zone's day may have 23 or 25.
  struct Period {
    std::int64_t months = 0;
    std::int64_t days = 0;
    std::int64_t ms = 0;
  };

  TimerKind kind = TimerKind::duration;
  std::int32_t repetitions = 1;      ///< how often it fires in all; -1: for ever
  std::optional<Timestamp> start;    ///< of a date: that date; of a cycle: its START
  TimeZone zone;                     ///< of START, or of the cron expression
  Period period;
  std::optional<Cron> cron;
  std::string text;                  ///< as it came
  std::string period_text;           ///< of a cycle without START
};

/// invalid_argument with the text and what is allowed, in words for the person who wrote the model.
[[nodiscard]] Result<Schedule> parse_schedule(TimerKind kind, std::string_view text);

/// The first occurrence of a schedule that is set up at `now`. May lie in the past (a date, a negative duration): then it is due at
/// once. nullopt: it never fires (a cron whose years are over, or beyond the year 9998).
[[nodiscard]] std::optional<Timestamp> first_due(const Schedule& schedule, Timestamp now);

/// The occurrence after the one that was due at `previous_due`, seen from `now` (which decides only how an endless cycle catches up).
/// nullopt: none. Does not count repetitions: the timer row does.
[[nodiscard]] std::optional<Timestamp> next_due(const Schedule& schedule, Timestamp previous_due, Timestamp now);

/// The text of a cycle with the start of its grid written into it, for the timer's row; other schedules: empty.
[[nodiscard]] std::string anchored_text(const Schedule& schedule, Timestamp now);

}  // namespace fermata
