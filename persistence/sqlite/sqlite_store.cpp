#include "persistence/sqlite/sqlite_store.h"

#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "engine/base/check.h"
#include "persistence/lookup_forwarder.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/checkpointer.h"
#include "persistence/sqlite/errors.h"
#include "persistence/sqlite/health.h"
#include "persistence/sqlite/log_witness.h"
#include "persistence/sqlite/lookups.h"
#include "persistence/sqlite/migrations.h"
#include "persistence/sqlite/open_checks.h"
#include "persistence/sqlite/owner_lock.h"
#include "persistence/sqlite/row_writer.h"
#include "persistence/sqlite/session.h"

namespace fermata {
namespace sqlite {
namespace {

constexpr int reader_cache_kib = 2 * 1024;

class SqliteStore;

class SqliteTransaction final : public LookupForwarder {
 public:
  explicit SqliteTransaction(SqliteStore& store);
  ~SqliteTransaction() override;

  Result<void> append(const Transition& transition, const InstanceState* after) override;
  Result<void> set_next_key(std::int64_t next_key) override;
  Result<void> commit() override;

 private:
  /// After one failed write nothing more of this transaction may become durable.
  Result<void> noted(Result<void> done);

  SqliteStore& store_;
  std::optional<Error> failed_;
  bool ended_ = false;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteStoreOptions& options, OwnerLock lock, Database database)
      : options_(options),
        lock_(std::move(lock)),
        witness_(options.path),
        database_(std::move(database)),
        lookups_(database_),
        readers_(std::make_shared<ReadPool>(ReadPool::Options{
            .connection = {.path = options.path, .vfs = options.vfs, .read_only = true, .cache_kib = reader_cache_kib},
            .readers_max = options.readers_max,
            .deadline = std::chrono::milliseconds(options.read_deadline_ms)})) {}
  ~SqliteStore() override;

  /// The rest of opening, once the object has its address.
  [[nodiscard]] Result<void> start();

  Result<std::unique_ptr<StoreTransaction>> begin() override;
  StoreLookups& lookups() override { return lookups_; }
  Result<std::int64_t> next_key() override { return database_.integer("SELECT next_key FROM counter"); }
  void idle() override { restart_log_if_long(); }
  Result<std::unique_ptr<ReadSession>> read() override;

 private:
  friend class SqliteTransaction;
  [[nodiscard]] Database::Options connection() const { return {.path = options_.path, .vfs = options_.vfs}; }
  [[nodiscard]] Result<void> write_owner();
  void restart_log_if_long();
  static int log_grew(void* self, sqlite3*, const char*, int pages);

  const SqliteStoreOptions options_;
  OwnerLock lock_;      // released last
  LogWitness witness_;
  Database database_;
  Lookups lookups_;
  RowWriter rows_;
  Statement begin_, commit_, rollback_;
  Health health_;
  std::shared_ptr<ReadPool> readers_;
  std::unique_ptr<Checkpointer> checkpointer_;
  int log_pages_ = 0;
  bool log_is_exact_ = false;  ///< every frame of the log is synced with its commit: none is padding
  bool transaction_open_ = false;
};

// ---------------------------------------------------------------- the store

Result<void> SqliteStore::start() {
  if (auto done = rows_.prepare(database_); !done) return done;
  for (auto [statement, sql] : {std::pair(&begin_, "BEGIN IMMEDIATE"), {&commit_, "COMMIT"}, {&rollback_, "ROLLBACK"}}) {
    Result<Statement> made = database_.prepare(sql);
    if (!made) return fail(made.error());
    *statement = std::move(*made);
  }
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database_.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  log_is_exact_ = file != nullptr && (file->pMethods->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  sqlite3_wal_hook(database_.handle(), log_grew, this);
  if (auto done = write_owner(); !done) return done;
  if (options_.checkpoint_every_pages > 0) {
    Result<std::unique_ptr<Checkpointer>> started = Checkpointer::start(connection(), options_.checkpoint_every_pages);
    if (!started) return fail(started.error());
    checkpointer_ = std::move(*started);
  }
  return {};
}

SqliteStore::~SqliteStore() {
  readers_->close();
  checkpointer_.reset();
  // After a failed sync the log must not be copied into the file, as the last connection does when it closes.
  if (health_.failed()) {
    sqlite3_db_config(database_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  } else {
    witness_.closing();
  }
}

Result<void> SqliteStore::write_owner() {
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

int SqliteStore::log_grew(void* self, sqlite3*, const char*, int pages) {
  SqliteStore& store = *static_cast<SqliteStore*>(self);
  store.log_pages_ = pages;
  if (store.log_is_exact_) store.witness_.committed(pages);
  if (store.checkpointer_) store.checkpointer_->log_has(pages);
  return SQLITE_OK;
}

void SqliteStore::restart_log_if_long() {
  if (log_pages_ <= options_.log_pages_max || transaction_open_ || health_.failed()) return;
  // Most of the log is in the file already, thanks to the background; readers or a running checkpoint may make this one fail: the
  // next call tries again. A log of twice the length waits for it a moment, by itself: SQLite asks no busy handler while another
  // checkpoint runs. The bound comes before the pace.
  constexpr int patience_ms = 200;
  const bool too_long = log_pages_ > 2 * options_.log_pages_max;
  sqlite3_busy_timeout(database_.handle(), 0);
  int code = SQLITE_BUSY;
  for (int waited = 0; code == SQLITE_BUSY && waited <= (too_long ? patience_ms : 0); ++waited) {
    if (waited > 0) sqlite3_sleep(1);
    code = sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  }
  sqlite3_busy_timeout(database_.handle(), connection().busy_timeout_ms);
  if (code == SQLITE_OK) {
    log_pages_ = 0;
    if (checkpointer_) checkpointer_->log_has(0);
  } else if (const Error error = error_of(database_.handle(), code, "checkpoint"); error.code == ErrorCode::data_loss) {
    health_.fail(error);
  }
}

Result<std::unique_ptr<StoreTransaction>> SqliteStore::begin() {
  FERMATA_CHECK(!transaction_open_, "one write transaction at a time");
  if (checkpointer_) {
    if (std::optional<Error> failure = checkpointer_->failure()) health_.fail(*failure);
  }
  if (health_.failed()) return fail(health_.error());
  restart_log_if_long();
  if (auto done = begin_.run(); !done) return fail(health_.noted(done.error()));
  return std::unique_ptr<StoreTransaction>(std::make_unique<SqliteTransaction>(*this));
}

Result<std::unique_ptr<ReadSession>> SqliteStore::read() {
  if (health_.failed()) return fail(health_.error());
  return make_session(readers_);
}

// ---------------------------------------------------------------- the transaction

SqliteTransaction::SqliteTransaction(SqliteStore& store) : LookupForwarder(store.lookups_), store_(store) {
  store_.transaction_open_ = true;
}

SqliteTransaction::~SqliteTransaction() {
  store_.transaction_open_ = false;
  if (ended_ || !store_.database_.in_transaction()) return;
  if (auto done = store_.rollback_.run(); !done) (void)store_.health_.noted(done.error());
}

Result<void> SqliteTransaction::noted(Result<void> done) {
  if (!done) failed_ = store_.health_.noted(done.error());
  return done;
}

Result<void> SqliteTransaction::append(const Transition& transition, const InstanceState* after) {
  if (failed_) return fail(*failed_);
  return noted(store_.rows_.write(transition, after));
}

Result<void> SqliteTransaction::set_next_key(std::int64_t next_key) {
  if (failed_) return fail(*failed_);
  return noted(store_.rows_.write_next_key(next_key));
}

Result<void> SqliteTransaction::commit() {
  FERMATA_CHECK(!ended_, "a transaction is committed once");
  if (failed_) return fail(*failed_);
  if (auto done = noted(store_.commit_.run()); !done) return done;
  ended_ = true;
  return {};
}

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options) {
  using namespace sqlite;
  Result<OwnerLock> lock = OwnerLock::take(options.path);
  if (!lock) return fail(lock.error());
  const Database::Options connection{.path = options.path, .vfs = options.vfs};
  const Result<bool> exists = check_file(options.path);
  if (!exists) return fail(exists.error());
  if (!*exists) {
    if (!options.create) return fail(ErrorCode::not_found, "there is no database " + options.path);
    if (auto done = create_database(connection); !done) return fail(done.error());
  }
  if (auto done = LogWitness::check(options.path); !done) return fail(done.error());
  Result<Database> database = Database::open(connection);
  if (!database) return fail(database.error());
  // The background checkpointer copies the log; a commit must never stop to do so.
  if (auto done = database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0"); !done) {
    return fail(done.error());
  }
  if (auto done = check_structure(*database, options.full_check); !done) return fail(done.error());
  if (auto done = migrate(*database, embedded_migrations()); !done) return fail(done.error());
  auto store = std::make_unique<SqliteStore>(options, std::move(*lock), std::move(*database));
  if (auto done = store->start(); !done) return fail(done.error());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace fermata
