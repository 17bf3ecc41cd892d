// The names of the triggers, and which of them leads to a state.
#include "engine/lifecycle/lifecycle.h"

namespace fermata {

std::optional<InstanceTrigger> trigger_for(InstanceStatus target) {
  switch (target) {
    case InstanceStatus::active: return std::nullopt;
    case InstanceStatus::completed: return InstanceTrigger::complete;
    case InstanceStatus::terminated: return InstanceTrigger::terminate;
  }
  return std::nullopt;
}

std::optional<ElementTrigger> trigger_for(ElementStatus target) {
  switch (target) {
    case ElementStatus::activating: return std::nullopt;
    case ElementStatus::active: return ElementTrigger::activate;
    case ElementStatus::completing: return ElementTrigger::begin_completion;
    case ElementStatus::completed: return ElementTrigger::complete;
    case ElementStatus::terminated: return ElementTrigger::terminate;
  }
  return std::nullopt;
}

std::optional<JobTrigger> trigger_for(JobStatus target) {
  switch (target) {
    case JobStatus::ready:
    case JobStatus::locked: return std::nullopt;
    case JobStatus::backing_off: return JobTrigger::fail_with_retries;
    case JobStatus::out_of_retries: return JobTrigger::fail_finally;
    case JobStatus::completed: return JobTrigger::complete;
    case JobStatus::error_thrown: return JobTrigger::throw_error;
    case JobStatus::canceled: return JobTrigger::cancel;
  }
  return std::nullopt;
}

std::optional<UserTaskTrigger> trigger_for(UserTaskStatus target) {
  switch (target) {
    case UserTaskStatus::created: return UserTaskTrigger::unassign;
    case UserTaskStatus::assigned: return UserTaskTrigger::assign;
    case UserTaskStatus::completed: return UserTaskTrigger::complete;
    case UserTaskStatus::canceled: return UserTaskTrigger::cancel;
  }
  return std::nullopt;
}

std::string_view name_of(InstanceTrigger trigger) {
  switch (trigger) {
    case InstanceTrigger::complete: return "complete";
    case InstanceTrigger::terminate: return "terminate";
  }
  return "unknown";
}

std::string_view name_of(ElementTrigger trigger) {
  switch (trigger) {
    case ElementTrigger::activate: return "activate";
    case ElementTrigger::begin_completion: return "begin completion";
    case ElementTrigger::complete: return "complete";
    case ElementTrigger::terminate: return "terminate";
  }
  return "unknown";
}

std::string_view name_of(JobTrigger trigger) {
  switch (trigger) {
    case JobTrigger::lock: return "lock";
    case JobTrigger::prolong: return "prolong";
    case JobTrigger::release: return "release";
    case JobTrigger::fail_with_retries: return "fail with retries";
    case JobTrigger::fail_finally: return "fail finally";
    case JobTrigger::ready_again: return "ready again";
    case JobTrigger::complete: return "complete";
    case JobTrigger::throw_error: return "throw error";
    case JobTrigger::cancel: return "cancel";
  }
  return "unknown";
}

std::string_view name_of(UserTaskTrigger trigger) {
  switch (trigger) {
    case UserTaskTrigger::assign: return "assign";
    case UserTaskTrigger::unassign: return "unassign";
    case UserTaskTrigger::complete: return "complete";
    case UserTaskTrigger::cancel: return "cancel";
  }
  return "unknown";
}

std::string_view name_of(IncidentTrigger trigger) {
  switch (trigger) {
    case IncidentTrigger::resolve: return "resolve";
  }
  return "unknown";
}

}  // namespace fermata
