// ActivityDesk: which jobs go to the activities of this process, and what becomes of their answers.
//
// Floor 6; engine thread only, but for the answers, which come from any thread and enter the command queue. Jobs are leased for the
// activity's deadline (its wait for a start included) and a slack, so that an answer at the last moment still finds its lease. What was
// not started gives its lease back, and loses no retry. A job whose activity never answers (the process was killed) is free again when
// its lease ends: activities run at least once, always under the same job key.
//
//   desk.jobs_freed("http");
//   for (Work& lease : desk.polls()) batch.push_back(std::move(lease));   // ActivateJobs for free places
//   desk.run("http", jobs);                                              // after the commit
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/runtime/command_queue.h"
#include "engine/runtime/engine.h"

namespace fermata::runtime {

inline constexpr std::string_view activity_worker = "activities";

class ActivityDesk {
 public:
  static constexpr Duration lease_slack = Duration::from_seconds(5);

  ActivityDesk(std::shared_ptr<ActivityRunner> runner, std::shared_ptr<CommandQueue> answers);

  [[nodiscard]] bool has(const std::string& type) const { return types_.contains(type); }
  [[nodiscard]] const std::set<std::string>& types() const { return types_; }

  /// There may be jobs of this type to lease.
  void jobs_freed(const std::string& type);
  /// Requests for jobs, one for each type that may have some and has places free. The types count as looked after.
  [[nodiscard]] std::vector<Work> polls();
  /// Waits for a place: types that may have jobs but no capacity.
  [[nodiscard]] bool starved() const { return !pending_.empty(); }

  /// Leases that were executed and are not over yet: they take places before run() does.
  void leases_made(const std::string& type, std::size_t jobs) { leased_[type] += jobs; }
  /// They are lost, or run() is about to be called with them.
  void leases_over(const std::string& type, std::size_t jobs);

  /// Starts the calls. Jobs that the runner does not take after all are answered with a Work that gives the lease back.
  [[nodiscard]] std::vector<Work> run(const std::string& type, std::vector<ActivatedJob> jobs, std::size_t asked);
  /// An answer has been processed for good.
  void answered();
  [[nodiscard]] std::size_t running() const { return running_; }
  void stop_leasing() { leasing_ = false; }

 private:
  std::shared_ptr<ActivityRunner> runner_;
  std::shared_ptr<CommandQueue> answers_;
  std::set<std::string> types_;
  std::set<std::string> pending_;
  std::map<std::string, std::size_t> leased_;
  std::size_t running_ = 0;  ///< calls whose answer has not been processed
  bool leasing_ = true;
};

/// The command that an activity's answer stands for.
[[nodiscard]] ClientCommand command_for(const Job& job, ActivityRunner::Outcome outcome);

}  // namespace fermata::runtime
