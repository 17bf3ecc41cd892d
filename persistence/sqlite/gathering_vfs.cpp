#include "persistence/sqlite/gathering_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "persistence/sqlite/log_format.h"

namespace fermata::sqlite {
namespace {

// SQLite's own VFS takes the size of a write for a number of 17 bits, and a write of exactly 128 KiB for a full disk.
constexpr int kept_max = 31 * (page_bytes + frame_header_bytes);
static_assert(kept_max < 1 << 17);

/// The log as SQLite sees it; the file of the VFS below follows it in memory. What is kept is never part of a committed transaction.
struct GatheredLog {
  sqlite3_file base;           // what SQLite knows of it; must come first
  char* kept;                  // of kept_max bytes: what is not written yet,
  int kept_bytes;              // so many of them,
  sqlite3_int64 end;           // behind which the log ends: where the next page is added
  bool header_was_last;        // the last write was the header of a page that is added...
  bool page_ends_transaction;  // ...and is the last of its transaction
  bool gathers;                // no: SQLite pads the log, because its sectors do not survive a torn write beside them

  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  [[nodiscard]] sqlite3_int64 kept_at() const { return end - kept_bytes; }

  /// After an error SQLite rolls the transaction back, and with it what was kept. It does that for these two.
  int write_kept() {
    if (kept_bytes == 0) return SQLITE_OK;
    const int code = below()->pMethods->xWrite(below(), kept, kept_bytes, kept_at());
    kept_bytes = 0;
    return code == SQLITE_OK || code == SQLITE_FULL ? code : SQLITE_IOERR_WRITE;
  }

  int write(const char* bytes, int size, sqlite3_int64 at) {
    drop_what_was_rolled_back(size, at);
    const bool is_page = header_was_last && at == end;
    const bool is_header = !is_page && at == end && size == frame_header_bytes;
    header_was_last = false;
    // SQLite also writes pages and headers anew that it has added before: when a page that left its cache is changed again, and after a
    // transaction was rolled back.
    if (!gathers || (!is_page && !is_header) || size > kept_max) return write_directly(bytes, size, at);
    if (kept_bytes + size > kept_max) {
      if (const int code = write_kept(); code != SQLITE_OK) return code;
    }
    std::copy_n(bytes, size, kept + kept_bytes);
    kept_bytes += size;
    end += size;
    if (is_page) return page_ends_transaction ? write_kept() : SQLITE_OK;
    header_was_last = true;
    page_ends_transaction = std::any_of(bytes + 4, bytes + 8, [](char byte) { return byte != 0; });
    return SQLITE_OK;
  }

  /// A page that SQLite has added and reads again is answered from memory, so that a read never has to tell of a failed write.
  int read(char* to, int size, sqlite3_int64 at) {
    if (kept_bytes > 0 && at >= kept_at() && at + size <= end) {
      std::copy_n(kept + (at - kept_at()), size, to);
      return SQLITE_OK;
    }
    if (kept_bytes > 0 && at < end && at + size > kept_at() && write_kept() != SQLITE_OK) return SQLITE_IOERR_WRITE;
    return below()->pMethods->xRead(below(), to, size, at);
  }

 private:
  // What is kept belongs to one transaction. A new one begins where that began, or at the start of the log.
  void drop_what_was_rolled_back(int size, sqlite3_int64 at) {
    if (kept_bytes == 0 || (at != 0 && (size != frame_header_bytes || at > kept_at()))) return;
    end = kept_at();
    kept_bytes = 0;
    header_was_last = false;
  }

  int write_directly(const char* bytes, int size, sqlite3_int64 at) {
    if (const int code = write_kept(); code != SQLITE_OK) return code;
    // With the log's own header it is begun anew.
    end = at == 0 ? size : std::max(end, at + size);
    return below()->pMethods->xWrite(below(), bytes, size, at);
  }
};

GatheredLog& log_of(sqlite3_file* file) { return *reinterpret_cast<GatheredLog*>(file); }

// The kept pages are written, then the VFS below is asked.
template <class Ask>
int after_writing(sqlite3_file* file, Ask&& ask) {
  GatheredLog& log = log_of(file);
  if (const int code = log.write_kept(); code != SQLITE_OK) return code;
  return ask(*log.below()->pMethods, log.below());
}

int close_log(sqlite3_file* file) {
  GatheredLog& log = log_of(file);
  sqlite3_free(log.kept);
  return log.below()->pMethods->xClose(log.below());
}
int read_log(sqlite3_file* file, void* to, int size, sqlite3_int64 at) { return log_of(file).read(static_cast<char*>(to), size, at); }
int write_log(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  return log_of(file).write(static_cast<const char*>(from), size, at);
}
int truncate_log(sqlite3_file* file, sqlite3_int64 size) {
  return after_writing(file, [&](const sqlite3_io_methods& below, sqlite3_file* log) {
    log_of(file).end = std::min(log_of(file).end, size);
    return below.xTruncate(log, size);
  });
}
int sync_log(sqlite3_file* file, int flags) {
  return after_writing(file, [&](const sqlite3_io_methods& below, sqlite3_file* log) { return below.xSync(log, flags); });
}
int size_of_log(sqlite3_file* file, sqlite3_int64* size) {
  return after_writing(file, [&](const sqlite3_io_methods& below, sqlite3_file* log) { return below.xFileSize(log, size); });
}
int control_log(sqlite3_file* file, int operation, void* argument) {
  return after_writing(file, [&](const sqlite3_io_methods& below, sqlite3_file* log) { return below.xFileControl(log, operation, argument); });
}
int lock_log(sqlite3_file* file, int level) { return log_of(file).below()->pMethods->xLock(log_of(file).below(), level); }
int unlock_log(sqlite3_file* file, int level) { return log_of(file).below()->pMethods->xUnlock(log_of(file).below(), level); }
int check_lock_of_log(sqlite3_file* file, int* taken) { return log_of(file).below()->pMethods->xCheckReservedLock(log_of(file).below(), taken); }
int sector_size_of_log(sqlite3_file* file) { return log_of(file).below()->pMethods->xSectorSize(log_of(file).below()); }
int characteristics_of_log(sqlite3_file* file) { return log_of(file).below()->pMethods->xDeviceCharacteristics(log_of(file).below()); }

// Version 1: no shared memory and no mapping, which SQLite asks of a database and never of its log.
constexpr sqlite3_io_methods methods{1, close_log, read_log, write_log, truncate_log, sync_log, size_of_log, lock_log, unlock_log,
                                     check_lock_of_log, control_log, sector_size_of_log, characteristics_of_log,
                                     nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};

sqlite3_vfs* below(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  if ((flags & SQLITE_OPEN_WAL) == 0) return below(vfs)->xOpen(below(vfs), name, file, flags, flags_out);
  GatheredLog& log = *new (file) GatheredLog{};
  log.kept = static_cast<char*>(sqlite3_malloc(kept_max));
  if (log.kept == nullptr) return SQLITE_NOMEM;
  const int code = below(vfs)->xOpen(below(vfs), name, log.below(), flags, flags_out);
  if (code != SQLITE_OK) {
    if (log.below()->pMethods != nullptr) log.below()->pMethods->xClose(log.below());
    sqlite3_free(log.kept);
    return code;  // base.pMethods is null: SQLite does not close it
  }
  log.gathers = (log.below()->pMethods->xDeviceCharacteristics(log.below()) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  log.base.pMethods = &methods;
  return SQLITE_OK;
}
int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) { return below(vfs)->xDelete(below(vfs), name, sync_folder); }
int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* answer) { return below(vfs)->xAccess(below(vfs), name, flags, answer); }
int full_path(sqlite3_vfs* vfs, const char* name, int size, char* path) { return below(vfs)->xFullPathname(below(vfs), name, size, path); }
int randomness(sqlite3_vfs* vfs, int size, char* bytes) { return below(vfs)->xRandomness(below(vfs), size, bytes); }
int sleep(sqlite3_vfs* vfs, int microseconds) { return below(vfs)->xSleep(below(vfs), microseconds); }
int current_time(sqlite3_vfs* vfs, double* days) { return below(vfs)->xCurrentTime(below(vfs), days); }
int last_error(sqlite3_vfs* vfs, int size, char* text) { return below(vfs)->xGetLastError(below(vfs), size, text); }
int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* ms) { return below(vfs)->xCurrentTimeInt64(below(vfs), ms); }

struct Gathering {
  std::string name;
  sqlite3_vfs vfs{};
};

}  // namespace

Result<std::string> gathering_vfs(const std::string& below_name) {
  sqlite3_vfs* const rests_on = sqlite3_vfs_find(below_name.empty() ? nullptr : below_name.c_str());
  if (rests_on == nullptr) return fail(ErrorCode::internal, "there is no SQLite VFS '" + below_name + "'");
  static std::mutex mutex;
  static auto& known = *new std::vector<std::unique_ptr<Gathering>>;  // as long as the process: connections hold on to them
  const std::lock_guard lock(mutex);
  const int file_bytes = static_cast<int>(sizeof(GatheredLog)) + rests_on->szOsFile;
  // The size as well: a VFS of a test may be gone, and another lie where it was.
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& each) { return each->vfs.pAppData == rests_on && each->vfs.szOsFile == file_bytes; });
  if (found != known.end()) return (*found)->name;
  Gathering& made = *known.emplace_back(std::make_unique<Gathering>());
  made.name = "fermata-gathering-" + std::to_string(known.size());
  made.vfs.iVersion = std::min(rests_on->iVersion, 2);  // 3 is for tests of SQLite itself
  made.vfs.szOsFile = file_bytes;
  made.vfs.mxPathname = rests_on->mxPathname;
  made.vfs.zName = made.name.c_str();
  made.vfs.pAppData = rests_on;
  made.vfs.xOpen = open_file;
  made.vfs.xDelete = delete_file;
  made.vfs.xAccess = access_file;
  made.vfs.xFullPathname = full_path;
  made.vfs.xRandomness = randomness;
  made.vfs.xSleep = sleep;
  made.vfs.xCurrentTime = current_time;
  made.vfs.xGetLastError = last_error;
  made.vfs.xCurrentTimeInt64 = current_time_ms;
  if (sqlite3_vfs_register(&made.vfs, 0) != SQLITE_OK) {
    known.pop_back();
    return fail(ErrorCode::internal, "SQLite takes no VFS");
  }
  return made.name;
}

}  // namespace fermata::sqlite
