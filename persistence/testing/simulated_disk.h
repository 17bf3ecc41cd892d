// SimulatedDisk: what a disk and its cache would have kept. Knows of every file what is synced, and every write since.
//
// Floor 5, for tests only. Writes go through to real files (a program that is killed loses nothing that it has written); a power
// loss rewrites those files: what was synced stays, each later write is kept, dropped or torn at sectors, as a seed decides.
//
//   SimulatedDisk disk;
//   disk.set_fault({.kind = DiskFault::Kind::stop, .at_operation = 17, .eighths = 4});
//   ... run, until everything fails ...
//   disk.lose_power(seed);         // or nothing, for a mere kill
//   disk.clear_fault();
//
// Thread-safe: SQLite writes from several connections.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::testing {

struct DiskFault {
  enum class Kind {
    none,
    stop,         ///< the process dies here: this operation and all later ones do not happen
    write_error,  ///< EIO
    full,         ///< ENOSPC
    sync_error,   ///< the first sync from here on fails
  };
  Kind kind = Kind::none;
  std::uint64_t at_operation = 0;  ///< writes, syncs, truncations and deletions, counted from 1 since set_fault()
  bool persistent = false;         ///< every later operation of the kind fails as well, until clear_fault()
  std::uint64_t eighths = 0;       ///< stop: so much of the write still happens
};

class SimulatedDisk {
 public:
  enum class Verdict { go_on, part_then_stop, stopped, write_error, full, sync_error };

  void set_fault(DiskFault fault);
  void clear_fault() { set_fault({}); }
  [[nodiscard]] std::uint64_t operations() const;  ///< since set_fault()
  [[nodiscard]] std::uint64_t syncs() const;
  [[nodiscard]] std::uint64_t failures() const;    ///< operations that did not happen

  /// Forgets all files; their content counts as synced when they are opened next.
  void forget_files();
  /// Rewrites every file that has unsynced writes. Only while nothing has them open.
  void lose_power(std::uint64_t seed);

  // For the VFS.
  [[nodiscard]] Verdict before_operation(bool is_sync);
  /// Of a write that is cut off: how many of its bytes still happen.
  [[nodiscard]] std::size_t part_of(std::size_t bytes) const;
  void opened(const std::string& path);
  void wrote(const std::string& path, std::int64_t offset, std::string_view bytes);
  void truncated(const std::string& path, std::int64_t size);
  void synced(const std::string& path);
  void deleted(const std::string& path);

 private:
  struct Write {
    std::int64_t offset = 0;
    std::string bytes;
    bool is_truncation = false;
  };
  struct File {
    std::string durable;
    std::vector<Write> since;
  };

  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  DiskFault fault_;
  std::uint64_t operations_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t failures_ = 0;
  bool stopped_ = false;
};

}  // namespace fermata::testing
