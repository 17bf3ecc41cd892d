// The inclusive join's rule, asked by the token game whenever all other tokens rest. BPMN 2.0.2, 13.4.3.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Fires one inclusive join that is enabled and answers true; false if none is.
bool fire_enabled_inclusive_join(Execution& x);

}  // namespace fermata
