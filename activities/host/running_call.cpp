#include "activities/host/running_call.h"

#include <algorithm>

#include "activities/host/input_secrets.h"
#include "activities/sdk/secret_reference.h"

namespace fermata::activities {
namespace {

constexpr int log_lines_max = 200;  // of one call; what comes after is dropped
constexpr std::size_t log_line_bytes_max = 4096;

fermata_string c_text(const std::string& text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string_view to_string(RepeatSafety safety) noexcept {
  switch (safety) {
    case RepeatSafety::none:
      return "none";
    case RepeatSafety::native:
      return "native";
    case RepeatSafety::key:
      return "key";
    case RepeatSafety::lookup:
      return "lookup";
  }
  return "none";
}

RunningCall::RunningCall(ActivityCall call, Completion completion, RepeatSafety safety, std::string plugin,
                         std::shared_ptr<const HostServices> services, std::function<void()> on_start)
    : call_(std::move(call)),
      safety_(safety),
      plugin_(std::move(plugin)),
      services_(std::move(services)),
      on_start_(std::move(on_start)),
      deadline_(Clock::now() + call_.wait_max),
      completion_(std::move(completion)) {}

bool RunningCall::start() {
  if (cancelled()) return false;
  deadline_ = Clock::now() + call_.timeout;
  if (on_start_) on_start_();
  return true;
}

Result<void> RunningCall::resolve_secrets() {
  Result<std::string> resolved = with_resolved_secrets(call_.input_json, call_.fixed_input_json,
                                                       [this](std::string_view name) { return secret(name); });
  if (!resolved) return fail(resolved.error());
  resolved_input_ = std::move(*resolved);
  return {};
}

std::chrono::milliseconds RunningCall::remaining() const noexcept {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline() - Clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

fermata_call_info RunningCall::info() const {
  using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::system_clock;
  fermata_call_info info{};
  info.struct_size = sizeof info;
  info.job_key = call_.job_key;
  info.attempt = call_.attempt;
  info.maybe_executed = call_.maybe_executed || call_.attempt > 1 ? 1 : 0;
  info.type = c_text(call_.type);
  info.idempotency_key = c_text(call_.idempotency_key);
  info.process_id = c_text(call_.process_id);
  info.element_id = c_text(call_.element_id);
  info.input_json = c_text(resolved_input_.empty() ? call_.input_json : resolved_input_);
  info.headers_json = c_text(call_.headers_json);
  info.timeout_ms = remaining().count();
  info.deadline_unix_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count() + info.timeout_ms;
  return info;
}

void RunningCall::enter(Phase phase) {
  const std::lock_guard lock(mutex_);
  phase_ = phase;
}

RunningCall::Report RunningCall::report(ActivityOutcome outcome) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::execute) return Report::invalid;
  if (finished_ || outcome_) return Report::already_reported;
  outcome_ = std::move(outcome);
  return Report::accepted;
}

RunningCall::Report RunningCall::report_lookup(LookupAnswer answer) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::lookup) return Report::invalid;
  if (finished_ || lookup_) return Report::already_reported;
  lookup_ = std::move(answer);
  return Report::accepted;
}

std::optional<LookupAnswer> RunningCall::take_lookup() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lookup_, std::nullopt);
}

bool RunningCall::finish(ActivityOutcome otherwise) noexcept {
  Completion completion;
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return false;
    finished_ = true;
    if (outcome_) otherwise = std::move(*outcome_);
    completion = std::move(completion_);
  }
  completion(std::move(otherwise));
  return true;
}

bool RunningCall::finished() const {
  const std::lock_guard lock(mutex_);
  return finished_;
}

Result<std::string> RunningCall::secret(std::string_view name) {
  std::optional<std::string> value = services_->secrets.find(name);
  if (!value) return fail(ErrorCode::not_found, sdk::no_such_secret(name));
  if (!redact(*value)) {
    return fail(ErrorCode::invalid_argument,
                "the secret \"" + std::string(name) +
                    "\" is shorter than 4 bytes, so it could not be kept out of logs: use a longer one");
  }
  return std::move(*value);
}

bool RunningCall::redact(std::string_view value) {
  const std::lock_guard lock(mutex_);
  return redactor_.add(value);
}

std::string RunningCall::redacted(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  return redactor_.text(text);
}

Result<std::string> RunningCall::redacted_json(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  return redactor_.json(text);
}

void RunningCall::log(int level, std::string_view text) {
  if (!services_->log || log_lines_.fetch_add(1) >= log_lines_max) return;
  // Blotted before it is cut: a secret across the cut would leave its first half.
  std::string clean = redacted(text);
  if (clean.size() > log_line_bytes_max) clean.resize(log_line_bytes_max);
  services_->log({level, plugin_, call_.type, call_.job_key, clean});
}

ActivityFailed RunningCall::failure(FailureKind kind, std::string message, bool ambiguous) const {
  ActivityFailed failed;
  failed.kind = kind;
  failed.message = std::move(message);
  failed.retryable = true;
  failed.ambiguous = ambiguous;
  failed.repeat_safety = safety_;
  return failed;
}

}  // namespace fermata::activities
