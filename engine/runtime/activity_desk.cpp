#include "engine/runtime/activity_desk.h"

#include <algorithm>

namespace fermata::runtime {
namespace {

constexpr std::size_t jobs_per_poll_max = 64;

Work result_of(const std::string& type, ClientCommand command) {
  Work work;
  work.kind = Work::Kind::activity_result;
  work.type = type;
  work.request.command = std::move(command);
  work.request.actor = "activity:" + type;
  return work;
}

}  // namespace

ClientCommand command_for(const Job& job, ActivityRunner::Outcome outcome) {
  if (auto* completed = std::get_if<ActivityRunner::Completed>(&outcome)) {
    CompleteJob command;
    command.job = job.key;
    command.lease = job.lease;
    command.variables = std::move(completed->variables);
    return command;
  }
  if (auto* error = std::get_if<ActivityRunner::BpmnError>(&outcome)) {
    ThrowJobError command;
    command.job = job.key;
    command.lease = job.lease;
    command.code = std::move(error->code);
    command.message = std::move(error->message);
    command.variables = std::move(error->variables);
    return command;
  }
  if (std::holds_alternative<ActivityRunner::NotStarted>(outcome)) return ReturnJob{job.key, job.lease};
  auto& failed = std::get<ActivityRunner::Failed>(outcome);
  FailJob command;
  command.job = job.key;
  command.lease = job.lease;
  if (!failed.retryable) command.retries = 0;
  command.retry_after = failed.retry_after;
  command.message = std::move(failed.message);
  command.details = std::move(failed.details);
  command.ambiguous = failed.ambiguous;
  return command;
}

ActivityDesk::ActivityDesk(std::shared_ptr<ActivityRunner> runner, std::shared_ptr<CommandQueue> answers)
    : runner_(std::move(runner)), answers_(std::move(answers)) {
  if (!runner_) return;
  const std::vector<std::string> types = runner_->types();
  types_.insert(types.begin(), types.end());
}

void ActivityDesk::jobs_freed(const std::string& type) {
  if (types_.contains(type)) pending_.insert(type);
}

std::vector<Work> ActivityDesk::polls() {
  std::vector<Work> made;
  if (!leasing_) return made;
  for (auto at = pending_.begin(); at != pending_.end();) {
    const std::size_t free = runner_->capacity(*at);
    const std::size_t places = free - std::min(free, leased_[*at]);
    if (places == 0) {
      ++at;
      continue;
    }
    Work work;
    work.kind = Work::Kind::activity_poll;
    work.type = *at;
    ActivateJobs::Topic topic;
    topic.type = *at;
    topic.timeout = Duration{runner_->deadline(*at).ms + lease_slack.ms};
    topic.mapped_variables_only = true;  // any other would steer the call past the author of the model
    ActivateJobs poll;
    poll.topics.push_back(std::move(topic));
    poll.worker = std::string(activity_worker);
    poll.max_jobs = std::min(places, jobs_per_poll_max);
    work.request.command = std::move(poll);
    work.request.actor = "engine";
    made.push_back(std::move(work));
    at = pending_.erase(at);
  }
  return made;
}

void ActivityDesk::leases_over(const std::string& type, std::size_t jobs) {
  std::size_t& leased = leased_[type];
  leased -= std::min(leased, jobs);
}

std::vector<Work> ActivityDesk::run(const std::string& type, std::vector<ActivatedJob> jobs, std::size_t asked) {
  if (jobs.size() >= asked) pending_.insert(type);  // there may be more
  std::vector<Work> refused;
  for (ActivatedJob& activated : jobs) {
    ActivityRunner::Call call;
    const Job job = activated.job;
    call.job = std::move(activated.job);
    call.instance = activated.instance;
    call.process_id = activated.definition.process_id;
    call.business_key = std::move(activated.business_key);
    call.variables = std::move(activated.variables);
    call.fixed_inputs = std::move(activated.fixed_inputs);
    ++running_;
    auto done = [answers = answers_, job, type](ActivityRunner::Outcome outcome) {
      // When the queue is shut the engine is gone: the lease of the job ends by itself, and it runs again after a restart.
      (void)answers->push_reserved(result_of(type, command_for(job, std::move(outcome))));
    };
    if (runner_->run(std::move(call), std::move(done))) continue;
    refused.push_back(result_of(type, ReturnJob{job.key, job.lease}));
  }
  return refused;
}

void ActivityDesk::answered() {
  if (running_ > 0) --running_;
}

}  // namespace fermata::runtime
