#include "engine/core/definition_cache.h"

#include <charconv>

#include "engine/behavior/shared/propagation.h"
#include "engine/core/correlation.h"

namespace fermata {

Result<const DefinitionCache::Target*> DefinitionCache::find(DefinitionKey key, StoreLookups& lookups) {
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) return &found->second;
  const auto definition = lookups.find_definition(key);
  if (!definition) return fail(definition.error());
  if (!*definition) return nullptr;
  return compile(**definition, lookups);
}

Result<const DefinitionCache::Target*> DefinitionCache::latest(std::string_view process_id, StoreLookups& lookups) {
  if (const auto known = latest_.find(process_id); known != latest_.end()) return find(known->second, lookups);
  const auto definition = lookups.latest_definition(process_id);
  if (!definition) return fail(definition.error());
  if (!*definition) return nullptr;
  latest_.emplace(process_id, (*definition)->key);
  return find((*definition)->key, lookups);
}

Result<const DefinitionCache::Target*> DefinitionCache::compile(const Definition& definition, StoreLookups& lookups) {
  const auto resource = lookups.find_resource(definition.resource);
  if (!resource) return fail(resource.error());
  if (!*resource) return fail(ErrorCode::data_loss, "the resource of process '" + definition.process_id + "' is missing in the store");
  Result<std::vector<DeployResource::Process>> processes = compiler_(**resource);
  if (!processes) {
    return fail(ErrorCode::data_loss, "process '" + definition.process_id + "' was deployed but does not compile any more: " + processes.error().message);
  }
  for (DeployResource::Process& process : *processes) {
    if (process.process_id != definition.process_id) continue;
    Target& target = by_key_[definition.key];
    target = {definition, std::move(process.graph)};
    return &target;
  }
  return fail(ErrorCode::data_loss, "resource '" + definition.resource_name + "' has no process '" + definition.process_id + "' any more");
}

namespace {

Result<std::int32_t> version_number(std::string_view text, std::string_view what) {
  std::int32_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return number;
  return fail(ErrorCode::invalid_argument, "the version of the called " + std::string(what) + " must be a number, but is '" + std::string(text) + "'");
}

}  // namespace

Result<DeploymentKey> StoreSurroundings::deployment_of(DefinitionKey caller) {
  const auto calling = lookups_.find_definition(caller);
  if (!calling) return store_failed(calling.error());
  return *calling ? (*calling)->deployment : DeploymentKey{};
}

Result<std::optional<Surroundings::Target>> StoreSurroundings::find_called(const VersionBinding& binding, std::string_view process_id,
                                                                               std::string_view version, DefinitionKey caller) {
  Result<std::optional<Definition>> definition = std::optional<Definition>();
  switch (binding.kind) {
    case VersionBinding::Kind::latest: {
      const Result<const Target*> latest = processes_.latest(process_id, lookups_);
      if (!latest) return lookup_failed(latest.error());
      return *latest == nullptr ? std::optional<Target>() : std::optional<Target>(**latest);
    }
    case VersionBinding::Kind::version_tag: definition = lookups_.definition_tagged(process_id, binding.version_tag); break;
    case VersionBinding::Kind::version: {
      const Result<std::int32_t> number = version_number(version, "process");
      if (!number) return fail(number.error());
      definition = lookups_.definition_version(process_id, *number);
      break;
    }
    case VersionBinding::Kind::deployment: {
      const Result<DeploymentKey> deployment = deployment_of(caller);
      if (!deployment) return fail(deployment.error());
      if (*deployment) definition = lookups_.definition_in_deployment(process_id, *deployment);
      break;
    }
  }
  if (!definition) return store_failed(definition.error());
  if (!*definition) return std::optional<Target>();
  const Result<const Target*> target = processes_.find((*definition)->key, lookups_);
  if (!target) return lookup_failed(target.error());
  return *target == nullptr ? std::optional<Target>() : std::optional<Target>(**target);
}

Result<std::optional<DecisionTarget>> StoreSurroundings::find_decision(const VersionBinding& binding, std::string_view decision_id,
                                                                    std::string_view version, DefinitionKey caller) {
  DecisionSelector which{.decision_id = decision_id, .version = {}, .version_tag = {}, .deployment = {}};
  switch (binding.kind) {
    case VersionBinding::Kind::latest: break;
    case VersionBinding::Kind::version_tag: which.version_tag = binding.version_tag; break;
    case VersionBinding::Kind::version: {
      const Result<std::int32_t> number = version_number(version, "decision");
      if (!number) return fail(number.error());
      which.version = *number;
      break;
    }
    case VersionBinding::Kind::deployment: {
      const Result<DeploymentKey> deployment = deployment_of(caller);
      if (!deployment) return fail(deployment.error());
      if (!*deployment) return std::optional<DecisionTarget>();
      which.deployment = *deployment;
      break;
    }
  }
  Result<std::optional<DecisionDefinition>> decision = lookups_.select_decision(which);
  if (!decision) return store_failed(decision.error());
  if (!*decision) return std::optional<DecisionTarget>();
  Result<DecisionTarget> target = decisions_.target(std::move(**decision), lookups_);
  if (!target) return fail(target.error());
  return std::optional<DecisionTarget>(std::move(*target));
}

Result<std::optional<std::string>> StoreSurroundings::trouble_with_message(std::string_view name, std::string_view correlation_key,
                                                                        const InstanceState& thrower) {
  auto found = find_correlations(lookups_, name, correlation_key, &thrower);
  if (!found) return store_failed(found.error());
  return found->ambiguous ? std::optional(std::move(found->ambiguous->reason)) : std::nullopt;
}

Result<std::optional<std::string>> StoreSurroundings::trouble_with_signal(std::string_view name) {
  std::optional<Rejection> too_many;
  const auto found = find_catchers(lookups_, name, signal_catchers_max, too_many);
  if (!found) return store_failed(found.error());
  return too_many ? std::optional(std::move(too_many->reason)) : std::nullopt;
}

Result<Surroundings::Caught> StoreSurroundings::caught_outside(const ProcessInstance& thrower, EventKind kind, const std::string& code) {
  ElementInstanceKey call_activity = thrower.parent_element;
  for (ProcessInstanceKey caller = thrower.parent; caller;) {
    const InstanceState* state = instances_.find(caller);
    std::optional<InstanceState> loaded;  // not put into the cache: the instance that decides just now must stay where it is
    if (state == nullptr) {
      Result<std::optional<InstanceState>> found = lookups_.load_instance(caller);
      if (!found) return store_failed(found.error());
      if (!*found) return Caught::by_nobody;
      loaded = std::move(*found);
      state = &*loaded;
    }
    const Result<const Target*> target = processes_.find(state->instance.definition, lookups_);
    if (!target) return lookup_failed(target.error());
    if (*target == nullptr) return Caught::by_nobody;
    const ProcessGraph& graph = *(*target)->graph;
    if (const std::optional<Catcher> catcher = find_catcher(graph, *state, call_activity, kind, code)) {
      return graph.element(catcher->event).interrupting ? Caught::interrupting : Caught::beside;
    }
    call_activity = state->instance.parent_element;
    caller = state->instance.parent;
  }
  return Caught::by_nobody;
}

}  // namespace fermata
