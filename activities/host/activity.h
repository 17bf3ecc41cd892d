// The words between the engine and the activity host: a call, its outcome, and how safe a repeat is. Plain values.
//
//   ActivityCall call{.job_key = 42, .type = "http", .idempotency_key = "1-ship-1", .input_json = R"({"url": "..."})"};
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace fermata::activities {

/// Whether an activity may run again when nobody knows whether its last run took effect.
enum class RepeatSafety : std::int32_t {
  none = 0,    ///< never without a person: an ambiguous outcome becomes an incident
  native = 1,  ///< repeating changes nothing more
  key = 2,     ///< the other side deduplicates by the idempotency key
  lookup = 3,  ///< the host asks the activity before every repeat whether the last run took effect
};

[[nodiscard]] std::string_view to_string(RepeatSafety safety) noexcept;

/// One run of one job. All text is UTF-8; `input_json` and `headers_json` are JSON objects.
struct ActivityCall {
  std::int64_t job_key = 0;
  int attempt = 1;  ///< 1 for the first run, then 2, 3, ...; a repeat of a `lookup` activity looks before it acts
  /// An earlier run may have taken effect although `attempt` is 1 (the engine was killed, the lease ran out).
  bool maybe_executed = false;
  std::string type = {};
  std::string idempotency_key = {};  ///< the same for all runs of one activation of an element
  std::string process_id = {};
  std::string element_id = {};
  std::string input_json = "{}";
  /// What the model's author wrote into the input, at the same places. A text of the input that stands here word for
  /// word is the author's, so the secrets it names are resolved; any other may come from a stranger and stays as it is.
  std::string fixed_input_json = "{}";
  std::string headers_json = "{}";
  std::chrono::milliseconds timeout{0};   ///< from its start on; 0 asks for the activity's default
  std::chrono::milliseconds wait_max{0};  ///< for its start; then it ends as not_started or plugin_hangs. 0: Host::wait_max
};

struct ActivityCompleted {
  std::string output_json;  ///< a valid JSON object
};

/// Who says that it failed.
enum class FailureKind {
  reported,     ///< the activity
  timed_out,    ///< its deadline passed while it ran; the late result will be dropped
  not_started,  ///< it waited too long for a thread, or the host stopped before it ran: it has had no effect
  plugin_hangs,  ///< it waited for a thread, and all that could take it hang past their deadline: it has had no effect
  stopped,      ///< the host stopped while it ran
  protocol,     ///< it returned without an outcome, or with one that is not usable
};

struct ActivityFailed {
  FailureKind kind = FailureKind::reported;
  std::string message = {};  ///< for the person who can mend it; at most 4 KiB, secrets blotted out
  std::string detail = {};   ///< at most 16 KiB, secrets blotted out
  bool retryable = false;    ///< the same input may work later
  bool ambiguous = false;    ///< the other side may have acted although no answer came
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< as asked by the other side
  int code = 0;                                               ///< a status in the manner of HTTP, or 0
  RepeatSafety repeat_safety = RepeatSafety::none;            ///< of this very call
};

/// Whether the engine may run the job again by itself. An ambiguous failure of a `none` call never may: it could act
/// twice.
[[nodiscard]] constexpr bool may_repeat(const ActivityFailed& failure) noexcept {
  return failure.retryable && !(failure.ambiguous && failure.repeat_safety == RepeatSafety::none);
}

struct ActivityBpmnError {
  std::string code;
  std::string message;
  std::string variables_json;  ///< a valid JSON object
};

using ActivityOutcome = std::variant<ActivityCompleted, ActivityFailed, ActivityBpmnError>;

/// Called exactly once for every accepted call, on a thread of the host and never under a lock of it. Must not block or
/// throw.
using Completion = std::function<void(ActivityOutcome)>;

}  // namespace fermata::activities
