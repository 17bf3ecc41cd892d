#include "engine/behavior/shared/jobs.h"

#include <algorithm>

#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"

namespace fermata {

Attempt create_job(Execution& x, const Element& element, ElementInstanceKey key) {
  const JobDefinition& definition = *element.job;
  const Attempted<std::string> type = evaluate_text(x, *definition.type, key, "the job type");
  if (!type) return tl::unexpected(type.error());
  Job job;
  job.type = *type;
  job.retries = x.options().job_retries;
  if (definition.retries) {
    const auto retries = evaluate_integer(x, *definition.retries, key, "the retries");
    if (!retries) return tl::unexpected(retries.error());
    job.retries = static_cast<std::int32_t>(std::clamp<std::int64_t>(*retries, 1, 1'000'000));
  }
  if (definition.priority) {
    const auto priority = evaluate_integer(x, *definition.priority, key, "the job priority");
    if (!priority) return tl::unexpected(priority.error());
    job.priority = *priority;
  }
  job.key = x.new_key<JobKey>();
  job.element_instance = key;
  job.element_id = element.id;
  job.headers = definition.headers;
  job.created_at = x.now();
  const JobKey job_key = job.key;
  x.emit(JobCreated{std::move(job)});
  x.request(JobAvailable{job_key, x.state().instance.key, *type});
  set_active(x, key);
  return {};
}

void cancel_work(Execution& x, ElementInstanceKey key) {
  std::vector<JobKey> jobs;
  for (const Job& job : x.state().jobs) {
    if (job.element_instance == key && is_live(job.status)) jobs.push_back(job.key);
  }
  for (const JobKey job : jobs) x.emit(JobEnded{.key = job, .status = JobStatus::canceled, .error_code = {}, .error_message = {}, .at = x.now()});
  std::vector<UserTaskKey> tasks;
  for (const UserTask& task : x.state().user_tasks) {
    if (task.element_instance == key && is_live(task.status)) tasks.push_back(task.key);
  }
  for (const UserTaskKey task : tasks) x.emit(UserTaskEnded{task, UserTaskStatus::canceled, {}, x.now()});
}

int failures_before(const Execution& x, const Job& job) {
  const Element& element = x.element_of(job.element_instance);
  std::int64_t at_first = x.options().job_retries;
  if (element.job && element.job->retries) {
    if (const auto retries = evaluate_integer(x, *element.job->retries, job.element_instance, "the retries")) at_first = *retries;
  }
  return static_cast<int>(std::clamp<std::int64_t>(at_first - job.retries, 0, 1'000'000));
}

Duration backoff_after(const Job& job, int failures_before, const DecideOptions& options) {
  const int doublings = std::clamp(failures_before, 0, 30);
  const std::int64_t full = std::min(options.retry_backoff.ms << doublings, options.retry_backoff_max.ms);
  // splitmix64 of key and attempt: spreads, and is the same in every replay.
  std::uint64_t hash = static_cast<std::uint64_t>(job.key.raw()) * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(job.attempt);
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBULL;
  hash ^= hash >> 31;
  const std::int64_t jitter = full / 4 == 0 ? 0 : static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(full / 4));
  return Duration{full - jitter};
}

}  // namespace fermata
