#include "persistence/sqlite/writer.h"

#include <sqlite3.h>
#include <unistd.h>

#include <utility>

#include "persistence/sqlite/errors.h"
#include "persistence/sqlite/log_format.h"
#include "persistence/sqlite/owner_lock.h"

namespace fermata::sqlite {

Writer::Writer(Options options, Database database, LogWitness& witness, Health& health)
    : options_(std::move(options)), witness_(witness), health_(health), database_(std::move(database)), lookups_(database_) {}

Writer::~Writer() = default;

Result<void> Writer::start() {
  if (auto done = rows_.prepare(database_); !done) return done;
  for (auto [statement, sql] : {std::pair(&begin_, "BEGIN IMMEDIATE"), {&commit_, "COMMIT"}, {&rollback_, "ROLLBACK"}}) {
    Result<Statement> made = database_.prepare(sql);
    if (!made) return fail(made.error());
    *statement = std::move(*made);
  }
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database_.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  log_is_exact_ = file != nullptr && (file->pMethods->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  if (log_is_exact_) {
    // Commits are written without a sync: LogSync does the rest of FULL.
    if (auto done = database_.execute("PRAGMA synchronous = NORMAL"); !done) return done;
  }
  sqlite3_wal_hook(database_.handle(), log_grew, this);
  if (auto done = write_owner(); !done) return done;
  if (options_.checkpoint_every_pages > 0) {
    Result<std::unique_ptr<Checkpointer>> started = Checkpointer::start(options_.connection, options_.checkpoint_every_pages);
    if (!started) return fail(started.error());
    checkpointer_ = std::move(*started);
  }
  return {};
}

Result<void> Writer::write_owner() {
  Result<Statement> statement = database_.prepare(
      "INSERT INTO owner (id, process, host, since) VALUES (1, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) "
      "ON CONFLICT (id) DO UPDATE SET process = excluded.process, host = excluded.host, since = excluded.since");
  if (!statement) return fail(statement.error());
  const std::string host = OwnerLock::host_name();
  statement->bind(1, static_cast<std::int64_t>(getpid()));
  statement->bind(2, host);
  auto done = statement->run();
  // A full disk must not keep an operator from reading: the lock is what counts.
  if (!done && done.error().code == ErrorCode::resource_exhausted) return {};
  return done;
}

int Writer::log_grew(void* self, sqlite3*, const char*, int pages) {
  Writer& writer = *static_cast<Writer*>(self);
  writer.log_pages_ = pages;
  writer.wrote_ = true;
  if (writer.checkpointer_) writer.checkpointer_->log_has(pages);
  return SQLITE_OK;
}

void Writer::restart_log_if_long() {
  if (log_pages_ <= options_.log_pages_max || in_transaction() || health_.failed()) return;
  // Most of the log is in the file already, thanks to the background; readers or a running checkpoint may make this one fail: the
  // next call tries again. A log of twice the length waits for it a moment, by itself: SQLite asks no busy handler while another
  // checkpoint runs. The bound comes before the pace.
  constexpr int patience_ms = 200;
  // Right after a checkpoint in the background there is little left to copy; the writer's pace is worth the short wait for it.
  constexpr int little_left = 1'000;
  const bool too_long = log_pages_ > 2 * options_.log_pages_max;
  if (!too_long && checkpointer_ && checkpointer_->pages_behind() > little_left) return;
  sqlite3_busy_timeout(database_.handle(), 0);
  int code = SQLITE_BUSY;
  for (int waited = 0; code == SQLITE_BUSY && waited <= (too_long ? patience_ms : 0); ++waited) {
    if (waited > 0) sqlite3_sleep(1);
    code = sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  }
  sqlite3_busy_timeout(database_.handle(), options_.connection.busy_timeout_ms);
  if (code == SQLITE_OK) {
    log_pages_ = 0;
    if (checkpointer_) checkpointer_->log_has(0);
  } else if (const Error error = error_of(database_.handle(), code, "checkpoint"); error.code == ErrorCode::data_loss) {
    health_.fail(error);
  }
}

void Writer::make_room_in_log() {
  constexpr std::int64_t frame_bytes = page_bytes + frame_header_bytes;
  constexpr std::int64_t wanted_ahead = 256 * 1024;
  constexpr std::size_t step = 1024 * 1024;
  constexpr int pages_without = 64;  // a store that is hardly used shall not pay for it
  const std::int64_t used = log_pages_ * frame_bytes;
  if (log_has_no_room_ || log_pages_ < pages_without || used + wanted_ahead <= log_room_ || log_pages_ > options_.log_pages_max) return;
  if (log_file_ == nullptr) {
    auto opened = LogFile::open(options_.connection.path, options_.connection.vfs);
    if (!opened) {
      log_has_no_room_ = true;
      return;
    }
    log_file_ = std::move(*opened);
  }
  const std::int64_t end = log_file_->size();
  log_room_ = end + static_cast<std::int64_t>(step);
  if (used + wanted_ahead <= end) {
    log_room_ = end;
  } else if (const int code = log_file_->append_zeros(end, step); code != SQLITE_OK) {
    log_has_no_room_ = true;
    if ((code & 0xff) != SQLITE_FULL) health_.fail(Error{ErrorCode::data_loss, options_.connection.path + "-wal cannot be written (SQLite error " + std::to_string(code) + ")"});
  }
}

Result<void> Writer::begin() {
  if (checkpointer_) {
    if (std::optional<Error> failure = checkpointer_->failure()) health_.fail(*failure);
  }
  if (health_.failed()) return fail(health_.error());
  restart_log_if_long();
  make_room_in_log();
  if (health_.failed()) return fail(health_.error());
  if (auto done = begin_.run(); !done) return fail(health_.noted(done.error()));
  return {};
}

Result<void> Writer::execute(const RowOps& ops) {
  if (auto done = rows_.execute(ops); !done) return fail(health_.noted(done.error()));
  return {};
}

Result<LogWitness::Record> Writer::commit() {
  wrote_ = false;
  if (auto done = commit_.run(); !done) return fail(health_.noted(done.error()));
  return log_is_exact_ ? witness_.record_of(log_pages_) : LogWitness::Record{};
}

void Writer::roll_back() {
  if (!in_transaction()) return;
  if (auto done = rollback_.run(); !done) (void)health_.noted(done.error());
}

}  // namespace fermata::sqlite
