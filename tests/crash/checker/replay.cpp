#include "tests/crash/checker/replay.h"

#include "engine/record/codec.h"

namespace fermata::checker {
namespace {

template <class Fact>
constexpr bool about_partition = std::is_same_v<Fact, ResourceDeployed> || std::is_same_v<Fact, DefinitionDeployed> || std::is_same_v<Fact, DecisionDeployed> ||
                                 std::is_same_v<Fact, MessagePublished> || std::is_same_v<Fact, MessageCorrelated> ||
                                 std::is_same_v<Fact, MessageExpired> || std::is_same_v<Fact, SignalBroadcast> ||
                                 std::is_same_v<Fact, RequestRemembered>;

bool is_about_partition(const Event& event) {
  return std::visit([](const auto& fact) { return about_partition<std::remove_cvref_t<decltype(fact)>>; }, event);
}

bool ended(const ElementInstance& row) {
  return !is_live(row.status);
}
bool ended(const Job& row) {
  return !is_live(row.status);
}
bool ended(const UserTask& row) {
  return !is_live(row.status);
}
bool ended(const Incident& row) {
  return row.status != IncidentStatus::active;
}
bool ended(const Timer& row) {
  return row.ended_at != never;
}
bool ended(const Subscription& row) {
  return row.ended_at != never;
}
bool ended(const StoredVariable&) {
  return true;
}  // its scope may be gone with the next step: kept every time

}  // namespace

void Replay::play(const Transition& transition) {
  const std::int64_t key = transition.instance.raw();
  InstanceState& state = instances[key];
  for (const Event& event : transition.events) {
    if (const auto* evaluated = std::get_if<DecisionEvaluated>(&event)) {
      rows["decision_instance"][evaluated->decision.key.raw()] = {key, encode_entity(evaluated->decision)};
      continue;
    }
    if (is_about_partition(event)) {
      of_partition(event);
      continue;
    }
    watch(state, event);
    apply(state, event);
  }
  keep(key, state, true);
  state.forget_ended();
  state.last_transition = transition.key;
  if (key != 0 && state.instance.status != InstanceStatus::active) instances.erase(key);
}

// What only the sequence shows: fencing, and time.
void Replay::watch(const InstanceState& state, const Event& event) {
  if (const auto* locked = std::get_if<JobLocked>(&event)) {
    const Job* job = state.jobs.find(locked->key);
    if (job != nullptr && locked->lease <= job->lease)
      broken.push_back("job " + locked->key.text() + ": its lease did not rise");
  }
  if (const auto* fired = std::get_if<TimerFired>(&event)) {
    const Timer* timer = state.timers.find(fired->key);
    if (timer != nullptr && fired->at < timer->due)
      broken.push_back("timer " + fired->key.text() + " fired before it was due");
  }
}

void Replay::keep(std::int64_t instance, const InstanceState& state, bool ended_only) {
  const auto all = [&](const char* table, const auto& list) {
    for (const auto& row : list) {
      if (!ended_only || ended(row)) rows[table][row.key.raw()] = {instance, encode_entity(row)};
    }
  };
  if (instance != 0) rows["process_instance"][instance] = {instance, encode_entity(state.instance)};
  all("element", state.elements);
  all("variable", state.variables);
  all("job", state.jobs);
  all("timer", state.timers);
  all("subscription", state.subscriptions);
  all("user_task", state.user_tasks);
  all("incident", state.incidents);
}

void Replay::of_partition(const Event& event) {
  if (const auto* deployed = std::get_if<DefinitionDeployed>(&event)) {
    rows["definition"][deployed->definition.key.raw()] = {0, encode_entity(deployed->definition)};
  } else if (const auto* decision = std::get_if<DecisionDeployed>(&event)) {
    rows["decision"][decision->decision.key.raw()] = {0, encode_entity(decision->decision)};
  } else if (const auto* file = std::get_if<ResourceDeployed>(&event)) {
    rows["resource"][file->resource.key.raw()] = {0, file->resource.checksum};
  } else if (const auto* published = std::get_if<MessagePublished>(&event)) {
    messages_[published->message.key.raw()] = published->message;
  } else if (const auto* correlated = std::get_if<MessageCorrelated>(&event)) {
    if (!reached_.insert({correlated->message.raw(), correlated->process_id}).second) {
      broken.push_back("message " + correlated->message.text() + " reached process " + correlated->process_id +
                       " twice");
    }
    const auto message = messages_.find(correlated->message.raw());
    if (message != messages_.end()) message->second.correlated_processes.push_back(correlated->process_id);
  } else if (const auto* expired = std::get_if<MessageExpired>(&event)) {
    messages_.erase(expired->message.raw());
  } else if (const auto* remembered = std::get_if<RequestRemembered>(&event)) {
    const RequestRecord& request = remembered->request;
    const auto [known, is_new] = requests.try_emplace({request.source, request.id}, request);
    if (!is_new && known->second.expires_at > request.created_at)
      broken.push_back("request " + request.source + " " + request.id + " was executed twice");
    known->second = request;
  }
}

void Replay::finish() {
  for (const auto& [key, state] : instances) keep(key, state, false);
  for (const auto& [key, message] : messages_)
    rows["message"][key] = {
        0, message.name + " " + message.correlation_key + " " + encode_strings(message.correlated_processes)};
}

}  // namespace fermata::checker
