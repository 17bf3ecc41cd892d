#include "persistence/sqlite/statement.h"

#include <sqlite3.h>

#include <utility>

#include "persistence/sqlite/errors.h"

namespace fermata::sqlite {

Statement::Statement(Statement&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), binding_(std::exchange(other.binding_, SQLITE_OK)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(binding_, other.binding_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::bind(int position, std::int64_t number) {
  if (const int code = sqlite3_bind_int64(handle_, position, number); code != SQLITE_OK && binding_ == SQLITE_OK) binding_ = code;
}

void Statement::bind(int position, std::string_view text) {
  // An empty string_view may have no address, which SQLite would take for NULL.
  const char* data = text.empty() ? "" : text.data();
  const int code = sqlite3_bind_text64(handle_, position, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK && binding_ == SQLITE_OK) binding_ = code;
}

void Statement::bind_bytes(int position, std::string_view bytes) {
  const int code = sqlite3_bind_blob64(handle_, position, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK && binding_ == SQLITE_OK) binding_ = code;
}

void Statement::bind_null(int position) {
  if (const int code = sqlite3_bind_null(handle_, position); code != SQLITE_OK && binding_ == SQLITE_OK) binding_ = code;
}

Result<void> Statement::run() {
  if (binding_ != SQLITE_OK) return fail(error_of(handle_, std::exchange(binding_, SQLITE_OK)));
  int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) code = SQLITE_DONE;  // a PRAGMA that answers its new value
  if (code == SQLITE_DONE && sqlite3_reset(handle_) == SQLITE_OK) [[likely]] return {};
  auto failed = fail(error_of(handle_, code));
  sqlite3_reset(handle_);
  return failed;
}

Result<bool> Statement::next() {
  if (binding_ != SQLITE_OK) return fail(error_of(handle_, std::exchange(binding_, SQLITE_OK)));
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  auto failed = fail(error_of(handle_, code));
  sqlite3_reset(handle_);
  return failed;
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::changes() const { return sqlite3_changes64(sqlite3_db_handle(handle_)); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
  const unsigned char* data = sqlite3_column_text(handle_, column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

}  // namespace fermata::sqlite
