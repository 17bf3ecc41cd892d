#include "persistence/sqlite/log_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace fermata::sqlite {

Result<std::unique_ptr<LogFile>> LogFile::open(const std::string& database_path, const std::string& vfs_name) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
  if (vfs == nullptr) return fail(ErrorCode::internal, "there is no SQLite VFS '" + vfs_name + "'");
  std::unique_ptr<LogFile> made(new LogFile);
  const std::string log = database_path + "-wal";
  made->names_ = sqlite3_create_filename(database_path.c_str(), "", log.c_str(), 0, nullptr);
  if (made->names_ == nullptr) return fail(ErrorCode::resource_exhausted, "out of memory");
  made->bytes_ = std::make_unique<std::max_align_t[]>(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
  const int code = vfs->xOpen(vfs, sqlite3_filename_wal(made->names_), made->get(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, nullptr);
  if (code == SQLITE_OK) return made;
  return fail(ErrorCode::data_loss, log + " cannot be opened a second time (SQLite error " + std::to_string(code) + ")");
}

LogFile::~LogFile() {
  if (bytes_ != nullptr && get()->pMethods != nullptr) get()->pMethods->xClose(get());
  sqlite3_free_filename(names_);
}

int LogFile::sync() { return get()->pMethods->xSync(get(), SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY); }

std::int64_t LogFile::size() {
  sqlite3_int64 bytes = 0;
  return get()->pMethods->xFileSize(get(), &bytes) == SQLITE_OK ? bytes : 0;
}

int LogFile::append_zeros(std::int64_t end, std::size_t bytes) {
  static constexpr std::array<char, 64 * 1024> zeros{};
  while (bytes > 0) {
    const std::size_t part = std::min(bytes, zeros.size());
    if (const int code = get()->pMethods->xWrite(get(), zeros.data(), static_cast<int>(part), end); code != SQLITE_OK) return code;
    end += static_cast<std::int64_t>(part);
    bytes -= part;
  }
  return SQLITE_OK;
}

}  // namespace fermata::sqlite
