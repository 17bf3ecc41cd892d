#include "engine/base/schedule.h"

#include <algorithm>
#include <charconv>

#include "engine/base/calendar.h"
#include "engine/base/limits.h"

namespace fermata {
namespace {

constexpr std::int64_t ms_per_day = 86'400'000;
constexpr Timestamp first_possible{1};  // 0 means "never" in a timer's row
constexpr Timestamp end_of_time{calendar::days_from_civil({9'999, 1, 1}) * ms_per_day};

tl::unexpected<Error> refuse(std::string_view text, const std::string& why) {
  return fail(ErrorCode::invalid_argument, "\"" + std::string(text.substr(0, 80)) + "\" " + why);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

struct ZonedText {
  std::string_view text;
  std::optional<TimeZone> zone;
};

// Takes "[Europe/Berlin]" or "@Europe/Berlin" off the end.
Result<ZonedText> split_zone(std::string_view text) {
  std::string_view id;
  std::string_view rest;
  if (text.ends_with(']')) {
    const std::size_t open = text.rfind('[');
    if (open == std::string_view::npos) return refuse(text, "has a ] without [");
    id = text.substr(open + 1, text.size() - open - 2);
    rest = text.substr(0, open);
  } else {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0) return ZonedText{text, std::nullopt};
    id = text.substr(at + 1);
    rest = text.substr(0, at);
  }
  const auto zone = find_time_zone(id);
  if (!zone) return refuse(text, "names the unknown time zone \"" + std::string(id.substr(0, 64)) + "\"; write one such as Europe/Berlin");
  return ZonedText{trimmed(rest), zone};
}

struct ZonedTime {
  Timestamp time;
  TimeZone zone;
};

Result<ZonedTime> parse_date(std::string_view text) {
  const Result<ZonedText> split = split_zone(text);
  if (!split) return fail(split.error());
  const Result<Timestamp> with_offset = parse_iso8601(split->text);
  if (with_offset) return ZonedTime{*with_offset, split->zone.value_or(TimeZone{})};
  // A local time: read as if it were UTC, then moved to its zone. Without one it means UTC, as a cron expression does.
  const Result<Timestamp> local = parse_iso8601(std::string(split->text) + "Z");
  if (!local) return fail(with_offset.error());
  if (!split->zone) return ZonedTime{*local, TimeZone{}};
  return ZonedTime{to_utc(*split->zone, LocalTime{local->ms}), *split->zone};
}

// Reads the part before T and the part from T on for themselves: a day is not always 24 hours.
Result<Schedule::Period> parse_period(std::string_view text) {
  const Result<CalendarDuration> whole = parse_iso8601_duration(text);
  if (!whole) return fail(whole.error());
  const std::size_t time_part = text.find('T');
  Schedule::Period period{whole->months, 0, whole->ms};
  const std::string_view date_part = text.substr(0, time_part);
  if (date_part.back() == 'P') return period;  // only hours, minutes and seconds
  const Result<CalendarDuration> dates = parse_iso8601_duration(date_part);
  if (!dates) return fail(dates.error());
  period.days = dates->ms / ms_per_day;
  period.ms = whole->ms - dates->ms;
  return period;
}

Result<std::int32_t> parse_repetitions(std::string_view text, std::string_view all) {
  if (text.empty() || text == "-1") return -1;
  std::int32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count < 1 || count > limits::timer_repetitions_max) {
    return refuse(all, "must begin with R, or with R and a number from 1 to " + std::to_string(limits::timer_repetitions_max));
  }
  return count;
}

Result<void> check_period(const Schedule& schedule, std::string_view text) {
  const Schedule::Period& period = schedule.period;
  const bool negative = period.months < 0 || period.days < 0 || period.ms < 0;
  const bool too_short = period.months == 0 && period.days == 0 && period.ms < limits::timer_period_ms_min;
  if (negative || too_short) {
    return refuse(text, "repeats too often; the shortest period is " + std::to_string(limits::timer_period_ms_min) + " milliseconds");
  }
  return {};
}

// The names of zones contain slashes too: the one that ends START is followed by a duration or by a year.
std::size_t find_separator(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '/') continue;
    if (digit(text[i + 1]) || (text[i + 1] == 'P' && (digit(text[i + 2]) || text[i + 2] == 'T'))) return i;
  }
  return std::string_view::npos;
}

// R[n]/PERIOD, R[n]/START/PERIOD, R[n]/START/END
Result<Schedule> parse_repeating(std::string_view text) {
  constexpr const char* forms = "is not a repetition such as R5/PT1H, R/2026-01-01T08:00:00Z/P1D or R3/START/END";
  Schedule schedule;
  schedule.kind = TimerKind::cycle;
  const std::size_t first_slash = text.find('/');
  if (first_slash == std::string_view::npos) return refuse(text, forms);
  const auto repetitions = parse_repetitions(text.substr(1, first_slash - 1), text);
  if (!repetitions) return fail(repetitions.error());
  schedule.repetitions = *repetitions;
  std::string_view rest = text.substr(first_slash + 1);
  if (rest.empty()) return refuse(text, forms);
  if (rest.front() != 'P') {
    const std::size_t second = find_separator(rest);
    if (second == std::string_view::npos) return refuse(text, forms);
    const Result<ZonedTime> start = parse_date(rest.substr(0, second));
    if (!start) return fail(start.error());
    schedule.start = start->time;
    schedule.zone = start->zone;
    rest = rest.substr(second + 1);
  }
  if (!rest.empty() && rest.front() != 'P' && schedule.start) {
    const Result<ZonedTime> end = parse_date(rest);
    if (!end) return fail(end.error());
    schedule.period.ms = (end->time - *schedule.start).ms;
  } else {
    if (rest.find('/') != std::string_view::npos) return refuse(text, "ends in a date after a duration, which has no meaning for a timer");
    const Result<Schedule::Period> period = parse_period(rest);
    if (!period) return fail(period.error());
    schedule.period = *period;
    schedule.period_text = std::string(rest);
  }
  if (auto checked = check_period(schedule, text); !checked) return fail(checked.error());
  return schedule;
}

Result<Schedule> parse_cycle(std::string_view text) {
  if (text.front() == 'P') return refuse(text, "is a duration, not a cycle; write R/" + std::string(text) + " to repeat it for ever");
  if (text.front() == 'R') return parse_repeating(text);
  Schedule schedule;
  schedule.kind = TimerKind::cycle;
  schedule.repetitions = -1;
  const Result<ZonedText> split = split_zone(text);
  if (!split) return fail(split.error());
  schedule.zone = split->zone.value_or(TimeZone{});
  Result<Cron> cron = parse_cron(split->text);
  if (!cron) return fail(cron.error());
  schedule.cron = std::move(*cron);
  return schedule;
}

// `count` periods after `from`, by the wall clock of the zone; nullopt: out of the years that can be told.
std::optional<Timestamp> add_periods(const Schedule& schedule, Timestamp from, std::int64_t count) {
  CalendarDuration by_wall_clock;
  std::int64_t days = 0;
  std::int64_t rest = 0;
  if (__builtin_mul_overflow(schedule.period.months, count, &by_wall_clock.months) ||
      __builtin_mul_overflow(schedule.period.days, count, &days) || __builtin_mul_overflow(days, ms_per_day, &by_wall_clock.ms) ||
      __builtin_mul_overflow(schedule.period.ms, count, &rest)) {
    return std::nullopt;
  }
  std::optional<Timestamp> moved = from;
  if (by_wall_clock.months != 0 || by_wall_clock.ms != 0) {
    moved = add(Timestamp{to_local(schedule.zone, from).ms}, by_wall_clock);
    if (!moved) return std::nullopt;
    moved = to_utc(schedule.zone, LocalTime{moved->ms});
  }
  if (__builtin_add_overflow(moved->ms, rest, &moved->ms) || *moved >= end_of_time) return std::nullopt;
  return std::max(*moved, first_possible);
}

// The first point of the grid start, start + period, start + 2 periods ... that is after `bound`.
std::optional<Timestamp> next_on_grid(const Schedule& schedule, Timestamp start, Timestamp bound) {
  if (start > bound) return start;
  const auto after_bound = [&](std::int64_t count) {
    const auto point = add_periods(schedule, start, count);
    return !point || *point > bound;
  };
  std::int64_t below = 0;  // this many periods are not after the bound
  std::int64_t above = 1;
  while (!after_bound(above)) {
    below = above;
    above *= 2;
  }
  while (above - below > 1) {
    const std::int64_t middle = below + (above - below) / 2;
    (after_bound(middle) ? above : below) = middle;
  }
  return add_periods(schedule, start, above);
}

}  // namespace

Result<Schedule> parse_schedule(TimerKind kind, std::string_view source) {
  const std::string_view text = trimmed(source);
  if (text.empty()) return fail(ErrorCode::invalid_argument, "the timer has no time: the text is empty");
  if (text.size() > limits::timer_text_bytes_max) return refuse(text, "is too long for a timer");
  Schedule schedule;
  if (kind == TimerKind::cycle) {
    Result<Schedule> cycle = parse_cycle(text);
    if (!cycle) return cycle;
    schedule = std::move(*cycle);
  } else if (kind == TimerKind::date) {
    const Result<ZonedTime> date = parse_date(text);
    if (!date) return fail(date.error());
    schedule.start = date->time;
    schedule.zone = date->zone;
  } else {
    const Result<Schedule::Period> period = parse_period(text);
    if (!period) return fail(period.error());
    schedule.period = *period;
  }
  schedule.kind = kind;
  schedule.text = std::string(text);
  return schedule;
}

std::optional<Timestamp> first_due(const Schedule& schedule, Timestamp now) {
  if (schedule.kind == TimerKind::date) return std::max(*schedule.start, first_possible);
  if (schedule.cron) return next_time(*schedule.cron, schedule.zone, now);
  if (schedule.start) return next_on_grid(schedule, *schedule.start, Timestamp{now.ms - 1});
  return add_periods(schedule, now, 1);
}

std::optional<Timestamp> next_due(const Schedule& schedule, Timestamp previous_due, Timestamp now) {
  if (schedule.kind != TimerKind::cycle) return std::nullopt;
  const Timestamp bound = schedule.repetitions < 0 ? std::max(previous_due, now) : previous_due;
  if (schedule.cron) return next_time(*schedule.cron, schedule.zone, bound);
  return next_on_grid(schedule, schedule.start.value_or(previous_due), bound);
}

std::string anchored_text(const Schedule& schedule, Timestamp now) {
  if (schedule.kind != TimerKind::cycle) return {};
  if (schedule.cron || schedule.start) return schedule.text;
  const std::string count = schedule.repetitions < 0 ? "" : std::to_string(schedule.repetitions);
  return "R" + count + "/" + format_iso8601(now) + "/" + schedule.period_text;
}

}  // namespace fermata
