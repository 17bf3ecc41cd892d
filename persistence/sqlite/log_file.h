// LogFile: SQLite's write-ahead log, opened once more through the same VFS: to sync it on another thread, and to make room in it.
//
// Floor 5, persistence/sqlite only. One thread at a time. SQLite takes no locks on its log, so a descriptor of ours does no harm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/result.h"

struct sqlite3_file;

namespace fermata::sqlite {

class LogFile {
 public:
  /// The log of an open database. data_loss when it cannot be opened.
  [[nodiscard]] static Result<std::unique_ptr<LogFile>> open(const std::string& database_path, const std::string& vfs_name);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// SQLite's result code.
  [[nodiscard]] int sync();
  /// 0 when it cannot be told.
  [[nodiscard]] std::int64_t size();
  /// Writes zeros from `end` on; only while no connection writes. SQLite's result code.
  [[nodiscard]] int append_zeros(std::int64_t end, std::size_t bytes);

 private:
  LogFile() = default;
  sqlite3_file* get() { return reinterpret_cast<sqlite3_file*>(bytes_.get()); }

  const char* names_ = nullptr;
  std::unique_ptr<std::max_align_t[]> bytes_;  // of the size that the VFS wants, zero
};

}  // namespace fermata::sqlite
