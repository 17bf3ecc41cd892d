// Writes the rows of one transition into Rows, with a journal to take them back.
#pragma once

#include "engine/base/result.h"
#include "persistence/memory/journal.h"
#include "persistence/project.h"

namespace fermata::memory {

/// internal when a row that must exist does not, or one that must not exist does: the same defects that the SQLite store reports.
[[nodiscard]] Result<void> apply_changes(Rows& rows, const Transition& transition, const InstanceState* after, Journal& journal);

}  // namespace fermata::memory
