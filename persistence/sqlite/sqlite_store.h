// SqliteStore: the durable store: one SQLite file, write-ahead log, one owner.
//
// Floor 5. A commit is durable when it returns, or when progress() says so: the log is synced then (LogSync). Writing, syncing and
// checkpoints have threads of their own, so that the engine decides on meanwhile; readers have connections of their own. How the parts work
// together: persistence/README.md.
//
//   Result<std::unique_ptr<Store>> store = open_sqlite_store({.path = "/var/lib/fermata/fermata.db"});
//
// Thread safety: as Store says: one engine thread writes; read() may be called from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "persistence/store.h"

namespace fermata {

struct SqliteStoreOptions {
  std::string path;
  bool create = true;                  ///< make the file when it does not exist; an existing one is never replaced
  bool full_check = false;             ///< check every page at start (takes about a second per GB)
  std::string vfs;                     ///< SQLite VFS; empty: the system's. Tests inject faults here
  int checkpoint_every_pages = 4'000;  ///< of 4 KiB: how much the log grows between two background checkpoints; 0: none
  int log_pages_max = 16'000;          ///< beyond it the writer waits for a checkpoint and starts the log anew
  std::size_t readers_max = 64;        ///< read sessions at the same time; more are refused with unavailable
  int read_deadline_ms = 20'000;       ///< a session that is busy longer is interrupted: an old reader keeps the log from shrinking
  std::size_t page_bytes_max = std::size_t{128} << 20;  ///< of the texts in the rows of one search: more are refused with limit_exceeded
};

/// Opens or creates the store and brings its schema up to date. Refused: unavailable when another process owns the file; data_loss
/// when the file is foreign, empty, cut off or damaged (it is left as it is); conflict when it is newer than this program.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options);

}  // namespace fermata
