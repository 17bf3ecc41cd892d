// The five lifecycles: which change of state is legal. Small closed sets, each a Boost.MSM machine in its own .cpp.
//
// Floor 2, pure. apply() asks here before it changes a status: a change that is not in the tables is a defect of ours, and the
// commands ask here before they promise one. docs/LIFECYCLES.md shows every state against every trigger, generated from the machines.
//
//   step(JobStatus::ready, JobTrigger::lock)                      ->  JobStatus::locked
//   step(JobStatus::completed, JobTrigger::lock)                  ->  nullopt: not legal
//   step(element.status, *trigger_for(ElementStatus::completing)) ->  the wished state, or nullopt
//
// Thread safety: every function may be called from any thread. None allocates, but describe_*().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/record/status.h"

namespace fermata {

enum class InstanceTrigger : std::uint8_t { complete, terminate };

enum class ElementTrigger : std::uint8_t {
  activate,          ///< its input is mapped and its wait is set up
  begin_completion,  ///< what it waited for has happened; output mapping is next
  complete,          ///< the token leaves; straight from activating when the element does not wait
  terminate,         ///< from any live state
};

enum class JobTrigger : std::uint8_t {
  lock,               ///< a worker takes it; from locked: the lease before is over
  prolong,            ///< the holder gets more time
  release,            ///< the lease is given back
  fail_with_retries,  ///< failed, will be tried again after a pause (which may be zero)
  fail_finally,       ///< failed for good; an incident opens
  ready_again,        ///< the incident was resolved, or the pause was cut short
  complete,           ///< Camunda 8 allows it without a lock; Camunda 7's rule is checked by its command
  throw_error,
  cancel,             ///< its element was terminated; from any live state
};

/// Assigning an assigned task and unassigning an unassigned one are legal and change nothing but the assignee.
enum class UserTaskTrigger : std::uint8_t { assign, unassign, complete, cancel };

enum class IncidentTrigger : std::uint8_t { resolve };

/// The state after the trigger, or nullopt when the lifecycle does not know this change. Ended states know none.
[[nodiscard]] std::optional<InstanceStatus> step(InstanceStatus from, InstanceTrigger trigger);
[[nodiscard]] std::optional<ElementStatus> step(ElementStatus from, ElementTrigger trigger);
[[nodiscard]] std::optional<JobStatus> step(JobStatus from, JobTrigger trigger);
[[nodiscard]] std::optional<UserTaskStatus> step(UserTaskStatus from, UserTaskTrigger trigger);
[[nodiscard]] std::optional<IncidentStatus> step(IncidentStatus from, IncidentTrigger trigger);

/// The trigger whose outcome is this state, for events that carry the state they lead to; nullopt: no trigger leads there, or (for
/// jobs that have not ended) more than one does.
[[nodiscard]] std::optional<InstanceTrigger> trigger_for(InstanceStatus target);
[[nodiscard]] std::optional<ElementTrigger> trigger_for(ElementStatus target);
[[nodiscard]] std::optional<JobTrigger> trigger_for(JobStatus target);
[[nodiscard]] std::optional<UserTaskTrigger> trigger_for(UserTaskStatus target);

[[nodiscard]] std::string_view name_of(InstanceTrigger trigger);
[[nodiscard]] std::string_view name_of(ElementTrigger trigger);
[[nodiscard]] std::string_view name_of(JobTrigger trigger);
[[nodiscard]] std::string_view name_of(UserTaskTrigger trigger);
[[nodiscard]] std::string_view name_of(IncidentTrigger trigger);

/// All states against all triggers of all five machines, as the machines answer: the golden text of tests/golden/lifecycles.txt.
[[nodiscard]] std::string describe_lifecycles();
/// The same as the page docs/LIFECYCLES.md.
[[nodiscard]] std::string describe_lifecycles_markdown();

}  // namespace fermata
