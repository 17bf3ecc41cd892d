// Incidents: trouble that a person must look at. One open incident per element instance; resolving it tries again.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Opens an incident on the element, with the full reason; does nothing if one is open there already.
void raise_incident(Execution& x, ElementInstanceKey key, const Failure& failure, JobKey job = {});
/// Closes the element's open incident, if it has one.
void resolve_incident(Execution& x, ElementInstanceKey key);

}  // namespace fermata
