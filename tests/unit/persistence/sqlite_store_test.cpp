// What only the SQLite store does: checkpoints, a bounded log, bounded readers, and plans that use their indexes.
#include "persistence/query/collections.h"
#include "persistence/query/normalize.h"
#include "persistence/sqlite/database.h"
#include "persistence/sqlite/query_compiler.h"
#include "persistence/sqlite/sqlite_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "persistence/read_session.h"
#include "persistence/testing/synthetic.h"

namespace fermata {
namespace {

namespace fs = std::filesystem;
constexpr Timestamp noon{1'780'000'000'000};

class SqliteStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory = fs::temp_directory_path() / ("fermata-store-" + std::to_string(::getpid()));
    fs::remove_all(directory);
    fs::create_directories(directory);
    path = (directory / "store.db").string();
  }
  void TearDown() override { fs::remove_all(directory); }

  static void write(Store& store, testing::CountingKeys& keys, int instances) {
    auto transaction = store.begin();
    ASSERT_TRUE(transaction) << transaction.error().message;
    for (int i = 0; i < instances; ++i) {
      testing::SyntheticInstance instance(keys, {});
      while (!instance.ended()) {
        const Transition transition = instance.step(noon);
        const auto appended = (*transaction)->append(transition, &instance.state());
        ASSERT_TRUE(appended) << appended.error().message;
        instance.settle();
      }
    }
    ASSERT_TRUE((*transaction)->commit());
  }

  fs::path directory;
  std::string path;
};

TEST_F(SqliteStoreTest, TheLogStaysBoundedUnderLoad) {
  auto store = open_sqlite_store({.path = path, .checkpoint_every_pages = 50, .log_pages_max = 200});
  ASSERT_TRUE(store);
  testing::CountingKeys keys;
  std::uintmax_t longest = 0;
  for (int batch = 0; batch < 60; ++batch) {
    write(**store, keys, 20);
    (*store)->idle();
    longest = std::max(longest, fs::file_size(path + "-wal"));
  }
  EXPECT_LT(longest, 600U * 4096);
  EXPECT_GT(fs::file_size(path), 600U * 4096) << "much more than the log holds was written";
}

TEST_F(SqliteStoreTest, ReadersAreBoundedAndLetTheWriterBe) {
  auto store = open_sqlite_store({.path = path, .readers_max = 3});
  ASSERT_TRUE(store);
  testing::CountingKeys keys;
  std::vector<std::unique_ptr<ReadSession>> sessions;
  for (int i = 0; i < 3; ++i) sessions.push_back(std::move(*(*store)->read()));
  const auto refused = (*store)->read();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  write(**store, keys, 5);
  EXPECT_EQ(sessions[0]->search_instances({})->items.size(), 0U);
  sessions.clear();
  EXPECT_EQ((*(*store)->read())->search_instances({})->items.size(), 5U);
}

TEST_F(SqliteStoreTest, AReaderThatTakesTooLongIsInterrupted) {
  auto store = open_sqlite_store({.path = path, .read_deadline_ms = 0});
  ASSERT_TRUE(store);
  testing::CountingKeys keys;
  write(**store, keys, 400);
  const auto session = (*store)->read();
  ASSERT_TRUE(session) << session.error().message;
  const auto page = (*session)->search_elements({.where = {{"elementId", FieldCondition::Op::like, {Value::string("*z*")}}}});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::deadline_exceeded);
}

TEST_F(SqliteStoreTest, APageIsBoundedInBytes) {
  testing::CountingKeys keys;
  {
    auto store = open_sqlite_store({.path = path, .page_bytes_max = 3'000});
    ASSERT_TRUE(store) << store.error().message;
    write(**store, keys, 10);  // forty variables of 5,000 bytes
    const auto session = (*store)->read();
    ASSERT_TRUE(session) << session.error().message;
    const auto all = (*session)->search_variables({});
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code, ErrorCode::limit_exceeded);
    EXPECT_NE(all.error().message.find("page.limit"), std::string::npos) << all.error().message;
    const auto few = (*session)->search_variables({.limit = 4});
    ASSERT_TRUE(few) << few.error().message;
    EXPECT_EQ(few->items.size(), 4U);
    EXPECT_EQ(few->total, 40);
  }
  const auto store = open_sqlite_store({.path = path, .page_bytes_max = 1});
  ASSERT_TRUE(store) << store.error().message;
  const auto one = (*(*store)->read())->search_variables({.limit = 1});
  ASSERT_TRUE(one) << "one row is always shown: " << one.error().message;
  EXPECT_EQ(one->items.size(), 1U);
}

TEST_F(SqliteStoreTest, ManyThreadsReadWhileOneWrites) {
  auto store = open_sqlite_store({.path = path, .checkpoint_every_pages = 100, .log_pages_max = 400});
  ASSERT_TRUE(store);
  std::atomic<bool> stop{false};
  std::atomic<int> reads{0}, failures{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      std::int64_t seen = 0;
      while (!stop) {
        const auto session = (*store)->read();
        const auto page = session ? (*session)->search_instances({.limit = 1}) : fail(session.error());
        if (!page || page->total < seen || page->total % 10 != 0) ++failures;
        if (page) seen = page->total;
        ++reads;
      }
    });
  }
  testing::CountingKeys keys;
  for (int batch = 0; batch < 20; ++batch) {
    write(**store, keys, 10);
    (*store)->idle();
  }
  while (reads < 10) std::this_thread::yield();
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(failures, 0) << "each snapshot holds whole batches, and never fewer than before";
}

TEST_F(SqliteStoreTest, HotLookupsGoThroughAnIndex) {
  { ASSERT_TRUE(open_sqlite_store({.path = path})); }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  const auto plan_of = [&](const std::string& sql) {
    std::string plan;
    sqlite3_exec(database, ("EXPLAIN QUERY PLAN " + sql).c_str(),
                 [](void* to, int, char** values, char**) {
                   *static_cast<std::string*>(to) += std::string(values[3]) + "; ";
                   return 0;
                 },
                 &plan, nullptr);
    return plan;
  };
  const auto uses = [&](const std::string& sql, const std::string& index) {
    const std::string plan = plan_of(sql);
    EXPECT_NE(plan.find(index), std::string::npos) << sql << "\n" << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << sql << "\n" << plan;
  };
  uses("SELECT instance, key FROM job WHERE type = ? AND available_at = 0 AND status < 4 ORDER BY priority DESC, key LIMIT ?", "job_available");
  uses("SELECT available_at FROM job WHERE type = ? AND available_at > 0 AND status < 4 ORDER BY available_at LIMIT 1", "job_available");
  uses("SELECT * FROM timer AS t WHERE t.due <= ? AND t.ended_at = 0 ORDER BY t.due, t.key LIMIT ?", "timer_due");
  uses("SELECT * FROM subscription AS t WHERE t.kind = ? AND t.name = ? AND t.correlation_key = ? AND t.ended_at = 0 AND t.kind <> 6 ORDER BY t.key LIMIT ?",
       "subscription_open");
  uses("SELECT key FROM process_instance WHERE process_id = ? AND start_correlation_key = ? AND ended_at = 0 AND start_correlation_key <> '' ORDER BY key LIMIT 1",
       "process_instance_started_by");
  uses("SELECT key FROM message WHERE expires_at <= ? ORDER BY expires_at, key LIMIT ?", "message_expiry");
  sqlite3_close(database);
}

/// A search about certain instances reads their rows and no others: through keys, whatever SQLite may think of the size of a table.
TEST_F(SqliteStoreTest, SearchesAboutInstancesReadNoWholeTable) {
  { ASSERT_TRUE(open_sqlite_store({.path = path})); }
  auto opened = sqlite::Database::open({.path = path, .read_only = true});
  ASSERT_TRUE(opened) << opened.error().message;
  const auto check = [&](const auto& collection, const char* field, Value value) {
    Query asked;
    asked.where = {{field, FieldCondition::Op::eq, {std::move(value)}}};
    const auto normalized = query::normalize(asked, collection);
    ASSERT_TRUE(normalized) << normalized.error().message;
    const sqlite::CompiledQuery compiled = sqlite::compile(*normalized, collection, "t.key");
    for (const auto& [sql, parameters] : {std::pair(compiled.page_sql, compiled.page_parameters), std::pair(compiled.count_sql, compiled.count_parameters)}) {
      auto explained = opened->prepare("EXPLAIN QUERY PLAN " + sql);
      ASSERT_TRUE(explained) << explained.error().message;
      sqlite::bind_all(*explained, parameters);
      std::string plan;
      while (explained->next().value_or(false)) plan += std::string(explained->text(3)) + "\n";
      EXPECT_EQ(plan.find("AUTOMATIC"), std::string::npos) << collection.name << " by " << field << "\n" << plan;
      EXPECT_EQ(plan.find("SCAN t\n"), std::string::npos) << collection.name << " by " << field << "\n" << plan;
      EXPECT_NE(plan.find("SEARCH t USING INTEGER PRIMARY KEY"), std::string::npos) << collection.name << " by " << field << "\n" << plan;
    }
  };
  const auto key = [] { return Value::integer(77); };
  for (const char* field : {"processInstanceKey", "elementInstanceKey"}) {
    check(query::collection<ElementRow>(), field, key());
    check(query::collection<JobRow>(), field, key());
    check(query::collection<UserTaskRow>(), field, key());
    check(query::collection<IncidentRow>(), field, key());
    check(query::collection<SubscriptionRow>(), field, key());
    check(query::collection<TimerRow>(), field, key());
  }
  check(query::collection<ElementRow>(), "businessId", Value::string("order-1"));
  check(query::collection<JobRow>(), "businessId", Value::string("order-1"));
  check(query::collection<ElementRow>(), "hasIncident", Value::boolean(true));
  check(query::collection<ElementRow>(), "state", Value::string("ACTIVE"));
  check(query::collection<JobRow>(), "state", Value::string("CREATED"));
  check(query::collection<UserTaskRow>(), "state", Value::string("CREATED"));
  check(query::collection<IncidentRow>(), "state", Value::string("ACTIVE"));
  check(query::collection<SubscriptionRow>(), "messageSubscriptionType", Value::string("START_EVENT"));
}

}  // namespace
}  // namespace fermata
