// A read session on a connection of the pool.
#pragma once

#include <memory>

#include "persistence/read_session.h"
#include "persistence/sqlite/read_pool.h"

namespace fermata::sqlite {

[[nodiscard]] Result<std::unique_ptr<ReadSession>> make_session(std::shared_ptr<ReadPool> pool);

}  // namespace fermata::sqlite
