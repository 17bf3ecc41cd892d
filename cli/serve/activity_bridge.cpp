#include "cli/serve/activity_bridge.h"

#include "engine/base/json.h"
#include "http/v2/json_writer.h"

namespace fermata::cli {
namespace {

// The lease outlives the longest wait for a start and the call's own deadline a little, so that the host's verdict arrives before the job is given away.
constexpr std::int64_t lease_margin_ms = 5'000;
constexpr std::int64_t default_deadline_ms = 60'000;

// The same for every attempt of one activation. The time of its creation tells it from the job of another store, or of a restored
// backup, that has the same number: to the other side that is another order.
std::string idempotency_key_of(const Job& job) { return job.key.text() + "-" + std::to_string(job.created_at.ms); }

std::string object_of(const Variables& variables) {
  Value::Entries entries;
  for (const Variable& variable : variables) entries.push_back({variable.name, variable.value});
  return to_json(Value::context(std::move(entries)));
}

std::string headers_of(const Job& job) {
  http::JsonWriter json;
  json.begin_object();
  for (const auto& [name, value] : job.headers) json.text(name, value);
  json.end_object();
  return json.take();
}

// The host promises an object; anything else would be a defect of ours, reported as a failure and not as an empty result.
std::optional<Variables> variables_of(const std::string& json) {
  const Result<Value> parsed = parse_json(json.empty() ? "{}" : json);
  if (!parsed || !parsed->is_context()) return std::nullopt;
  Variables variables;
  for (const Value::Entry& entry : parsed->as_context()) variables.push_back({entry.key, entry.value});
  return variables;
}

ActivityRunner::Failed unusable_output() {
  ActivityRunner::Failed failed;
  failed.message = "The activity's output is not a JSON object that can be stored.";
  failed.retryable = false;
  return failed;
}

ActivityRunner::Outcome failed_of(const activities::ActivityFailed& failure) {
  if (failure.kind == activities::FailureKind::not_started) return ActivityRunner::NotStarted{};
  ActivityRunner::Failed failed;
  failed.message = failure.message;
  failed.details = failure.detail;
  failed.retryable = failure.retryable;
  if (failure.retry_after) failed.retry_after = Duration::from_ms(failure.retry_after->count());
  // Only a call that may not be repeated needs a person; the others find out by repeating.
  failed.ambiguous = failure.ambiguous && failure.repeat_safety == activities::RepeatSafety::none;
  return failed;
}

}  // namespace

ActivityRunner::Outcome outcome_of(const activities::ActivityOutcome& outcome) {
  if (const auto* completed = std::get_if<activities::ActivityCompleted>(&outcome)) {
    std::optional<Variables> variables = variables_of(completed->output_json);
    if (!variables) return unusable_output();
    return ActivityRunner::Completed{std::move(*variables)};
  }
  if (const auto* error = std::get_if<activities::ActivityBpmnError>(&outcome)) {
    std::optional<Variables> variables = variables_of(error->variables_json);
    if (!variables) return unusable_output();
    return ActivityRunner::BpmnError{error->code, error->message, std::move(*variables)};
  }
  return failed_of(std::get<activities::ActivityFailed>(outcome));
}

std::vector<std::string> ActivityBridge::types() const {
  std::vector<std::string> types;
  for (const activities::ActivityDescription& activity : host_->activities()) types.push_back(activity.type);
  return types;
}

std::size_t ActivityBridge::capacity(const std::string& type) const { return host_->capacity(type); }

Duration ActivityBridge::deadline(const std::string& type) const {
  const auto deadline = host_->default_deadline(type);
  return Duration::from_ms(activities::Host::wait_max.count() + (deadline ? deadline->count() : default_deadline_ms) + lease_margin_ms);
}

Result<void> ActivityBridge::run(Call call, std::function<void(Outcome)> done) {
  activities::ActivityCall made;
  made.job_key = call.job.key.raw();
  made.attempt = static_cast<int>(call.job.lease);  // every lock that was not returned may have been a run
  made.maybe_executed = call.job.maybe_executed();
  made.type = call.job.type;
  made.idempotency_key = idempotency_key_of(call.job);
  made.process_id = call.process_id;
  made.element_id = call.job.element_id;
  made.input_json = object_of(call.variables);
  made.fixed_input_json = object_of(call.fixed_inputs);
  made.headers_json = headers_of(call.job);
  if (made.maybe_executed && host_->repeat_safety(made) == activities::RepeatSafety::none) {
    done(ActivityRunner::Failed{.message = "an earlier run of this call ended without an answer (the engine was stopped, or it took too long), and "
                                           "'" + made.type + "' does not say how to repeat it safely. Look in the other system, then resolve the incident",
                                .details = {},
                                .retryable = false,
                                .retry_after = std::nullopt,
                                .ambiguous = true});
    return {};
  }
  return host_->submit(std::move(made), [done = std::move(done)](activities::ActivityOutcome outcome) { done(outcome_of(outcome)); });
}

}  // namespace fermata::cli
