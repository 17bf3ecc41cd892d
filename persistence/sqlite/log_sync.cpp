#include "persistence/sqlite/log_sync.h"

#include <sqlite3.h>

#include <utility>

namespace fermata::sqlite {

LogSync::LogSync(std::string database_path, std::string vfs, LogWitness& witness, CommitLedger& ledger, Health& health)
    : database_path_(std::move(database_path)), vfs_(std::move(vfs)), witness_(witness), ledger_(ledger), health_(health) {}

LogSync::~LogSync() { finish(); }

void LogSync::finish() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Result<void> LogSync::now(const Written& written) {
  auto done = sync(written);
  if (done) {
    ledger_.durable(written.number);
  } else {
    ledger_.lost(done.error());
  }
  return done;
}

void LogSync::soon(const Written& written) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = written;
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  }
  wake_.notify_one();
}

void LogSync::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || waiting_.number != 0; });
    if (waiting_.number == 0) return;
    const Written written = std::exchange(waiting_, Written{});
    lock.unlock();
    (void)now(written);  // a failure is in the ledger
    lock.lock();
  }
}

Result<void> LogSync::sync(const Written& written) {
  const std::lock_guard lock(sync_mutex_);
  if (health_.failed()) return fail(health_.error());
  if (file_ == nullptr) {
    auto opened = LogFile::open(database_path_, vfs_);
    if (!opened) return fail(health_.noted(opened.error()));
    file_ = std::move(*opened);
  }
  if (const int code = file_->sync(); code != SQLITE_OK) {
    return fail(health_.noted(Error{ErrorCode::data_loss, database_path_ + "-wal could not be synced (SQLite error " + std::to_string(code) +
                                                              "): what was committed last may not be on the disk"}));
  }
  witness_.keep(written.record);
  return {};
}

}  // namespace fermata::sqlite
