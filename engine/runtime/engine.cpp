#include "engine/runtime/engine.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "engine/base/check.h"
#include "engine/runtime/answer_slot.h"
#include "engine/runtime/command_queue.h"
#include "engine/runtime/loop.h"
#include "engine/runtime/work.h"

namespace fermata {

using runtime::AnswerSlot;
using runtime::CommandQueue;
using runtime::Loop;
using runtime::Work;

namespace {

constexpr std::uint64_t batches_between_housekeeping = 1'000;
// A caller is told about the end of its wait by the engine thread; this is how much later it stops to believe that.
constexpr Duration answer_slack = Duration::from_seconds(10);

Error stopped() { return Error{ErrorCode::unavailable, "The engine is shutting down; try again later."}; }

}  // namespace

class Engine::Impl {
 public:
  Impl(EngineOptions options, std::int64_t next_key)
      : own_thread_(options.own_thread),
        awaiting_max_(options.awaiting_max),
        queue_(std::make_shared<CommandQueue>(options.queue_commands_max)),
        loop_(std::move(options), queue_, next_key) {}

  Result<void> start() {
    if (auto started = loop_.start(); !started) return started;
    if (own_thread_) {
      thread_ = std::thread([this] { run(); });
      engine_thread_.store(thread_.get_id(), std::memory_order_release);
    }
    return {};
  }

  ~Impl() {
    stop_.store(true, std::memory_order_release);
    finish();
  }

  Result<void> push(Work work) {
    if (!loop_.healthy()) return fail(ErrorCode::data_loss, "The store has failed; the engine must be restarted.");
    switch (queue_->push(work)) {
      case CommandQueue::Pushed::ok: return {};
      case CommandQueue::Pushed::closed: return fail(stopped());
      case CommandQueue::Pushed::full: break;
    }
    queue_full_.fetch_add(1, std::memory_order_relaxed);
    return fail(ErrorCode::resource_exhausted, "The engine has more work than it can queue; try again in a moment.");
  }

  /// Pushes what `make` builds around a callback, and waits for its answer.
  template <class Answer, class Make>
  Result<Answer> push_and_wait(Make&& make, std::optional<Duration> longest) {
    FERMATA_CHECK(!own_thread_ || std::this_thread::get_id() != engine_thread_.load(std::memory_order_acquire), "a callback of the engine must not wait for the engine");
    auto slot = std::make_shared<AnswerSlot<Result<Answer>>>();
    if (auto pushed = make([slot](Result<Answer> answer) { slot->put(std::move(answer)); }); !pushed) return fail(pushed.error());
    if (!own_thread_) {
      run_until_idle();
      longest = Duration{0};
    }
    const bool alone = callers_waiting_.fetch_add(1, std::memory_order_acq_rel) == 0;
    std::optional<Result<Answer>> answer = slot->wait(longest, alone && own_thread_);
    callers_waiting_.fetch_sub(1, std::memory_order_acq_rel);
    if (answer) return std::move(*answer);
    return fail(ErrorCode::deadline_exceeded, "There was no answer in time.");
  }

  Result<void> submit_await(ClientRequest request, Duration wait, AwaitCallback done) {
    if (awaiting_.fetch_add(1, std::memory_order_acq_rel) >= awaiting_max_) {
      awaiting_.fetch_sub(1, std::memory_order_acq_rel);
      return fail(ErrorCode::resource_exhausted, "Too many callers are waiting for the end of an instance; try again later.");
    }
    Work work;
    work.request = std::move(request);
    work.awaiter = std::make_shared<runtime::Awaiter>();
    work.awaiter->wait = wait;
    work.awaiter->done = [this, done = std::move(done)](auto answer) {
      awaiting_.fetch_sub(1, std::memory_order_acq_rel);
      done(std::move(answer));
    };
    auto pushed = push(std::move(work));
    if (!pushed) awaiting_.fetch_sub(1, std::memory_order_acq_rel);
    return pushed;
  }

  void run_until_idle() {
    const std::lock_guard lock(turn_mutex_);
    while (loop_.turn()) {
    }
    loop_.housekeeping();
  }

  void clock_changed() { queue_->nudge(); }

  void drain(Duration grace) {
    queue_->close();
    {
      const std::lock_guard lock(drain_mutex_);
      if (drain_until_.load() == 0) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace.ms);
        drain_until_.store(std::max<std::int64_t>(until.time_since_epoch().count(), 1));
      }
    }
    queue_->nudge();
    if (!own_thread_) {
      const std::lock_guard lock(turn_mutex_);
      drain_loop();
    }
    finish();
  }

  Loop& loop() { return loop_; }
  [[nodiscard]] EngineCounters counters() const {
    EngineCounters counters = loop_.counters();
    counters.queue_full = queue_full_.load(std::memory_order_relaxed);
    return counters;
  }
  [[nodiscard]] bool own_thread() const { return own_thread_; }

 private:
  void run() {
    std::uint64_t batches = 0;
    while (!stop_.load(std::memory_order_acquire)) {
      if (drain_until_.load() != 0) return drain_loop();
      if (loop_.turn()) {
        if (++batches % batches_between_housekeeping == 0) loop_.housekeeping();
        continue;
      }
      const auto before = std::chrono::steady_clock::now();
      loop_.wait();
      // Housekeeping only after a moment of quiet: it must not stand in the way of the next request.
      const bool quiet = queue_->size() == 0 && std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(15);
      if (quiet) loop_.housekeeping();
    }
  }

  void drain_loop() {
    loop_.begin_drain();
    const std::chrono::steady_clock::time_point until{std::chrono::steady_clock::duration(drain_until_.load())};
    while (!stop_.load(std::memory_order_acquire)) {
      if (loop_.turn()) continue;
      if (loop_.drained() || !loop_.healthy() || std::chrono::steady_clock::now() >= until) return;
      queue_->wait(std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(50)));
    }
  }

  void finish() {
    const std::lock_guard lock(drain_mutex_);
    queue_->nudge();
    if (thread_.joinable()) thread_.join();
    loop_.stop(stopped());
  }

  const bool own_thread_;
  const std::size_t awaiting_max_;
  std::shared_ptr<CommandQueue> queue_;
  std::atomic<std::size_t> awaiting_{0};
  std::atomic<int> callers_waiting_{0};
  std::atomic<std::uint64_t> queue_full_{0};
  std::atomic<bool> stop_{false};
  std::atomic<std::int64_t> drain_until_{0};  // of the steady clock; 0: not draining
  std::mutex drain_mutex_;
  std::mutex turn_mutex_;  // when the loop is driven by hand
  Loop loop_;
  std::thread thread_;
  std::atomic<std::thread::id> engine_thread_;  // apart, because join() writes the one in thread_
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options) {
  FERMATA_CHECK(options.store != nullptr && options.clock != nullptr, "an engine needs a store and a clock");
  const Result<std::int64_t> next_key = options.store->next_key();
  if (!next_key) return fail(next_key.error());
  auto impl = std::make_unique<Impl>(std::move(options), *next_key);
  if (auto started = impl->start(); !started) return fail(started.error());
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Result<void> Engine::submit(ClientRequest request, Callback done) {
  Work work;
  work.request = std::move(request);
  work.done = std::move(done);
  return impl_->push(std::move(work));
}

Result<Outcome> Engine::call(ClientRequest request) {
  return impl_->push_and_wait<Outcome>([&](Callback done) { return submit(std::move(request), std::move(done)); }, std::nullopt);
}

Result<void> Engine::submit_activation(ActivateJobs request, std::string actor, Duration wait, Callback done) {
  Work work;
  work.kind = Work::Kind::poll;
  work.request.command = request;
  work.request.actor = actor;
  work.poll = std::make_shared<runtime::Poll>();
  work.poll->request = std::move(request);
  work.poll->actor = std::move(actor);
  work.poll->wait = wait;
  work.poll->done = std::move(done);
  return impl_->push(std::move(work));
}

Result<Outcome> Engine::activate_jobs(ActivateJobs request, std::string actor, Duration wait) {
  // Driven by hand, time stands still while we wait.
  const Duration longest = impl_->own_thread() ? wait : Duration{0};
  return impl_->push_and_wait<Outcome>(
      [&](Callback done) { return submit_activation(std::move(request), std::move(actor), longest, std::move(done)); }, std::nullopt);
}

Result<void> Engine::submit_and_await(ClientRequest request, Duration wait, AwaitCallback done) {
  FERMATA_CHECK(std::holds_alternative<CreateInstance>(request.command), "only the end of a new instance can be awaited");
  return impl_->submit_await(std::move(request), wait, std::move(done));
}

Result<std::pair<InstanceCreated, Engine::Finished>> Engine::create_and_await(CreateInstance request, std::string actor, Duration wait,
                                                                              Rejection* rejection) {
  using Answer = tl::expected<Awaited, Rejection>;
  ClientRequest create;
  create.command = std::move(request);
  create.actor = std::move(actor);
  Result<Answer> answer = impl_->push_and_wait<Answer>(
      [&](AwaitCallback done) { return submit_and_await(std::move(create), wait, std::move(done)); }, Duration{wait.ms + answer_slack.ms});
  if (!answer) return fail(answer.error());
  if (!*answer) {
    if (rejection != nullptr) *rejection = answer->error();
    return fail(ErrorCode::conflict, answer->error().reason);
  }
  return std::pair((*answer)->created, std::move((*answer)->finished));
}

Result<std::unique_ptr<ReadSession>> Engine::read() { return impl_->loop().store().read(); }

void Engine::run_until_idle() {
  FERMATA_CHECK(!impl_->own_thread(), "the engine runs by its own thread");
  impl_->run_until_idle();
}

void Engine::clock_changed() { impl_->clock_changed(); }

void Engine::drain(Duration grace) { impl_->drain(grace); }

bool Engine::healthy() const { return impl_->loop().healthy(); }

EngineCounters Engine::counters() const { return impl_->counters(); }

}  // namespace fermata
