// Engine: the public face of the process engine. Give it a store and a clock; submit commands; read through sessions.
//
// Floor 6: all threads of the engine live here. One engine thread runs the batch loop: it drains the bounded queue, executes every
// request in one store transaction, commits once (group commit), and only then answers, wakes waiters and calls activities.
//
//   auto engine = Engine::open({.store = std::move(store), .clock = clock, .compile = compile_resource});
//   Result<Outcome> outcome = (*engine)->call({.command = CreateInstance{.process_id = "order"}, .actor = "alice"});
//
// Thread safety: every member may be called from any thread. Callbacks run on the engine thread and must not block.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/core/client_command.h"
#include "engine/core/partition.h"
#include "engine/runtime/clock.h"
#include "persistence/read_session.h"
#include "persistence/store.h"

namespace fermata {

/// An activity that runs in this process (a plugin), as the engine sees it. activities/host implements it.
class ActivityRunner {
 public:
  struct Call {
    Job job;  ///< locked for us; its key and time of creation make the idempotency key towards the outside
    ProcessInstanceKey instance;
    std::string process_id;
    std::string business_key;
    Variables variables;
    Variables fixed_inputs;  ///< the author's own text in them, as far as it may name secrets
  };
  struct Completed {
    Variables variables;
  };
  struct Failed {
    std::string message;
    std::string details;
    bool retryable = true;
    std::optional<Duration> retry_after;
    bool ambiguous = false;  ///< the outside may have done it, and a repeat is not known to be safe
  };
  struct BpmnError {
    std::string code;
    std::string message;
    Variables variables;
  };
  /// It never began, and others got on meanwhile: the job is free again as if it had not been leased, with all its retries.
  struct NotStarted {};
  using Outcome = std::variant<Completed, Failed, BpmnError, NotStarted>;

  virtual ~ActivityRunner() = default;
  /// Job types that run here.
  [[nodiscard]] virtual std::vector<std::string> types() const = 0;
  /// How many more calls of this type it takes right now.
  [[nodiscard]] virtual std::size_t capacity(const std::string& type) const = 0;
  /// How long a call may take, the wait for its start included: the lease of its job.
  [[nodiscard]] virtual Duration deadline(const std::string& type) const = 0;
  /// Starts the call on another thread; `done` is called exactly once, from any thread. Refused when full.
  [[nodiscard]] virtual Result<void> run(Call call, std::function<void(Outcome)> done) = 0;
};

struct EngineOptions {
  std::unique_ptr<Store> store;
  std::shared_ptr<const Clock> clock;
  ResourceCompiler compile;
  DecisionCompiler compile_decisions = nullptr;  ///< null: no DMN file may be deployed
  std::shared_ptr<ActivityRunner> activities;  ///< may be null
  PartitionOptions partition;
  std::size_t queue_commands_max = limits::queue_commands_max;
  std::size_t batch_commands_max = limits::batch_commands_max;
  std::size_t parked_max = 4'096;    ///< long polls that wait for jobs
  std::size_t awaiting_max = 4'096;  ///< callers that wait for the end of an instance
  bool own_thread = true;  ///< false: nothing happens until run_until_idle() (tests with a virtual clock)
  /// Sees every transition before it is committed, with the state after it (tests; instance 0: nullptr). On the engine thread.
  std::function<void(const Transition&, const InstanceState*)> observer;
};

/// Counters for /metrics; monotonic since start.
struct EngineCounters {
  std::uint64_t commands = 0, rejections = 0, batches = 0, commit_failures = 0, timers_fired = 0, jobs_activated = 0,
                instances_started = 0, instances_completed = 0, instances_terminated = 0, incidents_raised = 0, queue_full = 0;
  std::uint64_t queue_length = 0;  ///< now
};

class Engine {
 public:
  using Callback = std::function<void(Result<Outcome>)>;

  struct Finished {
    bool completed = false;  ///< false: terminated
    Variables variables;
  };
  struct Awaited {
    InstanceCreated created;
    Finished finished;
  };
  /// A refused creation is a Rejection; an Error is deadline_exceeded, or what submit() may answer.
  using AwaitCallback = std::function<void(Result<tl::expected<Awaited, Rejection>>)>;

  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(EngineOptions options);
  ~Engine();  ///< stops without draining; see drain()

  /// Puts a request on the queue. resource_exhausted when the queue is full, unavailable when draining. `done` is called exactly
  /// once after the commit, with the outcome, or with an Error when the transaction could not be made durable.
  [[nodiscard]] Result<void> submit(ClientRequest request, Callback done);

  /// submit() and wait. With own_thread == false it runs the loop itself.
  [[nodiscard]] Result<Outcome> call(ClientRequest request);

  /// Activates jobs; waits up to `wait` for the first one (long polling). A parked request holds no engine resources but a slot;
  /// `parked_max` slots exist, beyond it resource_exhausted. Answers at once with none when `wait` is zero.
  [[nodiscard]] Result<Outcome> activate_jobs(ActivateJobs request, std::string actor, Duration wait);

  /// The same without a thread that waits: `done` is called exactly once. An error here means that it never will be.
  [[nodiscard]] Result<void> submit_activation(ActivateJobs request, std::string actor, Duration wait, Callback done);

  /// Creates an instance and waits for its end; deadline_exceeded after `wait` (the instance goes on). A refused creation is a
  /// conflict error, and *rejection says why (may be null).
  [[nodiscard]] Result<std::pair<InstanceCreated, Finished>> create_and_await(CreateInstance request, std::string actor, Duration wait,
                                                                              Rejection* rejection);
  /// The same without a thread that waits; also with an idempotency key. `request.command` must be a CreateInstance.
  [[nodiscard]] Result<void> submit_and_await(ClientRequest request, Duration wait, AwaitCallback done);

  /// A consistent snapshot that contains everything answered so far (read your writes).
  [[nodiscard]] Result<std::unique_ptr<ReadSession>> read();

  /// Executes everything that is due: queue, timers, activities' answers. Only with own_thread == false.
  void run_until_idle();
  /// The clock was changed by hand: look at the timers again.
  void clock_changed();

  /// No new work, finish what is queued, wait for running activities up to `grace`, then stop. Safe to call twice.
  void drain(Duration grace);

  /// False after the store has failed for good; the process should exit non-zero.
  [[nodiscard]] bool healthy() const;
  [[nodiscard]] EngineCounters counters() const;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fermata
