// After the commit: answers, waiters, activities, and when to look again. Losing any of this is harmless, doing it early is not.
#include <optional>
#include <tuple>
#include <utility>

#include "engine/runtime/loop.h"

namespace fermata::runtime {
namespace {

constexpr std::int64_t retry_ms = 1'000;
constexpr std::size_t watched_types_max = 10'000;

}  // namespace

void Loop::deliver(std::span<Work> works) {
  std::uint64_t rejections = 0;
  for (const Work& work : works) {
    if (work.execution && !work.execution->outcome) ++rejections;
  }
  {
    const std::lock_guard lock(counters_mutex_);
    counters_.commands += works.size();
    counters_.rejections += rejections;
  }
  for (Work& work : works) deliver(work);
  // After the answers, so that who awaits an instance that ended at once is known already.
  for (const Work& work : works) {
    if (!work.execution) continue;
    for (const Effect& effect : work.execution->effects) {
      if (const auto* finished = std::get_if<InstanceFinished>(&effect)) awaits_.finished(*finished);
    }
  }
}

void Loop::deliver(Work& work) {
  switch (work.kind) {
    case Work::Kind::client: return deliver_client(work);
    case Work::Kind::poll: return deliver_poll(work);
    case Work::Kind::activity_poll: return deliver_activity_poll(work);
    case Work::Kind::activity_result: return deliver_activity_result(work);
    case Work::Kind::timer: {
      const auto& timer = std::get<FireTimer>(work.request.command).timer;
      if (!work.execution->outcome) stuck_timers_[timer] = Monotonic{monotonic().ms + retry_ms};
      return;
    }
    case Work::Kind::expire_messages: return;
  }
}

void Loop::deliver_client(Work& work) {
  Outcome& outcome = work.execution->outcome;
  if (!work.awaiter) return work.done(std::move(outcome));
  if (!outcome) return work.awaiter->done(tl::expected<Engine::Awaited, Rejection>(tl::unexpect, std::move(outcome.error())));
  const auto& created = std::get<InstanceCreated>(*outcome);
  awaits_.add(created, work.awaiter);
  // A repeated request names an instance that may have ended long ago.
  if (!work.request.idempotency_key.empty()) answer_if_ended(created);
}

void Loop::answer_if_ended(const InstanceCreated& created) {
  const auto row = options_.store->lookups().find_instance(created.instance);
  if (!row || !*row || (*row)->status == InstanceStatus::active) return;
  // Its end may be decided only; a session shows what is durable. Without an answer here, the delivery of that end brings it.
  auto session = options_.store->read();
  if (!session) return;
  const auto durable = (*session)->instance(created.instance);
  if (!durable || !*durable || (*durable)->instance.status == InstanceStatus::active) return;
  auto variables = (*session)->visible_variables(root_scope(created.instance));
  if (!variables) return;
  awaits_.finished(InstanceFinished{created.instance, (*durable)->instance.status == InstanceStatus::completed, std::move(*variables)});
}

void Loop::deliver_poll(Work& work) {
  if (work.parked) {
    for (const ActivateJobs::Topic& topic : work.poll->request.topics) {
      if (!agenda_.watches(topic.type)) types_to_watch_.insert(topic.type);
    }
    return;
  }
  Outcome& outcome = work.execution->outcome;
  const bool no_place = outcome && work.poll->wait.ms > 0 && std::get<JobsActivated>(*outcome).jobs.empty() && !draining_;
  if (no_place) {
    return work.poll->answer(fail(ErrorCode::resource_exhausted, "Too many requests are waiting for jobs; try again later."));
  }
  work.poll->answer(std::move(outcome));
}

void Loop::deliver_activity_poll(Work& work) {
  forget_leases(work);
  if (!work.execution->outcome) return;
  const std::size_t asked = std::get<ActivateJobs>(work.request.command).max_jobs;
  std::vector<Work> refused = activities_.run(work.type, std::move(std::get<JobsActivated>(*work.execution->outcome).jobs), asked);
  for (Work& give_back : refused) internal_.push_back(std::move(give_back));
}

void Loop::deliver_activity_result(Work& work) {
  const Outcome& outcome = work.execution->outcome;
  const bool gone = !outcome && (outcome.error().code == RejectionCode::not_found || outcome.error().code == RejectionCode::invalid_state);
  if (outcome || gone || !refuse_result(work, outcome.error().reason)) activities_.answered();
}

// An activity's answer is not acceptable (too large, for one): without a failure the job would run again when its lease ends. False: it
// is no answer of an activity that could be refused.
bool Loop::refuse_result(const Work& work, const std::string& why) {
  const auto job = std::visit(
      [](const auto& command) -> std::optional<std::pair<JobKey, decltype(FailJob::lease)>> {
        using Command = std::remove_cvref_t<decltype(command)>;
        if constexpr (std::is_same_v<Command, CompleteJob> || std::is_same_v<Command, ThrowJobError>) return std::pair(command.job, command.lease);
        return std::nullopt;
      },
      work.request.command);
  if (!job) return false;
  FailJob failure;
  std::tie(failure.job, failure.lease) = *job;
  failure.retries = 0;
  failure.ambiguous = std::holds_alternative<CompleteJob>(work.request.command);  // the outside has done it
  failure.message = "The result of the activity was refused: " + why;
  Work again;
  again.kind = Work::Kind::activity_result;
  again.type = work.type;
  again.request.command = std::move(failure);
  again.request.actor = work.request.actor;
  internal_.push_back(std::move(again));
  return true;
}

// Asks the store for the times that this batch may have changed in ways that its facts do not tell.
void Loop::refresh_agenda() {
  if (!healthy()) return;
  StoreLookups& lookups = options_.store->lookups();
  // What cannot be asked now is asked the next time: while commits are lost, the store answers nothing that rests on them.
  if (timers_changed_) {
    const auto next = lookups.next_timer_due();
    if (!next) return break_down(next.error());
    agenda_.set_next_timer(*next);
    timers_changed_ = false;
  }
  if (expiries_changed_) {
    const auto next = lookups.next_message_expiry();
    if (!next) return break_down(next.error());
    agenda_.set_next_expiry(*next);
    expiries_changed_ = false;
  }
  while (!types_to_watch_.empty()) {
    if (auto done = watch(*types_to_watch_.begin()); !done) return break_down(done.error());
    types_to_watch_.erase(types_to_watch_.begin());
  }
  if (agenda_.watched_types() > watched_types_max) {
    agenda_.prune_watched([this](const std::string& type) { return polls_.waits_for(type) || activities_.has(type); });
  }
}

Result<void> Loop::watch(const std::string& type) {
  if (!polls_.waits_for(type) && !activities_.has(type)) {
    agenda_.unwatch_type(type);
    return {};
  }
  const auto next = options_.store->lookups().next_job_available(type);
  if (!next) return fail(next.error());
  // A time that has passed means jobs that nobody here wants (filters) or has room for: look again, but not at once.
  const bool passed = *next && **next <= now_;
  agenda_.watch_type(type, passed ? Timestamp{now_.ms + retry_ms} : *next);
  return {};
}

}  // namespace fermata::runtime
