#include "activities/host/host_api.h"

#include <algorithm>
#include <exception>
#include <new>

#include "activities/host/running_call.h"
#include "activities/sdk/utf8.h"
#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/text.h"

namespace fermata::activities {
namespace {

constexpr std::size_t message_bytes_max = 4096;
constexpr std::size_t output_bytes_max = limits::variable_bytes_max;

RunningCall& of(fermata_call* call) {
  return *static_cast<RunningCall*>(call);
}
std::string_view view(fermata_string text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
fermata_string c_text(std::string_view text) {
  return {text.data(), text.size()};
}

std::int32_t code_of(RunningCall::Report report) {
  switch (report) {
    case RunningCall::Report::accepted:
      return FERMATA_OK;
    case RunningCall::Report::already_reported:
      return FERMATA_ERROR_ALREADY_REPORTED;
    case RunningCall::Report::invalid:
      return FERMATA_ERROR_INVALID;
  }
  return FERMATA_ERROR_INVALID;
}

/// Valid UTF-8 without secrets, cut at a code point. Blotted before it is cut, so that no half of a secret stays.
std::string clean(const RunningCall& call, std::string_view text, std::size_t bytes_max) {
  std::string out = sdk::repair_utf8(call.redacted(text));
  if (out.size() <= bytes_max) return out;
  out.resize(utf8_prefix(out, bytes_max).size());
  return out + " [cut]";
}

/// The JSON object that may be stored, or why it may not. Empty text means an empty object.
Result<std::string> usable_object(const RunningCall& call, std::string_view text) {
  if (text.empty()) return std::string("{}");
  if (text.size() > output_bytes_max) {
    return fail(ErrorCode::resource_exhausted, "it has " + std::to_string(text.size()) + " bytes, more than the " +
                                                   std::to_string(output_bytes_max) + " that a variable may have");
  }
  const Result<Value> value = parse_json(text);
  if (!value) return fail(value.error());
  if (!value->is_context()) return fail(ErrorCode::invalid_argument, "it is not a JSON object");
  return call.redacted_json(text);
}

/// The activity acted and then answered nonsense: its effect may stand, so the failure is ambiguous.
ActivityFailed unusable(const RunningCall& call, const char* what, const Error& why) {
  return call.failure(FailureKind::protocol,
                      "the activity \"" + call.call().type + "\" reported " + what +
                          " that is not usable: " + call.redacted(why.message),
                      true);
}

std::int32_t complete(fermata_call* c, fermata_string output_json) noexcept try {
  RunningCall& call = of(c);
  Result<std::string> output = usable_object(call, view(output_json));
  if (!output) return code_of(call.report(unusable(call, "an output", output.error())));
  return code_of(call.report(ActivityCompleted{std::move(*output)}));
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t fail_call(fermata_call* c, const fermata_failure* failure) noexcept try {
  RunningCall& call = of(c);
  if (failure == nullptr || !FERMATA_HAS(failure, fermata_failure, code)) return FERMATA_ERROR_INVALID;
  ActivityFailed failed = call.failure(FailureKind::reported, clean(call, view(failure->message), message_bytes_max),
                                       failure->ambiguous != 0);
  failed.detail = clean(call, view(failure->detail), limits::history_error_bytes_max);
  failed.retryable = failure->retryable != 0;
  failed.code = failure->code;
  if (failure->retry_after_ms >= 0) failed.retry_after = std::chrono::milliseconds(failure->retry_after_ms);
  return code_of(call.report(std::move(failed)));
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t bpmn_error(fermata_call* c, const fermata_bpmn_error* error) noexcept try {
  RunningCall& call = of(c);
  if (error == nullptr || !FERMATA_HAS(error, fermata_bpmn_error, variables_json) || view(error->code).empty()) {
    return FERMATA_ERROR_INVALID;
  }
  Result<std::string> variables = usable_object(call, view(error->variables_json));
  if (!variables) return code_of(call.report(unusable(call, "variables of a BPMN error", variables.error())));
  return code_of(
      call.report(ActivityBpmnError{clean(call, view(error->code), message_bytes_max),
                                    clean(call, view(error->message), message_bytes_max), std::move(*variables)}));
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t lookup_found(fermata_call* c, fermata_string output_json) noexcept try {
  RunningCall& call = of(c);
  Result<std::string> output = usable_object(call, view(output_json));
  if (!output)
    return code_of(call.report_lookup(LookupUnknown{"the lookup's output is not usable: " + output.error().message}));
  return code_of(call.report_lookup(LookupFound{std::move(*output)}));
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t lookup_not_found(fermata_call* c) noexcept try {
  return code_of(of(c).report_lookup(LookupNotFound{}));
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t lookup_unknown(fermata_call* c, fermata_string why) noexcept try {
  RunningCall& call = of(c);
  return code_of(call.report_lookup(LookupUnknown{clean(call, view(why), message_bytes_max)}));
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t cancelled(fermata_call* c) noexcept {
  return of(c).cancelled() ? 1 : 0;
}
std::int64_t remaining_ms(fermata_call* c) noexcept {
  return of(c).remaining().count();
}

std::int32_t secret(fermata_call* c, fermata_string name, fermata_receive receive, void* context) noexcept try {
  if (receive == nullptr) return FERMATA_ERROR_INVALID;
  const Result<std::string> value = of(c).secret(view(name));
  if (!value) {
    if (value.error().code == ErrorCode::not_found) return FERMATA_ERROR_NOT_FOUND;
    receive(context, c_text(value.error().message));
    return FERMATA_ERROR_INVALID;
  }
  receive(context, c_text(*value));
  return FERMATA_OK;
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

std::int32_t redact(fermata_call* c, fermata_string value) noexcept try {
  return of(c).redact(view(value)) ? FERMATA_OK : FERMATA_ERROR_INVALID;
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

void log(fermata_call* c, std::int32_t level, fermata_string text) noexcept try {
  of(c).log(std::clamp(level, FERMATA_LOG_DEBUG, FERMATA_LOG_ERROR), view(text));
} catch (...) {
  // A log line that cannot be written must not fail the work it tells about.
}

std::int32_t evaluate(fermata_call* c, fermata_string expression, fermata_string context_json, fermata_receive receive,
                      void* context) noexcept try {
  const Evaluator& evaluator = of(c).services().evaluate;
  if (!evaluator) return FERMATA_ERROR_UNAVAILABLE;
  if (receive == nullptr) return FERMATA_ERROR_INVALID;
  const Result<std::string> value = evaluator(view(expression), view(context_json));
  receive(context, c_text(value ? *value : value.error().message));
  return value ? FERMATA_OK : FERMATA_ERROR_EVALUATION;
} catch (...) {
  return FERMATA_ERROR_INVALID;
}

}  // namespace

const fermata_host_api* host_api() noexcept {
  static const fermata_host_api table{.struct_size = sizeof(fermata_host_api),
                                      .abi_version = FERMATA_ABI_VERSION,
                                      .reserved = 0,
                                      .complete = complete,
                                      .fail = fail_call,
                                      .bpmn_error = bpmn_error,
                                      .lookup_found = lookup_found,
                                      .lookup_not_found = lookup_not_found,
                                      .lookup_unknown = lookup_unknown,
                                      .cancelled = cancelled,
                                      .remaining_ms = remaining_ms,
                                      .secret = secret,
                                      .redact = redact,
                                      .log = log,
                                      .evaluate = evaluate};
  return &table;
}

}  // namespace fermata::activities
