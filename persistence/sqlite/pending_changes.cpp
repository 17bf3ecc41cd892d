#include "persistence/sqlite/pending_changes.h"

#include <utility>

namespace fermata::sqlite {
namespace {

using Topic = PendingChanges::Topic;

/// One per kind of topic, so that equal texts of different kinds are different topics.
enum class Kind : std::uint64_t {
  instance = 1, subscription_name, subscription_key, messages, message, started_by, business_key, request, job_type, any_job, any_timer, any_message, any_definition
};

constexpr Topic mix(Topic topic, std::uint64_t number) {
  topic = (topic ^ number) * 0x9e3779b97f4a7c15ULL;
  return topic ^ topic >> 29;
}
Topic start(Kind kind) { return mix(0x2545f4914f6cdd1dULL, static_cast<std::uint64_t>(kind)); }
Topic mix(Topic topic, std::string_view text) { return mix(topic, std::hash<std::string_view>{}(text)); }

}  // namespace

Topic PendingChanges::instance(ProcessInstanceKey key) { return mix(start(Kind::instance), static_cast<std::uint64_t>(key.raw())); }
Topic PendingChanges::subscriptions(EventKind kind, std::string_view name) {
  return mix(mix(start(Kind::subscription_name), static_cast<std::uint64_t>(kind)), name);
}
Topic PendingChanges::subscriptions(EventKind kind, std::string_view name, std::string_view correlation_key) {
  return mix(mix(mix(start(Kind::subscription_key), static_cast<std::uint64_t>(kind)), name), correlation_key);
}
Topic PendingChanges::messages(std::string_view name, std::string_view correlation_key) {
  return mix(mix(start(Kind::messages), name), correlation_key);
}
Topic PendingChanges::message(MessageKey key) { return mix(start(Kind::message), static_cast<std::uint64_t>(key.raw())); }
Topic PendingChanges::started_by(std::string_view process_id, std::string_view correlation_key) {
  return mix(mix(start(Kind::started_by), process_id), correlation_key);
}
Topic PendingChanges::business_key(std::string_view key) { return mix(start(Kind::business_key), key); }
Topic PendingChanges::request(std::string_view source, std::string_view id) { return mix(mix(start(Kind::request), source), id); }
Topic PendingChanges::job_type(std::string_view type) { return mix(start(Kind::job_type), type); }
Topic PendingChanges::any_job() { return start(Kind::any_job); }
Topic PendingChanges::any_timer() { return start(Kind::any_timer); }
Topic PendingChanges::any_message() { return start(Kind::any_message); }
Topic PendingChanges::any_definition() { return start(Kind::any_definition); }

void PendingChanges::add(const Transition& transition, const RowChanges& changes) {
  // Not always that of the first one: a key that was reserved early is appended after its elders.
  if (open_.first_key == 0 || transition.key.raw() < open_.first_key) open_.first_key = transition.key.raw();
  if (transition.instance) touch(instance(transition.instance));
  if (changes.instance != nullptr) {
    const ProcessInstance& row = *changes.instance;
    touch(instance(row.key));
    if (!row.start_correlation_key.empty()) touch(started_by(row.process_id, row.start_correlation_key));
    if (!row.business_key.empty()) touch(business_key(row.business_key));
  }
  for (const RowChange<Job>& change : changes.jobs) touch(job_type(change.row->type));
  if (!changes.jobs.empty()) touch(any_job());
  for (const RowChange<Subscription>& change : changes.subscriptions) {
    const Subscription& row = *change.row;
    touch(subscriptions(row.kind, row.name));
    touch(subscriptions(row.kind, row.name, row.correlation_key));
  }
  if (!changes.timers.empty() || !changes.start_timers_fired.empty() || !changes.start_timers_canceled.empty()) touch(any_timer());
  for (const Message* row : changes.messages) {
    touch(messages(row->name, row->correlation_key));
    touch(any_message());
  }
  for (const CorrelatedMessage& correlated : changes.messages_correlated) touch(message(correlated.message));
  for (const MessageKey key : changes.messages_expired) {
    touch(message(key));
    touch(any_message());
  }
  for (const RequestRecord* row : changes.requests) touch(request(row->source, row->id));
  const bool start_events = !transition.instance && (!changes.subscriptions.empty() || !changes.timers.empty());
  if (start_events || !changes.resources.empty() || !changes.definitions.empty() || !changes.decisions.empty() || !changes.start_subscriptions_closed.empty() ||
      !changes.start_timers_fired.empty() || !changes.start_timers_canceled.empty()) {
    touch(any_definition());
  }
}

void PendingChanges::touch(Topic topic) {
  ++counts_[first_slot(topic)];
  ++counts_[second_slot(topic)];
  open_.topics.push_back(topic);
}

void PendingChanges::seal(CommitNumber number) {
  open_.number = number;
  sealed_.push_back(std::exchange(open_, Transaction{}));
}

void PendingChanges::forget(CommitNumber up_to) {
  while (!sealed_.empty() && sealed_.front().number <= up_to) {
    remove(sealed_.front());
    sealed_.pop_front();
  }
}

void PendingChanges::drop_open() { remove(std::exchange(open_, Transaction{})); }

void PendingChanges::remove(const Transaction& transaction) {
  for (const Topic topic : transaction.topics) {
    --counts_[first_slot(topic)];
    --counts_[second_slot(topic)];
  }
}

bool PendingChanges::may_have_made(std::int64_t key) const {
  for (const Transaction& transaction : sealed_) {
    if (transaction.first_key != 0) return transaction.first_key <= key;
  }
  return open_.first_key != 0 && open_.first_key <= key;
}

}  // namespace fermata::sqlite
