// RunningCall: one accepted call from submit to its one completion. This is what a plugin sees as the opaque
// `fermata_call`.
//
// Thread-safe. A report is kept until the plugin's function has returned or the deadline has passed, whichever comes
// first; then `finish` delivers it, exactly once. Whatever comes later is answered with "already reported" and dropped.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "activities/abi/fermata_activity.h"
#include "activities/host/activity.h"
#include "activities/host/redactor.h"
#include "activities/host/services.h"

/// The C side's opaque handle; RunningCall is the only thing that ever stands behind it.
struct fermata_call {};

namespace fermata::activities {

struct LookupFound {
  std::string output_json;
};
struct LookupNotFound {};
struct LookupUnknown {
  std::string why;
};
using LookupAnswer = std::variant<LookupFound, LookupNotFound, LookupUnknown>;

class RunningCall final : public fermata_call {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Phase { lookup, execute };
  enum class Report { accepted, already_reported, invalid };

  /// `timeout` counts from start() on, `wait_max` until then. `on_start` is told when the deadline has changed.
  RunningCall(ActivityCall call, Completion completion, RepeatSafety safety, std::string plugin,
              std::shared_ptr<const HostServices> services, std::function<void()> on_start = {});

  [[nodiscard]] const ActivityCall& call() const noexcept { return call_; }
  [[nodiscard]] RepeatSafety repeat_safety() const noexcept { return safety_; }
  /// Before start(): until when it may wait.
  [[nodiscard]] Clock::time_point deadline() const noexcept { return deadline_; }
  [[nodiscard]] std::chrono::milliseconds remaining() const noexcept;
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_ || Clock::now() >= deadline(); }
  void cancel() noexcept { cancelled_ = true; }

  /// A thread takes it: from now on its timeout counts. False if it was cancelled or has waited too long.
  [[nodiscard]] bool start();
  /// Resolves the secrets that the model's author named in the input. Once, after start(), before the plugin sees it.
  [[nodiscard]] Result<void> resolve_secrets();

  /// What the plugin gets to see; the text in it lives as long as this object.
  [[nodiscard]] fermata_call_info info() const;

  void enter(Phase phase);
  Report report(ActivityOutcome outcome);
  Report report_lookup(LookupAnswer answer);
  [[nodiscard]] std::optional<LookupAnswer> take_lookup();

  /// Delivers what was reported, or `otherwise`. False if the call was finished before: then nothing happens.
  bool finish(ActivityOutcome otherwise) noexcept;
  [[nodiscard]] bool finished() const;

  /// Resolves a secret and remembers to blot it out. Fails with not_found, or invalid_argument if it is too short for
  /// that.
  [[nodiscard]] Result<std::string> secret(std::string_view name);
  bool redact(std::string_view value);
  [[nodiscard]] std::string redacted(std::string_view text) const;
  [[nodiscard]] Result<std::string> redacted_json(std::string_view text) const;
  void log(int level, std::string_view text);
  [[nodiscard]] const HostServices& services() const noexcept { return *services_; }

  /// A failure of this call, stamped with its repeat safety.
  [[nodiscard]] ActivityFailed failure(FailureKind kind, std::string message, bool ambiguous) const;

 private:
  const ActivityCall call_;
  const RepeatSafety safety_;
  const std::string plugin_;
  const std::shared_ptr<const HostServices> services_;
  const std::function<void()> on_start_;
  std::atomic<Clock::time_point> deadline_;
  std::string resolved_input_;  // empty: the call's own
  std::atomic<bool> cancelled_{false};
  std::atomic<int> log_lines_{0};

  mutable std::mutex mutex_;  // guards everything below
  Phase phase_ = Phase::execute;
  bool finished_ = false;
  Completion completion_;
  std::optional<ActivityOutcome> outcome_;
  std::optional<LookupAnswer> lookup_;
  Redactor redactor_;
};

}  // namespace fermata::activities
