// The engine with its own thread under many callers: every request answered once, everything committed, an orderly end.
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "engine/runtime/engine.h"
#include "persistence/lookup_forwarder.h"
#include "persistence/memory/memory_store.h"
#include "persistence/sqlite/sqlite_store.h"
#include "persistence/testing/fault_vfs.h"
#include "tests/sanitized.h"
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
  constexpr int each = static_cast<int>(tests::fewer(30));
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

// A store whose commits that were handed over are durable, or lost, when the test says so.
class LateStore final : public Store {
 public:
  struct Control {
    std::mutex mutex;
    std::condition_variable moved;
    CommitNumber given = 0, durable = 0;
    std::optional<Error> failure;
    bool told = false;
    std::atomic<bool> losing{false};         ///< what is handed over is dropped
    std::atomic<bool> lose_at_begin{false};  ///< the loss is noticed by the next begin()
    std::function<void()> changed;

    void release() {
      {
        const std::lock_guard lock(mutex);
        if (!failure) durable = given;
      }
      tell();
    }
    void lose() {
      {
        const std::lock_guard lock(mutex);
        failure = Error{ErrorCode::resource_exhausted, "injected: the disk is full"};
      }
      tell();
    }
    CommitNumber handed_over() {
      const std::lock_guard lock(mutex);
      return given;
    }

   private:
    void tell() {
      moved.notify_all();
      changed();
    }
  };
  explicit LateStore(std::shared_ptr<Control> control) : control_(std::move(control)), inner_(std::move(*open_memory_store())) {}

  Result<std::unique_ptr<StoreTransaction>> begin() override {
    {
      const std::lock_guard lock(control_->mutex);
      if (control_->given > control_->durable && control_->lose_at_begin.exchange(false)) {
        control_->losing = false;
        control_->failure = Error{ErrorCode::resource_exhausted, "injected: the disk was full"};
        control_->told = false;
      }
      if (control_->failure && !control_->told) return tl::unexpected(*control_->failure);
      if (control_->failure) control_->durable = control_->given;
      control_->failure.reset();
    }
    auto inner = inner_->begin();
    if (!inner) return inner;
    return std::unique_ptr<StoreTransaction>(std::make_unique<Transaction>(std::move(*inner), *control_));
  }
  CommitProgress progress() override {
    const std::lock_guard lock(control_->mutex);
    control_->told = control_->failure.has_value();
    return {control_->durable, control_->failure};
  }
  CommitProgress wait_for(CommitNumber number) override {
    {
      std::unique_lock lock(control_->mutex);
      control_->moved.wait(lock, [&] { return control_->durable >= number || control_->failure; });
    }
    return progress();
  }
  void on_progress(std::function<void()> changed) override { control_->changed = std::move(changed); }
  StoreLookups& lookups() override { return inner_->lookups(); }
  Result<std::int64_t> next_key() override { return inner_->next_key(); }
  Result<std::unique_ptr<ReadSession>> read() override { return inner_->read(); }

 private:
  class Transaction final : public LookupForwarder {
   public:
    Transaction(std::unique_ptr<StoreTransaction> inner, Control& control)
        : LookupForwarder(*inner), inner_(std::move(inner)), control_(control) {}
    Result<void> append(const Transition& transition, const InstanceState* after) override { return inner_->append(transition, after); }
    Result<void> set_next_key(std::int64_t next_key) override { return inner_->set_next_key(next_key); }
    Result<void> commit() override { return inner_->commit(); }
    Result<CommitNumber> hand_over() override {
      if (!control_.losing) {
        if (auto done = inner_->commit(); !done) return tl::unexpected(done.error());
      }
      const std::lock_guard lock(control_.mutex);
      return ++control_.given;
    }

   private:
    std::unique_ptr<StoreTransaction> inner_;
    Control& control_;
  };

  std::shared_ptr<Control> control_;
  std::unique_ptr<Store> inner_;
};

struct LateCommits : ::testing::Test {
  LateCommits() {
    EngineOptions options;
    options.store = std::make_unique<LateStore>(control);
    options.clock = std::make_shared<SystemClock>();
    options.compile = simulation::compile_models;
    engine = std::move(*Engine::open(std::move(options)));
    ClientRequest deploy;
    deploy.command = simulation::deploy_models();
    EXPECT_TRUE(engine->call(std::move(deploy)).has_value());
  }
  /// Queues all of it while the engine is busy, and 150 creations of nothing behind it, so that several batches are handed over.
  void all_at_once(const std::function<void()>& queue) {
    std::promise<void> busy;
    std::promise<void> go_on;
    ASSERT_TRUE(engine->submit(creation("nothing"), [&, goes_on = go_on.get_future().share()](const Result<Outcome>&) {
      busy.set_value();
      goes_on.wait();
    }));
    busy.get_future().wait();
    queue();
    for (int i = 0; i < others; ++i) {
      ASSERT_TRUE(engine->submit(creation("nothing"), [this](const Result<Outcome>& outcome) {
        ++(outcome ? refused : failed);
      }));
    }
    go_on.set_value();
  }
  /// False when it does not come true within 5 s.
  template <class Predicate>
  [[nodiscard]] static bool soon(Predicate&& is_true) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_true()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  static constexpr int others = 150;
  std::shared_ptr<LateStore::Control> control = std::make_shared<LateStore::Control>();
  std::atomic<int> refused{0};  // answered with a rejection, as it should be
  std::atomic<int> failed{0};   // answered with an error of the store
  std::unique_ptr<Engine> engine;
};

TEST_F(LateCommits, APollThatWentHomeIsNotAnsweredAgainWhenItsBatchIsLost) {
  std::atomic<int> answers{0};
  control->losing = true;
  all_at_once([&] {
    ASSERT_TRUE(engine->submit_activation(poll("a"), "w", Duration{30}, [&](const Result<Outcome>&) { ++answers; }));
  });
  ASSERT_TRUE(soon([&] { return answers.load() == 1; })) << "at its deadline";
  EXPECT_GT(control->handed_over(), 0U);
  control->losing = false;
  control->lose();
  ASSERT_TRUE(soon([&] { return refused.load() + failed.load() == others; }));
  (void)engine->call(creation("nothing"));
  engine.reset();
  EXPECT_EQ(answers.load(), 1);
}

TEST_F(LateCommits, APollThatIsParkedByABatchInFlightIsWokenAtTheEndOfALease) {
  ASSERT_TRUE(engine->call(creation("linear")).has_value());
  ActivateJobs lease = poll("a");
  lease.topics.front().timeout = Duration{700};
  const auto leased = engine->activate_jobs(lease, "w", Duration{0});
  ASSERT_TRUE(leased && *leased);
  ASSERT_EQ(std::get<JobsActivated>(**leased).jobs.size(), 1U);
  std::atomic<int> jobs{-1};
  all_at_once([&] {
    ASSERT_TRUE(engine->submit_activation(poll("a"), "w", Duration::from_seconds(60), [&](const Result<Outcome>& outcome) {
      jobs = outcome && *outcome ? static_cast<int>(std::get<JobsActivated>(**outcome).jobs.size()) : -2;
    }));
  });
  ASSERT_TRUE(soon([&] { return control->handed_over() >= 2; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  control->release();
  // Whatever is handed over later is released as well.
  EXPECT_TRUE(soon([&] {
    control->release();
    return jobs.load() != -1;
  })) << "nobody has looked when the lease ended";
  EXPECT_EQ(jobs.load(), 1);
  engine.reset();  // before `jobs` goes
}

TEST_F(LateCommits, ABatchThatIsRefusedBecauseOfALossIsTriedAgain) {
  control->losing = true;
  control->lose_at_begin = true;
  all_at_once([] {});
  ASSERT_TRUE(soon([&] { return !control->lose_at_begin.load(); })) << "no batch was begun while another was in flight";
  ASSERT_TRUE(soon([&] {
    control->release();
    return refused.load() + failed.load() == others;
  }));
  EXPECT_EQ(failed.load(), 0);
}

}  // namespace
}  // namespace fermata
