// CreateInstance: which definition, and then StartInstance.
#include "engine/core/chain.h"

namespace fermata {

Result<Outcome> Chain::on(const CreateInstance& command) {
  Result<std::optional<Definition>> definition = command.definition ? transaction_.find_definition(command.definition)
                                                 : command.version  ? transaction_.definition_version(command.process_id, *command.version)
                                                                    : transaction_.latest_definition(command.process_id);
  if (!definition) return fail(definition.error());
  if (!*definition) {
    const std::string what = command.definition ? "with key " + command.definition.text()
                                                : "'" + command.process_id + "'" +
                                                      (command.version ? " in version " + std::to_string(*command.version) : std::string());
    return Outcome(tl::unexpected(Rejection{RejectionCode::not_found, "no process " + what + " is deployed"}));
  }
  if (command.unique_business_key && !command.business_key.empty()) {
    const auto others = transaction_.instances_with_business_key(command.business_key, 100);
    if (!others) return fail(others.error());
    for (const ProcessInstanceKey other : *others) {
      const auto row = transaction_.find_instance(other);
      if (!row) return fail(row.error());
      if (!*row || (*row)->process_id != (*definition)->process_id) continue;
      return Outcome(tl::unexpected(Rejection{RejectionCode::already_exists, "process instance " + other.text() + " of '" + (*row)->process_id +
                                                                                 "' lives with business key '" + command.business_key + "'"}));
    }
  }
  StartInstance start_command;
  start_command.instance = parts_.keys.make<ProcessInstanceKey>();
  start_command.definition = (*definition)->key;
  start_command.start_at = command.start_at;
  start_command.variables = command.variables;
  start_command.business_key = command.business_key;
  start_command.tags = command.tags;
  Result<Outcome> outcome = start(start_command);
  if (!outcome || !*outcome) return outcome;
  return Outcome(Reply(InstanceCreated{start_command.instance, **definition, command.business_key}));
}

}  // namespace fermata
