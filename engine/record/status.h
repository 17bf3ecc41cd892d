// The states of the five lifecycles, and the reasons of incidents. The legal changes between them: engine/lifecycle.
//
// Floor 1. Values are explicit because rows keep them: never renumber, only append.
#pragma once

#include <cstdint>
#include <string_view>

namespace fermata {

enum class InstanceStatus : std::uint8_t { active = 1, completed = 2, terminated = 3 };

/// BPMN 2.0.2, figure 13.2, without the states that last no longer than one command here: termination and compensation of an
/// element are finished within the command that causes them. "activating" and "completing" rest only with an incident.
enum class ElementStatus : std::uint8_t { activating = 1, active = 2, completing = 3, completed = 4, terminated = 5 };

enum class JobStatus : std::uint8_t {
  ready = 1,           ///< may be locked by a worker
  locked = 2,          ///< a worker holds the lease until `available_at`; then it may be locked again
  backing_off = 3,     ///< failed with retries left; may be locked from `available_at`
  out_of_retries = 4,  ///< failed for good, an incident is open
  completed = 5,
  error_thrown = 6,    ///< ended by a BPMN error
  canceled = 7,        ///< its element was terminated
};

enum class UserTaskStatus : std::uint8_t { created = 1, assigned = 2, completed = 3, canceled = 4 };

enum class IncidentStatus : std::uint8_t { active = 1, resolved = 2 };

enum class IncidentType : std::uint8_t {
  job_no_retries = 1,         ///< an activity failed and its retries are spent
  condition_error = 2,        ///< no outgoing flow of a gateway is true, or a condition is not a boolean
  io_mapping_error = 3,
  extract_value_error = 4,    ///< an expression of the model (job type, assignee, timer, correlation key ...) gave no usable value
  called_element_error = 5,   ///< the process of a call activity is not deployed, or calls are nested too deeply
  called_decision_error = 6,
  unhandled_error = 7,        ///< a BPMN error that no boundary event or event subprocess catches
  script_error = 8,
  ambiguous_outcome = 9,      ///< an outside call may or may not have happened, and a repeat is not safe
  limit_exceeded = 10,        ///< too many steps, instances, levels or bytes, or what follows cannot be carried out: mostly an endless loop in the model
};

[[nodiscard]] constexpr bool is_live(ElementStatus status) { return status < ElementStatus::completed; }
[[nodiscard]] constexpr bool is_live(JobStatus status) { return status < JobStatus::completed; }
[[nodiscard]] constexpr bool is_live(UserTaskStatus status) { return status < UserTaskStatus::completed; }

[[nodiscard]] std::string_view name_of(InstanceStatus status);
[[nodiscard]] std::string_view name_of(ElementStatus status);
[[nodiscard]] std::string_view name_of(JobStatus status);
[[nodiscard]] std::string_view name_of(UserTaskStatus status);
[[nodiscard]] std::string_view name_of(IncidentStatus status);
[[nodiscard]] std::string_view name_of(IncidentType type);  ///< as /v2 shows it: "JOB_NO_RETRIES"

}  // namespace fermata
