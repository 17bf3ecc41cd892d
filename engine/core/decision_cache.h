// DecisionCache: deployed DMN files with their compiled models. Compiles one again when it is first needed after a restart.
//
// Floor 4, engine thread only. A file never changes once deployed, so an entry is good for ever.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/behavior/environment.h"
#include "persistence/store.h"

namespace fermata {

/// Turns a deployed DMN file back into decisions after a restart. `beside`: all DMN files of its deployment, which it may import; the
/// file itself is among them. Wired to processes/dmn by the composition root.
using DecisionCompiler = std::function<Result<DecisionModelPtr>(const Resource& file, const std::vector<Resource>& beside)>;

class DecisionCache {
 public:
  explicit DecisionCache(DecisionCompiler compiler) : compiler_(std::move(compiler)) {}

  /// A file that was just deployed.
  void add(ResourceKey resource, std::shared_ptr<const DecisionFile> file) { files_[resource] = std::move(file); }
  /// The file of a decision.
  [[nodiscard]] Result<DecisionTarget> target(DecisionDefinition decision, StoreLookups& lookups);
  /// After a rollback, files that were added in it are gone.
  void clear() { files_.clear(); }

 private:
  [[nodiscard]] Result<std::shared_ptr<const DecisionFile>> compile(const DecisionDefinition& decision, StoreLookups& lookups);

  DecisionCompiler compiler_;
  std::unordered_map<ResourceKey, std::shared_ptr<const DecisionFile>> files_;
};

}  // namespace fermata
