// What must hold however the store ends: nothing that was acknowledged is lost, no batch is half there, and the file opens again.
//
// The victim is the SQLite store on a simulated disk; the expectations live here, outside of it: for every instance the state after
// each of its steps. A workload of batches over several instances is stopped at every single write, sync, truncation and deletion.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/record/codec.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/sqlite_store.h"
#include "persistence/testing/fault_vfs.h"
#include "persistence/testing/synthetic.h"
#include "tests/sanitized.h"

namespace fermata {
namespace {

using testing::CountingKeys;
using testing::DiskFault;
using testing::FaultVfs;
using testing::SimulatedDisk;
using testing::SyntheticInstance;

constexpr Timestamp noon{1'780'000'000'000};
constexpr int instances_count = 7;
constexpr int batches_count = 18;

class StoreCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    // In memory where there is such a directory: what is durable is simulated, so a real disk would only cost time.
    const std::filesystem::path memory = "/dev/shm";
    const auto base = std::filesystem::is_directory(memory) && ::access("/dev/shm", W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    directory = base / ("fermata-crash-" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    path = (directory / "store.db").string();
    blank = (directory / "blank.db").string();
    ASSERT_TRUE(open_sqlite_store({.path = blank, .checkpoint_every_pages = 0}));
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  /// An empty database, on a disk that has synced it.
  void renew() {
    for (const char* suffix : {"", "-wal", "-shm", ".owner"}) std::filesystem::remove(path + suffix);
    std::filesystem::copy_file(blank, path);
    disk.clear_fault();
    disk.forget_files();
  }
  /// Without background threads, so that every run does the same; the log is started anew often, so that checkpoints are hit too.
  Result<std::unique_ptr<Store>> open(bool full_check = false) {
    return open_sqlite_store({.path = path, .create = false, .full_check = full_check, .vfs = vfs.name(), .checkpoint_every_pages = 0, .log_pages_max = 60});
  }

  /// What the world outside knows.
  struct Instance {
    std::unique_ptr<SyntheticInstance> driver;
    std::vector<std::string> states;  ///< canonical text after each step; of the last one: "ended"
    int acknowledged = 0;             ///< steps
    int attempted = 0;                ///< steps, including those of a batch without an answer
  };
  struct Outside {
    CountingKeys keys;
    std::vector<Instance> instances{instances_count};
    bool deploy_acknowledged = false;
    std::int64_t next_key_acknowledged = 0;
  };

  static Result<void> write_batch(Store& store, Outside& outside, int batch) {
    auto transaction = store.begin();
    if (!transaction) return fail(transaction.error());
    if (batch == 0) {
      DefinitionKey definition;
      const Transition deployment = testing::deploy_order(outside.keys, noon, definition);
      if (auto done = (*transaction)->append(deployment, nullptr); !done) return done;
      for (Instance& instance : outside.instances) {
        instance.driver = std::make_unique<SyntheticInstance>(outside.keys, SyntheticInstance::Options{.definition = definition});
      }
    }
    for (std::size_t i = 0; i < outside.instances.size(); ++i) {
      Instance& instance = outside.instances[i];
      if ((static_cast<std::size_t>(batch) + i) % 3 != 0 || instance.driver->ended()) continue;
      const Transition transition = instance.driver->step(noon);
      instance.attempted = instance.driver->steps_done();
      const auto appended = (*transaction)->append(transition, &instance.driver->state());
      instance.driver->settle();
      instance.states.push_back(instance.driver->ended() ? "ended" : instance.driver->state().canonical());
      if (!appended) return appended;
    }
    if (auto done = (*transaction)->set_next_key(outside.keys.peek()); !done) return done;
    if (auto done = (*transaction)->commit(); !done) return done;
    outside.deploy_acknowledged = true;
    outside.next_key_acknowledged = outside.keys.peek();
    for (Instance& instance : outside.instances) instance.acknowledged = instance.attempted;
    transaction->reset();
    store.idle();
    return {};
  }

  /// Runs until the end or the first failure.
  static Result<void> run(Store& store, Outside& outside) {
    for (int batch = 0; batch < batches_count; ++batch) {
      if (auto done = write_batch(store, outside, batch); !done) return done;
    }
    return {};
  }

  /// Steps of an instance that the store holds, or a failed test: the state must be that of a whole step.
  static int steps_in(Store& store, ReadSession& session, const Instance& instance) {
    if (instance.driver == nullptr || instance.states.empty()) return 0;
    const ProcessInstanceKey key = instance.driver->key();
    const auto row = store.lookups().find_instance(key);
    EXPECT_TRUE(row);
    const auto history = session.transitions(key, 100);
    EXPECT_TRUE(history);
    if (!row || !history || !*row) return 0;
    const auto steps = static_cast<int>(history->size());
    EXPECT_GE(steps, 1);
    EXPECT_LE(steps, static_cast<int>(instance.states.size()));
    if (steps < 1 || steps > static_cast<int>(instance.states.size())) return steps;
    const auto state = store.lookups().load_instance(key);
    EXPECT_TRUE(state);
    const std::string& expected = instance.states[static_cast<std::size_t>(steps) - 1];
    EXPECT_EQ(state && *state ? (*state)->canonical() : "ended", expected);
    InstanceState replayed;
    for (auto transition = history->rbegin(); transition != history->rend(); ++transition) {
      const auto events = decode_events(transition->events_json);
      EXPECT_TRUE(events);
      if (!events) return steps;
      for (const Event& event : *events) fermata::apply(replayed, event);
      replayed.forget_ended();
      replayed.last_transition = transition->key;
    }
    if (expected != "ended") {
      EXPECT_EQ(replayed.canonical(), expected) << "replay equals state";
    }
    return steps;
  }

  /// The invariants, after the file was opened again.
  void check(const Outside& outside, const std::string& what) {
    SCOPED_TRACE(what);
    const auto store = open(true);
    ASSERT_TRUE(store) << store.error().message;
    const auto session = (*store)->read();
    ASSERT_TRUE(session) << session.error().message;
    int later = 0, same = 0;  // of the instances in the batch without an answer: with it, without it
    for (const Instance& instance : outside.instances) {
      const int steps = steps_in(**store, **session, instance);
      EXPECT_GE(steps, instance.acknowledged) << "an acknowledged step is lost";
      EXPECT_LE(steps, instance.attempted);
      if (instance.attempted > instance.acknowledged) ++(steps > instance.acknowledged ? later : same);
    }
    EXPECT_TRUE(later == 0 || same == 0) << "half a batch is there";
    const auto next_key = (*store)->next_key();
    ASSERT_TRUE(next_key);
    EXPECT_GE(*next_key, outside.next_key_acknowledged);
    if (outside.deploy_acknowledged) {
      EXPECT_TRUE((*store)->lookups().latest_definition("order").value());
    }
  }

  std::uint64_t operations_of_a_whole_run() {
    renew();
    Outside outside;
    {
      const auto store = open();
      EXPECT_TRUE(store) << store.error().message;
      const auto done = run(**store, outside);
      EXPECT_TRUE(done) << done.error().message;
    }
    const std::uint64_t operations = disk.operations();
    check(outside, "without a fault");
    for (const Instance& instance : outside.instances) EXPECT_TRUE(instance.driver->ended());
    return operations;
  }

  void run_and_stop(std::uint64_t at, std::uint64_t eighths, Outside& outside) {
    renew();
    disk.set_fault({.kind = DiskFault::Kind::stop, .at_operation = at, .eighths = eighths});
    const auto store = open();
    if (store) (void)run(**store, outside);
  }

  std::filesystem::path directory;
  std::string path, blank;
  SimulatedDisk disk;
  FaultVfs vfs{disk};
};

TEST_F(StoreCrash, SurvivesAKillAtEveryWriteAndSync) {
  const std::uint64_t operations = operations_of_a_whole_run();
  ASSERT_GT(operations, 80U);
  RecordProperty("operations", static_cast<int>(operations));
  for (std::uint64_t at = 1; at <= operations && !HasFailure(); at += tests::sanitizer_factor) {
    for (const std::uint64_t eighths : {0U, 1U, 4U, 7U}) {  // a transaction is one write: it is cut off in several places
      Outside outside;
      run_and_stop(at, eighths, outside);
      disk.clear_fault();
      check(outside, "killed at operation " + std::to_string(at) + ", " + std::to_string(eighths) + "/8 of it written");
    }
  }
}

TEST_F(StoreCrash, SurvivesAThousandPowerLosses) {
  const std::uint64_t operations = operations_of_a_whole_run();
  const std::uint64_t seeds = 1 + 1'000 / operations;
  std::uint64_t runs = 0;
  for (std::uint64_t at = 1; at <= operations && !HasFailure(); at += tests::sanitizer_factor) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      Outside outside;
      run_and_stop(at, seed % 8, outside);
      disk.lose_power(at * 1'000 + seed);
      disk.clear_fault();
      check(outside, "power lost at operation " + std::to_string(at) + ", seed " + std::to_string(at * 1'000 + seed));
      ++runs;
    }
  }
  RecordProperty("runs", static_cast<int>(runs));
  if (!HasFailure()) {
    EXPECT_GE(runs, tests::fewer(1'000));
  }
}

TEST_F(StoreCrash, AFullDiskStopsWritesOnlyAsLongAsItIsFull) {
  const std::uint64_t operations = operations_of_a_whole_run();
  for (std::uint64_t at = 1; at <= operations && !HasFailure(); at += 7 * tests::sanitizer_factor) {
    SCOPED_TRACE("full from operation " + std::to_string(at));
    renew();
    Outside outside;
    auto store = open();
    ASSERT_TRUE(store);
    disk.set_fault({.kind = DiskFault::Kind::full, .at_operation = at, .persistent = true});
    const auto done = run(**store, outside);
    if (!done) {
      EXPECT_EQ(done.error().code, ErrorCode::resource_exhausted) << done.error().message;
      EXPECT_TRUE((*store)->read()) << "reads go on";
      Outside again;
      EXPECT_FALSE(run(**store, again)) << "still full";
    }
    disk.clear_fault();
    auto transaction = (*store)->begin();
    ASSERT_TRUE(transaction) << transaction.error().message;
    ASSERT_TRUE((*transaction)->set_next_key(outside.keys.peek() + 1'000));
    const auto committed = (*transaction)->commit();
    ASSERT_TRUE(committed) << "space is back: " << committed.error().message;
    transaction->reset();
    // Nothing that was refused may have become durable.
    for (Instance& instance : outside.instances) instance.attempted = instance.acknowledged;
    store->reset();
    check(outside, "after the disk was full");
  }
}

TEST_F(StoreCrash, AFailedSyncEndsTheStore) {
  const std::uint64_t operations = operations_of_a_whole_run();
  std::uint64_t ended = 0;
  for (std::uint64_t at = 1; at <= operations && !HasFailure(); at += 5 * tests::sanitizer_factor) {
    for (const DiskFault::Kind kind : {DiskFault::Kind::sync_error, DiskFault::Kind::write_error}) {
      SCOPED_TRACE("failure from operation " + std::to_string(at));
      renew();
      Outside outside;
      {
        auto store = open();
        ASSERT_TRUE(store);
        disk.set_fault({.kind = kind, .at_operation = at});
        const auto done = run(**store, outside);
        if (!done) {
          ++ended;
          EXPECT_EQ(done.error().code, ErrorCode::data_loss) << done.error().message;
          const std::uint64_t before = disk.operations();
          const auto again = (*store)->begin();
          ASSERT_FALSE(again) << "nothing is retried after a failed sync";
          EXPECT_EQ(again.error().code, ErrorCode::data_loss);
          EXPECT_FALSE((*store)->read());
          (*store)->idle();
          EXPECT_EQ(disk.operations(), before) << "the connection is not used any more";
        }
      }
      disk.lose_power(at);
      disk.clear_fault();
      check(outside, "after a failed sync or write");
    }
  }
  EXPECT_GT(ended, tests::fewer(20));
}

}  // namespace
}  // namespace fermata
