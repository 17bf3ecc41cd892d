// Call: one run of one job, as an activity sees it. A thin view of the C structs; lives until the activity returns.
//
//   std::string name = call.input().string_or("name", "world");
//   if (call.cancelled()) return Failed{.message = "cancelled", .retryable = true};
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "activities/abi/fermata_activity.h"
#include "activities/sdk/json.h"
#include "activities/sdk/outcome.h"
#include "activities/sdk/secret_reference.h"

namespace fermata::sdk {

inline std::string_view view(fermata_string text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
inline fermata_string to_c(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

enum class LogLevel : std::int32_t { debug = 0, info = 1, warn = 2, error = 3 };

/// Used by the one thread that runs the activity; log, redact, cancelled and remaining may be called from others
/// meanwhile.
class Call {
 public:
  Call(const fermata_host_api* host, fermata_call* call, const fermata_call_info* info) noexcept
      : host_(host), call_(call), info_(info) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] std::int64_t job_key() const noexcept { return info_->job_key; }
  [[nodiscard]] int attempt() const noexcept { return info_->attempt; }
  /// An earlier run of this job may have taken effect.
  [[nodiscard]] bool maybe_executed() const noexcept { return info_->maybe_executed != 0; }
  [[nodiscard]] std::string_view type() const noexcept { return view(info_->type); }
  /// The same for every run of one activation of an element: hand it to the other side.
  [[nodiscard]] std::string_view idempotency_key() const noexcept { return view(info_->idempotency_key); }
  [[nodiscard]] std::string_view process_id() const noexcept { return view(info_->process_id); }
  [[nodiscard]] std::string_view element_id() const noexcept { return view(info_->element_id); }

  /// What the task's input mappings made, an object; of a task without any: every variable that it sees. Secrets that
  /// the model's author named in it are resolved. Parsed on first use; throws JsonError.
  [[nodiscard]] const Json& input() const { return parsed(input_, info_->input_json); }
  /// The static headers of the model, an object of strings.
  [[nodiscard]] const Json& headers() const { return parsed(headers_, info_->headers_json); }

  [[nodiscard]] bool cancelled() const noexcept { return host_->cancelled(call_) != 0; }
  [[nodiscard]] std::chrono::milliseconds remaining() const noexcept {
    return std::chrono::milliseconds(host_->remaining_ms(call_));
  }

  /// The secret `name`, or nothing if the host has none. From now on it is blotted out of all that this call reports.
  [[nodiscard]] std::optional<std::string> secret(std::string_view name) const {
    std::string value;
    const std::int32_t answer = host_->secret(call_, to_c(name), assign, &value);
    if (answer == FERMATA_OK) return value;
    if (answer == FERMATA_ERROR_NOT_FOUND) return std::nullopt;
    throw InputError(value.empty() ? "the secret \"" + std::string(name) + "\" cannot be used" : value);
  }

  /// `text` with its secret references replaced: "secret:NAME" as a whole, or "{{secrets.NAME}}" anywhere inside.
  /// Throws InputError naming a secret that does not exist. Only for text that the modeller or operator wrote:
  /// headers() and the plugin's configuration. Never for input(): what its author wrote there is resolved already, and
  /// what is left came from a variable, which a stranger may have filled.
  [[nodiscard]] std::string expand_secrets(std::string_view text) const;

  void redact(std::string_view value) const noexcept { host_->redact(call_, to_c(value)); }
  void log(LogLevel level, std::string_view text) const noexcept {
    host_->log(call_, static_cast<std::int32_t>(level), to_c(text));
  }

  /// Evaluates a FEEL expression over the members of `context`. Throws InputError with the reason if it is wrong or
  /// fails.
  [[nodiscard]] Json evaluate(std::string_view expression, const Json& context) const {
    std::string text;
    const std::int32_t answer = host_->evaluate(call_, to_c(expression), to_c(context.dump()), assign, &text);
    if (answer == FERMATA_ERROR_UNAVAILABLE) throw InputError("this engine offers no expressions to activities");
    if (answer != FERMATA_OK) throw InputError("the expression \"" + std::string(expression) + "\" failed: " + text);
    return Json::parse(text);
  }

 private:
  static void assign(void* context, fermata_string text) noexcept {
    static_cast<std::string*>(context)->assign(view(text));
  }

  static const Json& parsed(std::optional<Json>& cache, fermata_string text) {
    if (!cache) cache = view(text).empty() ? Json::object() : Json::parse(view(text));
    return *cache;
  }

  const fermata_host_api* host_;
  fermata_call* call_;
  const fermata_call_info* info_;
  mutable std::optional<Json> input_;
  mutable std::optional<Json> headers_;
};

inline std::string Call::expand_secrets(std::string_view text) const {
  return with_secrets(text, [this](std::string_view name) {
    if (auto value = secret(name)) return std::move(*value);
    throw InputError(no_such_secret(name));
  });
}

}  // namespace fermata::sdk
