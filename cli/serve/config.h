// Config: every setting of `fermata serve`, with its default; read from fermata.toml and overridden by the command line.
//
// examples/deploy/fermata.toml shows all of them with their units; a test holds that file to this struct. A setting that is not
// known is an error: a misspelt limit that is silently ignored is worse than a server that does not start.
//
//   Result<Config> config = load_config("fermata.toml");
#pragma once

#include <map>
#include <string>
#include <vector>

#include "activities/host/plugin_runner.h"
#include "engine/base/limits.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "http/server/options.h"

namespace fermata::cli {

struct LogConfig {
  std::string level = "info";   ///< debug, info, warn, error
  std::string format = "text";  ///< text, or json: one object a line
  std::string file;             ///< empty: standard error
  bool access = false;          ///< one line for each request
};

struct EngineConfig {
  std::size_t queue_commands = limits::queue_commands_max;
  std::size_t batch_commands = limits::batch_commands_max;
  std::size_t cached_instances = 20'000;
  std::size_t steps_max = limits::steps_per_command_max;
  int job_retries = 3;
  Duration retry_backoff = Duration::from_seconds(1);
  Duration retry_backoff_max = Duration::from_seconds(600);
  bool unique_business_key = false;
  bool clock_writable = false;  ///< PUT /v2/clock; always with --dev
  Duration drain = Duration::from_seconds(30);
};

struct StoreConfig {
  std::string path;  ///< empty: DATA/fermata.db
  bool full_check = false;
  int checkpoint_pages = 4'000;
};

struct ActivitiesConfig {
  std::string directory;               ///< every *.so in it
  std::vector<std::string> libraries;  ///< single files
  std::map<std::string, activities::PluginOptions> plugins;  ///< by plugin name
};

struct Config {
  std::string data = "fermata-data";  ///< directory of the store and the tokens
  bool dev = false;
  http::ServerOptions server;
  StoreConfig store;
  EngineConfig engine;
  ActivitiesConfig activities;
  std::string secrets_file;  ///< empty: the environment only
  LogConfig log;
  Value webhooks;  ///< {name: settings}, for http/webhook_api

  [[nodiscard]] std::string store_path() const { return store.path.empty() ? data + "/fermata.db" : store.path; }
  [[nodiscard]] std::string token_path() const { return data + "/tokens.json"; }
};

/// Errors name the file and the setting.
[[nodiscard]] Result<Config> load_config(const std::string& path);
[[nodiscard]] Result<Config> read_config(const Value& toml, const std::string& name);

}  // namespace fermata::cli
