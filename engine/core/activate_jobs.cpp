// ActivateJobs: leases available jobs of the wanted types to one worker. Each lock is a transition of its own instance.
#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/value_size.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/chain.h"

namespace fermata {
namespace {

bool filters(const ActivateJobs::Topic& topic) {
  return !topic.business_key.empty() || !topic.process_ids.empty() || !topic.definitions.empty() || !topic.version_tag.empty() ||
         !topic.process_variables.empty();
}

template <class T>
bool admits(const std::vector<T>& wanted, const T& found) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), found) != wanted.end();
}

bool passes(const ActivateJobs::Topic& topic, const InstanceState& state, const Definition& definition) {
  const ProcessInstance& instance = state.instance;
  if (!topic.business_key.empty() && topic.business_key != instance.business_key) return false;
  if (!topic.version_tag.empty() && topic.version_tag != definition.version_tag) return false;
  if (!admits(topic.process_ids, instance.process_id) || !admits(topic.definitions, instance.definition)) return false;
  return std::all_of(topic.process_variables.begin(), topic.process_variables.end(), [&](const Variable& wanted) {
    const StoredVariable* found = state.find_variable(root_scope(instance.key), wanted.name);
    return found != nullptr && found->value == wanted.value;
  });
}

// The task's own scope holds what its input mappings made, and in a multi-instance activity its item and counter.
Variables variables_for(const InstanceState& state, ElementInstanceKey scope, const Element& element, const ActivateJobs::Topic& topic) {
  const bool own_only = topic.local_variables_only || (topic.mapped_variables_only && !element.inputs.empty());
  Variables seen = own_only ? state.variables_of(scope) : state.visible_variables(scope);
  if (topic.variables) {
    std::erase_if(seen, [&](const Variable& variable) {
      return std::find(topic.variables->begin(), topic.variables->end(), variable.name) == topic.variables->end();
    });
  }
  return seen;
}

std::size_t bytes_of(const Variables& variables) {
  std::size_t bytes = 0;
  for (const Variable& variable : variables) {
    if (bytes > limits::activation_bytes_max) break;
    bytes += variable.name.size() + text_bytes(variable.value, limits::activation_bytes_max);
  }
  return bytes;
}

}  // namespace

Result<Outcome> Chain::on(const ActivateJobs& command) {
  JobsActivated reply;
  std::size_t bytes = 0;
  const auto is_full = [&] { return reply.jobs.size() >= command.max_jobs || bytes > limits::activation_bytes_max; };
  for (const ActivateJobs::Topic& topic : command.topics) {
    if (is_full()) break;
    const bool filtered = filters(topic);
    const std::size_t wanted = command.max_jobs - reply.jobs.size();
    // A filter may pass over some: look at more, within a bound.
    const auto available = transaction_.available_jobs(topic.type, context_.now, filtered ? std::max<std::size_t>(wanted * 10, 1'000) : wanted);
    if (!available) return fail(available.error());
    for (const FoundJob& found : *available) {
      if (is_full()) break;
      const Result<Loaded> loaded = load(found.instance);
      if (!loaded) return fail(loaded.error());
      if (loaded->state == nullptr || !passes(topic, *loaded->state, loaded->target->definition)) continue;
      const Result<Outcome> locked =
          decide_and_append(*loaded->state, *loaded->target, InstanceCommand(LockJob{found.job, command.worker, topic.timeout}));
      if (!locked) return fail(locked.error());
      if (!*locked) continue;
      const InstanceState& state = *parts_.instances.find(found.instance);
      const Job& job = *state.jobs.find(found.job);
      const Element& element = loaded->target->graph->element(state.elements.find(job.element_instance)->element);
      reply.jobs.push_back({job, state.instance.key, loaded->target->definition, state.instance.business_key, state.instance.root,
                            variables_for(state, job.element_instance, element, topic), fixed_inputs(element, context_.now)});
      // The activities of this process have places for all they ask for, and if they got fewer they would not ask for the rest at once.
      if (!topic.mapped_variables_only) bytes += bytes_of(reply.jobs.back().variables);
    }
  }
  return Outcome(Reply(std::move(reply)));
}

}  // namespace fermata
