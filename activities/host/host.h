// Host: all activity plugins of an engine, each with its own bounded pool, behind one submit().
//
// Floor 5; the engine runtime is the caller. The host promises for every accepted call exactly one completion: what the
// activity reported, or a failure when its deadline passes, when it breaks the protocol, or when the host stops. A
// caller is never blocked. A deadline counts from the start of a call; one that does not start within `wait_max` comes
// back as not_started, or as plugin_hangs when nothing gets on.
//
//   Host host(HostServices{.secrets = *SecretSource::load("/etc/fermata/secrets"), .evaluate = feel});
//   host.add(fermata_http_plugin(), {});
//   host.load("/usr/lib/fermata/tryton.so", {.config_json = R"({"connections": {...}})"});
//   host.submit({.job_key = 7, .type = "http", ...}, [&](ActivityOutcome outcome) { queue.push(...); });
//   host.stop(std::chrono::seconds(10));
//
// Register all plugins before the first submit; from then on every function but add and load may be called from any
// thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "activities/abi/fermata_activity.h"
#include "activities/host/activity.h"
#include "activities/host/plugin_runner.h"
#include "activities/host/services.h"
#include "engine/base/result.h"

namespace fermata::activities {

/// What is known of one registered activity, for listings.
struct ActivityDescription {
  std::string type;
  std::string plugin;
  std::string plugin_version;
  RepeatSafety repeat_safety = RepeatSafety::none;
  std::chrono::milliseconds default_deadline{0};
  std::string input_schema_json;
  std::string documentation;
};

class Host {
 public:
  /// How long a call waits for a thread if it does not say otherwise.
  static constexpr std::chrono::milliseconds wait_max = std::chrono::seconds(30);

  explicit Host(HostServices services = {});
  /// Stops with a grace of one second if stop() was not called; takes that long only if an activity is running.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Registers a plugin that is linked in; the descriptor must live until the process ends. Refused: a failed check of
  /// the descriptor, a type that another plugin has already, a configuration that the plugin's init refuses.
  [[nodiscard]] Result<void> add(const fermata_plugin* plugin, PluginOptions options);
  /// The same for a library file.
  [[nodiscard]] Result<void> load(const std::string& path, PluginOptions options);
  /// Every `*.so` of a directory, each with the options under its plugin name (defaults if there are none). Stops at
  /// the first refusal.
  [[nodiscard]] Result<void> load_directory(const std::string& directory,
                                            const std::map<std::string, PluginOptions>& by_plugin_name);

  [[nodiscard]] bool has(std::string_view type) const;
  /// How safe a repeat of this call is; by its input if the activity can tell, else as declared. `none` for an unknown
  /// type.
  [[nodiscard]] RepeatSafety repeat_safety(const ActivityCall& call) const;
  /// As declared for the type; `none` if unknown.
  [[nodiscard]] RepeatSafety repeat_safety(std::string_view type) const;
  /// The activity's default deadline; nothing if the type is unknown.
  [[nodiscard]] std::optional<std::chrono::milliseconds> default_deadline(std::string_view type) const;
  /// How many calls should be submitted now, so that they start soon; 0 if the type is unknown. submit() takes some
  /// more.
  [[nodiscard]] std::size_t capacity(std::string_view type) const;
  [[nodiscard]] std::vector<ActivityDescription> activities() const;
  /// By plugin name.
  [[nodiscard]] std::map<std::string, PluginStats> stats() const;

  /// Hands a call over; returns at once. On success `completion` is called exactly once, later, possibly before submit
  /// returns. Fails, without ever calling it: not_found (unknown type), resource_exhausted (busy: try again after a
  /// completion), unavailable (stopping), invalid_argument (a negative time).
  [[nodiscard]] Result<void> submit(ActivityCall call, Completion completion);

  /// Tells a queued or running call that its result is no longer wanted; it still completes once. False if it is not
  /// here.
  bool cancel(std::int64_t job_key);

  /// Refuses new calls and completes the queued ones as not_started; the running ones go on. Returns at once.
  void close();

  /// The same, gives the running ones `grace` to end and then
  /// completes them as stopped. Afterwards no completion is called any more. True if no plugin thread is left hanging.
  bool stop(std::chrono::milliseconds grace);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> impl_;
};

}  // namespace fermata::activities
