// FaultVfs: a SQLite VFS over the system's own that asks a SimulatedDisk before every write, sync, truncation and deletion.
//
// Floor 5, for tests only.
//
//   FaultVfs vfs(disk);
//   auto store = open_sqlite_store({.path = path, .vfs = vfs.name()});
#pragma once

#include <memory>
#include <string>

#include "persistence/testing/simulated_disk.h"

namespace fermata::testing {

class FaultVfs {
 public:
  /// Registers the VFS; `disk` must outlive it, and it must outlive every connection that uses it.
  explicit FaultVfs(SimulatedDisk& disk);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  [[nodiscard]] const std::string& name() const;

 private:
  struct Registered;
  std::unique_ptr<Registered> registered_;
};

}  // namespace fermata::testing
