// DeadlineWatch: one thread that tells when the deadline of a running call has passed. Thread-safe.
//
//   DeadlineWatch watch;
//   watch.add(call, runner);     // runner->expire(call) at call->deadline(), unless it is finished by then
//   watch.moved(call.get());     // the deadline is another one now
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "activities/host/plugin_runner.h"
#include "activities/host/running_call.h"

namespace fermata::activities {

class DeadlineWatch {
 public:
  DeadlineWatch();
  ~DeadlineWatch() { stop(); }
  DeadlineWatch(const DeadlineWatch&) = delete;
  DeadlineWatch& operator=(const DeadlineWatch&) = delete;

  void add(std::shared_ptr<RunningCall> call, std::shared_ptr<PluginRunner> runner);
  /// To be called when a call has started: its deadline is another one then.
  void moved(const RunningCall* call);
  /// To be called when a call is finished, so that the watch does not hold it until its deadline.
  void forget(const RunningCall* call);
  /// Tells the call with this job key to stop. False if none is watched.
  bool cancel(std::int64_t job_key);
  void stop();

 private:
  struct Entry {
    std::shared_ptr<RunningCall> call;
    std::shared_ptr<PluginRunner> runner;
  };
  using Queue = std::multimap<RunningCall::Clock::time_point, Entry>;

  void watch();
  void enqueue(Entry entry);  // with the lock held

  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  Queue queue_;
  std::unordered_map<const RunningCall*, Queue::iterator> places_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fermata::activities
