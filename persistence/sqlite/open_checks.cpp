#include "persistence/sqlite/open_checks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "persistence/sqlite/migrations.h"

namespace fermata::sqlite {
namespace {

constexpr std::string_view magic{"SQLite format 3", 16};  // with its terminating zero
constexpr std::size_t header_bytes = 100;
constexpr std::int64_t whole_check_bytes_max = 8 << 20;

Error refused(const std::string& path, std::string_view why) {
  return Error{ErrorCode::data_loss, path + ' ' + std::string(why) +
                                         ". Nothing was changed. Restore a backup, or move the file away to start with an empty store"};
}

/// -1: there is no such file.
std::int64_t file_bytes(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_size) : -1;
}

std::uint32_t big_endian(const unsigned char* at, int bytes) {
  std::uint32_t number = 0;
  for (int i = 0; i < bytes; ++i) number = number << 8 | at[i];
  return number;
}

bool read_header(const std::string& path, std::array<unsigned char, header_bytes>& header) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t got = read(file, header.data(), header.size());
  close(file);
  return got == static_cast<ssize_t>(header.size());
}

Result<void> sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int handle = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = handle >= 0 && fsync(handle) == 0;
  const int trouble = errno;
  if (handle >= 0) close(handle);
  if (synced) return {};
  return fail(ErrorCode::data_loss, "cannot sync the directory " + directory + ": " + std::strerror(trouble));
}

}  // namespace

Result<bool> check_file(const std::string& path) {
  const std::int64_t bytes = file_bytes(path);
  const std::int64_t log_bytes = file_bytes(path + "-wal");
  if (bytes < 0) {
    if (log_bytes > 0) return fail(refused(path, "is missing, but its log " + path + "-wal is there: the database itself was lost"));
    return false;
  }
  if (bytes == 0) return fail(refused(path, "is empty: a Fermata database never is"));
  std::array<unsigned char, header_bytes> header{};
  if (!read_header(path, header)) return fail(refused(path, "cannot be read, or is too short to be a database"));
  if (std::memcmp(header.data(), magic.data(), magic.size()) != 0) return fail(refused(path, "is not a SQLite database"));
  if (big_endian(&header[68], 4) != application_id) return fail(refused(path, "is a SQLite database of another program"));

  const std::uint32_t stated = big_endian(&header[16], 2);
  const std::int64_t page_bytes = stated == 1 ? 65536 : stated;
  if (page_bytes < 512) return fail(refused(path, "has a header that makes no sense"));
  // While a log is there, a kill within a checkpoint may have left the file with half a page, or with fewer pages than its first one
  // says: the log makes up for it.
  const std::int64_t pages = big_endian(&header[28], 4);
  if (log_bytes <= 0 && bytes % page_bytes != 0) return fail(refused(path, "is cut off in the middle of a page"));
  if (log_bytes <= 0 && bytes / page_bytes < pages) {
    return fail(refused(path, "is cut off: it has " + std::to_string(bytes / page_bytes) + " pages of " + std::to_string(pages)));
  }
  return true;
}

Result<void> create_database(const Database::Options& options) {
  Database::Options fresh = options;
  fresh.path = options.path + ".new";
  fresh.create = true;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::remove((fresh.path + suffix).c_str());
  {
    Result<Database> database = Database::open(fresh);
    if (!database) return fail(database.error());
    // Nobody knows this file before it is renamed: it is synced once, by the change to WAL, which is its last write.
    if (auto done = database->execute("PRAGMA page_size = 4096; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF"); !done) return done;
    if (auto done = migrate(*database, embedded_migrations()); !done) return done;
    if (auto done = database->execute("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL"); !done) return done;
  }
  if (std::rename(fresh.path.c_str(), options.path.c_str()) != 0) {
    return fail(ErrorCode::internal, "cannot name the new database " + options.path + ": " + std::strerror(errno));
  }
  return sync_directory_of(options.path);
}

Result<void> check_structure(Database& database, bool full) {
  const Result<std::int64_t> pages = database.integer("PRAGMA page_count");
  if (!pages) return fail(pages.error());
  const Result<std::int64_t> page_bytes = database.integer("PRAGMA page_size");
  if (!page_bytes) return fail(page_bytes.error());
  if (full || *pages * *page_bytes <= whole_check_bytes_max) {
    const Result<std::string> verdict = database.text(full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    if (!verdict) return fail(verdict.error());
    if (*verdict != "ok") return fail(ErrorCode::data_loss, "the database is damaged: " + *verdict + ". Restore a backup");
    return {};
  }
  Result<Statement> tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  if (!tables) return fail(tables.error());
  std::vector<std::string> names;
  for (;;) {
    const Result<bool> row = tables->next();
    if (!row) return fail(row.error());
    if (!*row) break;
    names.emplace_back(tables->text(0));
  }
  for (const std::string& name : names) {
    for (const std::string direction : {"", " DESC"}) {
      // In the order in which the table lies, or all of it would be read and sorted.
      std::string order = "key" + direction;
      if (name == "variable" || name == "token") order = "instance" + direction + ", key" + direction;
      if (name == "request") order = "source" + direction + ", id" + direction;
      if (name == "counter" || name == "owner") order = "id" + direction;
      Result<std::string> edge = database.text("SELECT * FROM " + name + " ORDER BY " + order + " LIMIT 1");
      if (!edge) return fail(edge.error());
    }
  }
  return {};
}

}  // namespace fermata::sqlite
