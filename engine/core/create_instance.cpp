// CreateInstance: which definition, and then StartInstance.
#include "engine/core/chain.h"

namespace fermata {

Result<const DefinitionCache::Target*> Chain::definition_of(const CreateInstance& command) {
  if (command.definition) return parts_.definitions.find(command.definition, transaction_);
  if (!command.version) return parts_.definitions.latest(command.process_id, transaction_);
  const auto definition = transaction_.definition_version(command.process_id, *command.version);
  if (!definition) return fail(definition.error());
  if (!*definition) return nullptr;
  return parts_.definitions.find((*definition)->key, transaction_);
}

Result<Outcome> Chain::on(const CreateInstance& command) {
  const Result<const DefinitionCache::Target*> target = definition_of(command);
  if (!target) return fail(target.error());
  if (*target == nullptr) {
    const std::string what = command.definition ? "with key " + command.definition.text()
                                                : "'" + command.process_id + "'" +
                                                      (command.version ? " in version " + std::to_string(*command.version) : std::string());
    return Outcome(tl::unexpected(Rejection{RejectionCode::not_found, "no process " + what + " is deployed"}));
  }
  const Definition definition = (*target)->definition;
  if (command.unique_business_key && !command.business_key.empty()) {
    const auto others = transaction_.instances_with_business_key(command.business_key, 100);
    if (!others) return fail(others.error());
    for (const ProcessInstanceKey other : *others) {
      const auto row = transaction_.find_instance(other);
      if (!row) return fail(row.error());
      if (!*row || (*row)->process_id != definition.process_id) continue;
      return Outcome(tl::unexpected(Rejection{RejectionCode::already_exists, "process instance " + other.text() + " of '" + (*row)->process_id +
                                                                                 "' lives with business key '" + command.business_key + "'"}));
    }
  }
  StartInstance start_command;
  start_command.instance = parts_.keys.make<ProcessInstanceKey>();
  start_command.definition = definition.key;
  start_command.start_at = command.start_at;
  start_command.variables = command.variables;
  start_command.business_key = command.business_key;
  start_command.tags = command.tags;
  Result<Outcome> outcome = start(start_command);
  if (!outcome || !*outcome) return outcome;
  return Outcome(Reply(InstanceCreated{start_command.instance, definition, command.business_key}));
}

}  // namespace fermata
