// What a transaction adds to the log reaches it with one write, and nothing else is different.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "persistence/sqlite/database.h"
#include "persistence/testing/fault_vfs.h"

namespace fermata::sqlite {
namespace {

namespace fs = std::filesystem;

class GatheringVfs : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("fermata-gathering-" + std::to_string(::getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  /// The connection that writes, with an empty table.
  Database writer(bool gather = true) {
    auto opened = Database::open({.path = path(), .vfs = vfs.name(), .gather_log_writes = gather, .create = true});
    EXPECT_TRUE(opened) << opened.error().message;
    run(*opened, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;"
                 "CREATE TABLE t (key INTEGER PRIMARY KEY, text TEXT NOT NULL); CREATE INDEX i ON t (text)");
    return std::move(*opened);
  }
  Database reader() {
    auto opened = Database::open({.path = path(), .vfs = vfs.name(), .read_only = true});
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  static void run(Database& database, const std::string& sql) {
    const auto done = database.execute(sql.c_str());
    EXPECT_TRUE(done) << sql << ": " << done.error().message;
  }
  static std::string rows(std::size_t first, std::size_t count, std::size_t bytes) {
    return "WITH RECURSIVE n(k) AS (VALUES (" + std::to_string(first) + ") UNION ALL SELECT k + 1 FROM n WHERE k < " + std::to_string(first + count - 1) +
           ") INSERT INTO t SELECT k, printf('%0" + std::to_string(bytes) + "d', k) FROM n";
  }
  static std::int64_t count(Database& database) { return database.integer("SELECT count(*) FROM t").value_or(-1); }
  static std::string check(Database& database) { return database.text("PRAGMA integrity_check").value_or("unreadable"); }
  [[nodiscard]] std::string path() const { return (folder / "a.db").string(); }

  fs::path folder;
  testing::SimulatedDisk disk;
  testing::FaultVfs vfs{disk};
};

TEST_F(GatheringVfs, WritesATransactionAtOnce) {
  const auto writes_of = [&](bool gather) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    Database database = writer(gather);
    run(database, rows(1, 5, 10));  // what the first write to a log adds to it is done
    const auto before = disk.operations();
    run(database, rows(100, 15, 1'000));
    const auto writes = disk.operations() - before;
    Database other = reader();
    EXPECT_EQ(count(other), 20);
    return writes;
  };
  EXPECT_EQ(writes_of(true), 1U);
  EXPECT_GT(writes_of(false), 15U);
}

TEST_F(GatheringVfs, WritesALongTransactionInParts) {
  Database database = writer();
  run(database, rows(1, 5, 10));
  const auto before = disk.operations();
  run(database, rows(100, 2'000, 1'000));  // some thousand pages, of which SQLite keeps none back
  EXPECT_GT(disk.operations() - before, 10U);
  EXPECT_LT(disk.operations() - before, 200U);
  Database other = reader();
  EXPECT_EQ(count(other), 2'005);
  EXPECT_EQ(check(other), "ok");
}

// The bound on a write is just below 128 KiB: every length of a transaction around it, and around twice of it.
TEST_F(GatheringVfs, WritesTransactionsOfAnyLength) {
  Database database = writer();
  Database other = reader();
  std::int64_t expected = 0;
  for (std::size_t pages = 1; pages <= 70; ++pages) {
    run(database, rows(pages * 1'000, pages, 3'500));  // a page each, and a few of the index
    expected += static_cast<std::int64_t>(pages);
    ASSERT_EQ(count(other), expected) << pages;
  }
  EXPECT_EQ(check(other), "ok");
}

TEST_F(GatheringVfs, AFailedWriteFailsTheTransactionAndNothingElse) {
  Database database = writer();
  run(database, rows(1, 5, 10));
  for (const auto kind : {testing::DiskFault::Kind::full, testing::DiskFault::Kind::write_error}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{200}}) {
      const std::uint64_t writes = size < 200 ? 1 : 4;
      for (std::uint64_t at = 1; at <= writes; ++at) {
        disk.set_fault({.kind = kind, .at_operation = at});
        EXPECT_FALSE(database.execute(rows(1'000, size, 1'000).c_str())) << size << " rows, write " << at;
        EXPECT_EQ(disk.failures(), 1U);
        disk.clear_fault();
        if (database.in_transaction()) run(database, "ROLLBACK");
        Database other = reader();
        EXPECT_EQ(count(database), 5);
        EXPECT_EQ(count(other), 5);
      }
    }
  }
  run(database, rows(1'000, 40, 1'000));
  Database other = reader();
  EXPECT_EQ(count(other), 45);
  EXPECT_EQ(check(other), "ok");
}

// Whatever SQLite does with its log: pages that leave a small cache before the end, are read again and written anew; transactions that are
// rolled back, a disk that is full, a log that is used again from its start. After each transaction the files are what a process that is
// killed right then leaves behind. No savepoints, as in the store: with them SQLite 3.40 leaves, by itself, a log without checksums.
TEST_F(GatheringVfs, AnythingAtAllLeavesTheSameFiles) {
  int failed_transactions = 0;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    fs::remove_all(folder);
    fs::create_directories(folder);
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };
    Database database = writer();
    run(database, "PRAGMA cache_size = 10");
    Database other = reader();
    using Rows = std::map<std::int64_t, std::int64_t>;  // key: length of the text
    Rows committed;
    const auto expect_rows_of = [&](Database& from) {
      std::int64_t length = 0;
      for (const auto& row : committed) length += row.second;
      EXPECT_EQ(count(from), static_cast<std::int64_t>(committed.size()));
      EXPECT_EQ(from.integer("SELECT coalesce(sum(length(text)), 0) FROM t").value_or(-1), length);
    };
    for (int transaction = 0; transaction < 40 && !HasFailure(); ++transaction) {
      SCOPED_TRACE("transaction " + std::to_string(transaction));
      Rows rows = committed;
      run(database, "BEGIN IMMEDIATE");
      if (below(6) == 0) disk.set_fault({.kind = testing::DiskFault::Kind::full, .at_operation = 1 + below(6), .persistent = true});
      bool failed = false;
      const auto attempt = [&](const std::string& sql) { failed = failed || !database.execute(sql.c_str()); };
      for (std::uint32_t steps = 1 + below(30); steps > 0; --steps) {
        const auto key = static_cast<std::int64_t>(below(300));
        const auto length = static_cast<std::int64_t>(1 + below(6'000));
        if (below(4) == 0) {
          attempt("DELETE FROM t WHERE key = " + std::to_string(key));
          rows.erase(key);
        } else {
          attempt("INSERT OR REPLACE INTO t VALUES (" + std::to_string(key) + ", printf('%0" + std::to_string(length) + "d', 1))");
          rows[key] = length;
        }
      }
      if (below(4) != 0) {
        attempt("COMMIT");
        if (!failed) committed = rows;
      }
      if (database.in_transaction()) run(database, "ROLLBACK");
      const bool checkpoint = below(6) == 0;
      if (checkpoint && below(2) == 0) {
        (void)database.execute("PRAGMA wal_checkpoint(RESTART)");  // maybe on a full disk
        expect_rows_of(other);
      }
      disk.clear_fault();
      if (failed) ++failed_transactions;
      if (checkpoint) run(database, "PRAGMA wal_checkpoint(RESTART)");
      if (below(10) == 0) {  // a log that is there already
        database = Database();
        database = std::move(*Database::open({.path = path(), .vfs = vfs.name(), .gather_log_writes = true}));
        run(database, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 10");
      }
      expect_rows_of(other);
      for (const char* suffix : {"", "-wal"}) {
        fs::copy_file(path() + suffix, (folder / "killed.db").string() + suffix, fs::copy_options::overwrite_existing);
      }
      auto killed = Database::open({.path = (folder / "killed.db").string()});
      ASSERT_TRUE(killed);
      expect_rows_of(*killed);
      EXPECT_EQ(check(*killed), "ok");
    }
    ASSERT_EQ(check(other), "ok");
    if (HasFailure()) return;
  }
  EXPECT_GT(failed_transactions, 10);
}

TEST_F(GatheringVfs, RefusesToRestOnNothing) {
  const auto opened = Database::open({.path = path(), .vfs = "no such", .gather_log_writes = true, .create = true});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("no such"), std::string::npos);
}

}  // namespace
}  // namespace fermata::sqlite
