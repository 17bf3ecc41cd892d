// OwnerLock: one process per database file. A lock on FILE.owner that the kernel drops when the process dies, however it dies.
//
// Floor 5, persistence/sqlite only. The file beside the database tells people who holds it; its text is a courtesy, the lock counts.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace fermata::sqlite {

class OwnerLock {
 public:
  /// unavailable, with the owner's process id, when somebody has the database open already (also within this process).
  [[nodiscard]] static Result<OwnerLock> take(const std::string& database_path);

  OwnerLock() = default;
  OwnerLock(OwnerLock&& other) noexcept;
  OwnerLock& operator=(OwnerLock&& other) noexcept;
  ~OwnerLock();

  [[nodiscard]] static std::string host_name();

 private:
  int descriptor_ = -1;
};

}  // namespace fermata::sqlite
