#include "persistence/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <chrono>

#include "persistence/sqlite/errors.h"

namespace fermata::sqlite {
namespace {

/// When nothing is written any more, the rest is copied after this time, so that the next start finds a short log.
constexpr std::chrono::milliseconds quiet_time{1'000};

}  // namespace

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const Database::Options& options, int every_pages) {
  Result<Database> database = Database::open(options);
  if (!database) return fail(database.error());
  return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(*database), every_pages));
}

Checkpointer::Checkpointer(Database database, int every_pages)
    : database_(std::move(database)), every_pages_(every_pages), thread_([this] { loop(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Checkpointer::log_has(int pages) {
  bool due = false;
  {
    const std::lock_guard lock(mutex_);
    const bool was_clean = log_pages_ == done_pages_;
    if (pages < done_pages_) done_pages_ = 0;  // the log was started anew
    log_pages_ = pages;
    due = was_clean || pages - done_pages_ >= every_pages_;
  }
  if (due) wake_.notify_one();
}

int Checkpointer::pages_behind() const {
  const std::lock_guard lock(mutex_);
  return log_pages_ - done_pages_;
}

std::optional<Error> Checkpointer::failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  while (!stop_ && !failure_) {
    if (log_pages_ == done_pages_) {
      wake_.wait(lock, [this] { return stop_ || log_pages_ != done_pages_; });
      continue;
    }
    const int before = log_pages_;
    const bool due = wake_.wait_for(lock, quiet_time, [this] { return stop_ || log_pages_ - done_pages_ >= every_pages_; });
    if (stop_) return;
    if (!due && log_pages_ != before) continue;  // still busy: wait until it is worth it, or quiet
    const int reaching = log_pages_;
    lock.unlock();
    checkpoint();
    lock.lock();
    done_pages_ = log_pages_ < reaching ? 0 : reaching;
  }
}

void Checkpointer::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return;
  Error error = error_of(database_.handle(), code, "checkpoint");
  if (error.code != ErrorCode::data_loss) return;  // a full disk, say: the log stays, and a later checkpoint tries again
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
}

}  // namespace fermata::sqlite
