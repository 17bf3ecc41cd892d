// Database: one SQLite connection with the settings that every connection of a store needs.
//
// Floor 5, persistence/sqlite only. Used by one thread at a time. Only the .cpp files of this folder know sqlite3.h.
//
//   Result<Database> db = Database::open({.path = "/var/lib/fermata/fermata.db"});
//   if (auto done = db->execute("BEGIN IMMEDIATE"); !done) return fail(done.error());
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "persistence/sqlite/statement.h"

struct sqlite3;

namespace fermata::sqlite {

class Database {
 public:
  struct Options {
    std::string path;
    std::string vfs;            ///< empty: the system's; tests inject faults here
    bool gather_log_writes = false;  ///< of the connection that writes: a transaction reaches the log with one write (gathering_vfs.h)
    bool create = false;        ///< make the file if there is none
    bool read_only = false;
    int busy_timeout_ms = 5'000;
    int cache_kib = 8 * 1024;  ///< upper bound, taken as it is needed; SQLite walks through all of it at many commits
  };

  /// Opens the file hardened: no loadable extensions, no trust in the schema, defensive, cells checked.
  [[nodiscard]] static Result<Database> open(const Options& options);

  Database() = default;
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  /// Runs one or more statements that answer nothing of interest.
  [[nodiscard]] Result<void> execute(const char* sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row as a number; for PRAGMA and the like.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);
  [[nodiscard]] Result<std::string> text(std::string_view sql);

  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] sqlite3* handle() const { return handle_; }
  /// Closes now; an error of closing is of no consequence, because everything of value was synced by a commit.
  void close();

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace fermata::sqlite
