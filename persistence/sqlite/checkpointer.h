// Checkpointer: copies the write-ahead log back into the database file, on a thread of its own, without getting in anyone's way.
//
// Floor 5, persistence/sqlite only. PASSIVE checkpoints: neither the writer nor readers wait. Under steady load the log never empties
// that way, so beyond a bound the writer itself starts it anew (SqliteStore::idle). One thread, woken by the writer.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "persistence/sqlite/database.h"

namespace fermata::sqlite {

class Checkpointer {
 public:
  /// Opens its own connection. `every_pages`: how much the log grows between two checkpoints.
  [[nodiscard]] static Result<std::unique_ptr<Checkpointer>> start(const Database::Options& options, int every_pages);
  ~Checkpointer();

  /// The writer tells how long the log is after each commit. Cheap; never waits for a checkpoint.
  void log_has(int pages);
  /// Pages of the log that no checkpoint has copied yet, as far as is known: what a checkpoint by the writer would have to do itself.
  [[nodiscard]] int pages_behind() const;

  /// Trouble that ends the life of the store: a failed sync of the database file must not be followed by reuse of the log.
  [[nodiscard]] std::optional<Error> failure();

 private:
  Checkpointer(Database database, int every_pages);
  void loop();
  void checkpoint();

  Database database_;
  const int every_pages_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  int log_pages_ = 0;        ///< guarded by mutex_
  int done_pages_ = 0;       ///< log length at the last checkpoint; guarded by mutex_
  bool stop_ = false;        ///< guarded by mutex_
  std::optional<Error> failure_;  ///< guarded by mutex_
  std::thread thread_;
};

}  // namespace fermata::sqlite
