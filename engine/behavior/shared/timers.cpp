#include "engine/behavior/shared/timers.h"

#include "engine/base/schedule.h"
#include "engine/behavior/shared/expressions.h"

namespace fermata {
namespace {

TimerKind kind_of(TimerDefinition::Type type) {
  switch (type) {
    case TimerDefinition::Type::date: return TimerKind::date;
    case TimerDefinition::Type::duration: return TimerKind::duration;
    case TimerDefinition::Type::cycle: return TimerKind::cycle;
  }
  return TimerKind::duration;
}

}  // namespace

Result<Timer> timer_from_text(TimerDefinition::Type type, std::string_view text, Timestamp now) {
  const Result<Schedule> schedule = parse_schedule(kind_of(type), text);
  if (!schedule) return fail(schedule.error());
  Timer timer;
  timer.due = first_due(*schedule, now).value_or(never);
  timer.repetitions_left = schedule->repetitions < 0 ? -1 : schedule->repetitions - 1;
  timer.cycle = anchored_text(*schedule, now);
  return timer;
}

Attempted<Timer> prepare_timer(Execution& x, const Element& event, ElementInstanceKey scope) {
  const Attempted<std::string> text = evaluate_text(x, *event.timer->expression, scope, "the timer of '" + event.id + "'");
  if (!text) return tl::unexpected(text.error());
  Result<Timer> timer = timer_from_text(event.timer->type, *text, x.now());
  if (!timer) return failed(IncidentType::extract_value_error, "the timer of '" + event.id + "': " + timer.error().message);
  if (timer->due == never) {
    return failed(IncidentType::extract_value_error, "the timer of '" + event.id + "' ('" + *text + "') would never fire");
  }
  timer->element = event.index;
  timer->element_id = event.id;
  return std::move(*timer);
}

Timestamp next_occurrence(const Timer& timer, Timestamp now) {
  if (timer.cycle.empty() || timer.repetitions_left == 0) return never;
  const Result<Schedule> schedule = parse_schedule(TimerKind::cycle, timer.cycle);
  if (!schedule) return never;
  return next_due(*schedule, timer.due, now).value_or(never);
}

Attempted<Timestamp> parse_point_in_time(std::string_view text, Timestamp now, std::string_view what) {
  if (const Result<Schedule> date = parse_schedule(TimerKind::date, text)) {
    return first_due(*date, now).value_or(never);
  }
  if (const Result<Schedule> duration = parse_schedule(TimerKind::duration, text)) {
    return first_due(*duration, now).value_or(never);
  }
  const Result<Schedule> midnight = parse_schedule(TimerKind::date, std::string(text) + "T00:00:00Z");
  if (midnight) return first_due(*midnight, now).value_or(never);
  return failed(IncidentType::extract_value_error, std::string(what) + " '" + std::string(text.substr(0, 200)) +
                                                       "' is not a date-time like 2026-11-21T10:00:00Z, a date or a duration like P3D");
}

}  // namespace fermata
