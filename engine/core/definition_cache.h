// DefinitionCache: deployed processes with their compiled graphs. Compiles a resource again when it is first needed after a restart.
//
// Floor 4, engine thread only. Definitions never change once deployed, so an entry is good for ever; which one is the latest of a
// process changes with a deployment only, and deployments go through here. StoreSurroundings answers with it, and with the store, what an
// instance asks of the world around it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/behavior/environment.h"
#include "engine/core/decision_cache.h"
#include "engine/core/instance_cache.h"
#include "engine/core/partition.h"
#include "persistence/store.h"

namespace fermata {

class DefinitionCache {
 public:
  using Target = Surroundings::Target;

  explicit DefinitionCache(ResourceCompiler compiler) : compiler_(std::move(compiler)) {}

  /// A definition that was just deployed, the latest of its process.
  void add(const Definition& definition, ProcessGraphPtr graph) {
    by_key_[definition.key] = {definition, std::move(graph)};
    latest_[definition.process_id] = definition.key;
  }
  /// nullptr: no such definition.
  [[nodiscard]] Result<const Target*> find(DefinitionKey key, StoreLookups& lookups);
  /// Of the newest version; nullptr: the process is not deployed.
  [[nodiscard]] Result<const Target*> latest(std::string_view process_id, StoreLookups& lookups);
  /// After a rollback, definitions that were added in it are gone.
  void clear() {
    by_key_.clear();
    latest_.clear();
  }

 private:
  [[nodiscard]] Result<const Target*> compile(const Definition& definition, StoreLookups& lookups);

  ResourceCompiler compiler_;
  std::unordered_map<DefinitionKey, Target> by_key_;
  std::map<std::string, DefinitionKey, std::less<>> latest_;  // by process id; only of processes that exist
};

/// The world as one transaction sees it.
class StoreSurroundings final : public Surroundings {
 public:
  struct Parts {
    InstanceCache& instances;
    DefinitionCache& processes;
    DecisionCache& decisions;
    StoreLookups& lookups;
  };
  explicit StoreSurroundings(Parts parts)
      : instances_(parts.instances), processes_(parts.processes), decisions_(parts.decisions), lookups_(parts.lookups) {}
  [[nodiscard]] Result<std::optional<Target>> find_called(const VersionBinding& binding, std::string_view process_id, std::string_view version,
                                                          DefinitionKey caller) override;
  [[nodiscard]] Result<std::optional<DecisionTarget>> find_decision(const VersionBinding& binding, std::string_view decision_id,
                                                                    std::string_view version, DefinitionKey caller) override;
  [[nodiscard]] Result<std::optional<std::string>> trouble_with_message(std::string_view name, std::string_view correlation_key,
                                                                        const InstanceState& thrower) override;
  [[nodiscard]] Result<std::optional<std::string>> trouble_with_signal(std::string_view name) override;
  [[nodiscard]] Result<Caught> caught_outside(const ProcessInstance& thrower, EventKind kind, const std::string& code) override;

  /// The store has failed under one of the questions above: what was decided since rests on nothing.
  [[nodiscard]] const std::optional<Error>& store_failure() const { return store_failure_; }

 private:
  [[nodiscard]] tl::unexpected<Error> store_failed(const Error& error) {
    store_failure_ = error;
    return fail(error);
  }
  /// One definition that cannot be read any more is the trouble of those who ask for it, not of the store.
  [[nodiscard]] tl::unexpected<Error> lookup_failed(const Error& error) {
    return error.code == ErrorCode::data_loss ? fail(error) : store_failed(error);
  }
  /// 0: there is no such definition.
  [[nodiscard]] Result<DeploymentKey> deployment_of(DefinitionKey caller);

  InstanceCache& instances_;
  DefinitionCache& processes_;
  DecisionCache& decisions_;
  StoreLookups& lookups_;
  std::optional<Error> store_failure_;
};

}  // namespace fermata
