#include "engine/runtime/poll_desk.h"

namespace fermata::runtime {
namespace {

/// Every filter of a topic: a poll that may not want the job that woke it must not keep it from the others.
bool has_filter(const ActivateJobs::Topic& topic) {
  return !topic.business_key.empty() || !topic.process_ids.empty() || !topic.definitions.empty() || !topic.version_tag.empty() ||
         !topic.process_variables.empty();
}

const ActivateJobs::Topic* topic_of(const Poll& poll, const std::string& type) {
  for (const ActivateJobs::Topic& topic : poll.request.topics) {
    if (topic.type == type) return &topic;
  }
  return nullptr;
}

}  // namespace

void PollDesk::park(std::shared_ptr<Poll> poll) {
  if (poll->order == 0) poll->order = ++last_order_;
  if (!parked_.emplace(poll->order, poll).second) return;
  by_deadline_.emplace(poll->deadline.ms, poll->order);
  for (const ActivateJobs::Topic& topic : poll->request.topics) by_type_[topic.type].emplace(poll->order, poll);
}

void PollDesk::remove(const Poll& poll) {
  const auto at = parked_.find(poll.order);
  if (at == parked_.end()) return;
  const std::shared_ptr<Poll> keep = at->second;  // `poll` may live in the line only
  for (const ActivateJobs::Topic& topic : keep->request.topics) {
    const auto line = by_type_.find(topic.type);
    if (line == by_type_.end()) continue;
    line->second.erase(keep->order);
    if (line->second.empty()) by_type_.erase(line);
  }
  const auto [first, last] = by_deadline_.equal_range(keep->deadline.ms);
  for (auto entry = first; entry != last; ++entry) {
    if (entry->second != keep->order) continue;
    by_deadline_.erase(entry);
    break;
  }
  parked_.erase(keep->order);
}

std::vector<std::shared_ptr<Poll>> PollDesk::wake(const std::string& type, std::size_t jobs) {
  std::vector<std::shared_ptr<Poll>> woken;
  const auto line = by_type_.find(type);
  if (line == by_type_.end()) return woken;
  for (const auto& [order, poll] : line->second) {
    if (jobs == 0) break;
    woken.push_back(poll);
    const ActivateJobs::Topic* topic = topic_of(*poll, type);
    if (topic != nullptr && has_filter(*topic)) continue;
    jobs -= std::min(jobs, std::max<std::size_t>(poll->request.max_jobs, 1));
  }
  for (const auto& poll : woken) remove(*poll);
  return woken;
}

std::vector<std::shared_ptr<Poll>> PollDesk::take_expired(Monotonic now) {
  std::vector<std::shared_ptr<Poll>> expired;
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now.ms) {
    expired.push_back(parked_.at(by_deadline_.begin()->second));
    remove(*expired.back());
  }
  return expired;
}

std::vector<std::shared_ptr<Poll>> PollDesk::take_all() {
  std::vector<std::shared_ptr<Poll>> all;
  for (const auto& [order, poll] : parked_) all.push_back(poll);
  parked_.clear();
  by_type_.clear();
  by_deadline_.clear();
  return all;
}

std::optional<Monotonic> PollDesk::next_deadline() const {
  if (by_deadline_.empty()) return std::nullopt;
  return Monotonic{by_deadline_.begin()->first};
}

}  // namespace fermata::runtime
