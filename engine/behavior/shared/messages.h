// Messages that a process throws itself: published in the same transaction, so that another pool or instance gets them.
#pragma once

#include "engine/behavior/execution.h"

namespace fermata {

/// Publishes the element's message with the variables of the element's own scope (its input mappings) as payload.
[[nodiscard]] Attempt throw_message(Execution& x, const Element& element, ElementInstanceKey key);

}  // namespace fermata
