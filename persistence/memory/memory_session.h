// A read session over a copy of the rows.
#pragma once

#include <memory>

#include "persistence/memory/rows.h"
#include "persistence/read_session.h"

namespace fermata::memory {

[[nodiscard]] Result<std::unique_ptr<ReadSession>> make_memory_session(Rows rows);

}  // namespace fermata::memory
