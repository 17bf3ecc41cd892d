// ReadPool: connections for readers, reused, bounded. Each holds one snapshot while it is out, and is interrupted when it is out too long.
//
// Floor 5, persistence/sqlite only. Any thread. Lives as long as the store or the last session that uses it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "persistence/sqlite/lookups.h"

namespace fermata::sqlite {

/// One connection of a reader.
struct Reader {
  explicit Reader(Database opened) : database(std::move(opened)), lookups(database) {}
  Database database;
  Lookups lookups;
  std::chrono::steady_clock::time_point deadline;
};

class ReadPool : public std::enable_shared_from_this<ReadPool> {
 public:
  struct Options {
    Database::Options connection;
    std::size_t readers_max = 64;
    std::chrono::milliseconds deadline{20'000};
  };
  explicit ReadPool(Options options) : options_(std::move(options)) {}

  /// A reader within a snapshot of what is committed now. unavailable when too many are out.
  [[nodiscard]] Result<std::unique_ptr<Reader>> take();
  /// Ends the snapshot. A reader that had trouble is closed instead of reused.
  void give_back(std::unique_ptr<Reader> reader);
  /// Closes the idle connections, and those that come back later as well.
  void close();

 private:
  [[nodiscard]] Result<std::unique_ptr<Reader>> idle_or_new();

  const Options options_;
  std::atomic<std::size_t> out_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;  ///< guarded by mutex_
  bool closed_ = false;                        ///< guarded by mutex_
};

}  // namespace fermata::sqlite
