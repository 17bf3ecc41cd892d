// Tokens that wait at a joining gateway.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

void park_token(Execution& x, const Element& gateway, const EnterStep& token);

/// The oldest waiting token on a flow; an empty key if there is none.
[[nodiscard]] TokenKey waiting_token(const Execution& x, ElementInstanceKey scope, FlowIndex flow);

}  // namespace fermata
