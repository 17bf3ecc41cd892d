// What the SQLite store says to files that it should not trust, and to a second owner.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/record/codec.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/migrations.h"
#include "persistence/sqlite/sqlite_store.h"
#include "persistence/testing/synthetic.h"

namespace fermata {
namespace {

namespace fs = std::filesystem;
constexpr Timestamp noon{1'780'000'000'000};

class SqliteOpen : public ::testing::Test {
 protected:
  void SetUp() override {
    directory = fs::temp_directory_path() / ("fermata-open-" + std::to_string(::getpid()));
    fs::remove_all(directory);
    fs::create_directories(directory);
    path = (directory / "store.db").string();
  }
  void TearDown() override { fs::remove_all(directory); }

  Result<std::unique_ptr<Store>> open() { return open_sqlite_store({.path = path}); }
  void refused(const std::string& naming, ErrorCode code = ErrorCode::data_loss) {
    const auto before = fs::exists(path) ? fs::file_size(path) : 0;
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, code) << store.error().message;
    EXPECT_NE(store.error().message.find(naming), std::string::npos) << store.error().message;
    EXPECT_EQ(fs::exists(path) ? fs::file_size(path) : 0, before) << "left as it was";
  }
  /// A store with some rows, closed.
  void fill(int instances = 20) {
    const auto store = open();
    ASSERT_TRUE(store) << store.error().message;
    testing::CountingKeys keys(*(*store)->next_key() + 1);
    auto transaction = (*store)->begin();
    for (int i = 0; i < instances; ++i) {
      testing::SyntheticInstance instance(keys, {});
      const Transition transition = instance.step(noon);
      ASSERT_TRUE((*transaction)->append(transition, &instance.state()));
    }
    ASSERT_TRUE((*transaction)->set_next_key(keys.peek()));
    ASSERT_TRUE((*transaction)->commit());
  }
  static void commit_three_times(Store& store) {
    for (const std::int64_t key : {100, 200, 300}) {
      auto transaction = store.begin();
      ASSERT_TRUE((*transaction)->set_next_key(key));
      ASSERT_TRUE((*transaction)->commit());
    }
  }
  void sql(const char* text) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(database, text, nullptr, nullptr, &error), SQLITE_OK) << (error == nullptr ? "" : error);
    sqlite3_free(error);
    sqlite3_close(database);
  }

  fs::path directory;
  std::string path;
};

TEST_F(SqliteOpen, MakesANewFileAndOpensItAgain) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(fs::exists(path));
  EXPECT_FALSE(fs::exists(path + "-wal")) << "an orderly end leaves no log";
  ASSERT_TRUE(open());
  EXPECT_FALSE(open_sqlite_store({.path = (directory / "none.db").string(), .create = false}));
  EXPECT_FALSE(fs::exists(directory / "none.db"));
  EXPECT_FALSE(open_sqlite_store({.path = (directory / "no" / "such" / "folder.db").string()}));
}

TEST_F(SqliteOpen, SurvivesAKilledCreation) {
  std::ofstream(path + ".new") << "half a database";
  std::ofstream(path + ".new-wal") << "half a log";
  ASSERT_TRUE(open());
  EXPECT_FALSE(fs::exists(path + ".new"));
}

TEST_F(SqliteOpen, RefusesWhatIsNotItsFile) {
  std::ofstream(path).close();
  refused("empty");
  std::ofstream(path) << "hello";
  refused("too short");
  std::ofstream(path) << std::string(10'000, 'x');
  refused("not a SQLite database");
  fs::remove(path);
  sql("CREATE TABLE other (x)");
  refused("another program");
  fs::remove(path);
  std::ofstream(path + "-wal") << std::string(5'000, 'x');
  refused("the database itself was lost");
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(SqliteOpen, RefusesAFileThatIsCutOffAnywhere) {
  fill();
  const auto whole = fs::file_size(path);
  const std::string copy = path + ".copy";
  fs::copy_file(path, copy);
  for (std::uintmax_t size = 0; size < whole; size += 512) {
    fs::copy_file(copy, path, fs::copy_options::overwrite_existing);
    fs::resize_file(path, size);
    const auto store = open();
    ASSERT_FALSE(store) << "cut off at " << size;
    EXPECT_EQ(store.error().code, ErrorCode::data_loss) << store.error().message;
    EXPECT_EQ(fs::file_size(path), size) << "left as it was";
  }
}

TEST_F(SqliteOpen, RefusesADamagedPage) {
  fill();
  const auto whole = fs::file_size(path);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t at = 4096; at + 200 < whole; at += 4096) {
      file.seekp(static_cast<std::streamoff>(at));
      file << std::string(200, '\x55');
    }
  }
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::data_loss) << store.error().message;
}

/// Files of every earlier schema are opened with all that is in them.
TEST_F(SqliteOpen, TakesOverAFileOfTheFirstSchema) {
  testing::CountingKeys keys;
  DefinitionKey definition;
  std::vector<std::unique_ptr<testing::SyntheticInstance>> instances;
  const std::string newest = (directory / "newest.db").string();
  {
    const auto store = open_sqlite_store({.path = newest});
    ASSERT_TRUE(store) << store.error().message;
    auto transaction = (*store)->begin();
    ASSERT_TRUE((*transaction)->append(testing::deploy_order(keys, noon, definition), nullptr));
    for (int i = 0; i < 8; ++i) instances.push_back(std::make_unique<testing::SyntheticInstance>(keys, testing::SyntheticInstance::Options{.definition = definition}));
    for (int step = 0; step < 6; ++step) {
      for (std::size_t i = 0; i < instances.size(); ++i) {
        if (static_cast<int>(i) < step) continue;
        const Transition transition = instances[i]->step(noon);
        ASSERT_TRUE((*transaction)->append(transition, &instances[i]->state()));
        instances[i]->settle();
      }
    }
    ASSERT_TRUE((*transaction)->set_next_key(keys.peek()));
    ASSERT_TRUE((*transaction)->commit());
  }
  {
    auto old = sqlite::Database::open({.path = path, .create = true});
    ASSERT_TRUE(old) << old.error().message;
    ASSERT_TRUE(sqlite::migrate(*old, sqlite::embedded_migrations().first(1)));
    const std::string attach = "ATTACH '" + newest + "' AS newest; DELETE FROM counter";
    ASSERT_TRUE(old->execute(attach.c_str()));
    for (const char* table : {"counter", "transition", "process_instance", "live_instance", "element", "variable", "token", "job", "timer", "subscription", "resource", "definition"}) {
      const std::string copy = std::string("INSERT INTO main.") + table + " SELECT * FROM newest." + table;
      const auto copied = old->execute(copy.c_str());
      ASSERT_TRUE(copied) << table << ": " << copied.error().message;
    }
  }
  const auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  for (const auto& instance : instances) {
    const auto loaded = (*store)->lookups().load_instance(instance->key());
    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_EQ(loaded->has_value(), !instance->ended());
    if (instance->ended()) continue;
    EXPECT_EQ((*loaded)->canonical(), instance->state().canonical());
  }
  const auto history = [](Store& of) {
    std::string all;
    const auto session = of.read();
    const auto elements = (*session)->search_elements({.limit = 10'000});
    const auto jobs = (*session)->search_jobs({.limit = 10'000});
    if (!elements || !jobs) return std::string("cannot be read");
    for (const ElementRow& row : elements->items) all += encode_entity(row.element) + "\n";
    for (const JobRow& row : jobs->items) all += encode_entity(row.job) + "\n";
    return all;
  };
  const auto model = open_sqlite_store({.path = newest});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(history(**store), history(**model));
}

TEST_F(SqliteOpen, RefusesANewerSchema) {
  ASSERT_TRUE(open());
  sql("PRAGMA user_version = 9999");
  refused("newer Fermata", ErrorCode::conflict);
}

TEST_F(SqliteOpen, ASecondOwnerIsRefusedByName) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid())), std::string::npos) << second.error().message;
}

TEST_F(SqliteOpen, AKilledOwnerLeavesNoLockAndNoGap) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();  // before this process has opened anything itself
  if (child == 0) {
    const auto store = open_sqlite_store({.path = path, .checkpoint_every_pages = 0});
    bool good = store.has_value();
    if (good) {
      auto transaction = (*store)->begin();
      good = transaction && (*transaction)->set_next_key(4'711) && (*transaction)->commit();
    }
    const char answer = good ? 'y' : 'n';
    (void)!write(ready[1], &answer, 1);
    pause();
    _exit(0);
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  refused("in use", ErrorCode::unavailable);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(*(*store)->next_key(), 4'711);
  close(ready[0]);
  close(ready[1]);
}

TEST_F(SqliteOpen, ATornLogYieldsWholeBatchesOnly) {
  // Three commits stay in the log of a store that never ends in order; then the log is cut at every 512 bytes.
  const std::string live = (directory / "live.db").string();
  ASSERT_TRUE(open_sqlite_store({.path = live, .checkpoint_every_pages = 0}));
  auto store = open_sqlite_store({.path = live, .checkpoint_every_pages = 0});
  ASSERT_TRUE(store);
  commit_three_times(**store);
  const auto log = fs::file_size(live + "-wal");
  ASSERT_GT(log, 3U * 4096);
  std::int64_t last = -1;
  for (std::uintmax_t size = 0; size <= log; size += 512) {
    fs::copy_file(live, path, fs::copy_options::overwrite_existing);
    fs::copy_file(live + "-wal", path + "-wal", fs::copy_options::overwrite_existing);
    fs::resize_file(path + "-wal", size);
    fs::remove(path + "-shm");
    fs::remove(path + ".owner");  // whoever deletes it takes what is there
    const auto reopened = open();
    ASSERT_TRUE(reopened) << reopened.error().message;
    const std::int64_t key = *(*reopened)->next_key();
    EXPECT_TRUE(key == 1 || key == 100 || key == 200 || key == 300) << key;
    EXPECT_GE(key, last) << "a longer log never holds less";
    last = key;
  }
}

TEST_F(SqliteOpen, ALogThatLostCommitsIsRefused) {
  const std::string live = (directory / "live.db").string();
  auto store = open_sqlite_store({.path = live, .checkpoint_every_pages = 0});
  ASSERT_TRUE(store);
  commit_three_times(**store);
  const auto as_after_a_kill = [&](std::uintmax_t log_bytes) {
    for (const char* suffix : {"", "-wal", ".owner"}) fs::copy_file(live + suffix, path + suffix, fs::copy_options::overwrite_existing);
    fs::remove(path + "-shm");
    fs::resize_file(path + "-wal", log_bytes);
  };
  const auto whole = fs::file_size(live + "-wal");
  // Behind what was written the log has zeros, for later.
  std::ifstream log(live + "-wal", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(log), {}};
  const std::size_t written = bytes.find_last_not_of('\0') + 1;
  ASSERT_GT(written, 4'096U);
  for (std::uintmax_t size = 0; size < written; size += 512) {
    as_after_a_kill(size);
    refused(size == 0 ? "are there" : "cut off");
  }
  as_after_a_kill(whole);
  fs::remove(path + "-wal");
  refused("is missing");
  as_after_a_kill(whole);
  {
    const auto reopened = open();
    ASSERT_TRUE(reopened) << reopened.error().message;
    EXPECT_EQ(*(*reopened)->next_key(), 300);
  }
  ASSERT_TRUE(open()) << "an orderly end asks nothing of the log";
}

}  // namespace
}  // namespace fermata
