#include "engine/behavior/shared/incidents.h"

#include "engine/base/text.h"

namespace fermata {

void raise_incident(Execution& x, ElementInstanceKey key, const Failure& failure, JobKey job) {
  const ElementInstance& element = x.instance(key);
  if (element.incident) return;
  Incident incident;
  incident.key = x.new_key<IncidentKey>();
  incident.element_instance = key;
  incident.element_id = element.element_id;
  incident.job = job;
  incident.type = failure.type;
  incident.message = utf8_prefix(failure.message, limits::history_error_bytes_max);
  incident.created_at = x.now();
  x.emit(IncidentRaised{std::move(incident)});
}

void resolve_incident(Execution& x, ElementInstanceKey key) {
  const IncidentKey incident = x.instance(key).incident;
  if (incident) x.emit(IncidentResolved{incident, x.now()});
}

}  // namespace fermata
