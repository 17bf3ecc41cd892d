// engine_bench: scenario S3 (o2c6) embedded, beside the raw ceiling of SQLite in the same run; p50 of one idle durable command; S6.
//
//   engine_bench DIRECTORY [SECONDS] [STORED]     SECONDS a measurement (5); STORED: instances for S6 (10000; 0: none)
//
// Prints one line a measurement and the ratios that docs/PERFORMANCE.md quotes. The disk of DIRECTORY is what is measured.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <unistd.h>

#include "engine/runtime/engine.h"
#include "persistence/sqlite/sqlite_store.h"
#include "processes/bpmn/deploy.h"
#include "processes/bpmn/feel_expressions.h"
#include "tests/bench/raw_sqlite.h"

namespace fermata::bench {
namespace {

using Clock = std::chrono::steady_clock;

double us_since(Clock::time_point start) { return std::chrono::duration<double, std::micro>(Clock::now() - start).count(); }

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::string model() {
  std::ifstream file(FERMATA_SOURCE_DIR "/tests/bench/o2c6.bpmn", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::vector<DeployResource::Process>> compile(const std::string& content) {
  bpmn::FeelExpressions expressions;
  bpmn::CompileResult compiled = bpmn::compile("o2c6.bpmn", content, expressions);
  if (compiled.refused()) {
    for (const bpmn::Problem& problem : compiled.problems) std::fprintf(stderr, "%s\n", bpmn::format_problem("o2c6.bpmn", problem).c_str());
    return fail(ErrorCode::invalid_argument, "the model of S3 does not compile");
  }
  std::vector<DeployResource::Process> processes;
  for (bpmn::CompiledProcess& process : compiled.processes) processes.push_back({process.id, process.name, std::move(process.graph)});
  return processes;
}

// Jobs of an instance by element id, as the observer sees them made: what a worker would be told by activation.
class JobBoard {
 public:
  void note(const Transition& transition) {
    for (const Event& event : transition.events) {
      if (const auto* created = std::get_if<JobCreated>(&event)) {
        const std::lock_guard lock(mutex_);
        jobs_[transition.instance.raw()][created->job.element_id] = created->job.key;
      }
    }
  }
  JobKey take(ProcessInstanceKey instance, const std::string& element) {
    const std::lock_guard lock(mutex_);
    auto& own = jobs_[instance.raw()];
    const JobKey key = own[element];
    own.erase(element);
    if (own.empty()) jobs_.erase(instance.raw());
    return key;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::int64_t, std::unordered_map<std::string, JobKey>> jobs_;
};

class Subject {
 public:
  explicit Subject(const std::string& file, bool fresh = true) {
    if (fresh) {
      for (const char* suffix : {"", "-wal", "-shm", ".owner", ".new"}) unlink((file + suffix).c_str());
    }
    SqliteStoreOptions where;
    where.path = file;
    auto store = open_sqlite_store(where);
    if (!store) give_up(store.error().message);
    EngineOptions options;
    options.store = std::move(*store);
    options.clock = std::make_shared<SystemClock>();
    options.compile = [](const Resource& resource) { return compile(resource.content); };
    options.observer = [this](const Transition& transition, const InstanceState*) { board_.note(transition); };
    auto engine = Engine::open(std::move(options));
    if (!engine) give_up(engine.error().message);
    engine_ = std::move(*engine);
    if (!fresh) return;
    DeployResource resource;
    resource.name = "o2c6.bpmn";
    resource.kind = "bpmn";
    resource.content = model();
    resource.checksum = "1";
    auto processes = compile(resource.content);
    if (!processes) give_up(processes.error().message);
    resource.processes = std::move(*processes);
    Deploy deploy;
    deploy.resources.push_back(std::move(resource));
    (void)send(ClientCommand(std::move(deploy)));
  }

  Reply send(ClientCommand command) {
    ClientRequest request;
    request.command = std::move(command);
    request.actor = "bench";
    Result<Outcome> outcome = engine_->call(std::move(request));
    if (!outcome) give_up("failed: " + outcome.error().message);
    if (!*outcome) give_up("refused: " + outcome->error().reason);
    return std::move(**outcome);
  }

  ProcessInstanceKey create(const std::string& order) {
    CreateInstance create;
    create.process_id = "o2c6";
    create.variables = {{"order", Value::context({{"id", Value::string(order)},
                                                  {"customer", Value::string("ACME Manufacturing GmbH, Friedrichstrasse 100, 10117 Berlin")},
                                                  {"note", Value::string(std::string(300, 'n'))},
                                                  {"total", Value::integer(1250)}})},
                        {"orderId", Value::string(order)}};
    return std::get<InstanceCreated>(send(ClientCommand(std::move(create)))).instance;
  }
  void complete(ProcessInstanceKey instance, const char* element, Variables variables = {}) {
    CompleteJob command;
    command.job = board_.take(instance, element);
    command.variables = std::move(variables);
    (void)send(ClientCommand(std::move(command)));
  }
  void pay(const std::string& order) {
    PublishMessage message;
    message.name = "payment";
    message.correlation_key = order;
    message.variables = {{"paid", Value::boolean(true)}};
    (void)send(ClientCommand(std::move(message)));
  }
  Engine& engine() { return *engine_; }

 private:
  JobBoard board_;
  std::unique_ptr<Engine> engine_;
};

// Six acknowledged commands of one client, one instance after another.
Rate run_s3(Subject& subject, int clients, double seconds, const std::string& prefix) {
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> finished{0};
  std::vector<std::vector<double>> times(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  const auto begun = Clock::now();
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      auto& own = times[static_cast<std::size_t>(client)];
      const auto timed = [&own](auto&& step) {
        const auto start = Clock::now();
        step();
        own.push_back(us_since(start));
      };
      for (std::int64_t number = 0; !stop; ++number) {
        const std::string order = prefix + std::to_string(client) + "-" + std::to_string(number);
        ProcessInstanceKey instance;
        timed([&] { instance = subject.create(order); });
        timed([&] { subject.complete(instance, "validate", {{"valid", Value::boolean(true)}}); });
        timed([&] { subject.complete(instance, "reserve", {{"reserved", Value::boolean(true)}}); });
        timed([&] { subject.complete(instance, "invoice"); });
        timed([&] { subject.complete(instance, "ship"); });
        timed([&] { subject.pay(order); });
        if (!stop) ++finished;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  const double elapsed = us_since(begun) / 1e6;
  const auto done = static_cast<double>(finished.load());
  for (std::thread& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
  std::sort(all.begin(), all.end());
  return {done / elapsed, all.empty() ? 0 : all[all.size() / 2], all.empty() ? 0 : all[all.size() * 99 / 100]};
}

void print(const char* name, int clients, const Rate& rate) {
  std::printf("%-22s %4d in flight  %9.0f instances/s  p50 %8.0f us  p99 %8.0f us\n", name, clients, rate.instances_per_second, rate.p50_us, rate.p99_us);
  std::fflush(stdout);
}

int run(const std::string& folder, double seconds, int stored) {
  const std::string raw_file = folder + "/raw.db";
  const std::string file = folder + "/engine.db";
  double raw_256 = 0;
  double engine_256 = 0;
  for (const int clients : {1, 8, 32, 256}) {
    const Rate raw = raw_packed(raw_file, clients, seconds);
    print("raw packed", clients, raw);
    Subject subject(file);
    const Rate rate = run_s3(subject, clients, seconds, "o");
    print("S3 o2c6", clients, rate);
    if (clients == 256) raw_256 = raw.instances_per_second, engine_256 = rate.instances_per_second;
  }
  std::printf("S3 at 256 / raw packed at 256: %.2f\n", engine_256 / raw_256);

  const double raw_commit = raw_one_row_commit_us(raw_file, 500);
  Subject idle(file);
  std::vector<double> times;
  for (int i = 0; i < 300; ++i) {
    const auto start = Clock::now();
    (void)idle.create("idle-" + std::to_string(i));
    times.push_back(us_since(start));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::sort(times.begin(), times.end());
  std::printf("one idle durable command: p50 %.0f us, one-row commit p50 %.0f us, ratio %.2f\n", times[times.size() / 2], raw_commit,
              times[times.size() / 2] / raw_commit);

  if (stored > 0) {
    Subject growing(file);
    const Rate first = run_s3(growing, 64, seconds, "first");
    print("S6 nearly empty", 64, first);
    std::atomic<int> next{0};
    std::vector<std::thread> threads;
    const auto begun = Clock::now();
    for (int client = 0; client < 256; ++client) {
      threads.emplace_back([&] {
        for (int number = next++; number < stored; number = next++) (void)growing.create("stored-" + std::to_string(number));
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::printf("S6 stored %d waiting instances in %.1f s\n", stored, us_since(begun) / 1e6);
    const Rate later = run_s3(growing, 64, seconds, "later");
    print("S6 with those stored", 64, later);
    std::printf("S6 with %d stored / nearly empty: %.2f\n", stored, later.instances_per_second / first.instances_per_second);
  }
  return 0;
}

}  // namespace
}  // namespace fermata::bench

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: engine_bench DIRECTORY [SECONDS] [STORED]\n");
    return 2;
  }
  return fermata::bench::run(arguments[1], count > 2 ? std::atof(arguments[2]) : 5, count > 3 ? std::atoi(arguments[3]) : 10'000);
}
