// LogSync: makes commits durable: syncs SQLite's write-ahead log, at once or on a thread of its own.
//
// Floor 5, persistence/sqlite only. The connection commits with synchronous=NORMAL, which writes a commit to the log without a sync;
// a commit counts only when the sync here is done. That is what synchronous=FULL does, but the engine can decide the next
// transaction meanwhile, and one sync serves all commits that were written before it began. A checkpoint syncs the log itself
// before it copies (SQLite does that with NORMAL too), so a log that is started anew holds nothing that still needs a sync.
//
// It needs a disk whose sectors survive a torn append beside them (SQLITE_IOCAP_POWERSAFE_OVERWRITE, which the system's VFS
// promises): elsewhere the store keeps FULL, which pads, and a sync here finds nothing left to do.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "persistence/sqlite/commit_ledger.h"
#include "persistence/sqlite/health.h"
#include "persistence/sqlite/log_file.h"
#include "persistence/sqlite/log_witness.h"

namespace fermata::sqlite {

class LogSync {
 public:
  /// A commit that is written but not synced. `record`: what the witness shall keep once it is.
  struct Written {
    CommitNumber number = 0;
    LogWitness::Record record;
  };

  LogSync(std::string database_path, std::string vfs, LogWitness& witness, CommitLedger& ledger, Health& health);
  ~LogSync();  ///< finish()
  LogSync(const LogSync&) = delete;
  LogSync& operator=(const LogSync&) = delete;

  /// Syncs before it returns, and tells the ledger. data_loss when that fails: the health is told, nothing is tried again.
  [[nodiscard]] Result<void> now(const Written& written);
  /// Has it synced by the thread, which is started by the first call.
  void soon(const Written& written);
  /// Syncs what is still waiting and ends the thread. Nothing may be asked for afterwards.
  void finish();

 private:
  void loop();
  [[nodiscard]] Result<void> sync(const Written& written);

  const std::string database_path_;
  const std::string vfs_;
  LogWitness& witness_;
  CommitLedger& ledger_;
  Health& health_;

  std::mutex sync_mutex_;       // one sync at a time
  std::unique_ptr<LogFile> file_;  // guarded by sync_mutex_; opened by the first sync

  std::mutex mutex_;
  std::condition_variable wake_;
  Written waiting_;    // guarded by mutex_: the last one written; its sync covers all before it
  bool stop_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace fermata::sqlite
