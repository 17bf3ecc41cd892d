// Statement: one prepared SQL statement, bound and read by position. Owns its sqlite3_stmt.
//
// Floor 5, persistence/sqlite only. Not thread-safe: it belongs to the thread that uses its Database. Texts are bound without a
// copy: they must stay where they are until run(), the last next(), or reset().
//
//   Statement find = *database.prepare("SELECT name FROM resource WHERE key = ?");
//   find.bind(1, key);
//   while (find.next()) use(find.text(0));    // Result<bool>: true while there is a row
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/result.h"

struct sqlite3_stmt;

namespace fermata::sqlite {

class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* owned) : handle_(owned) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Positions count from 1. Trouble with a binding (too big, no memory) is reported by the next run() or next().
  void bind(int position, std::int64_t number);
  void bind(int position, std::string_view text);
  void bind_bytes(int position, std::string_view bytes);
  void bind_null(int position);

  /// Executes a statement that answers no rows, and makes it ready to be bound again.
  [[nodiscard]] Result<void> run();
  /// Steps to the next row: false when there is none any more (then it is ready to be bound again).
  [[nodiscard]] Result<bool> next();
  /// Ends a query before its last row.
  void reset();
  /// How many rows the last run() has changed.
  [[nodiscard]] std::int64_t changes() const;

  // Columns count from 0. A text is valid until the next call of next(), run() or reset().
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3_stmt* handle_ = nullptr;
  int binding_ = 0;  ///< the first result code of a bind() that was not SQLITE_OK
};

}  // namespace fermata::sqlite
