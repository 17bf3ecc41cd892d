// SharedRows: the rows of a memory store with the lock that lets other threads copy them.
//
// Floor 5, persistence/memory only.
#pragma once

#include <mutex>

#include "persistence/memory/journal.h"

namespace fermata::memory {

class SharedRows {
 public:
  std::mutex mutex;  ///< held for each change and each copy
  Rows rows;         ///< as the open transaction sees them
  Journal journal;   ///< takes the open transaction back
  bool owned = false;

  /// What is committed.
  [[nodiscard]] Rows committed() {
    const std::lock_guard lock(mutex);
    Rows copy = rows;
    journal.undo_in(copy);
    return copy;
  }
};

}  // namespace fermata::memory
