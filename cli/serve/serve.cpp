#include "cli/serve/serve.h"

#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "activities/builtin/http/http_plugin.h"
#include "activities/host/host.h"
#include "cli/serve/activity_bridge.h"
#include "cli/serve/log.h"
#include "cli/serve/metrics.h"
#include "cli/serve/models.h"
#include "cli/version.h"
#include "engine/runtime/engine.h"
#include "http/auth/token_store.h"
#include "http/engine_rest/operations.h"
#include "http/metrics/http_metrics.h"
#include "http/openapi/openapi.h"
#include "http/server/health.h"
#include "http/server/server.h"
#include "http/v2/operations.h"
#include "http/webhook_api/routes.h"
#include "persistence/sqlite/sqlite_store.h"

namespace fermata::cli {
namespace {

constexpr long health_check_ns = 200'000'000;

/// Everything of a running server. Members are destroyed in the opposite order: the HTTP server first, the log last.
class Composition {
 public:
  explicit Composition(const Config& config) : config_(config) {}

  Result<void> start();
  void drain();
  [[nodiscard]] bool end_activities();
  [[nodiscard]] bool healthy() const { return engine_->healthy(); }
  [[nodiscard]] const Log& log() const { return *log_; }
  [[nodiscard]] std::string url() const;

 private:
  Result<void> open_activities();
  Result<void> load_libraries();
  Result<void> open_engine();
  Result<void> open_webhooks();
  void add_routes();
  Result<void> open_server();
  [[nodiscard]] http::ServerHooks hooks();

  const Config& config_;
  std::shared_ptr<Log> log_;  ///< shared with the activities: one that hangs may outlive all of this
  std::shared_ptr<SystemClock> clock_ = std::make_shared<SystemClock>();
  activities::SecretSource secrets_;
  std::shared_ptr<activities::Host> host_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<http::FileTokenStore> tokens_;
  std::unique_ptr<http::Authenticator> authenticator_;
  std::unique_ptr<http::HookRegistry> webhooks_;
  http::Registry metrics_;
  std::unique_ptr<http::HttpMetrics> http_metrics_;
  http::Router router_;
  std::atomic<bool> draining_{false};
  std::unique_ptr<http::Server> server_;
};

Result<void> make_private_directory(const std::string& path) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(path, error);
  if (error) return fail(ErrorCode::invalid_argument, "The data directory '" + path + "' cannot be made: " + error.message());
  if (made) std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  return {};
}

// Beside the program: as it is built, and as it is installed.
std::string plugin_beside_program(const std::string& name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const char* relative : {"../plugins", "../lib/fermata/plugins"}) {
    const std::filesystem::path file = self.parent_path() / relative / (name + ".so");
    if (!error && std::filesystem::is_regular_file(file, error)) return file.string();
  }
  return {};
}

// A plugin is loaded when a directory or a library of the configuration names it, or when it has a table [plugins.NAME].
Result<void> Composition::load_libraries() {
  const std::map<std::string, activities::PluginOptions>& by_name = config_.activities.plugins;
  const auto options_of = [&](const std::string& name) {
    const auto found = by_name.find(name);
    return found == by_name.end() ? activities::PluginOptions{} : found->second;
  };
  if (!config_.activities.directory.empty()) {
    if (auto loaded = host_->load_directory(config_.activities.directory, by_name); !loaded) return loaded;
  }
  for (const std::string& library : config_.activities.libraries) {
    if (auto loaded = host_->load(library, options_of(std::filesystem::path(library).stem().string())); !loaded) return loaded;
  }
  for (const auto& [name, options] : by_name) {
    if (host_->stats().contains(name)) continue;
    const std::string file = plugin_beside_program(name);
    if (file.empty()) {
      return fail(ErrorCode::not_found, "The configuration has [plugins." + name + "], but there is no plugin of that name: name its "
                                        "file in activities.libraries, or its directory in activities.directory.");
    }
    if (auto loaded = host_->load(file, options); !loaded) return loaded;
  }
  return {};
}

Result<void> Composition::open_activities() {
  if (config_.secrets_file.empty()) {
    secrets_ = activities::SecretSource::from_environment();
  } else {
    Result<activities::SecretSource> secrets = activities::SecretSource::load(config_.secrets_file);
    if (!secrets) return fail(secrets.error());
    secrets_ = std::move(*secrets);
  }
  activities::HostServices services;
  services.secrets = secrets_;
  services.evaluate = evaluate_feel_json;
  services.log = [log = log_](const activities::ActivityLogLine& line) {
    log->info("activity", {{"plugin", std::string(line.plugin)},
                            {"type", std::string(line.type)},
                            {"job", std::to_string(line.job_key)},
                            {"text", std::string(line.text)}});
  };
  host_ = std::make_shared<activities::Host>(std::move(services));
  const auto options = config_.activities.plugins.find("http");
  const activities::PluginOptions none;
  auto added = host_->add(connector::http_plugin(), options == config_.activities.plugins.end() ? none : options->second);
  if (!added) return added;
  if (auto loaded = load_libraries(); !loaded) return loaded;
  for (const activities::ActivityDescription& activity : host_->activities()) {
    log_->debug("activity registered", {{"type", activity.type}, {"plugin", activity.plugin}});
  }
  return {};
}

Result<void> Composition::open_engine() {
  SqliteStoreOptions store_options;
  store_options.path = config_.store_path();
  store_options.full_check = config_.store.full_check;
  store_options.checkpoint_every_pages = config_.store.checkpoint_pages;
  Result<std::unique_ptr<Store>> store = open_sqlite_store(store_options);
  if (!store) return fail(store.error());
  EngineOptions options;
  options.store = std::move(*store);
  options.clock = clock_;
  options.compile = recompile;
  options.compile_decisions = recompile_decisions;
  options.activities = std::make_shared<ActivityBridge>(host_);
  options.queue_commands_max = config_.engine.queue_commands;
  options.batch_commands_max = config_.engine.batch_commands;
  options.partition.cached_instances_max = config_.engine.cached_instances;
  options.partition.decide.steps_max = config_.engine.steps_max;
  options.partition.decide.job_retries = config_.engine.job_retries;
  options.partition.decide.retry_backoff = config_.engine.retry_backoff;
  options.partition.decide.retry_backoff_max = config_.engine.retry_backoff_max;
  Result<std::unique_ptr<Engine>> engine = Engine::open(std::move(options));
  if (!engine) return fail(engine.error());
  engine_ = std::move(*engine);
  return {};
}

Result<void> Composition::open_webhooks() {
  std::vector<std::pair<std::string, Value>> configured;
  if (config_.webhooks.is_context()) {
    for (const Value::Entry& entry : config_.webhooks.as_context()) configured.emplace_back(entry.key, entry.value);
  }
  auto registry = http::HookRegistry::open(config_.data + "/webhooks.json", configured);
  if (!registry) return fail(registry.error());
  webhooks_ = std::move(*registry);
  return {};
}

void Composition::add_routes() {
  http::add_health_routes(router_, [this] {
    if (draining_) return http::Readiness{false, "draining"};
    return engine_->healthy() ? http::Readiness{} : http::Readiness{false, "store failed"};
  });
  http::add_metrics_route(router_, metrics_);
  auto api = std::make_shared<http::Api>(http::Api{.engine = *engine_, .compile = {compile_file, compile_decision_files}});
  api->evaluate = evaluate_feel;
  api->clock = clock_;
  if (config_.dev || config_.engine.clock_writable) api->writable_clock = clock_;
  api->version = std::string(version);
  api->host = config_.server.host;
  api->port = config_.server.port;
  api->unique_business_key = config_.engine.unique_business_key;
  http::v2::add_routes(router_, api);
  http::engine_rest::add_routes(router_, api);
  http::add_webhook_routes(router_, {.registry = *webhooks_,
                                     .submit = [this](ClientRequest request) { return engine_->call(std::move(request)); },
                                     .secret = [this](std::string_view name) { return secrets_.find(name); },
                                     .authenticator = *authenticator_,
                                     .now = [this] { return clock_->now(); }});
  http::add_openapi_route(router_, version);
}

http::ServerHooks Composition::hooks() {
  http_metrics_ = std::make_unique<http::HttpMetrics>(metrics_);
  http::ServerHooks hooks;
  hooks.on_answer = [this](const http::AnswerRecord& answer) {
    http_metrics_->count(answer);
    if (!log_->access()) return;
    log_->info("request", {{"method", std::string(answer.method)},
                           {"path", std::string(answer.path)},
                           {"status", std::to_string(answer.status)},
                           {"principal", std::string(answer.principal)},
                           {"peer", std::string(answer.peer)},
                           {"ms", std::to_string(answer.duration.count() / 1'000'000)}});
  };
  hooks.on_exception = [this](std::string_view route, std::string_view what) {
    log_->error("exception in a handler", {{"route", std::string(route)}, {"what", std::string(what)}});
  };
  return hooks;
}

Result<void> Composition::open_server() {
  if (config_.dev) {
    authenticator_ = std::make_unique<http::DevAuthenticator>();
  } else {
    auto tokens = http::FileTokenStore::open(config_.token_path());
    if (!tokens) return fail(tokens.error());
    tokens_ = std::move(*tokens);
    authenticator_ = std::make_unique<http::TokenAuthenticator>(*tokens_);
    const auto known = tokens_->list();
    if (known && known->empty()) {
      log_->warn("there is no API token yet", {{"make one with", "fermata token create NAME --role admin --data " + config_.data}});
    }
  }
  add_routes();
  http::ServerOptions options = config_.server;
  options.dev = config_.dev;
  server_ = std::make_unique<http::Server>(options, router_, *authenticator_, hooks());
  observe_engine(metrics_, *engine_);
  http::observe_server(metrics_, [this] { return server_->counts(); });
  return server_->start();
}

Result<void> Composition::start() {
  Result<std::unique_ptr<Log>> log = Log::open(config_.log);
  if (!log) return fail(log.error());
  log_ = std::move(*log);
  if (auto done = make_private_directory(config_.data); !done) return done;
  if (auto done = open_activities(); !done) return done;
  if (auto done = open_engine(); !done) return done;
  if (auto done = open_webhooks(); !done) return done;
  return open_server();
}

// New requests stop first, then what they began is finished; the activities end after that.
void Composition::drain() {
  draining_ = true;
  server_->stop();
  host_->close();  // what waits there is given back while the engine can still write it down
  engine_->drain(config_.engine.drain);
}

/// False: one of them hangs, and its thread goes on.
bool Composition::end_activities() {
  const bool all_left = host_->stop(std::chrono::seconds(1));
  if (!all_left) log_->warn("an activity does not end", {{"consequence", "its job is done again later"}});
  return all_left;
}

std::string Composition::url() const {
  const std::string scheme = config_.server.tls_certificate_file.empty() ? "http" : "https";
  return scheme + "://" + config_.server.host + ":" + std::to_string(server_->port());
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

/// Waits for a signal, or for the store to fail. True: a signal.
bool wait_for_end(const Composition& composition, const sigset_t& signals) {
  const timespec interval{0, health_check_ns};
  while (composition.healthy()) {
    if (sigtimedwait(&signals, nullptr, &interval) > 0) return true;
  }
  return false;
}

/// The server's life. `hangs` is set when an activity did not end with it.
Exit live(const Config& config, const sigset_t& signals, bool& hangs) {
  Composition composition(config);
  if (const Result<void> started = composition.start(); !started) {
    complain(started.error().message);
    return Exit::refused;
  }
  std::cout << "Fermata " << version << " listens on " << composition.url()
            << (config.dev ? " (development: no credentials asked, this machine only)" : "") << std::endl;
  composition.log().info("started", {{"url", composition.url()}, {"store", config.store_path()}, {"version", std::string(version)}});

  const bool asked = wait_for_end(composition, signals);
  if (!asked) {
    composition.log().error("the store has failed", {{"action", "stopping; nothing acknowledged is lost; start again when it is mended"}});
    hangs = !composition.end_activities();
    return Exit::failed;
  }
  // A second signal ends at once: every acknowledged command is durable already.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  composition.log().info("draining");
  composition.drain();
  hangs = !composition.end_activities();
  composition.log().info("stopped");
  return Exit::done;
}

}  // namespace

Exit serve(const Config& config) {
  // Before any thread is made, so that all inherit it: only this thread takes the signals.
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  umask(0077);

  bool hangs = false;
  const Exit how = live(config, signals, hangs);
  // The store is closed. A thread that hangs in a plugin may wake up while exit() takes apart what it uses: OpenSSL, curl, the
  // plugin's own statics. So the process ends without that.
  if (hangs) {
    std::cout.flush();
    std::_Exit(static_cast<int>(how));
  }
  return how;
}

}  // namespace fermata::cli
