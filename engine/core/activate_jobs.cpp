// ActivateJobs: leases available jobs of the wanted types to one worker. Each lock is a transition of its own instance.
#include <algorithm>

#include "engine/core/chain.h"

namespace fermata {
namespace {

bool passes(const ActivateJobs::Topic& topic, const ProcessInstance& instance) {
  if (!topic.business_key.empty() && topic.business_key != instance.business_key) return false;
  return topic.process_ids.empty() ||
         std::find(topic.process_ids.begin(), topic.process_ids.end(), instance.process_id) != topic.process_ids.end();
}

Variables variables_for(const InstanceState& state, ElementInstanceKey scope, const ActivateJobs::Topic& topic) {
  Variables seen = topic.local_variables_only ? state.variables_of(scope) : state.visible_variables(scope);
  if (topic.variables) {
    std::erase_if(seen, [&](const Variable& variable) {
      return std::find(topic.variables->begin(), topic.variables->end(), variable.name) == topic.variables->end();
    });
  }
  return seen;
}

}  // namespace

Result<Outcome> Chain::on(const ActivateJobs& command) {
  JobsActivated reply;
  for (const ActivateJobs::Topic& topic : command.topics) {
    if (reply.jobs.size() >= command.max_jobs) break;
    const bool filtered = !topic.business_key.empty() || !topic.process_ids.empty();
    const std::size_t wanted = command.max_jobs - reply.jobs.size();
    // A filter may pass over some: look at more, within a bound.
    const auto available = transaction_.available_jobs(topic.type, context_.now, filtered ? std::max<std::size_t>(wanted * 10, 1'000) : wanted);
    if (!available) return fail(available.error());
    for (const FoundJob& found : *available) {
      if (reply.jobs.size() >= command.max_jobs) break;
      const Result<Loaded> loaded = load(found.instance);
      if (!loaded) return fail(loaded.error());
      if (loaded->state == nullptr || !passes(topic, loaded->state->instance)) continue;
      const Result<Outcome> locked =
          decide_and_append(*loaded->state, *loaded->target, InstanceCommand(LockJob{found.job, command.worker, topic.timeout}));
      if (!locked) return fail(locked.error());
      if (!*locked) continue;
      const InstanceState& state = *parts_.instances.find(found.instance);
      const Job& job = *state.jobs.find(found.job);
      reply.jobs.push_back({job, state.instance.key, loaded->target->definition, state.instance.business_key, state.instance.root,
                            variables_for(state, job.element_instance, topic)});
    }
  }
  return Outcome(Reply(std::move(reply)));
}

}  // namespace fermata
