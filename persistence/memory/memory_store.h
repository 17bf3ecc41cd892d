// The memory store: the reference for what a Store does, and the store of tests that do not care for disks.
//
// Floor 5. Nothing is durable. Keep the rows to "restart" an engine on them, as one reopens a file.
//
//   auto rows = make_memory_rows();
//   std::unique_ptr<Store> store = open_memory_store(rows);
#pragma once

#include <memory>

#include "persistence/store.h"

namespace fermata {

namespace memory {
class SharedRows;
}

/// What outlives a memory store: the stand-in for its file.
using MemoryRows = std::shared_ptr<memory::SharedRows>;
[[nodiscard]] MemoryRows make_memory_rows();

/// A store over `rows`; one at a time, as with a file: unavailable while another is open. nullptr: rows of its own.
[[nodiscard]] Result<std::unique_ptr<Store>> open_memory_store(MemoryRows rows = nullptr);

}  // namespace fermata
