// Plugin: a table of activities turned into the descriptor that the ABI asks for, with every exception fenced in.
//
//   struct State { explicit State(const fermata::sdk::Json& config) {} };
//   Outcome hello(State&, Call& call) { return Completed{Json::object({{"greeting", "hello"}}).dump()}; }
//
//   const fermata_plugin* fermata_plugin_v1() {
//     static const fermata::sdk::Plugin<State> plugin("hello", "1.0.0", {{.type = "hello", .execute = hello}});
//     return plugin.descriptor();
//   }
//
// One State is made from the configuration before the first call and shared by all of them: guard what you change in
// it.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "activities/sdk/call.h"

namespace fermata::sdk {

/// One row of a plugin's table. `execute` is required; it and `lookup` run on several threads at once.
template <class State>
struct Activity {
  std::string type = {};
  RepeatSafety repeat_safety = RepeatSafety::none;
  std::chrono::milliseconds default_deadline = std::chrono::seconds(30);
  int max_concurrency = 0;  ///< 0: as many as the pool has threads
  std::string input_schema_json = {};
  std::string documentation = {};
  Outcome (*execute)(State&, Call&) = nullptr;
  LookupOutcome (*lookup)(State&, Call&) = nullptr;
  /// Of one call, where it depends on its input. Quick, no I/O; only the call's data may be used, not its host
  /// functions.
  RepeatSafety (*repeat_safety_of)(State&, const Call&) = nullptr;
};

namespace detail {

inline void report(const fermata_host_api* host, fermata_call* call, const Outcome& outcome) {
  if (const auto* done = std::get_if<Completed>(&outcome)) {
    host->complete(call, to_c(done->output_json));
  } else if (const auto* failed = std::get_if<Failed>(&outcome)) {
    fermata_failure failure{};
    failure.struct_size = sizeof failure;
    failure.message = to_c(failed->message);
    failure.detail = to_c(failed->detail);
    failure.retryable = failed->retryable ? 1 : 0;
    failure.ambiguous = failed->ambiguous ? 1 : 0;
    failure.retry_after_ms = failed->retry_after ? failed->retry_after->count() : -1;
    failure.code = failed->code;
    host->fail(call, &failure);
  } else {
    const auto& error = std::get<BpmnError>(outcome);
    fermata_bpmn_error c{};
    c.struct_size = sizeof c;
    c.code = to_c(error.code);
    c.message = to_c(error.message);
    c.variables_json = to_c(error.variables_json);
    host->bpmn_error(call, &c);
  }
}

inline void report(const fermata_host_api* host, fermata_call* call, const LookupOutcome& outcome) {
  if (const auto* found = std::get_if<Found>(&outcome)) {
    host->lookup_found(call, to_c(found->output_json));
  } else if (std::holds_alternative<NotFound>(outcome)) {
    host->lookup_not_found(call);
  } else {
    host->lookup_unknown(call, to_c(std::get<Unknown>(outcome).why));
  }
}

/// What the exception being handled means. Wrong input was found before acting; anything else may have come after.
inline Failed failure_of_current_exception() noexcept {
  try {
    try {
      throw;
    } catch (const InputError& error) {
      return Failed{.message = error.what()};
    } catch (const JsonError& error) {
      return Failed{.message = std::string("the input is not usable: ") + error.what()};
    } catch (const std::exception& error) {
      return Failed{.message = std::string("the activity threw an exception: ") + error.what(), .ambiguous = true};
    } catch (...) {
      return Failed{.message = "the activity threw something that is not a std::exception", .ambiguous = true};
    }
  } catch (...) {  // no memory for the text
    return Failed{.ambiguous = true};
  }
}

}  // namespace detail

template <class State>
class Plugin {
 public:
  Plugin(std::string name, std::string version, std::vector<Activity<State>> activities)
      : name_(std::move(name)), version_(std::move(version)), rows_(std::move(activities)) {
    c_rows_.reserve(rows_.size());
    for (const Activity<State>& row : rows_) c_rows_.push_back(to_descriptor(row));
    for (const fermata_activity& row : c_rows_) c_row_pointers_.push_back(&row);
    descriptor_.struct_size = sizeof descriptor_;
    descriptor_.abi_version = FERMATA_ABI_VERSION;
    descriptor_.abi_version_required = FERMATA_ABI_VERSION_BASE;
    descriptor_.name = to_c(name_);
    descriptor_.version = to_c(version_);
    descriptor_.activities = c_row_pointers_.data();
    descriptor_.activity_count = c_row_pointers_.size();
    descriptor_.init = init;
    descriptor_.shutdown = [](void* state) { delete static_cast<State*>(state); };
  }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  [[nodiscard]] const fermata_plugin* descriptor() const noexcept { return &descriptor_; }

 private:
  static fermata_activity to_descriptor(const Activity<State>& row) {
    fermata_activity c{};
    c.struct_size = sizeof c;
    c.type = to_c(row.type);
    c.repeat_safety = static_cast<std::int32_t>(row.repeat_safety);
    c.max_concurrency = row.max_concurrency;
    c.default_deadline_ms = row.default_deadline.count();
    c.input_schema_json = to_c(row.input_schema_json);
    c.documentation = to_c(row.documentation);
    c.context = const_cast<Activity<State>*>(&row);
    c.execute = row.execute == nullptr ? nullptr : &Plugin::execute;
    c.lookup = row.lookup == nullptr ? nullptr : &Plugin::lookup;
    c.repeat_safety_of = row.repeat_safety_of == nullptr ? nullptr : &Plugin::repeat_safety_of;
    return c;
  }

  static const Activity<State>& row_of(const fermata_activity* self) {
    return *static_cast<const Activity<State>*>(self->context);
  }

  static std::int32_t init(fermata_string config_json, void** state, fermata_receive refuse,
                           void* refuse_context) noexcept {
    try {
      *state = new State(view(config_json).empty() ? Json::object() : Json::parse(view(config_json)));
      return FERMATA_OK;
    } catch (...) {
      refuse(refuse_context, to_c(detail::failure_of_current_exception().message));
      return FERMATA_ERROR_INVALID;
    }
  }

  static void execute(const fermata_activity* self, void* state, const fermata_host_api* host, fermata_call* c_call,
                      const fermata_call_info* info) noexcept {
    Outcome outcome;
    try {
      Call call(host, c_call, info);
      outcome = row_of(self).execute(*static_cast<State*>(state), call);
    } catch (...) {
      outcome = detail::failure_of_current_exception();
    }
    detail::report(host, c_call, outcome);
  }

  static void lookup(const fermata_activity* self, void* state, const fermata_host_api* host, fermata_call* c_call,
                     const fermata_call_info* info) noexcept {
    LookupOutcome outcome = NotFound{};
    try {
      Call call(host, c_call, info);
      outcome = row_of(self).lookup(*static_cast<State*>(state), call);
    } catch (...) {
      outcome = Unknown{detail::failure_of_current_exception().message};
    }
    detail::report(host, c_call, outcome);
  }

  static std::int32_t repeat_safety_of(const fermata_activity* self, void* state,
                                       const fermata_call_info* info) noexcept {
    try {
      const Call call(nullptr, nullptr, info);
      return static_cast<std::int32_t>(row_of(self).repeat_safety_of(*static_cast<State*>(state), call));
    } catch (...) {
      return FERMATA_REPEAT_NONE;
    }
  }

  std::string name_;
  std::string version_;
  std::vector<Activity<State>> rows_;
  std::vector<fermata_activity> c_rows_;
  std::vector<const fermata_activity*> c_row_pointers_;
  fermata_plugin descriptor_{};
};

}  // namespace fermata::sdk
