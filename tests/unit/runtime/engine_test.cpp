// The engine driven by hand: virtual time, the memory store, faults on demand. Nothing here waits for a real clock.
#include "engine/runtime/engine.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "persistence/memory/memory_store.h"
#include "tests/simulation/faulty_store.h"
#include "tests/simulation/models.h"

namespace fermata {
namespace {

using simulation::Faults;

constexpr Timestamp start_of_time{1'790'000'000'000};

class Runner final : public ActivityRunner {
 public:
  [[nodiscard]] std::vector<std::string> types() const override { return {"a"}; }
  [[nodiscard]] std::size_t capacity(const std::string&) const override { return places - running.size(); }
  [[nodiscard]] Duration deadline(const std::string&) const override { return Duration::from_seconds(60); }
  [[nodiscard]] Result<void> run(Call call, std::function<void(Outcome)> done) override {
    ++runs;
    running.emplace(call.job.key, std::pair(std::move(call), std::move(done)));
    return {};
  }
  void answer_all(const Outcome& outcome) {
    for (auto& [key, call] : std::exchange(running, {})) call.second(outcome);
  }
  std::size_t places = 2;
  int runs = 0;
  std::map<JobKey, std::pair<Call, std::function<void(Outcome)>>> running;
};

struct EngineByHand : testing::Test {
  void SetUp() override {
    open();
    ASSERT_TRUE(call(simulation::deploy_models())) << "deployment";
  }
  void TearDown() override {
    EXPECT_TRUE(expect_unhealthy || engine == nullptr || engine->healthy());
    engine.reset();  // answers those who still wait, so while what their callbacks touch is alive
  }

  void open() {
    EngineOptions options;
    auto store = open_memory_store(rows);
    ASSERT_TRUE(store.has_value());
    options.store = std::make_unique<simulation::FaultyStore>(std::move(*store), faults);
    options.clock = clock;
    options.compile = simulation::compile_models;
    options.activities = runner;
    options.partition.check_invariants = true;
    options.partition.decide = decide;
    options.own_thread = false;
    options.queue_commands_max = 8;
    options.parked_max = 3;
    options.awaiting_max = 2;
    auto opened = Engine::open(std::move(options));
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    engine = std::move(*opened);
  }
  void restart() {
    engine.reset();
    open();
    engine->run_until_idle();
  }
  void advance(Duration by) {
    clock->advance(by);
    engine->run_until_idle();
  }

  testing::AssertionResult call(ClientCommand command) {
    ClientRequest request;
    request.command = std::move(command);
    request.actor = "test";
    const Result<Outcome> outcome = engine->call(std::move(request));
    if (!outcome) return testing::AssertionFailure() << outcome.error().message;
    if (!*outcome) return testing::AssertionFailure() << outcome->error().reason;
    last = **outcome;
    return testing::AssertionSuccess();
  }
  ProcessInstanceKey create(std::string process_id, Variables variables = {}) {
    CreateInstance command;
    command.process_id = std::move(process_id);
    command.variables = std::move(variables);
    EXPECT_TRUE(call(command));
    return std::get<InstanceCreated>(last).instance;
  }
  static ActivateJobs poll(std::string type, std::size_t max_jobs = 1, Duration timeout = Duration::from_seconds(60)) {
    ActivateJobs::Topic topic;
    topic.type = std::move(type);
    topic.timeout = timeout;
    ActivateJobs command;
    command.topics.push_back(std::move(topic));
    command.worker = "worker";
    command.max_jobs = max_jobs;
    return command;
  }
  std::vector<ActivatedJob> activate(std::string type, std::size_t max_jobs = 1, Duration timeout = Duration::from_seconds(60)) {
    EXPECT_TRUE(call(poll(std::move(type), max_jobs, timeout)));
    return std::get<JobsActivated>(last).jobs;
  }
  testing::AssertionResult complete(const ActivatedJob& job, Variables variables = {}) {
    CompleteJob command;
    command.job = job.job.key;
    command.lease = job.job.lease;
    command.variables = std::move(variables);
    return call(command);
  }
  InstanceStatus status_of(ProcessInstanceKey key) {
    const auto row = (*engine->read())->instance(key);
    EXPECT_TRUE(row && *row) << key.text();
    return (*row)->instance.status;
  }

  std::shared_ptr<VirtualClock> clock = std::make_shared<VirtualClock>(start_of_time);
  std::shared_ptr<Faults> faults = std::make_shared<Faults>();
  std::shared_ptr<Runner> runner;
  DecideOptions decide;
  MemoryRows rows = make_memory_rows();
  std::unique_ptr<Engine> engine;
  Reply last;
  bool expect_unhealthy = false;
};

TEST_F(EngineByHand, AProcessFromBeginningToEnd) {
  const ProcessInstanceKey key = create("linear");
  const auto a = activate("a");
  ASSERT_EQ(a.size(), 1u);
  EXPECT_EQ(a[0].instance, key);
  EXPECT_TRUE(activate("a").empty()) << "leased";
  EXPECT_TRUE(activate("b").empty()) << "not yet";
  ASSERT_TRUE(complete(a[0]));
  EXPECT_FALSE(complete(a[0])) << "once";
  const auto b = activate("b");
  ASSERT_EQ(b.size(), 1u);
  ASSERT_TRUE(complete(b[0]));
  EXPECT_EQ(status_of(key), InstanceStatus::completed);
  EXPECT_EQ(engine->counters().instances_completed, 1u);
}

// Three times 6 MiB are more than one activation gives.
Variables six_mebibytes() {
  const Value half = Value::string(std::string(3u << 20, 'x'));
  return {{"left", half}, {"right", half}};
}

TEST_F(EngineByHand, AnActivationEndsWhenItsVariablesAreTooMany) {
  for (int i = 0; i < 5; ++i) (void)create("linear", six_mebibytes());
  EXPECT_EQ(activate("a", 10).size(), 3u) << "the third is one too many";
  EXPECT_EQ(activate("a", 10).size(), 2u) << "the others the next time";
  for (int i = 0; i < 5; ++i) (void)create("linear", six_mebibytes());
  ActivateJobs without = poll("a", 10);
  without.topics[0].variables.emplace();
  ASSERT_TRUE(call(without));
  EXPECT_EQ(std::get<JobsActivated>(last).jobs.size(), 5u) << "only what is answered counts";
}

TEST_F(EngineByHand, AnActivationGivesAtLeastOneJob) {
  Variables much;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) much.push_back({name, Value::string(std::string(3u << 20, 'x'))});
  for (int i = 0; i < 2; ++i) (void)create("linear", much);
  EXPECT_EQ(activate("a", 10).size(), 1u);
  EXPECT_EQ(activate("a", 10).size(), 1u);
}

TEST_F(EngineByHand, EverythingIsThereAfterARestart) {
  const ProcessInstanceKey key = create("linear");
  const auto a = activate("a");
  restart();
  ASSERT_TRUE(complete(a.at(0))) << "the lease outlives the engine";
  restart();
  const auto b = activate("b");
  ASSERT_TRUE(complete(b.at(0)));
  restart();
  EXPECT_EQ(status_of(key), InstanceStatus::completed);
}

TEST_F(EngineByHand, ABatchIsOneCommit) {
  const int before = faults->commits;
  int answered = 0;
  for (int i = 0; i < 8; ++i) {
    CreateInstance command;
    command.process_id = "linear";
    ClientRequest request;
    request.command = command;
    ASSERT_TRUE(engine->submit(std::move(request), [&](Result<Outcome> outcome) { answered += outcome && *outcome ? 1 : 0; }));
  }
  ClientRequest ninth;
  ninth.command = poll("a");
  const Result<void> refused = engine->submit(std::move(ninth), [](Result<Outcome>) { FAIL() << "must not be called"; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(answered, 0) << "nothing is answered before its commit";
  engine->run_until_idle();
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(faults->commits, before + 1);
  EXPECT_EQ(engine->counters().queue_full, 1u);
}

TEST_F(EngineByHand, AFailedCommitIsTriedOnceMoreOneByOne) {
  std::vector<bool> answers;
  for (int i = 0; i < 3; ++i) {
    CreateInstance command;
    command.process_id = "linear";
    ClientRequest request;
    request.command = command;
    ASSERT_TRUE(engine->submit(std::move(request), [&](Result<Outcome> outcome) { answers.push_back(outcome.has_value()); }));
  }
  faults->fail_next_commits = 2;  // the batch, and the first of the three
  engine->run_until_idle();
  EXPECT_EQ(answers, (std::vector<bool>{false, true, true}));
  EXPECT_EQ(activate("a", 10).size(), 2u) << "the failed one has left nothing behind";
  EXPECT_TRUE(engine->healthy());
  EXPECT_EQ(engine->counters().commit_failures, 2u);
}

TEST_F(EngineByHand, AfterDataLossNothingIsTriedAnyMore) {
  expect_unhealthy = true;
  const ProcessInstanceKey key = create("linear");
  faults->fail_next_commits = 1;
  faults->code = ErrorCode::data_loss;
  const int before = faults->commits;
  EXPECT_FALSE(call(poll("a")));
  EXPECT_FALSE(engine->healthy());
  EXPECT_FALSE(call(poll("a")));
  EXPECT_EQ(faults->commits, before + 1) << "no second attempt";
  restart();
  EXPECT_EQ(status_of(key), InstanceStatus::active);
}

TEST_F(EngineByHand, TimersFireWhenDueAndNeverEarly) {
  const ProcessInstanceKey key = create("boundary");
  clock->advance(Duration{119'999});
  engine->run_until_idle();
  EXPECT_EQ(engine->counters().timers_fired, 0u);
  advance(Duration{1});
  EXPECT_EQ(engine->counters().timers_fired, 1u);
  advance(Duration::from_seconds(120));
  EXPECT_EQ(engine->counters().timers_fired, 2u);
  advance(Duration::from_seconds(3'600));
  EXPECT_EQ(engine->counters().timers_fired, 4u) << "the third reminder and the deadline";
  EXPECT_EQ(activate("a", 10).size(), 3u);
  EXPECT_EQ(activate("b", 10).size(), 1u);
  EXPECT_EQ(activate("slow", 10).size(), 0u);
  EXPECT_EQ(status_of(key), InstanceStatus::active);
}

TEST_F(EngineByHand, MissedTimersFireAfterARestart) {
  (void)create("boundary");
  engine.reset();
  clock->advance(Duration::from_seconds(3 * 3600));
  open();
  engine->run_until_idle();
  EXPECT_EQ(engine->counters().timers_fired, 4u);
  EXPECT_EQ(activate("a", 10).size(), 3u);
}

TEST_F(EngineByHand, AClockThatGoesBackDoublesNothing) {
  (void)create("boundary");
  advance(Duration::from_seconds(121));
  EXPECT_EQ(engine->counters().timers_fired, 1u);
  clock->set(start_of_time);
  engine->run_until_idle();
  EXPECT_EQ(engine->counters().timers_fired, 1u);
  clock->set(start_of_time + Duration::from_seconds(121));
  engine->run_until_idle();
  EXPECT_EQ(engine->counters().timers_fired, 1u);
}

TEST_F(EngineByHand, ATimerWhoseCommitFailsFiresLater) {
  (void)create("boundary");
  clock->advance(Duration::from_seconds(121));
  faults->fail_next_commits = 2;
  engine->run_until_idle();
  EXPECT_EQ(engine->counters().timers_fired, 0u);
  advance(Duration::from_seconds(2));
  EXPECT_EQ(engine->counters().timers_fired, 1u);
}

struct LongPolls : EngineByHand {
  void park(std::string type, std::size_t max_jobs = 1, Duration wait = Duration::from_seconds(30)) {
    const std::size_t index = answers.size();
    answers.emplace_back();
    ASSERT_TRUE(engine->submit_activation(poll(std::move(type), max_jobs), "w", wait, [this, index](Result<Outcome> outcome) {
      ASSERT_FALSE(answers[index].has_value()) << "answered twice";
      answers[index] = std::move(outcome);
    }));
    engine->run_until_idle();
  }
  [[nodiscard]] std::string answer(std::size_t index) const {
    if (!answers.at(index)) return "waits";
    if (!*answers[index]) return "error";
    if (!**answers[index]) return "rejected";
    return std::to_string(std::get<JobsActivated>(***answers[index]).jobs.size());
  }
  std::vector<std::optional<Result<Outcome>>> answers;
};

TEST_F(LongPolls, TheFirstInLineGetsTheJobInTheSameCommit) {
  park("a");
  park("a");
  const int before = faults->commits;
  (void)create("linear");
  EXPECT_EQ(faults->commits, before + 1) << "created and leased in one transaction";
  EXPECT_EQ(answer(0), "1");
  EXPECT_EQ(answer(1), "waits");
  (void)create("linear");
  EXPECT_EQ(answer(1), "1");
}

TEST_F(LongPolls, EmptyHandedAtTheDeadline) {
  park("a");
  advance(Duration{29'999});
  EXPECT_EQ(answer(0), "waits");
  advance(Duration{1});
  EXPECT_EQ(answer(0), "0");
}

TEST_F(LongPolls, NoWaitMeansNoWait) {
  park("a", 1, Duration{0});
  EXPECT_EQ(answer(0), "0");
}

TEST_F(LongPolls, SlotsAreBounded) {
  for (int i = 0; i < 4; ++i) park("a");
  EXPECT_EQ(answer(3), "error");
  EXPECT_EQ(answers[3]->error().code, ErrorCode::resource_exhausted);
}

TEST_F(LongPolls, WokenByTheEndOfALease) {
  (void)create("linear");
  ASSERT_EQ(activate("a", 1, Duration::from_seconds(10)).size(), 1u);
  park("a");
  EXPECT_EQ(answer(0), "waits");
  advance(Duration{9'999});
  EXPECT_EQ(answer(0), "waits");
  advance(Duration{1});
  EXPECT_EQ(answer(0), "1");
}

TEST_F(LongPolls, WokenByTheEndOfABackoff) {
  (void)create("linear");
  const auto jobs = activate("a");
  park("a");
  FailJob failure;
  failure.job = jobs.at(0).job.key;
  failure.lease = jobs.at(0).job.lease;
  failure.retry_after = Duration::from_seconds(5);
  ASSERT_TRUE(call(failure));
  EXPECT_EQ(answer(0), "waits");
  advance(Duration{4'999});
  EXPECT_EQ(answer(0), "waits");
  advance(Duration{1});
  EXPECT_EQ(answer(0), "1");
}

TEST_F(LongPolls, AFailedCommitNeitherLosesNorDoublesARequest) {
  park("a");
  faults->fail_next_commits = 1;
  (void)create("linear");
  EXPECT_EQ(answer(0), "1");
  park("b");
  faults->fail_next_commits = 1;
  ASSERT_TRUE(complete(std::get<JobsActivated>(***answers[0]).jobs.at(0)));
  EXPECT_EQ(answer(1), "1");
}

TEST_F(LongPolls, AllGoHomeWhenTheEngineDrains) {
  park("a");
  engine->drain(Duration{0});
  EXPECT_EQ(answer(0), "0");
  ClientRequest late;
  late.command = poll("a");
  const Result<void> refused = engine->submit(std::move(late), [](Result<Outcome>) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
}

struct Awaiting : EngineByHand {
  void create_and_await(std::string process_id, Variables variables = {}, std::string idempotency_key = {}) {
    CreateInstance command;
    command.process_id = std::move(process_id);
    command.variables = std::move(variables);
    ClientRequest request;
    request.command = command;
    if (!idempotency_key.empty()) request.idempotency_source = "api";
    request.idempotency_key = std::move(idempotency_key);
    const std::size_t index = answers.size();
    answers.emplace_back();
    const Result<void> submitted = engine->submit_and_await(std::move(request), Duration::from_seconds(60), [this, index](auto answer) {
      ASSERT_FALSE(answers[index].has_value()) << "answered twice";
      answers[index] = std::move(answer);
    });
    if (!submitted) answers[index] = fail(submitted.error());
    engine->run_until_idle();
  }
  std::vector<std::optional<Result<tl::expected<Engine::Awaited, Rejection>>>> answers;
};

TEST_F(Awaiting, TheEndWithItsVariables) {
  create_and_await("linear", {{"x", Value::integer(1)}});
  EXPECT_FALSE(answers[0]);
  ASSERT_TRUE(complete(activate("a").at(0)));
  ASSERT_TRUE(complete(activate("b").at(0), {{"y", Value::integer(2)}}));
  ASSERT_TRUE(answers[0] && *answers[0] && **answers[0]);
  const Engine::Finished& finished = (***answers[0]).finished;
  EXPECT_TRUE(finished.completed);
  EXPECT_EQ(finished.variables.size(), 2u);
}

TEST_F(Awaiting, AnInstanceThatEndsAtOnce) {
  create_and_await("many", {{"items", Value::list({})}});
  ASSERT_TRUE(answers[0] && *answers[0] && **answers[0]);
  EXPECT_TRUE((***answers[0]).finished.completed);
}

TEST_F(Awaiting, TimeOverARefusalAndABound) {
  create_and_await("linear");
  create_and_await("no such process");
  ASSERT_TRUE(answers[1] && *answers[1]);
  EXPECT_EQ((*answers[1])->error().code, RejectionCode::not_found);
  create_and_await("linear");
  create_and_await("linear");
  ASSERT_TRUE(answers[3]);
  EXPECT_EQ(answers[3]->error().code, ErrorCode::resource_exhausted) << "two wait already";
  advance(Duration::from_seconds(60));
  ASSERT_TRUE(answers[0] && answers[2]);
  EXPECT_EQ(answers[0]->error().code, ErrorCode::deadline_exceeded);
  create_and_await("linear");
  EXPECT_FALSE(answers[4]) << "the places are free again";
}

TEST_F(Awaiting, ARepeatedRequestIsAnsweredFromWhatIsStored) {
  create_and_await("linear", {}, "k1");
  create_and_await("linear", {}, "k1");
  ASSERT_TRUE(complete(activate("a").at(0)));
  ASSERT_TRUE(complete(activate("b").at(0), {{"y", Value::integer(2)}}));
  EXPECT_TRUE(answers[0] && answers[1]) << "both wait for the same instance";
  create_and_await("linear", {}, "k1");
  ASSERT_TRUE(answers[2] && *answers[2] && **answers[2]) << "it has ended already";
  EXPECT_EQ((***answers[2]).created.instance, (***answers[0]).created.instance);
  EXPECT_EQ((***answers[2]).finished.variables.size(), 1u);
  EXPECT_EQ(engine->counters().instances_started, 1u);
}

struct Activities : EngineByHand {
  Activities() { runner = std::make_shared<Runner>(); }
  void answer(const ActivityRunner::Outcome& outcome) {
    runner->answer_all(outcome);
    engine->run_until_idle();
  }
};

TEST_F(Activities, RunAfterTheCommitThatCreatedTheirJob) {
  const int before = faults->commits;
  const ProcessInstanceKey key = create("linear", {{"x", Value::integer(1)}});
  EXPECT_EQ(faults->commits, before + 1) << "created and leased in one transaction";
  ASSERT_EQ(runner->running.size(), 1u);
  const ActivityRunner::Call& call = runner->running.begin()->second.first;
  EXPECT_EQ(call.instance, key);
  EXPECT_EQ(call.process_id, "linear");
  EXPECT_EQ(call.variables.size(), 1u);
  answer(ActivityRunner::Completed{});
  ASSERT_TRUE(complete(activate("b").at(0)));
  EXPECT_EQ(status_of(key), InstanceStatus::completed);
}

TEST_F(Activities, NothingRunsWhenTheCommitFails) {
  faults->fail_next_commits = 2;
  CreateInstance command;
  command.process_id = "linear";
  EXPECT_FALSE(call(command));
  EXPECT_EQ(runner->runs, 0) << "no outside call from uncommitted state";
}

TEST_F(Activities, NoMoreThanFitRunAtOnce) {
  for (int i = 0; i < 5; ++i) (void)create("linear");
  EXPECT_EQ(runner->running.size(), 2u);
  answer(ActivityRunner::Completed{});
  EXPECT_EQ(runner->running.size(), 2u);
  answer(ActivityRunner::Completed{});
  EXPECT_EQ(runner->running.size(), 1u);
  answer(ActivityRunner::Completed{});
  EXPECT_EQ(runner->runs, 5);
  EXPECT_EQ(activate("b", 10).size(), 5u);
}

TEST_F(Activities, AsManyRunAsFitHoweverMuchTheirVariablesAre) {
  runner->places = 0;
  for (int i = 0; i < 5; ++i) (void)create("linear", six_mebibytes());
  runner->places = 5;
  advance(Duration::from_seconds(1));
  EXPECT_EQ(runner->running.size(), 5u) << "nobody would ask again for those that are left";
}

TEST_F(Activities, FailuresAreRetriedWithBackoffThenOneIncident) {
  (void)create("linear");
  ActivityRunner::Failed failed;
  failed.message = "down";
  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_EQ(runner->running.size(), 1u) << attempt;
    answer(failed);
    EXPECT_TRUE(runner->running.empty()) << "a pause first";
    advance(Duration::from_seconds(60));
  }
  EXPECT_EQ(runner->runs, 3);
  EXPECT_EQ(engine->counters().incidents_raised, 1u);
}

TEST_F(Activities, WhatWasNotStartedLosesNoRetryAndIsNoRun) {
  (void)create("linear");
  for (int time = 1; time <= 10; ++time) {
    ASSERT_EQ(runner->running.size(), 1u) << time;
    answer(ActivityRunner::NotStarted{});
  }
  ASSERT_EQ(runner->running.size(), 1u) << "leased again without a pause";
  const Job& job = runner->running.begin()->second.first.job;
  EXPECT_EQ(job.retries, 3);
  EXPECT_EQ(job.lease, 1) << "what was returned does not count";
  EXPECT_EQ(job.attempt, 1);
  EXPECT_FALSE(job.maybe_executed());
  EXPECT_EQ(engine->counters().incidents_raised, 0u);
}

TEST_F(Activities, WhatWasNotStartedDoesNotHideAnEarlierRun) {
  (void)create("linear");
  runner->running.clear();
  advance(Duration::from_seconds(66));  // the lease ran out, no answer came
  ASSERT_EQ(runner->running.size(), 1u);
  ASSERT_TRUE(runner->running.begin()->second.first.job.maybe_executed());
  answer(ActivityRunner::NotStarted{});
  ASSERT_EQ(runner->running.size(), 1u);
  const Job& job = runner->running.begin()->second.first.job;
  EXPECT_TRUE(job.maybe_executed());
  EXPECT_EQ(job.lease, 2);
}

struct SetDown : Activities {
  // From now on no token gets further than the command itself moves it, or `steps` further.
  void restart_with_steps(std::size_t steps) {
    decide.steps_max = steps;
    restart();
  }
  IncidentRow only_incident(ProcessInstanceKey instance) {
    Query query;
    query.where = {{"processInstanceKey", FieldCondition::Op::eq, {Value::string(instance.text())}},
                   {"state", FieldCondition::Op::eq, {Value::string("ACTIVE")}}};
    const auto found = (*engine->read())->search_incidents(query);
    EXPECT_TRUE(found && found->items.size() == 1) << (found ? std::to_string(found->items.size()) : found.error().message);
    return found && !found->items.empty() ? found->items[0] : IncidentRow{};
  }
  void expect_goes_on_from(ProcessInstanceKey instance, const std::string& element) {
    const IncidentRow row = only_incident(instance);
    EXPECT_EQ(row.incident.element_id, element);
    restart_with_steps(limits::steps_per_command_max);
    ASSERT_TRUE(call(ResolveIncident{.incident = row.incident.key, .job_retries = 1}));
  }
  testing::AssertionResult throw_error(const ActivatedJob& job, Variables variables = {}) {
    ThrowJobError command;
    command.job = job.job.key;
    command.lease = job.job.lease;
    command.code = "BROKEN";
    command.variables = std::move(variables);
    return call(command);
  }
};

TEST_F(SetDown, TheEventBehindAnEventBasedGatewayHasHappened) {
  const ProcessInstanceKey key = create("race", {{"order", Value::integer(7)}});
  restart_with_steps(0);
  advance(Duration::from_seconds(31 * 60));
  expect_goes_on_from(key, "expired");
  EXPECT_EQ(status_of(key), InstanceStatus::completed) << "it does not wait a second time";
}

TEST_F(SetDown, ABoundaryEventKeepsWhatTheErrorBrought) {
  const ProcessInstanceKey key = create("boundary");
  const auto job = activate("slow");
  ASSERT_EQ(job.size(), 1u);
  restart_with_steps(0);
  ASSERT_TRUE(throw_error(job[0], {{"reason", Value::integer(7)}}));
  expect_goes_on_from(key, "failed");
  EXPECT_EQ(status_of(key), InstanceStatus::completed);
  const auto variables = (*engine->read())->visible_variables(root_scope(key));
  ASSERT_TRUE(variables);
  std::set<std::string> names;
  for (const Variable& variable : *variables) names.insert(variable.name);
  EXPECT_EQ(names, (std::set<std::string>{"code", "reason"})) << "and the code, which the model asks for";
}

TEST_F(SetDown, AnEventSubprocessBeginsWithItsEvent) {
  const ProcessInstanceKey key = create("saga");
  answer(ActivityRunner::Completed{});
  ASSERT_TRUE(complete(activate("b").at(0)));
  const auto job = activate("slow");
  ASSERT_EQ(job.size(), 1u);
  restart_with_steps(0);
  ASSERT_TRUE(throw_error(job[0]));
  expect_goes_on_from(key, only_incident(key).incident.element_id);
  ASSERT_TRUE(complete(activate("undo_pay").at(0)));
  ASSERT_TRUE(complete(activate("undo_book").at(0)));
  EXPECT_EQ(status_of(key), InstanceStatus::completed);
}

TEST_F(SetDown, AtAJoinATokenWaitsForTheOthers) {
  const ProcessInstanceKey key = create("fork");
  restart_with_steps(0);
  ASSERT_TRUE(complete(activate("b").at(0)));
  const IncidentRow row = only_incident(key);
  EXPECT_EQ(row.incident.element_id, "b");
  restart_with_steps(1);
  ASSERT_TRUE(call(ResolveIncident{.incident = row.incident.key, .job_retries = 1})) << "to the join, and no further";
  EXPECT_EQ(status_of(key), InstanceStatus::active);
  restart_with_steps(limits::steps_per_command_max);
  runner->running.clear();
  advance(Duration::from_seconds(100));
  answer(ActivityRunner::Completed{});
  EXPECT_EQ(status_of(key), InstanceStatus::completed);
}

// Sets more in motion than one command may: each call copies the text.
struct TooMuchAtOnce : SetDown {
  TooMuchAtOnce() { decide.chain_bytes_max = 5'000; }
  static Variables calls(std::string name) {
    const std::string other = name == "items" ? "later" : "items";
    return {{name, Value::list(std::vector<Value>(20, Value::integer(1)))}, {other, Value::list({})}, {"text", Value::string(std::string(500, 'x'))}};
  }
  // Work of the engine's own goes on at once, and not after a pause: a timer that is due soon fires in time.
  void expect_others_go_on(const std::function<void()>& too_much) {
    advance(Duration{500});
    const ProcessInstanceKey other = create("family", {{"items", Value::list({})}, {"later", Value::list({})}});
    for (auto at = runner->running.begin(); at != runner->running.end();) {
      auto& [call, done] = at->second;
      if (call.instance == other) done(ActivityRunner::Completed{});
      at = call.instance == other ? runner->running.erase(at) : std::next(at);
    }
    engine->run_until_idle();
    advance(Duration{9'500});
    too_much();
    const auto fired = engine->counters().timers_fired;
    advance(Duration{600});
    EXPECT_EQ(engine->counters().timers_fired, fired + 1);
    EXPECT_EQ(status_of(other), InstanceStatus::completed);
  }
};

TEST_F(TooMuchAtOnce, AnActivitysAnswerIsKeptWithAnIncident) {
  const ProcessInstanceKey key = create("family", calls("items"));
  expect_others_go_on([&] { answer(ActivityRunner::Completed{{{"answer", Value::integer(7)}}}); });
  advance(Duration::from_seconds(3'600));
  EXPECT_EQ(runner->runs, 2) << "the call is not repeated";
  const IncidentRow row = only_incident(key);
  EXPECT_EQ(row.incident.element_id, "a");
  EXPECT_EQ(row.incident.type, IncidentType::limit_exceeded);
  EXPECT_NE(row.incident.message.find("more than 5000 bytes of variables"), std::string::npos) << row.incident.message;
  EXPECT_EQ(status_of(key), InstanceStatus::active);
  EXPECT_EQ(engine->counters().instances_started, 2u);

  ClientRequest resolve;
  resolve.command = ResolveIncident{.incident = row.incident.key, .job_retries = 1};
  const Result<Outcome> refused = engine->call(std::move(resolve));
  ASSERT_FALSE(refused) << "who resolves it is told that it is still too much";
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
  decide.chain_bytes_max = 1'000'000;
  restart();
  ASSERT_TRUE(call(ResolveIncident{.incident = row.incident.key, .job_retries = 1}));
  EXPECT_EQ(engine->counters().instances_started, 20u) << "goes on from where it stopped";
}

TEST_F(TooMuchAtOnce, ATimerIsKeptWithAnIncident) {
  const ProcessInstanceKey key = create("family", calls("later"));
  answer(ActivityRunner::Completed{});
  expect_others_go_on([] {});
  const IncidentRow row = only_incident(key);
  EXPECT_EQ(row.incident.element_id, "pause");
  EXPECT_NE(row.incident.message.find("more than 5000 bytes of variables"), std::string::npos) << row.incident.message;
}

TEST_F(TooMuchAtOnce, AnAnswerThatIsTooMuchByItselfFailsItsJob) {
  const ProcessInstanceKey key = create("linear");
  expect_others_go_on([&] { answer(ActivityRunner::Completed{{{"text", Value::string(std::string(6'000, 'x'))}}}); });
  const IncidentRow row = only_incident(key);
  EXPECT_EQ(row.incident.type, IncidentType::ambiguous_outcome) << "the outside has done it";
  EXPECT_NE(row.incident.message.find("The result of the activity was refused: one command has written more than 5000 bytes"), std::string::npos)
      << row.incident.message;
  advance(Duration::from_seconds(3'600));
  EXPECT_EQ(runner->runs, 2);
}

TEST_F(Activities, WhatMustNotBeRepeatedIsAnIncidentAtOnce) {
  (void)create("linear");
  ActivityRunner::Failed failed;
  failed.message = "no answer came";
  failed.ambiguous = true;
  answer(failed);
  advance(Duration::from_seconds(3'600));
  EXPECT_EQ(runner->runs, 1);
  EXPECT_EQ(engine->counters().incidents_raised, 1u);
}

TEST_F(Activities, AnAnswerSurvivesADiskThatIsFullForAWhile) {
  const ProcessInstanceKey key = create("linear");
  faults->probability = 1;
  answer(ActivityRunner::Completed{});
  advance(Duration::from_seconds(2));
  advance(Duration::from_seconds(2));
  faults->probability = 0;
  advance(Duration::from_seconds(2));
  EXPECT_EQ(activate("b").size(), 1u);
  EXPECT_EQ(runner->runs, 1) << "the answer was kept, the call not repeated";
  EXPECT_EQ(status_of(key), InstanceStatus::active);
}

TEST_F(Activities, AnActivityThatNeverAnswersRunsAgainUnderTheSameKey) {
  (void)create("linear");
  const JobKey key = runner->running.begin()->first;
  restart();
  EXPECT_EQ(runner->runs, 1);
  runner->running.clear();
  advance(Duration{2});  // what the last run held, nobody holds any more: its lease ends with the restart
  ASSERT_EQ(runner->runs, 2);
  EXPECT_EQ(runner->running.begin()->first, key);
}

TEST_F(Activities, ALateAnswerOfAnOldLeaseChangesNothing) {
  const ProcessInstanceKey key = create("linear");
  auto first = std::move(runner->running);
  runner->running.clear();
  advance(Duration::from_seconds(66));
  ASSERT_EQ(runner->runs, 2);
  first.begin()->second.second(ActivityRunner::Completed{});
  engine->run_until_idle();
  EXPECT_TRUE(activate("b").empty());
  answer(ActivityRunner::Completed{});
  EXPECT_EQ(activate("b").size(), 1u);
  EXPECT_EQ(status_of(key), InstanceStatus::active);
}

TEST_F(EngineByHand, MessagesExpireFromTheBuffer) {
  PublishMessage publish;
  publish.name = "paid";
  publish.correlation_key = "7";
  publish.ttl = Duration::from_seconds(60);
  ASSERT_TRUE(call(publish));
  advance(Duration::from_seconds(61));
  (void)create("race", {{"order", Value::integer(7)}});
  EXPECT_TRUE(activate("a").empty());
  ASSERT_TRUE(call(publish));
  EXPECT_EQ(activate("a").size(), 1u);
}

}  // namespace
}  // namespace fermata
