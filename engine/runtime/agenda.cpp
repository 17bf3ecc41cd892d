#include "engine/runtime/agenda.h"

#include <algorithm>

namespace fermata::runtime {
namespace {

void lower(std::optional<Timestamp>& bound, Timestamp candidate) {
  if (!bound || candidate < *bound) bound = candidate;
}

}  // namespace

// Reads what an event means for the agenda. Events that mean nothing fall through to the template.
struct Agenda::Noter {
  Noted& noted;
  const Transition& transition;
  const InstanceState* after;

  void free_or_later(JobKey key, Timestamp at) const {
    const Job* job = after == nullptr ? nullptr : after->jobs.find(key);
    if (job == nullptr) return;
    if (at <= transition.at) {
      ++noted.freed_jobs[job->type];
    } else {
      noted.later_jobs.emplace_back(job->type, at);
    }
  }

  template <class Other>
  void operator()(const Other&) const {}

  void operator()(const TimerSet& event) const { lower(noted.timer, event.timer.due); }
  void operator()(const TimerFired& event) const {
    ++noted.counts.timers_fired;
    if (event.next_due != never) lower(noted.timer, event.next_due);
  }
  void operator()(const MessagePublished& event) const { lower(noted.expiry, event.message.expires_at); }
  void operator()(const JobCreated& event) const { ++noted.freed_jobs[event.job.type]; }
  void operator()(const JobReadied& event) const { free_or_later(event.key, transition.at); }
  void operator()(const JobLocked& event) const {
    ++noted.counts.jobs_activated;
    free_or_later(event.key, event.until);
  }
  void operator()(const JobLeaseChanged& event) const { free_or_later(event.key, event.until == never ? transition.at : event.until); }
  void operator()(const JobReturned& event) const { free_or_later(event.key, transition.at); }
  void operator()(const JobFailed& event) const {
    if (event.retries > 0) free_or_later(event.key, event.retry_at);
  }
  void operator()(const InstanceStarted&) const { ++noted.counts.instances_started; }
  void operator()(const InstanceEnded& event) const {
    ++(event.status == InstanceStatus::completed ? noted.counts.instances_completed : noted.counts.instances_terminated);
  }
  void operator()(const IncidentRaised&) const { ++noted.counts.incidents_raised; }
};

Result<void> Agenda::load(StoreLookups& lookups) {
  const auto timer = lookups.next_timer_due();
  if (!timer) return fail(timer.error());
  const auto expiry = lookups.next_message_expiry();
  if (!expiry) return fail(expiry.error());
  next_timer_ = *timer;
  next_expiry_ = *expiry;
  return {};
}

void Agenda::note(const Transition& transition, const InstanceState* after) {
  const Noter noter{noted_, transition, after};
  for (const Event& event : transition.events) std::visit(noter, event);
}

void Agenda::commit(const Noted& noted) {
  if (noted.timer) lower(next_timer_, *noted.timer);
  if (noted.expiry) lower(next_expiry_, *noted.expiry);
  for (const auto& [type, at] : noted.later_jobs) {
    const auto watched = watched_.find(type);
    if (watched != watched_.end()) lower(watched->second, at);
  }
}

void Agenda::watch_type(const std::string& type, std::optional<Timestamp> next) { watched_[type] = next; }

std::vector<std::string> Agenda::watched() const {
  std::vector<std::string> types;
  for (const auto& [type, at] : watched_) types.push_back(type);
  return types;
}

std::vector<std::string> Agenda::take_types_due(Timestamp now) {
  std::vector<std::string> due;
  for (auto& [type, at] : watched_) {
    if (!at || *at > now) continue;
    due.push_back(type);
    at.reset();
  }
  std::sort(due.begin(), due.end());  // a run must not depend on the order of a hash table
  return due;
}

std::optional<Timestamp> Agenda::next() const {
  std::optional<Timestamp> first = next_timer_;
  if (next_expiry_) lower(first, *next_expiry_);
  for (const auto& [type, at] : watched_) {
    if (at) lower(first, *at);
  }
  return first;
}

void Agenda::count(const Noted& noted, EngineCounters& counters) {
  const EngineCounters& seen = noted.counts;
  counters.timers_fired += seen.timers_fired;
  counters.jobs_activated += seen.jobs_activated;
  counters.instances_started += seen.instances_started;
  counters.instances_completed += seen.instances_completed;
  counters.instances_terminated += seen.instances_terminated;
  counters.incidents_raised += seen.incidents_raised;
}

}  // namespace fermata::runtime
