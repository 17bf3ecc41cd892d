// PluginRunner: one plugin with its own bounded pool of threads and its own bounded queues, so that a slow plugin slows
// nobody else.
//
// Thread-safe. Threads are made on demand, at most `threads_max`; a thread whose call has passed its deadline counts as
// stuck and may be replaced, at most `stuck_max` times at once. A stuck thread cannot be ended from outside: it is
// taken back when it returns. Each activity has its own queue, served in turn, so that one busy job type does not
// starve its neighbour. A call's deadline counts from its start; how long it may wait for that is bounded too.
//
//   auto runner = std::make_shared<PluginRunner>(descriptor, state, options);
//   runner->submit(call)      // resource_exhausted when that activity's queue is full; never blocks
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "activities/abi/fermata_activity.h"
#include "activities/host/running_call.h"

namespace fermata::activities {

struct PluginOptions {
  std::string config_json = "{}";
  std::size_t threads_max = 8;  ///< calls of this plugin at the same time
  std::size_t queue_max = 256;  ///< waiting calls of one activity
  std::size_t stuck_max = 8;    ///< threads kept beyond threads_max in place of ones that hang past their deadline
};

struct PluginStats {
  std::size_t threads = 0;
  std::size_t stuck = 0;  ///< threads that hang past their deadline
  std::size_t running = 0;
  std::size_t queued = 0;
};

class PluginRunner : public std::enable_shared_from_this<PluginRunner> {
 public:
  PluginRunner(const fermata_plugin* plugin, void* state, PluginOptions options);

  [[nodiscard]] const fermata_plugin* plugin() const noexcept { return plugin_; }
  [[nodiscard]] void* state() const noexcept { return state_; }

  /// Queues the call. Fails with resource_exhausted or unavailable; then the call was not accepted and is never
  /// finished.
  [[nodiscard]] Result<void> submit(std::size_t activity, std::shared_ptr<RunningCall> call);

  /// How many more calls of one activity should be sent. What waits here is held back from others and from the
  /// operator, so no more are asked for than the threads start soon, judged by how long the last calls took and the
  /// present ones are taking; at least as many as run at once.
  [[nodiscard]] std::size_t capacity(std::size_t activity) const;

  /// The deadline of `call` has passed: finishes it, and accounts for its thread if it runs. What has not begun ends as
  /// not_started while others get on, else as plugin_hangs. False if it has just begun: its deadline is another one now.
  [[nodiscard]] bool expire(const std::shared_ptr<RunningCall>& call);

  /// Refuses new calls and finishes the queued ones as not started; the running ones go on. Returns at once.
  void close();
  /// The same, and asks the running ones to stop.
  void begin_stop();
  /// Waits for the threads until `until`, then finishes what still runs. True if no thread is left inside the plugin.
  /// The plugin's `shutdown` is called here, or by the last hanging thread when it leaves.
  bool end_stop(std::chrono::steady_clock::time_point until);

  [[nodiscard]] PluginStats stats() const;

 private:
  struct Lane {
    const fermata_activity* activity;
    std::deque<std::shared_ptr<RunningCall>> queue;
    std::size_t running = 0;
    std::size_t running_max = 0;
    std::size_t stuck = 0;  ///< of those that run: past their deadline
    std::chrono::nanoseconds mean{0};  ///< time of a call, the last ones counting most; 0: none has run yet
  };
  struct Running {
    std::shared_ptr<RunningCall> call;
    Lane* lane = nullptr;
    RunningCall::Clock::time_point since;
    bool stuck = false;
  };
  struct Worker {
    std::thread thread;
    bool gone = false;  ///< has left its loop: joining it does not wait
  };
  struct Task {
    Lane* lane = nullptr;
    std::shared_ptr<RunningCall> call;
  };

  void work(const std::shared_ptr<Worker>& self);
  [[nodiscard]] Task next_task();  // with the lock held; an empty call if there is nothing to do
  [[nodiscard]] std::size_t ahead_max(const Lane& lane) const;
  [[nodiscard]] std::string why_it_hangs(const Lane& lane) const;  // with the lock held; empty: its calls will start
  [[nodiscard]] std::size_t queued() const;  // with the lock held
  void spawn_if_useful();                    // with the lock held
  void run(const Lane& lane, RunningCall& call);
  void shut_down();
  [[nodiscard]] bool answered_by_lookup(const fermata_activity& activity, RunningCall& call);

  const fermata_plugin* const plugin_;
  void* const state_;
  const PluginOptions options_;

  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable work_available_;
  std::condition_variable thread_left_;
  std::vector<Lane> lanes_;
  std::size_t lane_turn_ = 0;
  std::vector<Running> running_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
  std::size_t stuck_ = 0;
  bool stopping_ = false;
  bool shutdown_due_ = false;
};

}  // namespace fermata::activities
