#include "persistence/sqlite/errors.h"

#include <sqlite3.h>

#include <string>

namespace fermata::sqlite {
namespace {

constexpr int given_up = SQLITE_ABORT | (200 << 8);  // an extended code that SQLite itself does not use

ErrorCode code_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return ErrorCode::resource_exhausted;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::data_loss;
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
    case SQLITE_LOCKED: return ErrorCode::unavailable;
    case SQLITE_INTERRUPT: return ErrorCode::deadline_exceeded;
    case SQLITE_CANTOPEN: return ErrorCode::not_found;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return ErrorCode::permission_denied;
    default: return ErrorCode::internal;
  }
}

}  // namespace

Error error_of(sqlite3* database, int code, std::string_view doing) {
  const int extended = database == nullptr ? code : sqlite3_extended_errcode(database);
  std::string message(doing);
  message += ": ";
  message += database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  message += " (SQLite " + std::to_string((extended & 0xff) == (code & 0xff) ? extended : code) + ")";
  if ((code & 0xff) == SQLITE_FULL) message += "; free some space on the disk of the database";
  return Error{code_of(code), std::move(message)};
}

Error error_of(sqlite3_stmt* statement, int code) {
  if (code == given_up) return Error{ErrorCode::limit_exceeded, sqlite3_errmsg(sqlite3_db_handle(statement))};
  const char* sql = sqlite3_sql(statement);
  return error_of(sqlite3_db_handle(statement), code, std::string_view(sql == nullptr ? "statement" : sql).substr(0, 60));
}

void give_up(sqlite3_context* context, const std::string& message) {
  sqlite3_result_error(context, message.data(), static_cast<int>(message.size()));
  sqlite3_result_error_code(context, given_up);  // keeps the message
}

}  // namespace fermata::sqlite
