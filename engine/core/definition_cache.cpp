#include "engine/core/definition_cache.h"

#include <charconv>

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

Result<std::optional<DefinitionDirectory::Target>> StoreDirectory::find_called(const CallDefinition& call, std::string_view process_id,
                                                                               std::string_view version, DefinitionKey caller) {
  Result<std::optional<Definition>> definition = std::optional<Definition>();
  switch (call.binding) {
    case CallDefinition::Binding::latest: {
      const Result<const Target*> latest = cache_.latest(process_id, lookups_);
      if (!latest) return fail(latest.error());
      return *latest == nullptr ? std::optional<Target>() : std::optional<Target>(**latest);
    }
    case CallDefinition::Binding::version_tag: definition = lookups_.definition_tagged(process_id, call.version_tag); break;
    case CallDefinition::Binding::version: {
      std::int32_t number = 0;
      const auto parsed = std::from_chars(version.data(), version.data() + version.size(), number);
      if (parsed.ec != std::errc() || parsed.ptr != version.data() + version.size()) {
        return fail(ErrorCode::invalid_argument, "the version of the called process must be a number, but is '" + std::string(version) + "'");
      }
      definition = lookups_.definition_version(process_id, number);
      break;
    }
    case CallDefinition::Binding::deployment: {
      const auto calling = lookups_.find_definition(caller);
      if (!calling) return fail(calling.error());
      if (*calling) definition = lookups_.definition_in_deployment(process_id, (*calling)->deployment);
      break;
    }
  }
  if (!definition) return fail(definition.error());
  if (!*definition) return std::optional<Target>();
  const Result<const Target*> target = cache_.find((*definition)->key, lookups_);
  if (!target) return fail(target.error());
  return *target == nullptr ? std::optional<Target>() : std::optional<Target>(**target);
}

}  // namespace fermata
