#include "activities/host/host.h"

#include <algorithm>

#include "activities/host/deadline_watch.h"
#include "activities/host/loader.h"

namespace fermata::activities {
namespace {

constexpr std::chrono::hours timeout_max{24 * 7};

std::string text_of(fermata_string text) {
  return text.data == nullptr ? std::string() : std::string(text.data, text.size);
}

/// Makes the plugin's state; the plugin says why if it refuses.
Result<void*> initialise(const fermata_plugin* plugin, const std::string& config_json) {
  void* state = nullptr;
  if (plugin->init == nullptr) return state;
  std::string why;
  const auto receive = [](void* context, fermata_string text) { *static_cast<std::string*>(context) = text_of(text); };
  const std::int32_t answer = plugin->init({config_json.data(), config_json.size()}, &state, receive, &why);
  if (answer == FERMATA_OK) return state;
  return fail(ErrorCode::invalid_argument, "plugin " + text_of(plugin->name) + " refuses its configuration: " +
                                               (why.empty() ? "error " + std::to_string(answer) : why));
}

}  // namespace

struct Host::Implementation {
  struct Registered {
    std::shared_ptr<PluginRunner> runner;
    std::size_t index;
    const fermata_activity* activity;
  };

  std::shared_ptr<const HostServices> services;
  std::vector<std::shared_ptr<PluginRunner>> runners;
  std::map<std::string, Registered, std::less<>> by_type;
  /// Shared with the completions, which tell it when a call is over, possibly while the host is being destroyed.
  std::shared_ptr<DeadlineWatch> watch = std::make_shared<DeadlineWatch>();
  bool stopped = false;

  [[nodiscard]] const Registered* find(std::string_view type) const {
    const auto found = by_type.find(type);
    return found == by_type.end() ? nullptr : &found->second;
  }
};

Host::Host(HostServices services) : impl_(std::make_unique<Implementation>()) {
  impl_->services = std::make_shared<const HostServices>(std::move(services));
}

Host::~Host() {
  stop(std::chrono::seconds(1));
}

Result<void> Host::add(const fermata_plugin* plugin, PluginOptions options) {
  if (Result<void> checked = check_plugin(plugin, plugin == nullptr ? "(none)" : text_of(plugin->name)); !checked)
    return checked;
  const std::string name = text_of(plugin->name);
  if (options.threads_max == 0 || options.queue_max == 0) {
    return fail(ErrorCode::invalid_argument, "plugin " + name + ": threads_max and queue_max must be at least 1");
  }
  for (const auto& runner : impl_->runners) {
    if (text_of(runner->plugin()->name) == name)
      return fail(ErrorCode::already_exists, "plugin " + name + " is registered already");
  }
  for (std::size_t i = 0; i < plugin->activity_count; ++i) {
    const std::string type = text_of(plugin->activities[i]->type);
    if (const auto* other = impl_->find(type)) {
      return fail(ErrorCode::already_exists, "plugin " + name + " refused: the activity \"" + type +
                                                 "\" is offered by plugin " + text_of(other->runner->plugin()->name) +
                                                 " already");
    }
  }
  const Result<void*> state = initialise(plugin, options.config_json);
  if (!state) return fail(state.error());
  auto runner = std::make_shared<PluginRunner>(plugin, *state, std::move(options));
  for (std::size_t i = 0; i < plugin->activity_count; ++i) {
    impl_->by_type.emplace(text_of(plugin->activities[i]->type),
                           Implementation::Registered{runner, i, plugin->activities[i]});
  }
  impl_->runners.push_back(std::move(runner));
  return {};
}

Result<void> Host::load(const std::string& path, PluginOptions options) {
  const Result<const fermata_plugin*> plugin = load_plugin(path);
  if (!plugin) return fail(plugin.error());
  return add(*plugin, std::move(options));
}

Result<void> Host::load_directory(const std::string& directory,
                                  const std::map<std::string, PluginOptions>& by_plugin_name) {
  const Result<std::vector<std::string>> files = plugin_files(directory);
  if (!files) return fail(files.error());
  for (const std::string& file : *files) {
    const Result<const fermata_plugin*> plugin = load_plugin(file);
    if (!plugin) return fail(plugin.error());
    const auto options = by_plugin_name.find(text_of((*plugin)->name));
    if (Result<void> added = add(*plugin, options == by_plugin_name.end() ? PluginOptions{} : options->second); !added)
      return added;
  }
  return {};
}

bool Host::has(std::string_view type) const {
  return impl_->find(type) != nullptr;
}

RepeatSafety Host::repeat_safety(std::string_view type) const {
  const auto* registered = impl_->find(type);
  return registered == nullptr ? RepeatSafety::none : static_cast<RepeatSafety>(registered->activity->repeat_safety);
}

RepeatSafety Host::repeat_safety(const ActivityCall& call) const {
  const auto* registered = impl_->find(call.type);
  if (registered == nullptr) return RepeatSafety::none;
  const fermata_activity* activity = registered->activity;
  if (activity->repeat_safety_of == nullptr) return static_cast<RepeatSafety>(activity->repeat_safety);
  const RunningCall probe(
      call, [](ActivityOutcome) {}, RepeatSafety::none, {}, impl_->services);
  const fermata_call_info info = probe.info();
  const std::int32_t safety = activity->repeat_safety_of(activity, registered->runner->state(), &info);
  const bool known = safety >= FERMATA_REPEAT_NONE && safety <= FERMATA_REPEAT_LOOKUP;
  // Claiming a lookup without having one would let an ambiguous call run twice.
  if (!known || (safety == FERMATA_REPEAT_LOOKUP && activity->lookup == nullptr)) return RepeatSafety::none;
  return static_cast<RepeatSafety>(safety);
}

std::optional<std::chrono::milliseconds> Host::default_deadline(std::string_view type) const {
  const auto* registered = impl_->find(type);
  if (registered == nullptr) return std::nullopt;
  return std::chrono::milliseconds(registered->activity->default_deadline_ms);
}

std::size_t Host::capacity(std::string_view type) const {
  const auto* registered = impl_->find(type);
  return registered == nullptr ? 0 : registered->runner->capacity(registered->index);
}

std::vector<ActivityDescription> Host::activities() const {
  std::vector<ActivityDescription> out;
  for (const auto& [type, registered] : impl_->by_type) {
    const fermata_activity* a = registered.activity;
    out.push_back({type, text_of(registered.runner->plugin()->name), text_of(registered.runner->plugin()->version),
                   static_cast<RepeatSafety>(a->repeat_safety), std::chrono::milliseconds(a->default_deadline_ms),
                   text_of(a->input_schema_json), text_of(a->documentation)});
  }
  return out;
}

std::map<std::string, PluginStats> Host::stats() const {
  std::map<std::string, PluginStats> out;
  for (const auto& runner : impl_->runners) out.emplace(text_of(runner->plugin()->name), runner->stats());
  return out;
}

Result<void> Host::submit(ActivityCall call, Completion completion) {
  const auto* registered = impl_->find(call.type);
  if (registered == nullptr) return fail(ErrorCode::not_found, "no plugin offers the activity \"" + call.type + "\"");
  if (call.timeout < std::chrono::milliseconds(0) || call.wait_max < std::chrono::milliseconds(0))
    return fail(ErrorCode::invalid_argument, "a timeout cannot be negative");
  if (call.timeout == std::chrono::milliseconds(0))
    call.timeout = std::chrono::milliseconds(registered->activity->default_deadline_ms);
  if (call.wait_max == std::chrono::milliseconds(0)) call.wait_max = wait_max;
  call.timeout = std::min<std::chrono::milliseconds>(call.timeout, timeout_max);
  call.wait_max = std::min<std::chrono::milliseconds>(call.wait_max, timeout_max);
  const RepeatSafety safety = repeat_safety(call);
  // The watch is told through a place that the completion shares, because the call does not exist yet when its
  // completion is made.
  auto self = std::make_shared<const RunningCall*>(nullptr);
  auto tidy = [watch = impl_->watch, self, deliver = std::move(completion)](ActivityOutcome outcome) {
    watch->forget(*self);
    deliver(std::move(outcome));
  };
  auto running = std::make_shared<RunningCall>(std::move(call), std::move(tidy), safety,
                                               text_of(registered->runner->plugin()->name), impl_->services,
                                               [watch = impl_->watch, self] { watch->moved(*self); });
  *self = running.get();
  if (Result<void> accepted = registered->runner->submit(registered->index, running); !accepted) return accepted;
  impl_->watch->add(running, registered->runner);
  // It may have ended before it was watched; then nobody else takes the entry out.
  if (running->finished()) impl_->watch->forget(running.get());
  return {};
}

bool Host::cancel(std::int64_t job_key) {
  return impl_->watch->cancel(job_key);
}

void Host::close() {
  for (const auto& runner : impl_->runners) runner->close();
}

bool Host::stop(std::chrono::milliseconds grace) {
  if (impl_->stopped) return true;
  impl_->stopped = true;
  for (const auto& runner : impl_->runners) runner->begin_stop();
  const auto until = std::chrono::steady_clock::now() + grace;
  bool all_left = true;
  for (const auto& runner : impl_->runners) all_left = runner->end_stop(until) && all_left;
  impl_->watch->stop();
  return all_left;
}

}  // namespace fermata::activities
