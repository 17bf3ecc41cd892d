// What an operator does to an instance: set variables, resolve an incident, cancel.
#include <algorithm>

#include "engine/behavior/shared/called_process.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/variables.h"
#include "engine/behavior/shared/waits.h"
#include "engine/core/commands.h"

namespace fermata {

Verdict decide_command(Execution& x, const SetVariables& command) {
  if (x.find_live(command.scope) == nullptr) {
    return rejected(RejectionCode::not_found, "there is no live element instance " + command.scope.text() + " to set variables in");
  }
  if (command.local) {
    set_local_variables(x, command.scope, command.variables);
  } else {
    merge_variables(x, command.scope, command.variables);
  }
  return {};
}

Verdict decide_command(Execution& x, const ResolveIncident& command) {
  const Incident* found = x.state().incidents.find(command.incident);
  if (found == nullptr || found->status != IncidentStatus::active) {
    return rejected(RejectionCode::not_found, "there is no open incident " + command.incident.text());
  }
  const Incident incident = *found;
  x.emit(IncidentResolved{incident.key, x.now()});
  if (incident.job) {
    const Job job = *x.state().jobs.find(incident.job);
    if (job.retries < 1) x.emit(JobUpdated{job.key, std::max(command.job_retries, 1), job.priority});
    x.emit(JobReadied{job.key});
    x.request(JobAvailable{job.key, x.state().instance.key, job.type});
    return {};
  }
  const ElementInstance& element = x.instance(incident.element_instance);
  const bool is_scope = is_flow_scope(element.kind) && element.role != ElementRole::multi_instance_body;
  if (element.status == ElementStatus::completing && is_scope) {
    x.touch_scope(element.key);  // an event subprocess may have begun in it meanwhile
  } else if (element.status == ElementStatus::completing) {
    x.push(CompleteStep{element.key});
  } else if (element.called && incident.type == IncidentType::io_mapping_error && element.status == ElementStatus::active) {
    // The called process has done its work, and a mapping of its results has failed: that alone is tried again, with what was mended here.
    const ElementInstanceKey key = element.key;
    take_mapped_results(x, x.element_of(key), key, x.state().variables_of(key));
  } else {
    const ElementInstanceKey key = element.key;
    if (element.status == ElementStatus::activating) close_waits(x, key, WaitsEnd::keep_compensation);
    x.push(ActivateStep{key});
  }
  return {};
}

Verdict decide_command(Execution& x, const CancelInstance& command) {
  const ProcessInstance& instance = x.state().instance;
  if (instance.status != InstanceStatus::active) {
    return rejected(RejectionCode::not_found, "process instance " + instance.key.text() + " has ended already");
  }
  if (instance.parent && !command.by_parent) {
    return rejected(RejectionCode::invalid_state, "process instance " + instance.key.text() + " was called by instance " +
                                                      instance.parent.text() + ": cancel the root instance " + instance.root.text() + " instead");
  }
  terminate_element(x, root_scope(instance.key));
  return {};
}

}  // namespace fermata
