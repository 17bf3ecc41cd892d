// Jobs: leases with fencing, completion, failure with retries, BPMN errors. Invariants I17, I18, I21, I22.
#include <algorithm>

#include "engine/base/schedule.h"
#include "engine/base/text.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/incidents.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/propagation.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/commands.h"

namespace fermata {
namespace {

struct Holder {
  const std::optional<std::int64_t>& lease;
  const std::optional<std::string>& worker;
};

// The job, if it is still to be done and the caller may speak for it.
tl::expected<Job, Rejection> find_held(const Execution& x, JobKey key, const Holder& holder) {
  const Job* job = x.state().jobs.find(key);
  if (job == nullptr || !is_live(job->status)) {
    return rejected(RejectionCode::not_found, "there is no open job " + key.text() + ": it has ended, or never was");
  }
  if (holder.lease && *holder.lease != job->lease) {
    return rejected(RejectionCode::invalid_state, "job " + key.text() + " was given to another worker since this lease: its lease is " +
                                                      std::to_string(job->lease) + ", not " + std::to_string(*holder.lease));
  }
  if (holder.worker && *holder.worker != job->worker) {
    return rejected(RejectionCode::invalid_state, "job " + key.text() + " is locked by worker '" + job->worker + "', not by '" + *holder.worker + "'");
  }
  return *job;
}

// Whoever speaks for a worker has had its say once the retries are spent. A caller without worker and lease is a person, who may
// settle what the worker left open: what was called did happen, or is an error of the process (I21: the incident ends with it).
enum class WithoutRetries : unsigned char { refused, settled };

tl::expected<Job, Rejection> find_to_end(const Execution& x, JobKey key, const Holder& holder, WithoutRetries without) {
  tl::expected<Job, Rejection> job = find_held(x, key, holder);
  const bool person = !holder.lease && !holder.worker;
  if (job && job->status == JobStatus::out_of_retries && !(person && without == WithoutRetries::settled)) {
    return rejected(RejectionCode::invalid_state, "job " + key.text() + " has no retries left: resolve incident " + job->incident.text() + " first");
  }
  return job;
}

// camunda:failedJobRetryTimeCycle: the delays in order, the last one again and again.
std::optional<Duration> modelled_delay(const Execution& x, const Job& job) {
  const Element& element = x.element_of(job.element_instance);
  if (!element.job || element.job->retry_delays.empty()) return std::nullopt;
  const auto& delays = element.job->retry_delays;
  const auto index = std::min<std::size_t>(static_cast<std::size_t>(failures_before(x, job)), delays.size() - 1);
  const Result<Schedule> delay = parse_schedule(TimerKind::duration, delays[index]);
  if (!delay) return std::nullopt;
  const std::optional<Timestamp> due = first_due(*delay, x.now());
  return due ? std::optional(*due - x.now()) : std::nullopt;
}

struct JobOutcome {
  const std::string& message;
  const std::string& details;
  const Variables& variables;
  const Variables& local_variables;
};

// camunda:errorEventDefinition: the first condition that holds turns the failure, or the completion, into a BPMN error.
std::optional<std::string> error_code_for(const Execution& x, const Job& job, const JobOutcome& outcome) {
  const Element& element = x.element_of(job.element_instance);
  if (!element.job || element.job->error_conditions.empty()) return std::nullopt;
  Variables seen = {{"errorMessage", Value::string(outcome.message)}, {"errorDetails", Value::string(outcome.details)}};
  for (const Variables& more : {outcome.local_variables, outcome.variables, x.state().visible_variables(job.element_instance)}) {
    seen.insert(seen.end(), more.begin(), more.end());
  }
  const ListedVariables variables(seen);
  for (const auto& [condition, code] : element.job->error_conditions) {
    const Result<Value> holds = condition->evaluate({variables, x.now()});
    if (!holds || !holds->is_boolean() || !holds->as_boolean()) continue;
    const Result<Value> text = code->evaluate({variables, x.now()});
    if (text) return scalar_text(*text);
  }
  return std::nullopt;
}

std::string bounded(const std::string& text) { return std::string(utf8_prefix(text, limits::history_error_bytes_max)); }

void end_by_error(Execution& x, const Job& job, const Thrown& error) {
  x.emit(JobEnded{job.key, JobStatus::error_thrown, error.code, bounded(error.message), x.now()});
  throw_error(x, job.element_instance, error);
}

}  // namespace

Verdict decide_command(Execution& x, const LockJob& command) {
  const Job* job = x.state().jobs.find(command.job);
  if (job == nullptr || !is_live(job->status) || job->status == JobStatus::out_of_retries || job->available_at > x.now()) {
    return rejected(RejectionCode::invalid_state, "job " + command.job.text() + " is not available");
  }
  x.emit(JobLocked{command.job, command.worker, job->lease + 1, x.now() + command.timeout});
  return {};
}

Verdict decide_command(Execution& x, const CompleteJob& command) {
  const auto job = find_to_end(x, command.job, {command.lease, command.worker}, WithoutRetries::settled);
  if (!job) return tl::unexpected(job.error());
  // Before anything else can go wrong: an element has one incident at a time.
  if (job->incident) resolve_incident(x, job->element_instance);
  const JobOutcome outcome{job->error_message, job->error_details, command.variables, command.local_variables};
  if (const std::optional<std::string> code = error_code_for(x, *job, outcome)) {
    end_by_error(x, *job, {*code, {}, command.variables});
    return {};
  }
  x.emit(JobEnded{.key = job->key, .status = JobStatus::completed, .error_code = {}, .error_message = {}, .at = x.now()});
  take_result(x, job->element_instance, command.variables);
  set_local_variables(x, job->element_instance, command.local_variables);
  x.push(CompleteStep{job->element_instance});
  return {};
}

Verdict decide_command(Execution& x, const FailJob& command) {
  const auto job = find_to_end(x, command.job, {command.lease, command.worker}, WithoutRetries::refused);
  if (!job) return tl::unexpected(job.error());
  if (const std::optional<std::string> code = error_code_for(x, *job, {command.message, command.details, command.variables, {}})) {
    end_by_error(x, *job, {*code, command.message, command.variables});
    return {};
  }
  set_local_variables(x, job->element_instance, command.variables);
  const std::int32_t retries = command.ambiguous ? 0 : std::max(command.retries.value_or(job->retries - 1), 0);
  const Duration delay = command.retry_after ? *command.retry_after : modelled_delay(x, *job).value_or(backoff_after(*job, failures_before(x, *job), x.options()));
  const Timestamp retry_at = retries > 0 && delay.ms > 0 ? x.now() + delay : never;
  x.emit(JobFailed{job->key, retries, retry_at, bounded(command.message), bounded(command.details)});
  if (retries == 0) {
    const IncidentType type = command.ambiguous ? IncidentType::ambiguous_outcome : IncidentType::job_no_retries;
    raise_incident(x, job->element_instance, {type, command.message.empty() ? "the job failed without a message" : command.message}, job->key);
  } else if (retry_at == never) {
    x.request(JobAvailable{job->key, x.state().instance.key, job->type});
  }
  return {};
}

Verdict decide_command(Execution& x, const ThrowJobError& command) {
  const auto job = find_to_end(x, command.job, {command.lease, command.worker}, WithoutRetries::settled);
  if (!job) return tl::unexpected(job.error());
  if (job->incident) resolve_incident(x, job->element_instance);
  end_by_error(x, *job, {command.code, command.message, command.variables});
  return {};
}

Verdict decide_command(Execution& x, const UpdateJob& command) {
  const auto job = find_held(x, command.job, {command.lease, command.worker});
  if (!job) return tl::unexpected(job.error());
  if (command.retries && *command.retries < 1) {
    return rejected(RejectionCode::invalid_argument, "the retries of a job must be at least 1, but are " + std::to_string(*command.retries));
  }
  if (command.timeout && job->status != JobStatus::locked) {
    return rejected(RejectionCode::invalid_state, "job " + job->key.text() + " is not locked, so it has no timeout to change");
  }
  if (command.retries || command.priority) {
    x.emit(JobUpdated{job->key, command.retries.value_or(job->retries), command.priority.value_or(job->priority)});
  }
  if (command.timeout) {
    x.emit(JobLeaseChanged{job->key, command.timeout->ms > 0 ? x.now() + *command.timeout : never});
    if (command.timeout->ms <= 0) x.request(JobAvailable{job->key, x.state().instance.key, job->type});
  }
  return {};
}

Verdict decide_command(Execution& x, const ReturnJob& command) {
  const auto job = find_held(x, command.job, {command.lease, std::nullopt});
  if (!job) return tl::unexpected(job.error());
  if (job->status != JobStatus::locked) return rejected(RejectionCode::invalid_state, "job " + job->key.text() + " is not locked");
  x.emit(JobReturned{job->key});
  x.request(JobAvailable{job->key, x.state().instance.key, job->type});
  return {};
}

}  // namespace fermata
