// The host's promises: exactly one completion per call, no slow plugin slows another, nothing a plugin does gets past
// its door.
#include "activities/host/host.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "activities/sdk/plugin.h"

namespace fermata::activities {
namespace {

using namespace std::chrono_literals;

/// Lets a test hold plugin threads and see how many there are.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  int inside = 0;
  std::atomic<int> entered{0};

  void wait() {
    std::unique_lock lock(mutex);
    ++inside;
    ++entered;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
    --inside;
  }
  void release() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex);
    open = false;
  }
  bool wait_inside(int count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 10s, [&] { return inside >= count; });
  }
};

/// Each test has its own; shared, because a hanging thread may leave it after the test has ended.
std::shared_ptr<Gate> gate;
std::atomic<int> executions{0};
std::string lookup_answer;

struct State {
  explicit State(const sdk::Json& config) {
    if (config.bool_or("refuse", false)) throw sdk::InputError("the setting \"refuse\" is true");
  }
};

sdk::Outcome echo(State&, sdk::Call& call) {
  ++executions;
  return sdk::Completed{call.input().dump()};
}
sdk::Outcome hang(State&, sdk::Call&) {
  const std::shared_ptr<Gate> held = gate;
  held->wait();
  return sdk::Completed{R"({"late": true})"};
}
sdk::Outcome poll(State&, sdk::Call& call) {
  while (!call.cancelled()) std::this_thread::yield();
  return sdk::Failed{.message = "saw the cancellation"};
}
sdk::Outcome throws(State&, sdk::Call& call) {
  const std::string what = call.input().string_or("what", "");
  if (what == "int") throw 42;
  if (what == "input") throw sdk::InputError("the order number is missing");
  throw std::runtime_error("boom");
}
sdk::Outcome business(State&, sdk::Call&) {
  return sdk::BpmnError{"CREDIT_LIMIT", "over the limit", R"({"limit": 500.00})"};
}
sdk::Outcome garbage(State&, sdk::Call& call) {
  return sdk::Completed{call.input().string_or("output", "")};
}
sdk::Outcome leak(State&, sdk::Call& call) {
  const std::string secret = call.expand_secrets("Bearer {{secrets.TOKEN}}");
  call.log(sdk::LogLevel::info, "sending " + secret);
  const std::string mode = call.input().string_or("mode", "");
  if (mode == "fail") return sdk::Failed{.message = "refused " + secret, .detail = R"({"echo":")" + secret + "\"}"};
  if (mode == "bpmn") return sdk::BpmnError{"E-" + secret, secret, sdk::Json::object({{"v", secret}}).dump()};
  if (mode == "exception") throw std::runtime_error("while sending " + secret);
  return sdk::Completed{sdk::Json::object({{secret, secret}, {"amount", sdk::Json::number("1.50")}}).dump()};
}
sdk::Outcome evaluates(State&, sdk::Call& call) {
  return sdk::Completed{call.evaluate("x + 1", sdk::Json::object({{"x", 1}})).dump()};
}
sdk::LookupOutcome look(State&, sdk::Call&) {
  if (lookup_answer == "found") return sdk::Found{R"({"from": "lookup"})"};
  if (lookup_answer == "unknown") return sdk::Unknown{"the ERP is down"};
  if (lookup_answer == "throw") throw std::runtime_error("lost connection");
  return sdk::NotFound{};
}
sdk::RepeatSafety by_input(State&, const sdk::Call& call) {
  return call.input().string_or("method", "POST") == "GET" ? sdk::RepeatSafety::native : sdk::RepeatSafety::none;
}

const fermata_plugin* test_plugin() {
  static const sdk::Plugin<State> plugin(
      "test", "1.0",
      {{.type = "echo", .execute = echo, .repeat_safety_of = by_input},
       {.type = "hang", .default_deadline = 60ms, .execute = hang},
       {.type = "hang-long", .default_deadline = 60s, .execute = hang},
       {.type = "hang-alone", .default_deadline = 60s, .max_concurrency = 1, .execute = hang},
       {.type = "poll", .execute = poll},
       {.type = "throws", .execute = throws},
       {.type = "business", .execute = business},
       {.type = "garbage", .execute = garbage},
       {.type = "leak", .execute = leak},
       {.type = "evaluates", .execute = evaluates},
       {.type = "looked-up", .repeat_safety = sdk::RepeatSafety::lookup, .execute = echo, .lookup = look}});
  return plugin.descriptor();
}

const fermata_plugin* other_plugin() {
  static const sdk::Plugin<State> plugin("other", "1.0", {{.type = "other-echo", .execute = echo}});
  return plugin.descriptor();
}

/// Submits and waits for the one completion.
ActivityOutcome run(Host& host, ActivityCall call) {
  auto promise = std::make_shared<std::promise<ActivityOutcome>>();
  auto future = promise->get_future();
  const auto accepted =
      host.submit(std::move(call), [promise](ActivityOutcome outcome) { promise->set_value(std::move(outcome)); });
  if (!accepted) ADD_FAILURE() << accepted.error().message;
  if (!accepted || future.wait_for(20s) != std::future_status::ready) throw std::runtime_error("no completion");
  return future.get();
}

const ActivityFailed& failed(const ActivityOutcome& outcome) {
  return std::get<ActivityFailed>(outcome);
}
const std::string& output(const ActivityOutcome& outcome) {
  return std::get<ActivityCompleted>(outcome).output_json;
}

class HostTest : public testing::Test {
 protected:
  void SetUp() override {
    gate = std::make_shared<Gate>();
    executions = 0;
    lookup_answer.clear();
  }
  void TearDown() override { gate->release(); }
};

TEST_F(HostTest, RunsAnActivityAndKeepsNumbersExact) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_EQ(output(run(host, {.type = "echo", .input_json = R"({"n":12345678901234567890.10})"})),
            R"({"n":12345678901234567890.10})");
}

TEST_F(HostTest, RefusesAnUnknownTypeWithoutCompleting) {
  Host host;
  const auto answer = host.submit({.type = "nobody"}, [](ActivityOutcome) { FAIL(); });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::not_found);
}

TEST_F(HostTest, RefusedConfigurationSaysWhy) {
  Host host;
  const auto answer = host.add(test_plugin(), {.config_json = R"({"refuse": true})"});
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("the setting \"refuse\" is true"), std::string::npos);
  EXPECT_FALSE(host.has("echo"));
}

TEST_F(HostTest, RefusesThePluginTwice) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_FALSE(host.add(test_plugin(), {}));
}

TEST_F(HostTest, ExceptionsBecomeFailures) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  const auto boom = run(host, {.type = "throws"});
  EXPECT_NE(failed(boom).message.find("boom"), std::string::npos);
  EXPECT_TRUE(failed(boom).ambiguous);
  EXPECT_TRUE(failed(run(host, {.type = "throws", .input_json = R"({"what":"int"})"})).ambiguous);
  const auto input = run(host, {.type = "throws", .input_json = R"({"what":"input"})"});
  EXPECT_EQ(failed(input).message, "the order number is missing");
  EXPECT_FALSE(failed(input).ambiguous);
  EXPECT_FALSE(failed(input).retryable);
}

TEST_F(HostTest, WrongInputIsAFailureNotACrash) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_FALSE(failed(run(host, {.type = "echo", .input_json = "{"})).retryable);
}

TEST_F(HostTest, BusinessErrorKeepsItsVariables) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  const auto outcome = run(host, {.type = "business"});
  const auto& error = std::get<ActivityBpmnError>(outcome);
  EXPECT_EQ(error.code, "CREDIT_LIMIT");
  EXPECT_EQ(error.variables_json, R"({"limit": 500.00})");
}

TEST_F(HostTest, UnusableOutputIsAnAmbiguousProtocolFailure) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  for (const char* bad : {"nonsense", "[1]", "{\\\"a\\\":1e999999}", "{", "{\\\"a\\\":1} x"}) {
    const auto outcome = run(host, {.type = "garbage", .input_json = std::string(R"({"output":")") + bad + "\"}"});
    ASSERT_TRUE(std::holds_alternative<ActivityFailed>(outcome)) << bad;
    EXPECT_EQ(failed(outcome).kind, FailureKind::protocol) << bad;
    EXPECT_TRUE(failed(outcome).ambiguous) << bad;
  }
}

TEST_F(HostTest, DeadlineCompletesOnceAndDropsTheLateResult) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  std::atomic<int> completions{0};
  std::promise<ActivityOutcome> first;
  ASSERT_TRUE(host.submit({.type = "hang"}, [&](ActivityOutcome outcome) {
    if (++completions == 1) first.set_value(std::move(outcome));
  }));
  const ActivityOutcome outcome = first.get_future().get();
  EXPECT_EQ(failed(outcome).kind, FailureKind::timed_out);
  EXPECT_TRUE(failed(outcome).ambiguous);
  EXPECT_FALSE(may_repeat(failed(outcome))) << "its repeat safety is none";
  EXPECT_EQ(host.stats().at("test").stuck, 1u);
  gate->release();
  EXPECT_TRUE(host.stop(10s));
  EXPECT_EQ(completions, 1);
}

TEST_F(HostTest, StuckThreadsAreReplacedUpToABound) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 2, .stuck_max = 1}));
  auto first = std::async(std::launch::async, [&] { return run(host, {.type = "hang"}); });
  const ActivityOutcome second = run(host, {.type = "hang"});
  EXPECT_EQ(failed(first.get()).kind, FailureKind::timed_out);
  EXPECT_EQ(failed(second).kind, FailureKind::timed_out);
  // Both threads hang now; one replacement may come, and it hangs as well.
  EXPECT_EQ(failed(run(host, {.type = "hang"})).kind, FailureKind::timed_out);
  EXPECT_EQ(host.stats().at("test").stuck, 3u);
  // Every thread hangs, so a call can only expire in the queue, and it says that it had no effect.
  const auto outcome = run(host, {.type = "echo", .wait_max = 50ms});
  EXPECT_EQ(failed(outcome).kind, FailureKind::plugin_hangs);
  EXPECT_NE(failed(outcome).message.find("all threads that may run it hang"), std::string::npos);
  EXPECT_FALSE(failed(outcome).ambiguous);
  EXPECT_TRUE(failed(outcome).retryable);
  EXPECT_LE(host.stats().at("test").threads, 3u);
  EXPECT_EQ(executions, 0);
  gate->release();
  EXPECT_EQ(output(run(host, {.type = "echo"})), "{}") << "threads that came back serve again";
}

TEST_F(HostTest, AHangingCallThatRunsAloneHoldsUpItsOwnTypeOnly) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 4}));
  EXPECT_EQ(failed(run(host, {.type = "hang-alone", .timeout = 60ms})).kind, FailureKind::timed_out);
  EXPECT_EQ(failed(run(host, {.type = "hang-alone", .wait_max = 50ms})).kind, FailureKind::plugin_hangs);
  EXPECT_EQ(output(run(host, {.type = "echo"})), "{}");
  gate->release();
  while (host.stats().at("test").stuck != 0) std::this_thread::yield();
  EXPECT_EQ(output(run(host, {.type = "hang-alone"})), R"({"late": true})") << "it came back";
}

TEST_F(HostTest, AHangingPluginDoesNotSlowAnother) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 2, .queue_max = 4}));
  ASSERT_TRUE(host.add(other_plugin(), {}));
  int accepted = 0;
  for (int i = 0; i < 20; ++i)
    accepted += host.submit({.type = "hang-long"}, [](ActivityOutcome) {}).has_value() ? 1 : 0;
  ASSERT_TRUE(gate->wait_inside(2));
  EXPECT_LE(accepted, 2 + 4);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(output(run(host, {.type = "other-echo"})), "{}");
  gate->release();
  host.stop(10s);
}

TEST_F(HostTest, AFullQueueIsBusyAtOnceAndOnlyForItsOwnType) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 4, .queue_max = 2}));
  ASSERT_TRUE(host.submit({.type = "hang-alone"}, [](ActivityOutcome) {}));
  ASSERT_TRUE(gate->wait_inside(1));
  EXPECT_EQ(host.capacity("hang-alone"), 1u) << "as many wait as run";
  ASSERT_TRUE(host.submit({.type = "hang-alone"}, [](ActivityOutcome) {}));
  ASSERT_TRUE(host.submit({.type = "hang-alone"}, [](ActivityOutcome) {}));
  EXPECT_EQ(host.capacity("hang-alone"), 0u);
  const auto busy = host.submit({.type = "hang-alone"}, [](ActivityOutcome) { ADD_FAILURE(); });
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(output(run(host, {.type = "echo"})), "{}") << "another type of the same plugin goes on";
  EXPECT_EQ(gate->entered, 1) << "max_concurrency is 1";
  gate->release();
  host.stop(10s);
}

TEST_F(HostTest, NoMoreIsAskedForThanStartsSoon) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 2, .queue_max = 64}));
  EXPECT_EQ(host.capacity("hang-long"), 2u) << "nothing is known of it yet";
  for (int i = 0; i < 20; ++i) (void)run(host, {.type = "echo"});
  EXPECT_GT(host.capacity("echo"), 2u) << "it is quick";
  std::promise<void> done;
  ASSERT_TRUE(host.submit({.type = "hang-long"}, [&](ActivityOutcome) { done.set_value(); }));
  ASSERT_TRUE(gate->wait_inside(1));
  std::this_thread::sleep_for(300ms);
  gate->release();
  done.get_future().get();
  // What a call took is noted after its answer has gone out.
  while (host.stats().at("test").running != 0) std::this_thread::yield();
  EXPECT_GE(host.capacity("hang-long"), 2u);
  EXPECT_LE(host.capacity("hang-long"), 6u) << "in a second, two threads start no more than six calls of 300 ms";
}

TEST_F(HostTest, ACallThatTakesLongCountsWhileItRuns) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 2, .queue_max = 64}));
  gate->release();
  for (int i = 0; i < 20; ++i) (void)run(host, {.type = "hang-long"});
  EXPECT_GT(host.capacity("hang-long"), 10u) << "it was quick";
  gate->close();
  std::promise<void> done;
  ASSERT_TRUE(host.submit({.type = "hang-long"}, [&](ActivityOutcome) { done.set_value(); }));
  ASSERT_TRUE(gate->wait_inside(1));
  std::this_thread::sleep_for(300ms);
  EXPECT_LE(host.capacity("hang-long"), 6u) << "it is not now";
  gate->release();
  done.get_future().get();
}

TEST_F(HostTest, WaitingForAThreadDoesNotUseUpTheDeadline) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 1, .stuck_max = 0}));
  ASSERT_TRUE(host.submit({.type = "hang-long"}, [](ActivityOutcome) {}));
  ASSERT_TRUE(gate->wait_inside(1));
  std::promise<ActivityOutcome> waited, late;
  ASSERT_TRUE(host.submit({.type = "echo", .timeout = 500ms},
                          [&](ActivityOutcome outcome) { waited.set_value(std::move(outcome)); }));
  ASSERT_TRUE(host.submit({.type = "echo", .wait_max = 600ms},
                          [&](ActivityOutcome outcome) { late.set_value(std::move(outcome)); }));
  EXPECT_EQ(failed(late.get_future().get()).kind, FailureKind::not_started);
  EXPECT_EQ(executions, 0);
  gate->release();
  EXPECT_EQ(output(waited.get_future().get()), "{}");
}

TEST_F(HostTest, AClosedHostHandsBackWhatWaitsAndEndsWhatRuns) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 1}));
  std::promise<ActivityOutcome> running, waiting;
  ASSERT_TRUE(
      host.submit({.type = "hang-long"}, [&](ActivityOutcome outcome) { running.set_value(std::move(outcome)); }));
  ASSERT_TRUE(gate->wait_inside(1));
  ASSERT_TRUE(host.submit({.type = "echo"}, [&](ActivityOutcome outcome) { waiting.set_value(std::move(outcome)); }));
  host.close();
  EXPECT_EQ(failed(waiting.get_future().get()).kind, FailureKind::not_started);
  EXPECT_FALSE(host.submit({.type = "echo"}, [](ActivityOutcome) {}));
  EXPECT_EQ(host.capacity("echo"), 0u);
  gate->release();
  EXPECT_EQ(output(running.get_future().get()), R"({"late": true})");
}

TEST_F(HostTest, CancelReachesARunningCall) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  std::promise<ActivityOutcome> promise;
  ASSERT_TRUE(host.submit({.job_key = 77, .type = "poll"},
                          [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); }));
  EXPECT_FALSE(host.cancel(78));
  EXPECT_TRUE(host.cancel(77));
  const ActivityOutcome outcome = promise.get_future().get();
  EXPECT_TRUE(failed(outcome).kind == FailureKind::reported || failed(outcome).kind == FailureKind::not_started);
}

TEST_F(HostTest, StopCompletesEverythingOnceEvenWhatHangs) {
  std::atomic<int> not_started{0}, stopped{0}, other{0};
  const auto count = [&](const ActivityOutcome& outcome) {
    const auto* f = std::get_if<ActivityFailed>(&outcome);
    if (f != nullptr && f->kind == FailureKind::not_started && !f->ambiguous) {
      ++not_started;
    } else if (f != nullptr && f->kind == FailureKind::stopped && f->ambiguous) {
      ++stopped;
    } else {
      ++other;
    }
  };
  {
    Host host;
    ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 2, .queue_max = 8}));
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(host.submit({.type = "hang-long"}, count));
    ASSERT_TRUE(gate->wait_inside(2));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(host.submit({.type = "hang-long"}, count));
    EXPECT_FALSE(host.stop(10ms)) << "two threads hang";
    EXPECT_FALSE(host.submit({.type = "echo"}, count));
  }
  EXPECT_EQ(not_started, 3);
  EXPECT_EQ(stopped, 2);
  EXPECT_EQ(other, 0);
  gate->release();
}

TEST_F(HostTest, ManyCallsFromManyThreadsCompleteExactlyOnce) {
  constexpr int threads = 4, calls = 500;
  std::vector<std::atomic<int>> completions(threads * calls);
  std::atomic<int> accepted{0};
  {
    Host host;
    ASSERT_TRUE(host.add(test_plugin(), {.threads_max = 3, .queue_max = 32}));
    std::vector<std::jthread> callers;
    for (int t = 0; t < threads; ++t) {
      callers.emplace_back([&, t] {
        for (int i = 0; i < calls; ++i) {
          const std::size_t id = static_cast<std::size_t>(t * calls + i);
          // Some deadlines race with the work on purpose.
          const auto timeout = i % 3 == 0 ? 1ms : 10s;
          while (!host.submit({.type = i % 5 == 0 ? "throws" : "echo", .timeout = timeout},
                              [&, id](ActivityOutcome) { ++completions[id]; })) {
            std::this_thread::yield();
          }
          ++accepted;
        }
      });
    }
    callers.clear();
    // Half of the queue is still waiting: stopping completes it as well.
    host.stop(10s);
  }
  EXPECT_EQ(accepted, threads * calls);
  for (const auto& count : completions) ASSERT_EQ(count, 1);
}

TEST_F(HostTest, ARepeatLooksBeforeItActs) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_EQ(output(run(host, {.attempt = 1, .type = "looked-up"})), "{}");
  EXPECT_EQ(executions, 1);
  lookup_answer = "found";
  EXPECT_EQ(output(run(host, {.attempt = 2, .type = "looked-up"})), R"({"from": "lookup"})");
  EXPECT_EQ(output(run(host, {.maybe_executed = true, .type = "looked-up"})), R"({"from": "lookup"})");
  EXPECT_EQ(executions, 1) << "what was found is not done again";
  for (const char* answer : {"unknown", "throw"}) {
    lookup_answer = answer;
    const auto outcome = run(host, {.attempt = 3, .type = "looked-up"});
    EXPECT_TRUE(may_repeat(failed(outcome)));
    EXPECT_EQ(executions, 1);
  }
  lookup_answer = "not-found";
  EXPECT_EQ(output(run(host, {.attempt = 4, .type = "looked-up"})), "{}");
  EXPECT_EQ(executions, 2);
}

TEST_F(HostTest, RepeatSafetyMayDependOnTheInput) {
  Host host;
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_EQ(host.repeat_safety({.type = "echo", .input_json = R"({"method":"GET"})"}), RepeatSafety::native);
  EXPECT_EQ(host.repeat_safety({.type = "echo"}), RepeatSafety::none);
  EXPECT_EQ(host.repeat_safety({.type = "echo", .input_json = "{"}), RepeatSafety::none);
  EXPECT_EQ(host.repeat_safety("looked-up"), RepeatSafety::lookup);
}

TEST_F(HostTest, SecretsNeverLeaveACall) {
  for (const std::string canary : {"canary-5f1b\"\\/\xC3\xA9 +%", "31415926535897"}) {
    std::mutex mutex;
    std::string log;
    Host host({.secrets = SecretSource::of({{"TOKEN", canary}}), .log = [&](const ActivityLogLine& line) {
                 const std::lock_guard lock(mutex);
                 log += line.text;
               }});
    ASSERT_TRUE(host.add(test_plugin(), {}));
    std::string everything;
    for (const char* mode : {"complete", "fail", "bpmn", "exception"}) {
      const auto outcome = run(host, {.type = "leak", .input_json = std::string(R"({"mode":")") + mode + "\"}"});
      if (const auto* done = std::get_if<ActivityCompleted>(&outcome)) {
        everything += done->output_json + sdk::Json::parse(done->output_json).members()[0].first;
        EXPECT_NE(done->output_json.find("1.50"), std::string::npos);
      }
      if (const auto* f = std::get_if<ActivityFailed>(&outcome)) everything += f->message + f->detail;
      if (const auto* e = std::get_if<ActivityBpmnError>(&outcome)) {
        everything += e->code + e->message + sdk::Json::parse(e->variables_json).at("v").as_string();
      }
    }
    everything += log;
    EXPECT_NE(log.find("sending Bearer ***"), std::string::npos);
    EXPECT_EQ(everything.find(canary), std::string::npos) << everything;
    EXPECT_EQ(everything.find(canary.substr(0, 8)), std::string::npos) << everything;
  }
}

TEST_F(HostTest, AMissingOrShortSecretIsNamedNotGuessed) {
  Host host({.secrets = SecretSource::of({{"SHORT", "abc"}, {"TOKEN", "abc"}})});
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_NE(failed(run(host, {.type = "leak"})).message.find("shorter than 4 bytes"), std::string::npos);
  Host empty;
  ASSERT_TRUE(empty.add(test_plugin(), {}));
  EXPECT_NE(failed(run(empty, {.type = "leak"})).message.find("\"TOKEN\" does not exist"), std::string::npos);
}

TEST_F(HostTest, ExpressionsAreTheHosts) {
  Host host({.evaluate = [](std::string_view expression, std::string_view context) -> Result<std::string> {
    if (context.find("\"x\":1") == std::string_view::npos) return fail(ErrorCode::invalid_argument, "no x");
    return "{\"seen\":\"" + std::string(expression) + "\"}";
  }});
  ASSERT_TRUE(host.add(test_plugin(), {}));
  EXPECT_EQ(output(run(host, {.type = "evaluates"})), R"({"seen":"x + 1"})");
  Host none;
  ASSERT_TRUE(none.add(test_plugin(), {}));
  EXPECT_FALSE(failed(run(none, {.type = "evaluates"})).retryable);
}

}  // namespace
}  // namespace fermata::activities
