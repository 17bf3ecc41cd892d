// FireTimer: of an instance, or of the start event of a process.
#include <algorithm>

#include "engine/behavior/shared/timers.h"
#include "engine/core/chain.h"

namespace fermata {

Result<Outcome> Chain::on(const FireTimer& command) {
  const Result<std::optional<ProcessInstanceKey>> instance = transaction_.instance_of(command.timer.raw());
  if (!instance) return fail(instance.error());
  if (*instance && **instance) return to_instance_of(command.timer.raw(), "timer", InstanceCommand(command));
  return fire_start_timer(command);
}

Result<Outcome> Chain::fire_start_timer(const FireTimer& command) {
  constexpr std::size_t due_at_once_max = 10'000;
  const auto due = transaction_.due_timers(context_.now, due_at_once_max);
  if (!due) return fail(due.error());
  const auto found = std::find_if(due->begin(), due->end(), [&](const FoundTimer& candidate) {
    return candidate.timer.key == command.timer && candidate.timer.occurrence == command.occurrence && !candidate.instance;
  });
  if (found == due->end()) {
    return Outcome(tl::unexpected(Rejection{RejectionCode::not_found, "start timer " + command.timer.text() + " is not due"}));
  }
  const Timer& timer = found->timer;
  const Timestamp next = next_occurrence(timer, context_.now);
  if (next != never) effects_.push_back(TimerArmed{next});
  if (Result<void> written = record(reserve(), "fireTimer", {TimerFired{timer.key, timer.occurrence, context_.now, next}}); !written) {
    return fail(written.error());
  }
  StartInstance start_command;
  start_command.instance = parts_.keys.make<ProcessInstanceKey>();
  start_command.definition = timer.definition;
  start_command.start_element = timer.element_id;
  return start(start_command);
}

}  // namespace fermata
