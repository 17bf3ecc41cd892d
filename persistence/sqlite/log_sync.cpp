#include "persistence/sqlite/log_sync.h"

#include <sqlite3.h>

#include <cstddef>
#include <utility>

#include "persistence/sqlite/errors.h"

namespace fermata::sqlite {

/// The log, opened a second time through the same VFS, so that no file object of SQLite's is used by two threads.
class LogSync::File {
 public:
  static Result<std::unique_ptr<File>> open(const std::string& database_path, const std::string& vfs_name) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
    if (vfs == nullptr) return fail(ErrorCode::internal, "there is no SQLite VFS '" + vfs_name + "'");
    std::unique_ptr<File> made(new File);
    const std::string log = database_path + "-wal";
    made->names_ = sqlite3_create_filename(database_path.c_str(), "", log.c_str(), 0, nullptr);
    if (made->names_ == nullptr) return fail(ErrorCode::resource_exhausted, "out of memory");
    made->bytes_ = std::make_unique<std::max_align_t[]>(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
    const int code = vfs->xOpen(vfs, sqlite3_filename_wal(made->names_), made->get(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, nullptr);
    if (code == SQLITE_OK) return made;
    return fail(ErrorCode::data_loss, log + " cannot be opened for its sync (SQLite error " + std::to_string(code) + ")");
  }
  ~File() {
    if (bytes_ != nullptr && get()->pMethods != nullptr) get()->pMethods->xClose(get());
    sqlite3_free_filename(names_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] int sync() { return get()->pMethods->xSync(get(), SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY); }

 private:
  File() = default;
  sqlite3_file* get() { return reinterpret_cast<sqlite3_file*>(bytes_.get()); }

  sqlite3_filename names_ = nullptr;
  std::unique_ptr<std::max_align_t[]> bytes_;  // of the size that the VFS wants, zero
};

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
    auto opened = File::open(database_path_, vfs_);
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
