#include "persistence/sqlite/sqlite_store.h"

#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "persistence/lookup_forwarder.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/migrations.h"
#include "persistence/sqlite/open_checks.h"
#include "persistence/sqlite/owner_lock.h"
#include "persistence/sqlite/routed_lookups.h"
#include "persistence/sqlite/row_encoder.h"
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
  Result<CommitNumber> hand_over() override;

 private:
  SqliteStore& store_;
  std::optional<Error> failed_;  ///< after one failed write nothing more of this transaction may become durable
};

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteStoreOptions& options, OwnerLock lock, Database database)
      : lock_(std::move(lock)),
        witness_(options.path),
        writer_({.connection = {.path = options.path, .vfs = options.vfs},
                 .checkpoint_every_pages = options.checkpoint_every_pages,
                 .log_pages_max = options.log_pages_max},
                std::move(database), witness_, health_),
        sync_(options.path, options.vfs, witness_, ledger_, health_),
        queue_(std::make_unique<WriteQueue>(writer_, sync_, ledger_)),
        lookups_(*queue_, writer_, pending_, recent_, reader_of(options)),
        readers_(std::make_shared<ReadPool>(ReadPool::Options{.connection = reader_of(options),
                                                              .readers_max = options.readers_max,
                                                              .deadline = std::chrono::milliseconds(options.read_deadline_ms)})),
        page_bytes_max_(options.page_bytes_max) {}
  ~SqliteStore() override;

  /// The rest of opening, once the object has its address.
  [[nodiscard]] Result<void> start() { return writer_.start(); }

  Result<std::unique_ptr<StoreTransaction>> begin() override;
  CommitProgress progress() override;
  CommitProgress wait_for(CommitNumber number) override;
  void on_progress(std::function<void()> changed) override { ledger_.on_progress(std::move(changed)); }
  StoreLookups& lookups() override { return lookups_; }
  Result<std::int64_t> next_key() override;
  void idle() override { queue_->idle(); }
  Result<std::unique_ptr<ReadSession>> read() override;

 private:
  friend class SqliteTransaction;
  static Database::Options reader_of(const SqliteStoreOptions& options) {
    return {.path = options.path, .vfs = options.vfs, .read_only = true, .cache_kib = reader_cache_kib};
  }

  OwnerLock lock_;  // released last
  LogWitness witness_;
  Health health_;
  CommitLedger ledger_;
  Writer writer_;
  LogSync sync_;
  std::unique_ptr<WriteQueue> queue_;
  PendingChanges pending_;
  RecentTransitions recent_;
  RowEncoder encoder_;
  RoutedLookups lookups_;
  std::shared_ptr<ReadPool> readers_;
  const std::size_t page_bytes_max_;
};

// ---------------------------------------------------------------- the store

SqliteStore::~SqliteStore() {
  readers_->close();
  queue_.reset();
  sync_.finish();
  writer_.stop_checkpoints();
  // After a failed sync the log must not be copied into the file, as the last connection does when it closes.
  if (health_.failed()) {
    sqlite3_db_config(writer_.database().handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  } else {
    witness_.closing();
  }
}

Result<std::int64_t> SqliteStore::next_key() {
  if (auto done = queue_->execute_all(); !done) return fail(done.error());
  return writer_.database().integer("SELECT next_key FROM counter");
}

CommitProgress SqliteStore::progress() {
  CommitProgress progress = ledger_.seen_by_engine();
  if (progress.failure) recent_.forget();
  return progress;
}

CommitProgress SqliteStore::wait_for(CommitNumber number) {
  ledger_.wait_for(number);
  return progress();
}

Result<std::unique_ptr<StoreTransaction>> SqliteStore::begin() {
  if (health_.failed()) return fail(health_.error());
  if (auto begun = queue_->begin(); !begun) return fail(begun.error());
  pending_.forget(queue_->committed());
  return std::unique_ptr<StoreTransaction>(std::make_unique<SqliteTransaction>(*this));
}

Result<std::unique_ptr<ReadSession>> SqliteStore::read() {
  if (health_.failed()) return fail(health_.error());
  auto session = make_session(readers_, page_bytes_max_);
  if (!session) return session;
  // What the snapshot holds may not be durable yet; nobody may see what a power loss could still take back.
  ledger_.wait_for(ledger_.last());
  if (health_.failed()) return fail(health_.error());
  return session;
}

// ---------------------------------------------------------------- the transaction

SqliteTransaction::SqliteTransaction(SqliteStore& store) : LookupForwarder(store.lookups_), store_(store) {}

SqliteTransaction::~SqliteTransaction() {
  if (!store_.queue_->open()) return;
  store_.queue_->roll_back();
  store_.pending_.drop_open();
  store_.recent_.forget();
}

Result<void> SqliteTransaction::append(const Transition& transition, const InstanceState* after) {
  if (failed_) return fail(*failed_);
  if (auto done = store_.encoder_.encode(transition, after, store_.queue_->ops()); !done) {
    failed_ = done.error();
    return done;
  }
  store_.pending_.add(transition, store_.encoder_.changes());
  store_.recent_.note(transition);
  return {};
}

Result<void> SqliteTransaction::set_next_key(std::int64_t next_key) {
  if (failed_) return fail(*failed_);
  RowEncoder::encode_next_key(next_key, store_.queue_->ops());
  return {};
}

Result<void> SqliteTransaction::commit() {
  if (failed_) return fail(*failed_);
  if (auto done = store_.queue_->commit(); !done) return done;
  store_.pending_.seal(store_.queue_->committed());
  return {};
}

Result<CommitNumber> SqliteTransaction::hand_over() {
  if (failed_) return fail(*failed_);
  const Result<CommitNumber> number = store_.queue_->hand_over();
  if (number) store_.pending_.seal(*number);
  return number;
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
  Result<Database> database = Database::open({.path = options.path, .vfs = options.vfs, .gather_log_writes = true});
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
