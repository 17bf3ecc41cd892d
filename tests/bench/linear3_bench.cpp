// linear3_bench: scenario S1. One small process (a = 1, b = a + 1, c = b + 1, a gateway, the end) in memory, saved at its end, and with
// three waits, each of them evicted from memory and restored from rows.
//
//   linear3_bench DIRECTORY [SECONDS]     SECONDS a measurement (3)
//
// The requests are sent from the answers (Engine::submit), 256 in flight, so that no thread waits and nothing is measured but the engine.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <unistd.h>

#include "engine/core/decide.h"
#include "engine/runtime/engine.h"
#include "persistence/memory/memory_store.h"
#include "persistence/sqlite/sqlite_store.h"
#include "processes/bpmn/deploy.h"
#include "processes/bpmn/feel_expressions.h"

namespace fermata::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int in_flight = 256;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "linear3_bench: %s\n", why.c_str());
  std::exit(1);
}

std::string read_model(const std::string& name) {
  std::ifstream file(std::string(FERMATA_SOURCE_DIR "/tests/bench/models/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<DeployResource::Process> compile(const std::string& name, const std::string& content) {
  bpmn::FeelExpressions expressions;
  bpmn::CompileResult compiled = bpmn::compile(name, content, expressions);
  if (compiled.refused()) give_up(name + " does not compile");
  std::vector<DeployResource::Process> processes;
  for (bpmn::CompiledProcess& process : compiled.processes) processes.push_back({process.id, process.name, std::move(process.graph)});
  return processes;
}

class CountingKeys final : public KeySource {
 public:
  [[nodiscard]] std::int64_t next() override { return next_++; }

 private:
  std::int64_t next_ = 1;
};

class Nothing final : public Surroundings {
 public:
  Result<std::optional<Target>> find_called(const VersionBinding&, std::string_view, std::string_view, DefinitionKey) override {
    return std::optional<Target>{};
  }
  Result<std::optional<DecisionTarget>> find_decision(const VersionBinding&, std::string_view, std::string_view, DefinitionKey) override {
    return std::optional<DecisionTarget>{};
  }
  Result<std::optional<std::string>> trouble_with_message(std::string_view, std::string_view, const InstanceState&) override { return std::optional<std::string>{}; }
  Result<std::optional<std::string>> trouble_with_signal(std::string_view) override { return std::optional<std::string>{}; }
  Result<Caught> caught_outside(const ProcessInstance&, EventKind, const std::string&) override { return Caught::by_nobody; }
};

ClientRequest request(ClientCommand command) {
  ClientRequest request;
  request.command = std::move(command);
  request.actor = "bench";
  return request;
}

/// One thread, no store: decide() and apply() alone, a whole instance each time. Answers microseconds an instance.
double decide_only_us(double seconds) {
  const auto processes = compile("linear3.bpmn", read_model("linear3.bpmn"));
  const ProcessGraph& graph = *processes.front().graph;
  CountingKeys keys;
  Nothing none;
  const DecideOptions options;
  const CommandContext context{Timestamp{1'800'000'000'000}, "bench"};
  std::int64_t done = 0;
  const auto begun = Clock::now();
  while (done % 64 != 0 || seconds_since(begun) < seconds) {
    InstanceState state;
    StartInstance start;
    start.instance = keys.make<ProcessInstanceKey>();
    start.definition = DefinitionKey{1};
    const auto decision = decide({graph, state, context, keys, none, options}, start);
    if (!decision || state.instance.status != InstanceStatus::completed) give_up("the instance in memory has not completed");
    ++done;
  }
  return seconds_since(begun) / static_cast<double>(done) * 1e6;
}

/// An engine with one deployed process and a closed loop of clients that live in its answers.
class Loop {
 public:
  Loop(std::unique_ptr<Store> store, const std::string& model, std::size_t cached) {
    EngineOptions options;
    options.store = std::move(store);
    options.clock = std::make_shared<SystemClock>();
    options.compile = [](const Resource& resource) { return Result<std::vector<DeployResource::Process>>(compile(resource.name, resource.content)); };
    options.partition.cached_instances_max = cached;
    options.observer = [this](const Transition& transition, const InstanceState*) { note(transition); };
    auto engine = Engine::open(std::move(options));
    if (!engine) give_up(engine.error().message);
    engine_ = std::move(*engine);
    DeployResource resource;
    resource.name = model + ".bpmn";
    resource.kind = "bpmn";
    resource.content = read_model(resource.name);
    resource.checksum = model;
    resource.processes = compile(resource.name, resource.content);
    process_id_ = model;
    Deploy deploy;
    deploy.resources.push_back(std::move(resource));
    const auto deployed = engine_->call(request(std::move(deploy)));
    if (!deployed || !*deployed) give_up("the model is not accepted");
  }

  /// Instances completed a second.
  double run(double seconds) {
    const auto begun = Clock::now();
    for (int i = 0; i < in_flight; ++i) create();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    const double rate = static_cast<double>(finished_.load()) / seconds_since(begun);
    stopping_ = true;
    while (busy_.load() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return rate;
  }

 private:
  // The observer and the answers run on the engine thread: no lock.
  void note(const Transition& transition) {
    for (const Event& event : transition.events) {
      if (const auto* job = std::get_if<JobCreated>(&event)) jobs_[transition.instance.raw()] = job->job.key;
    }
  }

  void create() {
    if (stopping_) return;
    CreateInstance command;
    command.process_id = process_id_;
    ++busy_;
    send(std::move(command), [this](const Reply& reply) { go_on(std::get<InstanceCreated>(reply).instance); });
  }

  void go_on(ProcessInstanceKey instance) {
    const auto job = jobs_.find(instance.raw());
    if (job == jobs_.end()) {
      ++finished_;
      return create();
    }
    CompleteJob command;
    command.job = job->second;
    jobs_.erase(job);
    ++busy_;
    send(std::move(command), [this, instance](const Reply&) { go_on(instance); });
  }

  void send(ClientCommand command, std::function<void(const Reply&)> then) {
    auto sent = engine_->submit(request(std::move(command)), [this, then = std::move(then)](Result<Outcome> outcome) {
      if (!outcome) give_up(outcome.error().message);
      if (!*outcome) give_up(outcome->error().reason);
      then(**outcome);
      --busy_;
    });
    if (!sent) give_up(sent.error().message);
  }

  std::string process_id_;
  std::unordered_map<std::int64_t, JobKey> jobs_;
  std::atomic<std::int64_t> finished_{0};
  std::atomic<int> busy_{0};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<Engine> engine_;  // last: its thread uses the rest
};

std::unique_ptr<Store> sqlite(const std::string& file) {
  for (const char* suffix : {"", "-wal", "-shm", ".owner", ".new"}) ::unlink((file + suffix).c_str());
  SqliteStoreOptions options;
  options.path = file;
  auto store = open_sqlite_store(options);
  if (!store) give_up(store.error().message);
  return std::move(*store);
}

std::unique_ptr<Store> memory() {
  auto store = open_memory_store();
  if (!store) give_up(store.error().message);
  return std::move(*store);
}

// As tests/bench/run.sh collects them for its table.
void row(const char* what, const char* format, double number) {
  std::printf("row | S1 | %s | ", what);
  std::printf(format, number);
  std::printf(" |  | \n");
  std::fflush(stdout);
}

void run(const std::string& folder, double seconds) {
  const std::string file = folder + "/linear3.db";
  constexpr std::size_t usual_cache = 20'000;
  row("linear3 in memory, decide() alone", "%.1f us an instance", decide_only_us(seconds));
  constexpr const char* rate = "%.0f instances/s";
  row("linear3 in memory, the engine on the memory store", rate, Loop(memory(), "linear3", usual_cache).run(seconds));
  row("linear3 saved at its end (SQLite)", rate, Loop(sqlite(file), "linear3", usual_cache).run(seconds));
  const double kept = Loop(sqlite(file), "linear3_waits", usual_cache).run(seconds);
  row("linear3 with three waits, kept in memory", rate, kept);
  const double evicted = Loop(sqlite(file), "linear3_waits", 1).run(seconds);
  row("linear3 with three waits, evicted and restored", rate, evicted);
  row("evicted and restored, against kept in memory", "%.2f", evicted / kept);
}

}  // namespace
}  // namespace fermata::bench

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: linear3_bench DIRECTORY [SECONDS]\n");
    return 2;
  }
  fermata::bench::run(arguments[1], count > 2 ? std::atof(arguments[2]) : 3);
}
