#include "persistence/sqlite/log_sync.h"

#include <sched.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace fermata::sqlite {
namespace {

// A sync sleeps several times for the disk and computes next to nothing between. Where all processors are busy, its thread may have to wait
// after each sleep until a thread that runs has used up its slice: with 256 commands in flight on two processors it waited 0.2 of each
// second for that. A thread that has asked for short slices comes before those with longer ones, as long as it has had no more than its
// share (Linux 6.12, commit 857b158dc5e8: the sched_runtime of SCHED_OTHER; an older kernel takes no notice). When the kernel refuses,
// syncs are right all the same, and later.
void ask_for_short_slices() {
  struct Attributes {  // struct sched_attr of sched_setattr(2), which the C library of Debian 12 does not have
    std::uint32_t size, policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime_ns, deadline_ns, period_ns;
  };
  constexpr std::uint64_t shortest_slice_ns = 100'000;
  Attributes own{};
  if (syscall(SYS_sched_getattr, 0, &own, sizeof own, 0U) != 0 || own.policy != SCHED_OTHER) return;
  own.size = sizeof own;
  own.runtime_ns = shortest_slice_ns;
  (void)syscall(SYS_sched_setattr, 0, &own, 0U);
}

}  // namespace

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
  ask_for_short_slices();
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
