// A read session on a connection of the pool.
#pragma once

#include <cstddef>
#include <memory>

#include "persistence/read_session.h"
#include "persistence/sqlite/read_pool.h"

namespace fermata::sqlite {

/// A search whose page has more bytes than `page_bytes_max` fails with limit_exceeded.
[[nodiscard]] Result<std::unique_ptr<ReadSession>> make_session(std::shared_ptr<ReadPool> pool, std::size_t page_bytes_max);

}  // namespace fermata::sqlite
