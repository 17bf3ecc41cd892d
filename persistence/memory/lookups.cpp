#include "persistence/memory/lookups.h"

#include <algorithm>
#include <utility>

namespace fermata::memory {
namespace {

bool may_be_locked(const Job& job) { return job.status < JobStatus::out_of_retries; }

template <class Found>
void by_key(std::vector<Found>& found) {
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.subscription.key < b.subscription.key; });
}

void keep_earliest(std::optional<Timestamp>& earliest, Timestamp time) {
  if (!earliest || time < *earliest) earliest = time;
}

}  // namespace

Result<std::optional<InstanceState>> Lookups::load_instance(ProcessInstanceKey key) {
  if (!rows_.live_instances.contains(key.raw())) return std::optional<InstanceState>();
  const InstanceEntry& entry = rows_.instances.at(key.raw());
  InstanceState state;
  state.instance = entry.row;
  state.last_transition = entry.last_transition;
  const auto into = [](auto& table) { return [&table](const auto& row) { table.insert(row); }; };
  rows_.elements.each_live_of(key.raw(), into(state.elements));
  rows_.variables.each_live_of(key.raw(), [&](const StoredVariable& variable) {
    if (state.elements.find(variable.scope) != nullptr) state.variables.set(variable);
  });
  rows_.tokens.each_live_of(key.raw(), into(state.tokens));
  rows_.jobs.each_live_of(key.raw(), into(state.jobs));
  rows_.timers.each_live_of(key.raw(), into(state.timers));
  rows_.subscriptions.each_live_of(key.raw(), into(state.subscriptions));
  rows_.user_tasks.each_live_of(key.raw(), into(state.user_tasks));
  rows_.incidents.each_live_of(key.raw(), into(state.incidents));
  return std::optional<InstanceState>(std::move(state));
}

Result<std::optional<ProcessInstance>> Lookups::find_instance(ProcessInstanceKey key) {
  const auto found = rows_.instances.find(key.raw());
  return found == rows_.instances.end() ? std::nullopt : std::optional(found->second.row);
}

Result<std::optional<ProcessInstanceKey>> Lookups::instance_of(std::int64_t any_key) {
  if (rows_.instances.contains(any_key)) return std::optional(ProcessInstanceKey{any_key});
  auto after = rows_.transitions.upper_bound(any_key);
  if (after == rows_.transitions.begin()) return std::optional<ProcessInstanceKey>();
  const ProcessInstanceKey made_by = std::prev(after)->second.instance;
  return made_by ? std::optional(made_by) : std::nullopt;
}

Result<std::vector<FoundSubscription>> Lookups::find_subscriptions(EventKind kind, std::string_view name,
                                                                   std::optional<std::string_view> correlation_key,
                                                                   std::size_t limit) {
  std::vector<FoundSubscription> found;
  rows_.subscriptions.each_live([&](std::int64_t instance, const Subscription& row) {
    if (row.kind == EventKind::compensation || row.kind != kind || row.name != name) return;
    if (correlation_key && row.correlation_key != *correlation_key) return;
    found.push_back({ProcessInstanceKey{instance}, row});
  });
  by_key(found);
  if (found.size() > limit) found.resize(limit);
  return found;
}

Result<std::vector<FoundSubscription>> Lookups::start_subscriptions_of(std::string_view process_id) {
  std::vector<FoundSubscription> found;
  rows_.subscriptions.each_live_of(0, [&](const Subscription& row) {
    if (row.process_id == process_id) found.push_back({ProcessInstanceKey{}, row});
  });
  return found;
}

Result<std::vector<FoundSubscription>> Lookups::start_subscriptions_for(EventKind kind, std::string_view name) {
  std::vector<FoundSubscription> found;
  rows_.subscriptions.each_live_of(0, [&](const Subscription& row) {
    if (row.kind == kind && row.name == name) found.push_back({ProcessInstanceKey{}, row});
  });
  return found;
}

Result<std::vector<FoundTimer>> Lookups::start_timers_of(std::string_view process_id) {
  std::vector<FoundTimer> found;
  rows_.timers.each_live_of(0, [&](const Timer& row) {
    const auto definition = rows_.definitions.find(row.definition.raw());
    if (definition != rows_.definitions.end() && definition->second.process_id == process_id) found.push_back({ProcessInstanceKey{}, row});
  });
  return found;
}

Result<std::vector<FoundTimer>> Lookups::due_timers(Timestamp now, std::size_t limit) {
  std::vector<FoundTimer> found;
  rows_.timers.each_live([&](std::int64_t instance, const Timer& row) {
    if (row.due <= now) found.push_back({ProcessInstanceKey{instance}, row});
  });
  std::sort(found.begin(), found.end(), [](const FoundTimer& a, const FoundTimer& b) {
    return std::pair(a.timer.due, a.timer.key) < std::pair(b.timer.due, b.timer.key);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

Result<std::optional<Timestamp>> Lookups::next_timer_due() {
  std::optional<Timestamp> earliest;
  rows_.timers.each_live([&](std::int64_t, const Timer& row) { keep_earliest(earliest, row.due); });
  return earliest;
}

Result<std::vector<FoundJob>> Lookups::available_jobs(std::string_view type, Timestamp now, std::size_t limit) {
  std::vector<std::pair<std::int64_t, FoundJob>> candidates;
  rows_.jobs.each_live([&](std::int64_t instance, const Job& row) {
    if (row.type != type || !may_be_locked(row) || row.available_at > now) return;
    candidates.push_back({row.priority, {ProcessInstanceKey{instance}, row.key, row.type}});
  });
  std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second.job < b.second.job;
  });
  std::vector<FoundJob> found;
  for (auto& [priority, job] : candidates) {
    if (found.size() == limit) break;
    found.push_back(std::move(job));
  }
  return found;
}

Result<std::optional<Timestamp>> Lookups::next_job_available(std::string_view type) {
  std::optional<Timestamp> earliest;
  rows_.jobs.each_live([&](std::int64_t, const Job& row) {
    if (row.type == type && may_be_locked(row) && row.available_at != never) keep_earliest(earliest, row.available_at);
  });
  return earliest;
}

Result<std::vector<std::string>> Lookups::live_job_types() {
  std::set<std::string> types;
  rows_.jobs.each_live([&](std::int64_t, const Job& row) { types.insert(row.type); });
  return std::vector<std::string>(types.begin(), types.end());
}

Result<std::vector<Message>> Lookups::buffered_messages(std::string_view name, std::string_view correlation_key, MessageKey after,
                                                        Timestamp now, std::size_t limit) {
  std::vector<Message> found;
  for (const auto& [key, message] : rows_.messages) {
    if (found.size() == limit) break;
    if (message.key > after && message.name == name && message.correlation_key == correlation_key && message.expires_at > now) found.push_back(message);
  }
  return found;
}

Result<std::vector<MessageKey>> Lookups::expired_messages(Timestamp now, std::size_t limit) {
  std::vector<std::pair<Timestamp, MessageKey>> expired;
  for (const auto& [key, message] : rows_.messages) {
    if (message.expires_at <= now) expired.push_back({message.expires_at, message.key});
  }
  std::sort(expired.begin(), expired.end());
  std::vector<MessageKey> found;
  for (const auto& [when, key] : expired) {
    if (found.size() < limit) found.push_back(key);
  }
  return found;
}

Result<std::optional<Timestamp>> Lookups::next_message_expiry() {
  std::optional<Timestamp> earliest;
  for (const auto& [key, message] : rows_.messages) keep_earliest(earliest, message.expires_at);
  return earliest;
}

Result<std::optional<ProcessInstanceKey>> Lookups::instance_started_by(std::string_view process_id, std::string_view correlation_key) {
  if (correlation_key.empty()) return std::optional<ProcessInstanceKey>();
  for (const std::int64_t key : rows_.live_instances) {
    const ProcessInstance& row = rows_.instances.at(key).row;
    if (row.process_id == process_id && row.start_correlation_key == correlation_key) return std::optional(row.key);
  }
  return std::optional<ProcessInstanceKey>();
}

Result<std::vector<ProcessInstanceKey>> Lookups::instances_with_business_key(std::string_view business_key, std::size_t limit) {
  std::vector<ProcessInstanceKey> found;
  if (business_key.empty()) return found;
  for (const std::int64_t key : rows_.live_instances) {
    if (found.size() < limit && rows_.instances.at(key).row.business_key == business_key) found.push_back(ProcessInstanceKey{key});
  }
  return found;
}

Result<std::optional<RequestRecord>> Lookups::find_request(std::string_view source, std::string_view id) {
  const auto found = rows_.requests.find({std::string(source), std::string(id)});
  return found == rows_.requests.end() ? std::nullopt : std::optional(found->second);
}

template <class Matches>
std::optional<Definition> Lookups::highest(Matches matches) const {
  std::optional<Definition> best;
  for (const auto& [key, definition] : rows_.definitions) {
    if (matches(definition) && (!best || definition.version > best->version)) best = definition;
  }
  return best;
}

Result<std::optional<Definition>> Lookups::find_definition(DefinitionKey key) {
  return highest([key](const Definition& row) { return row.key == key; });
}
Result<std::optional<Definition>> Lookups::latest_definition(std::string_view process_id) {
  return highest([&](const Definition& row) { return row.process_id == process_id; });
}
Result<std::optional<Definition>> Lookups::definition_version(std::string_view process_id, std::int32_t version) {
  return highest([&](const Definition& row) { return row.process_id == process_id && row.version == version; });
}
Result<std::optional<Definition>> Lookups::definition_tagged(std::string_view process_id, std::string_view version_tag) {
  return highest([&](const Definition& row) { return row.process_id == process_id && row.version_tag == version_tag; });
}
Result<std::optional<Definition>> Lookups::definition_in_deployment(std::string_view process_id, DeploymentKey deployment) {
  return highest([&](const Definition& row) { return row.process_id == process_id && row.deployment == deployment; });
}

Result<std::optional<Resource>> Lookups::find_resource(ResourceKey key) {
  const auto found = rows_.resources.find(key.raw());
  return found == rows_.resources.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<Resource>> Lookups::latest_form(std::string_view form_id) {
  std::optional<Resource> best;
  for (const auto& [key, resource] : rows_.resources) {
    if (!form_id.empty() && resource.form_id == form_id && (!best || resource.version > best->version)) best = resource;
  }
  return best;
}

Result<std::optional<DecisionDefinition>> Lookups::find_decision(DecisionDefinitionKey key) {
  const auto found = rows_.decisions.find(key.raw());
  return found == rows_.decisions.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<DecisionDefinition>> Lookups::select_decision(const DecisionSelector& which) {
  std::optional<DecisionDefinition> best;
  for (const auto& [key, row] : rows_.decisions) {
    const bool fits = row.decision_id == which.decision_id && (!which.version || row.version == *which.version) &&
                      (which.version_tag.empty() || row.version_tag == which.version_tag) &&
                      (!which.deployment || row.deployment == which.deployment);
    if (fits && (!best || row.version > best->version)) best = row;
  }
  return best;
}

Result<std::vector<DecisionDefinition>> Lookups::decisions_of(ResourceKey resource) {
  std::vector<DecisionDefinition> found;
  for (const auto& [key, row] : rows_.decisions) {
    if (row.resource == resource) found.push_back(row);
  }
  return found;
}

Result<std::int32_t> Lookups::latest_requirements_version(std::string_view requirements_id) {
  std::int32_t latest = 0;
  for (const auto& [key, row] : rows_.decisions) {
    if (row.requirements_id == requirements_id) latest = std::max(latest, row.requirements_version);
  }
  return latest;
}

Result<std::vector<Resource>> Lookups::resources_of(DeploymentKey deployment, std::string_view kind) {
  std::vector<Resource> found;
  for (const auto& [key, row] : rows_.resources) {
    if (row.deployment == deployment && row.kind == kind) found.push_back(row);
  }
  return found;
}

}  // namespace fermata::memory
