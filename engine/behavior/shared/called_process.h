// What a called process brings to its call activity.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Maps the results of the called process (camunda:out), from its variables into the scopes around the call activity, which completes then.
/// When a mapping fails nothing is mapped: an incident, and the variables are put into the scope of the call activity, where what is
/// missing can be set before it is tried again.
void take_mapped_results(Execution& x, const Element& element, ElementInstanceKey key, const Variables& of_called);

}  // namespace fermata
