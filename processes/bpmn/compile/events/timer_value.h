// Whether a fixed timer text is one that the runtime will understand. Pure.
//
//   is_timer_cycle("R3/PT10H")           ->  true
//   is_timer_cycle("0 0 9-17 * * MON-FRI")  ->  true
#pragma once

#include <string_view>

namespace fermata::bpmn {

/// ISO 8601 date and time; without an offset it is read as UTC.
[[nodiscard]] bool is_timer_date(std::string_view text);
/// ISO 8601 duration, not negative.
[[nodiscard]] bool is_timer_duration(std::string_view text);
/// R[n]/[start/]duration[/end], or a cron expression of six fields or a macro such as @daily.
[[nodiscard]] bool is_timer_cycle(std::string_view text);

}  // namespace fermata::bpmn
