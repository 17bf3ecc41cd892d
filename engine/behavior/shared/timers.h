// Timer texts of the model turned into pending timers.
#pragma once

#include <string>

#include "engine/behavior/execution.h"

namespace fermata {

/// A timer that is set up now; its expression is evaluated in `scope`.
[[nodiscard]] Attempted<Timer> prepare_timer(Execution& x, const Element& event, ElementInstanceKey scope);

/// The same from a text that is known already (start timers of a process). never as due: it would not fire any more.
[[nodiscard]] Result<Timer> timer_from_text(TimerDefinition::Type type, std::string_view text, Timestamp now);

/// When the timer fires after this occurrence; never: this was the last one.
[[nodiscard]] Timestamp next_occurrence(const Timer& timer, Timestamp now);

/// A due or follow-up date: a date-time, a date, or a duration from now.
[[nodiscard]] Attempted<Timestamp> parse_point_in_time(std::string_view text, Timestamp now, std::string_view what);

}  // namespace fermata
