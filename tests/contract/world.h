// The worlds in which the contract is checked: one per store. reopen() drops the store and opens it again on what it left behind.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "persistence/memory/memory_store.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/sqlite_store.h"
#include "persistence/store.h"

namespace fermata::contract {

class World {
 public:
  virtual ~World() = default;
  virtual Result<std::unique_ptr<Store>> open() = 0;
};

class MemoryWorld final : public World {
 public:
  Result<std::unique_ptr<Store>> open() override { return open_memory_store(rows_); }

 private:
  MemoryRows rows_ = make_memory_rows();
};

class SqliteWorld final : public World {
 public:
  SqliteWorld() {
    static int count = 0;
    directory_ = std::filesystem::temp_directory_path() / ("fermata-contract-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(directory_);
  }
  ~SqliteWorld() override { std::filesystem::remove_all(directory_); }
  Result<std::unique_ptr<Store>> open() override { return open_sqlite_store({.path = (directory_ / "store.db").string()}); }

 private:
  std::filesystem::path directory_;
};

enum class Kind { memory, sqlite };

inline std::string name_of(Kind kind) { return kind == Kind::memory ? "Memory" : "Sqlite"; }

/// A test of the contract: `store` is open; everything else is in store_contract_test.cpp and query_contract_test.cpp.
class ContractTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::memory) {
      world = std::make_unique<MemoryWorld>();
    } else {
      world = std::make_unique<SqliteWorld>();
    }
    reopen();
  }
  void reopen() {
    store.reset();
    Result<std::unique_ptr<Store>> opened = world->open();
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }

  /// Writes one transition in a transaction of its own.
  void write(const Transition& transition, const InstanceState* after) {
    auto transaction = store->begin();
    ASSERT_TRUE(transaction) << transaction.error().message;
    const auto appended = (*transaction)->append(transition, after);
    ASSERT_TRUE(appended) << appended.error().message;
    const auto committed = (*transaction)->commit();
    ASSERT_TRUE(committed) << committed.error().message;
  }

  std::unique_ptr<World> world;
  std::unique_ptr<Store> store;
};

/// The value of a Result, or a failed test and a default.
template <class T>
T value_of(Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? std::move(*result) : T{};
}

}  // namespace fermata::contract
