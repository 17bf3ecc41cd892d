#include "engine/core/decision_cache.h"

#include <utility>

namespace fermata {

Result<DecisionTarget> DecisionCache::target(DecisionDefinition decision, StoreLookups& lookups) {
  const auto known = files_.find(decision.resource);
  if (known != files_.end()) return DecisionTarget{std::move(decision), known->second};
  Result<std::shared_ptr<const DecisionFile>> file = compile(decision, lookups);
  if (!file) return fail(file.error());
  files_[decision.resource] = *file;
  return DecisionTarget{std::move(decision), std::move(*file)};
}

Result<std::shared_ptr<const DecisionFile>> DecisionCache::compile(const DecisionDefinition& decision, StoreLookups& lookups) {
  const auto resource = lookups.find_resource(decision.resource);
  if (!resource) return fail(resource.error());
  if (!*resource) return fail(ErrorCode::data_loss, "the file of decision '" + decision.decision_id + "' is missing in the store");
  const auto beside = lookups.resources_of((*resource)->deployment, "dmn");
  if (!beside) return fail(beside.error());
  auto decisions = lookups.decisions_of(decision.resource);
  if (!decisions) return fail(decisions.error());
  if (compiler_ == nullptr) return fail(ErrorCode::unavailable, "decisions are deployed here, but this engine was not given what evaluates them");
  Result<DecisionModelPtr> model = compiler_(**resource, *beside);
  if (!model) {
    return fail(ErrorCode::data_loss, "decision '" + decision.decision_id + "' was deployed but cannot be read any more: " + model.error().message);
  }
  return std::make_shared<const DecisionFile>(DecisionFile{std::move(*model), std::move(*decisions)});
}

}  // namespace fermata
