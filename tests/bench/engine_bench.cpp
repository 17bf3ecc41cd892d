// engine_bench: scenario S3 (o2c6) embedded, beside the raw ceiling of SQLite in the same run; p50 of one idle durable command; S6.
//
//   engine_bench DIRECTORY [SECONDS] [STORED] [SCENARIO ...]
//
// SECONDS a round (1; seven rounds each, taken in turns with what is compared); STORED: instances for S6 (10000; 0: none); SCENARIO: s3,
// s3-256, s3-cost (only by name), idle, s6; all of them if none is named. Prints one line a measurement and the ratios that docs/PERFORMANCE.md quotes. The disk of DIRECTORY is what is measured.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <sched.h>
#include <sys/resource.h>
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

  static ClientCommand creation(const std::string& order) {
    CreateInstance create;
    create.process_id = "o2c6";
    create.variables = {{"order", Value::context({{"id", Value::string(order)},
                                                  {"customer", Value::string("ACME Manufacturing GmbH, Friedrichstrasse 100, 10117 Berlin")},
                                                  {"note", Value::string(std::string(300, 'n'))},
                                                  {"total", Value::integer(1250)}})},
                        {"orderId", Value::string(order)}};
    return ClientCommand(std::move(create));
  }
  ClientCommand completion(ProcessInstanceKey instance, const char* element, Variables variables = {}) {
    CompleteJob command;
    command.job = board_.take(instance, element);
    command.variables = std::move(variables);
    return ClientCommand(std::move(command));
  }
  static ClientCommand payment(const std::string& order) {
    PublishMessage message;
    message.name = "payment";
    message.correlation_key = order;
    message.variables = {{"paid", Value::boolean(true)}};
    return ClientCommand(std::move(message));
  }
  Engine& engine() { return *engine_; }

 private:
  JobBoard board_;
  std::unique_ptr<Engine> engine_;
};

// What the engine has answered, for the one thread that plays all clients: it is woken once for many answers, like the thread of an
// event loop that serves many connections.
class Answers {
 public:
  void put(std::size_t client, Result<Outcome> outcome) {
    {
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(client, std::move(outcome));
      if (!asleep_) return;
      asleep_ = false;
    }
    there_.notify_one();
  }
  void take(std::vector<std::pair<std::size_t, Result<Outcome>>>& all) {
    all.clear();
    std::unique_lock lock(mutex_);
    while (answers_.empty()) {
      asleep_ = true;
      there_.wait(lock);
    }
    asleep_ = false;
    all.swap(answers_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable there_;
  bool asleep_ = false;
  std::vector<std::pair<std::size_t, Result<Outcome>>> answers_;
};

// Each client has one command in flight, and plays one instance after another: six acknowledged commands each.
struct Client {
  int step = 0;
  std::int64_t number = 0;
  std::string order;
  ProcessInstanceKey instance;
  Clock::time_point sent;
};

ClientCommand next_command(Subject& subject, const Client& client) {
  switch (client.step) {
    case 0: return Subject::creation(client.order);
    case 1: return subject.completion(client.instance, "validate", {{"valid", Value::boolean(true)}});
    case 2: return subject.completion(client.instance, "reserve", {{"reserved", Value::boolean(true)}});
    case 3: return subject.completion(client.instance, "invoice");
    case 4: return subject.completion(client.instance, "ship");
    default: return Subject::payment(client.order);
  }
}

Rate run_s3(Subject& subject, int clients, double seconds, const std::string& prefix) {
  std::vector<Client> all(static_cast<std::size_t>(clients));
  Answers answers;
  std::vector<double> times;
  std::int64_t finished = 0;
  const auto send_next = [&](std::size_t index) {
    Client& client = all[index];
    if (client.step == 0) client.order = prefix + std::to_string(index) + "-" + std::to_string(client.number++);
    ClientRequest request;
    request.command = next_command(subject, client);
    request.actor = "bench";
    client.sent = Clock::now();
    auto sent = subject.engine().submit(std::move(request), [&answers, index](Result<Outcome> outcome) { answers.put(index, std::move(outcome)); });
    if (!sent) give_up("not taken: " + sent.error().message);
  };
  // The clients' work counts, but it must not interrupt the engine for each answer: a thread of this policy waits for its turn. Only while
  // they run: the next engine's threads would inherit it.
  const sched_param no_priority{};
  (void)sched_setscheduler(0, SCHED_BATCH, &no_priority);
  const auto begun = Clock::now();
  const auto end = begun + std::chrono::duration<double>(seconds);
  for (std::size_t index = 0; index < all.size(); ++index) send_next(index);
  std::size_t in_flight = all.size();
  std::vector<std::pair<std::size_t, Result<Outcome>>> taken;
  double elapsed = 0;
  while (in_flight > 0) {
    answers.take(taken);
    const auto now = Clock::now();
    if (elapsed == 0 && now >= end) elapsed = us_since(begun) / 1e6;
    for (auto& [index, outcome] : taken) {
      Client& client = all[index];
      if (!outcome) give_up("failed: " + outcome.error().message);
      if (!*outcome) give_up("refused: " + outcome->error().reason);
      times.push_back(std::chrono::duration<double, std::micro>(now - client.sent).count());
      if (client.step == 0) client.instance = std::get<InstanceCreated>(**outcome).instance;
      client.step = (client.step + 1) % 6;
      if (client.step == 0 && elapsed == 0) ++finished;
      if (elapsed == 0) {
        send_next(index);
      } else {
        --in_flight;
      }
    }
  }
  (void)sched_setscheduler(0, SCHED_OTHER, &no_priority);
  std::sort(times.begin(), times.end());
  return {static_cast<double>(finished) / elapsed, times.empty() ? 0 : times[times.size() / 2], times.empty() ? 0 : times[times.size() * 99 / 100]};
}

void print(const char* name, int clients, const Rate& rate) {
  std::printf("%-22s %4d in flight  %9.0f instances/s  p50 %8.0f us  p99 %8.0f us\n", name, clients, rate.instances_per_second, rate.p50_us, rate.p99_us);
  std::fflush(stdout);
}

// The middle one of several short rounds, taken in turns: what else the machine does falls on both sides.
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

Rate median_of(std::vector<Rate> rates) {
  std::sort(rates.begin(), rates.end(), [](const Rate& a, const Rate& b) { return a.instances_per_second < b.instances_per_second; });
  return rates[rates.size() / 2];
}

constexpr int rounds = 7;

void compare_s3(const std::string& raw_file, const std::string& file, int clients, double seconds) {
  std::vector<Rate> raw, engine;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    raw.push_back(raw_packed(raw_file, clients, seconds));
    Subject subject(file);  // both begin with an empty file
    engine.push_back(run_s3(subject, clients, seconds, "o"));
    ratios.push_back(engine.back().instances_per_second / raw.back().instances_per_second);
  }
  print("raw packed", clients, median_of(raw));
  print("S3 o2c6", clients, median_of(engine));
  std::printf("S3 at %d / raw packed at %d: %.2f (%.2f to %.2f in %d rounds)\n", clients, clients, median(ratios),
              *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()), rounds);
  std::fflush(stdout);
}

// S3 at 256 without the raw ceiling beside it: the processor time of an instance, of all threads together. What to look at before and after a
// change: it hardly moves with the load of the machine. Also what to give to perf.
void measure_cost(const std::string& file, double seconds) {
  const auto processor_us = [] {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  };
  std::vector<double> costs, rates;
  for (int round = 0; round < rounds; ++round) {
    Subject subject(file);
    const double before = processor_us();
    const Rate rate = run_s3(subject, 256, seconds, "c");
    rates.push_back(rate.instances_per_second);
    costs.push_back((processor_us() - before) / (rate.instances_per_second * seconds));
  }
  std::printf("S3 at 256: %.0f us of processor time an instance (%.0f to %.0f in %d rounds), %.0f instances/s\n", median(costs),
              *std::min_element(costs.begin(), costs.end()), *std::max_element(costs.begin(), costs.end()), rounds, median(rates));
  std::fflush(stdout);
}

// The six commands of S3, one at a time and nothing beside them: what the median one takes, beside a commit of one row.
void measure_idle(const std::string& raw_file, const std::string& file) {
  constexpr int steps = 6;
  constexpr int instances = 60;
  Subject subject(file);
  std::vector<double> raw, engine, ratios;
  std::vector<std::vector<double>> of_step(steps);
  for (int round = 0; round < rounds; ++round) {
    raw.push_back(raw_one_row_commit_us(raw_file, steps * instances));
    std::vector<double> times;
    for (int i = 0; i < instances; ++i) {
      Client client;
      client.order = "idle-" + std::to_string(round) + "-" + std::to_string(i);
      for (; client.step < steps; ++client.step) {
        ClientCommand command = next_command(subject, client);
        const auto start = Clock::now();
        Reply reply = subject.send(std::move(command));
        times.push_back(us_since(start));
        of_step[static_cast<std::size_t>(client.step)].push_back(times.back());
        if (client.step == 0) client.instance = std::get<InstanceCreated>(reply).instance;
      }
    }
    engine.push_back(median(times));
    ratios.push_back(engine.back() / raw.back());
  }
  std::printf("one idle durable command: p50 %.0f us, one-row commit p50 %.0f us, ratio %.2f (the six of S3:", median(engine), median(raw), median(ratios));
  for (const auto& times : of_step) std::printf(" %.0f", median(times));
  std::printf(" us)\n");
  std::fflush(stdout);
}

// Instances that wait at their first job.
void store_waiting(Subject& subject, int count) {
  constexpr int in_flight = 256;
  Answers answers;
  int sent = 0;
  const auto send_next = [&] {
    if (sent == count) return;
    ClientRequest request;
    request.command = Subject::creation("stored-" + std::to_string(sent++));
    request.actor = "bench";
    auto taken = subject.engine().submit(std::move(request), [&answers](Result<Outcome> outcome) { answers.put(0, std::move(outcome)); });
    if (!taken) give_up("not taken: " + taken.error().message);
  };
  const auto begun = Clock::now();
  for (int i = 0; i < in_flight; ++i) send_next();
  std::vector<std::pair<std::size_t, Result<Outcome>>> some;
  for (int done = 0; done < count;) {
    answers.take(some);
    for (auto& [index, outcome] : some) {
      if (!outcome || !*outcome) give_up("an instance could not be stored");
      ++done;
      send_next();
    }
  }
  std::printf("S6 stored %d waiting instances in %.1f s\n", count, us_since(begun) / 1e6);
  std::fflush(stdout);
}

void measure_growth(const std::string& file, double seconds, int stored) {
  constexpr int clients = 64;
  Subject small(file + ".small");
  Subject large(file + ".large");
  store_waiting(small, std::min(10'000, stored));
  store_waiting(large, stored);
  for (Subject* subject : {&small, &large}) (void)run_s3(*subject, clients, seconds, "warm");
  std::vector<Rate> before, after;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    const std::string prefix = "round" + std::to_string(round) + "-";
    before.push_back(run_s3(small, clients, seconds, prefix));
    after.push_back(run_s3(large, clients, seconds, prefix));
    ratios.push_back(after.back().instances_per_second / before.back().instances_per_second);
  }
  print("S6 with 10,000 stored", clients, median_of(before));
  print("S6 with all stored", clients, median_of(after));
  std::printf("S6 with %d stored / with 10,000: %.2f\n", stored, median(ratios));
  std::fflush(stdout);
}

int run(const std::string& folder, double seconds, int stored, const std::set<std::string>& only) {
  const auto wants = [&](const char* scenario) { return only.empty() || only.contains(scenario); };
  const std::string raw_file = folder + "/raw.db";
  const std::string file = folder + "/engine.db";
  if (wants("s3")) {
    for (const int clients : {1, 8, 32, 256}) compare_s3(raw_file, file, clients, seconds);
  }
  if (only.contains("s3-256")) compare_s3(raw_file, file, 256, seconds);
  if (only.contains("s3-cost")) measure_cost(file, seconds);
  if (wants("idle")) measure_idle(raw_file, file);
  if (wants("s6") && stored > 0) measure_growth(file, seconds, stored);
  return 0;
}

}  // namespace
}  // namespace fermata::bench

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: engine_bench DIRECTORY [SECONDS] [STORED] [s3|s3-256|s3-cost|idle|s6 ...]\n");
    return 2;
  }
  std::set<std::string> only;
  for (int i = 4; i < count; ++i) only.insert(arguments[i]);
  return fermata::bench::run(arguments[1], count > 2 ? std::atof(arguments[2]) : 1, count > 3 ? std::atoi(arguments[3]) : 10'000, only);
}
