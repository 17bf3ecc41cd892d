#include "engine/record/status.h"

namespace fermata {

std::string_view name_of(InstanceStatus status) {
  switch (status) {
    case InstanceStatus::active: return "ACTIVE";
    case InstanceStatus::completed: return "COMPLETED";
    case InstanceStatus::terminated: return "TERMINATED";
  }
  return "UNKNOWN";
}

std::string_view name_of(ElementStatus status) {
  switch (status) {
    case ElementStatus::activating: return "ACTIVATING";
    case ElementStatus::active: return "ACTIVE";
    case ElementStatus::completing: return "COMPLETING";
    case ElementStatus::completed: return "COMPLETED";
    case ElementStatus::terminated: return "TERMINATED";
  }
  return "UNKNOWN";
}

std::string_view name_of(JobStatus status) {
  switch (status) {
    case JobStatus::ready: return "READY";
    case JobStatus::locked: return "LOCKED";
    case JobStatus::backing_off: return "BACKING_OFF";
    case JobStatus::out_of_retries: return "OUT_OF_RETRIES";
    case JobStatus::completed: return "COMPLETED";
    case JobStatus::error_thrown: return "ERROR_THROWN";
    case JobStatus::canceled: return "CANCELED";
  }
  return "UNKNOWN";
}

std::string_view name_of(UserTaskStatus status) {
  switch (status) {
    case UserTaskStatus::created: return "CREATED";
    case UserTaskStatus::assigned: return "ASSIGNED";
    case UserTaskStatus::completed: return "COMPLETED";
    case UserTaskStatus::canceled: return "CANCELED";
  }
  return "UNKNOWN";
}

std::string_view name_of(IncidentStatus status) { return status == IncidentStatus::active ? "ACTIVE" : "RESOLVED"; }

std::string_view name_of(IncidentType type) {
  switch (type) {
    case IncidentType::job_no_retries: return "JOB_NO_RETRIES";
    case IncidentType::condition_error: return "CONDITION_ERROR";
    case IncidentType::io_mapping_error: return "IO_MAPPING_ERROR";
    case IncidentType::extract_value_error: return "EXTRACT_VALUE_ERROR";
    case IncidentType::called_element_error: return "CALLED_ELEMENT_ERROR";
    case IncidentType::called_decision_error: return "CALLED_DECISION_ERROR";
    case IncidentType::unhandled_error: return "UNHANDLED_ERROR_EVENT";
    case IncidentType::script_error: return "SCRIPT_ERROR";
    case IncidentType::ambiguous_outcome: return "AMBIGUOUS_OUTCOME";
    case IncidentType::limit_exceeded: return "LIMIT_EXCEEDED";
  }
  return "UNKNOWN";
}

}  // namespace fermata
