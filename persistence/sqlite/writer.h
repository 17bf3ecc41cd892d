// Writer: the writing connection: transactions of RowOps, and the length of the write-ahead log.
//
// Floor 5, persistence/sqlite only. Not thread-safe: WriteQueue hands it from thread to thread.
//
//   writer.begin();  writer.execute(ops);  const auto record = writer.commit();     // written, not synced: that is LogSync's work
#pragma once

#include <memory>

#include "persistence/sqlite/checkpointer.h"
#include "persistence/sqlite/health.h"
#include "persistence/sqlite/log_file.h"
#include "persistence/sqlite/log_witness.h"
#include "persistence/sqlite/lookups.h"
#include "persistence/sqlite/row_statements.h"

namespace fermata::sqlite {

class Writer {
 public:
  struct Options {
    Database::Options connection;
    int checkpoint_every_pages = 0;  ///< 0: no checkpoints in the background
    int log_pages_max = 0;
  };
  Writer(Options options, Database database, LogWitness& witness, Health& health);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// The rest of opening, once the object has its address.
  [[nodiscard]] Result<void> start();

  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> execute(const RowOps& ops);
  /// What the witness shall keep once the commit is synced. The transaction stays open after an error.
  [[nodiscard]] Result<LogWitness::Record> commit();
  /// Whether the last commit has put anything into the log.
  [[nodiscard]] bool wrote() const { return wrote_; }
  void roll_back();
  [[nodiscard]] bool in_transaction() const { return database_.in_transaction(); }

  /// Sees what the open transaction has written.
  [[nodiscard]] Lookups& lookups() { return lookups_; }
  [[nodiscard]] Database& database() { return database_; }
  /// Starts the log anew when it is long and little is left to copy; outside of transactions.
  void restart_log_if_long();
  /// Before the last connection closes.
  void stop_checkpoints() { checkpointer_.reset(); }

 private:
  [[nodiscard]] Result<void> write_owner();
  /// Blocks of a file that is overwritten are there already: syncs take half the time. So the log is made longer ahead of its use, until
  /// it has the length at which it starts anew. Nothing depends on it: without room SQLite says so itself.
  void make_room_in_log();
  static int log_grew(void* self, sqlite3*, const char*, int pages);

  const Options options_;
  LogWitness& witness_;
  Health& health_;
  Database database_;
  Lookups lookups_;
  RowStatements rows_;
  Statement begin_, commit_, rollback_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<LogFile> log_file_;  ///< opened by the first make_room_in_log()
  std::int64_t log_room_ = 0;          ///< bytes that the file has; behind what is written they are zeros, which SQLite takes for the end
  bool log_has_no_room_ = false;
  int log_pages_ = 0;
  bool wrote_ = false;
  bool log_is_exact_ = false;  ///< every frame of the log belongs to a commit: none is padding
};

}  // namespace fermata::sqlite
