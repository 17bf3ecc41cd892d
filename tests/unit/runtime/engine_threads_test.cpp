// The engine with its own thread under many callers: every request answered once, everything committed, an orderly end.
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "engine/runtime/engine.h"
#include "persistence/memory/memory_store.h"
#include "persistence/sqlite/sqlite_store.h"
#include "persistence/testing/fault_vfs.h"
#include "tests/simulation/models.h"

namespace fermata {
namespace {

std::unique_ptr<Engine> open_engine(MemoryRows rows, std::shared_ptr<ActivityRunner> activities = nullptr) {
  EngineOptions options;
  options.store = std::move(*open_memory_store(std::move(rows)));
  options.clock = std::make_shared<SystemClock>();
  options.compile = simulation::compile_models;
  options.activities = std::move(activities);
  auto engine = Engine::open(std::move(options));
  EXPECT_TRUE(engine.has_value());
  ClientRequest deploy;
  deploy.command = simulation::deploy_models();
  EXPECT_TRUE((*engine)->call(std::move(deploy)).has_value());
  return std::move(*engine);
}

ClientRequest creation(std::string process_id) {
  CreateInstance command;
  command.process_id = std::move(process_id);
  ClientRequest request;
  request.command = std::move(command);
  return request;
}

ActivateJobs poll(std::string type) {
  ActivateJobs::Topic topic;
  topic.type = std::move(type);
  topic.timeout = Duration::from_seconds(60);
  ActivateJobs command;
  command.topics.push_back(std::move(topic));
  command.worker = "w";
  command.max_jobs = 4;
  return command;
}

TEST(EngineThreads, ManyClientsAndLongPollingWorkers) {
  constexpr int clients = 4;
  constexpr int each = 50;
  auto engine = open_engine(make_memory_rows());
  std::atomic<int> completed_b{0};
  std::atomic<int> refused{0};
  const auto work = [&](const std::string& type) {
    while (completed_b.load() < clients * each) {
      const auto outcome = engine->activate_jobs(poll(type), "w", Duration{200});
      ASSERT_TRUE(outcome && *outcome);
      for (const ActivatedJob& job : std::get<JobsActivated>(**outcome).jobs) {
        CompleteJob command;
        command.job = job.job.key;
        command.lease = job.job.lease;
        ClientRequest request;
        request.command = std::move(command);
        const auto done = engine->call(std::move(request));
        ASSERT_TRUE(done.has_value());
        if (!*done) ++refused;
        if (type == "b" && *done) ++completed_b;
      }
    }
  };
  std::vector<std::thread> threads;
  for (const char* type : {"a", "a", "b", "b"}) threads.emplace_back(work, type);
  for (int c = 0; c < clients; ++c) {
    threads.emplace_back([&] {
      for (int i = 0; i < each; ++i) {
        const auto created = engine->call(creation("linear"));
        ASSERT_TRUE(created && *created);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused.load(), 0);
  const EngineCounters counters = engine->counters();
  EXPECT_EQ(counters.instances_started, static_cast<std::uint64_t>(clients * each));
  EXPECT_EQ(counters.instances_completed, counters.instances_started);
  EXPECT_EQ(counters.jobs_activated, static_cast<std::uint64_t>(2 * clients * each)) << "each job was leased once";
}

TEST(EngineThreads, CreateAndAwait) {
  auto engine = open_engine(make_memory_rows());
  std::thread worker([&] {
    for (const char* type : {"a", "b"}) {
      const auto jobs = engine->activate_jobs(poll(type), "w", Duration::from_seconds(20));
      ASSERT_TRUE(jobs && *jobs);
      CompleteJob command;
      command.job = std::get<JobsActivated>(**jobs).jobs.at(0).job.key;
      ClientRequest request;
      request.command = std::move(command);
      ASSERT_TRUE(engine->call(std::move(request)).has_value());
    }
  });
  CreateInstance command;
  command.process_id = "linear";
  const auto finished = engine->create_and_await(command, "me", Duration::from_seconds(20), nullptr);
  worker.join();
  ASSERT_TRUE(finished.has_value()) << finished.error().message;
  EXPECT_TRUE(finished->second.completed);
  Rejection rejection;
  command.process_id = "nothing";
  EXPECT_FALSE(engine->create_and_await(command, "me", Duration::from_seconds(1), &rejection).has_value());
  EXPECT_EQ(rejection.code, RejectionCode::not_found);
}

// Whatever was accepted is answered exactly once, with or without drain, and what was answered well is there afterwards.
TEST(EngineThreads, StoppingAnswersEverybody) {
  for (const bool drain : {true, false}) {
    const MemoryRows rows = make_memory_rows();
    auto engine = open_engine(rows);
    std::atomic<int> accepted{0};
    std::atomic<int> answered{0};
    std::atomic<int> well{0};
    std::vector<std::thread> threads;
    for (int c = 0; c < 3; ++c) {
      threads.emplace_back([&] {
        for (int i = 0; i < 300; ++i) {
          const auto submitted = engine->submit(creation("linear"), [&](Result<Outcome> outcome) {
            ++answered;
            if (outcome && *outcome) ++well;
          });
          if (submitted) ++accepted;
        }
      });
    }
    if (drain) engine->drain(Duration::from_seconds(5));
    for (std::thread& thread : threads) thread.join();
    engine.reset();
    EXPECT_EQ(answered.load(), accepted.load());
    auto reopened = open_engine(rows);
    Query query;
    query.limit = 1;
    const auto page = (*reopened->read())->search_instances(query);
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->total, well.load());
  }
}

class SlowRunner final : public ActivityRunner {
 public:
  ~SlowRunner() override {
    for (std::thread& thread : threads_) thread.join();
  }
  [[nodiscard]] std::vector<std::string> types() const override { return {"a", "b"}; }
  [[nodiscard]] std::size_t capacity(const std::string&) const override { return 3 - std::min<std::size_t>(running_.load(), 3); }
  [[nodiscard]] Duration deadline(const std::string&) const override { return Duration::from_seconds(60); }
  [[nodiscard]] Result<void> run(Call, std::function<void(Outcome)> done) override {
    ++running_;
    threads_.emplace_back([this, done = std::move(done)] {
      std::this_thread::yield();
      done(Completed{});
      --running_;  // only after the answer: the engine must notice the free place by itself
    });
    return {};
  }

 private:
  std::atomic<std::size_t> running_{0};
  std::vector<std::thread> threads_;  // touched by the engine thread, then by the destructor
};

TEST(EngineThreads, ActivitiesRunInPlacesAndADrainWaitsForThem) {
  auto runner = std::make_shared<SlowRunner>();
  auto engine = open_engine(make_memory_rows(), runner);
  CreateInstance command;
  command.process_id = "linear";
  std::vector<std::thread> callers;
  std::atomic<int> completed{0};
  for (int i = 0; i < 6; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        const auto finished = engine->create_and_await(command, "me", Duration::from_seconds(30), nullptr);
        if (finished && finished->second.completed) ++completed;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(completed.load(), 60);
  ASSERT_TRUE(engine->call(creation("linear")).has_value());
  engine->drain(Duration::from_seconds(10));
  EXPECT_TRUE(engine->healthy());
  engine.reset();
}

// The store that writes behind the engine's back, on a disk that is full every now and then: who was told "done" finds the instance,
// who was told of the trouble finds none, and nobody is answered twice.
TEST(EngineThreads, CommitsOnTheirWayAreAllOrNothingWhenTheDiskIsFull) {
  constexpr int clients = 200;
  constexpr int each = 30;
  const auto directory = std::filesystem::temp_directory_path() / ("fermata-engine-threads-" + std::to_string(::getpid()));
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  testing::SimulatedDisk disk;
  testing::FaultVfs vfs(disk);
  const auto open_store = [&] {
    auto store = open_sqlite_store({.path = (directory / "store.db").string(), .create = true, .full_check = false, .vfs = vfs.name()});
    EXPECT_TRUE(store.has_value());
    return std::move(*store);
  };
  struct Client {
    int number = 0;
    std::vector<bool> created = std::vector<bool>(each);
    std::vector<int> answers = std::vector<int>(each);
  };
  std::vector<Client> all(clients);
  std::atomic<int> open_requests{clients * each};
  int refused = 0;
  {
    EngineOptions options;
    options.store = open_store();
    options.clock = std::make_shared<SystemClock>();
    options.compile = simulation::compile_models;
    auto engine = Engine::open(std::move(options));
    ASSERT_TRUE(engine.has_value());
    ClientRequest deploy;
    deploy.command = simulation::deploy_models();
    ASSERT_TRUE((*engine)->call(std::move(deploy)).has_value());
    const auto key_of = [](int client, int number) { return "key-" + std::to_string(client) + "-" + std::to_string(number); };
    // Each client asks for its next instance from the callback of the one before.
    std::function<void(int)> ask = [&](int index) {
      Client& client = all[static_cast<std::size_t>(index)];
      if (client.number == each) return;
      const int number = client.number++;
      ClientRequest request = creation("linear");
      std::get<CreateInstance>(request.command).business_key = key_of(index, number);
      const auto sent = (*engine)->submit(std::move(request), [&, index, number](const Result<Outcome>& outcome) {
        Client& self = all[static_cast<std::size_t>(index)];
        ++self.answers[static_cast<std::size_t>(number)];
        self.created[static_cast<std::size_t>(number)] = outcome && *outcome;
        ask(index);
        --open_requests;
      });
      ASSERT_TRUE(sent.has_value());
    };
    for (int index = 0; index < clients; ++index) ask(index);
    for (int pulse = 0; open_requests.load() > 0; ++pulse) {
      if (pulse % 3 == 2) disk.set_fault({.kind = testing::DiskFault::Kind::full, .at_operation = 1, .persistent = true});
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      disk.clear_fault();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_TRUE((*engine)->healthy());
    (*engine)->drain(Duration::from_seconds(5));
  }
  auto store = open_store();
  for (int index = 0; index < clients; ++index) {
    for (std::size_t number = 0; number < each; ++number) {
      EXPECT_EQ(all[static_cast<std::size_t>(index)].answers[number], 1);
      const bool created = all[static_cast<std::size_t>(index)].created[number];
      if (!created) ++refused;
      const auto found = store->lookups().instances_with_business_key("key-" + std::to_string(index) + "-" + std::to_string(number), 10);
      ASSERT_TRUE(found.has_value());
      EXPECT_EQ(found->size(), created ? 1U : 0U) << index << "/" << number;
    }
  }
  RecordProperty("refused", refused);
  store.reset();
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace fermata
