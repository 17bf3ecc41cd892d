#include "persistence/sqlite/database.h"

#include <sqlite3.h>

#include <utility>

#include "persistence/sqlite/errors.h"
#include "persistence/sqlite/gathering_vfs.h"

namespace fermata::sqlite {
namespace {

/// Once per process, before SQLite is first used: without the statistics that cost a global lock on every allocation. If somebody has
/// used SQLite before us, it says no, which is no harm.
void configure_library() {
  static const bool done = [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
  (void)done;
}

Result<void> harden(Database& database, const Database::Options& options) {
  sqlite3* handle = database.handle();
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, options.busy_timeout_ms);
  if (!options.read_only) sqlite3_db_config(handle, SQLITE_DBCONFIG_LOOKASIDE, nullptr, 1'200, 200);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  // automatic_index: what is to be found through an index has one, or a span of keys. SQLite would rather build an index over a whole
  // table for one search.
  const std::string pragmas = "PRAGMA cell_size_check = ON; PRAGMA automatic_index = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -" +
                              std::to_string(options.cache_kib) + (options.read_only ? "; PRAGMA query_only = ON" : "");
  return database.execute(pragmas.c_str());
}

}  // namespace

Result<Database> Database::open(const Options& options) {
  configure_library();
  Database database;
  // Each connection is used by one thread at a time, so SQLite's own mutexes would only cost time.
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    (options.create ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  std::string vfs = options.vfs;
  if (options.gather_log_writes) {
    Result<std::string> gathering = gathering_vfs(options.vfs);
    if (!gathering) return fail(gathering.error());
    vfs = std::move(*gathering);
  }
  const int code = sqlite3_open_v2(options.path.c_str(), &database.handle_, flags, vfs.empty() ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) return fail(error_of(database.handle_, code, "cannot open the database " + options.path));
  if (auto done = harden(database, options); !done) return fail(done.error());
  return database;
}

Database::Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Database::~Database() { close(); }

void Database::close() { sqlite3_close_v2(std::exchange(handle_, nullptr)); }

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error_of(handle_, code, std::string_view(sql).substr(0, 60)));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code =
      sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return fail(error_of(handle_, code, std::string("cannot prepare ") + std::string(sql.substr(0, 60))));
  return Statement(made);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  Result<Statement> statement = prepare(sql);
  if (!statement) return fail(statement.error());
  const Result<bool> row = statement->next();
  if (!row) return fail(row.error());
  return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
  Result<Statement> statement = prepare(sql);
  if (!statement) return fail(statement.error());
  const Result<bool> row = statement->next();
  if (!row) return fail(row.error());
  return *row ? std::string(statement->text(0)) : std::string();
}

bool Database::in_transaction() const { return handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0; }

}  // namespace fermata::sqlite
