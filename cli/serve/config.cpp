#include "cli/serve/config.h"

#include "cli/serve/toml_value.h"
#include "engine/base/json.h"
#include "http/v2/object_reader.h"

namespace fermata::cli {
namespace {

using http::ObjectReader;

/// Reads the settings of one table into their places, and remembers the first that is wrong.
class TableReader {
 public:
  TableReader(const Value& table, const std::string& name) : reader_(table, name + ".") {}

  void text(std::string_view name, std::string& into) {
    if (auto value = reader_.text(name)) into = std::move(*value);
  }
  void flag(std::string_view name, bool& into) {
    if (const auto value = reader_.flag(name)) into = *value;
  }
  template <class Number>
  void number(std::string_view name, Number& into, std::int64_t min, std::int64_t max) {
    const auto value = reader_.integer(name);
    if (!value) return;
    if (*value < min || *value > max) {
      reader_.refuse("The setting '" + std::string(name) + "' must be " + std::to_string(min) + " to " + std::to_string(max) + ".");
      return;
    }
    into = static_cast<Number>(*value);
  }
  void duration(std::string_view name, Duration& into, std::int64_t max_ms) { number(name, into.ms, 0, max_ms); }
  void duration(std::string_view name, std::chrono::milliseconds& into, std::int64_t max_ms) {
    std::int64_t ms = into.count();
    number(name, ms, 0, max_ms);
    into = std::chrono::milliseconds(ms);
  }
  ObjectReader& raw() { return reader_; }
  /// "" when all is well.
  std::string finish() {
    reader_.finish();
    return reader_.error();
  }

 private:
  ObjectReader reader_;
};

constexpr std::int64_t day_ms = 24 * 3600 * 1000;
constexpr std::int64_t many = 10'000'000;

std::string read_server(const Value& table, http::ServerOptions& server) {
  TableReader reader(table, "server");
  reader.text("host", server.host);
  reader.number("port", server.port, 0, 65'535);
  reader.text("tls_certificate_file", server.tls_certificate_file);
  reader.text("tls_key_file", server.tls_key_file);
  reader.number("threads", server.threads_max, 1, 1'000);
  reader.number("parked_polls", server.parked_max, 0, 4'000);
  reader.number("connections", server.connections_max, 1, 100'000);
  reader.number("connections_per_peer", server.connections_per_peer_max, 1, 100'000);
  reader.number("requests_per_connection", server.requests_per_connection_max, 1, many);
  reader.number("body_bytes_total", server.body_bytes_total_max, 1 << 20, std::int64_t{64} << 30);
  reader.number("head_bytes", server.head.bytes_max, 1'024, 1 << 20);
  reader.duration("head_deadline_ms", server.head_deadline, day_ms);
  reader.duration("idle_ms", server.idle_max, day_ms);
  reader.duration("handler_deadline_ms", server.handler_deadline, day_ms);
  reader.number("bytes_per_second_min", server.body.bytes_per_second_min, 1, 1 << 30);
  server.response.bytes_per_second_min = server.body.bytes_per_second_min;
  reader.duration("drain_ms", server.drain, day_ms);
  return reader.finish();
}

std::string read_store(const Value& table, StoreConfig& store) {
  TableReader reader(table, "store");
  reader.text("path", store.path);
  reader.flag("full_check", store.full_check);
  reader.number("checkpoint_pages", store.checkpoint_pages, 0, many);
  return reader.finish();
}

std::string read_engine(const Value& table, EngineConfig& engine) {
  TableReader reader(table, "engine");
  reader.number("queue_commands", engine.queue_commands, 1, many);
  reader.number("batch_commands", engine.batch_commands, 1, 100'000);
  reader.number("cached_instances", engine.cached_instances, 1, many);
  reader.number("steps_max", engine.steps_max, 10, many);
  reader.number("job_retries", engine.job_retries, 1, 1'000);
  reader.duration("retry_backoff_ms", engine.retry_backoff, day_ms);
  reader.duration("retry_backoff_max_ms", engine.retry_backoff_max, 30 * day_ms);
  reader.flag("unique_business_key", engine.unique_business_key);
  reader.flag("clock_writable", engine.clock_writable);
  reader.duration("drain_ms", engine.drain, day_ms);
  return reader.finish();
}

std::string read_log(const Value& table, LogConfig& log) {
  TableReader reader(table, "log");
  reader.text("level", log.level);
  reader.text("format", log.format);
  reader.text("file", log.file);
  reader.flag("access", log.access);
  if (log.format != "text" && log.format != "json") reader.raw().refuse("The setting 'log.format' must be \"text\" or \"json\".");
  if (log.level != "debug" && log.level != "info" && log.level != "warn" && log.level != "error") {
    reader.raw().refuse("The setting 'log.level' must be \"debug\", \"info\", \"warn\" or \"error\".");
  }
  return reader.finish();
}

// Three settings are the host's; everything else of the table is the plugin's own configuration.
std::string read_plugin(const std::string& name, const Value& table, activities::PluginOptions& options) {
  Value::Entries host;
  Value::Entries own;
  for (const Value::Entry& entry : table.as_context()) {
    const bool ours = entry.key == "threads" || entry.key == "queue" || entry.key == "stuck";
    (ours ? host : own).push_back(entry);
  }
  const Value host_table = Value::context(std::move(host));
  TableReader reader(host_table, "plugins." + name);
  reader.number("threads", options.threads_max, 1, 1'000);
  reader.number("queue", options.queue_max, 1, 100'000);
  reader.number("stuck", options.stuck_max, 0, 1'000);
  options.config_json = to_json(Value::context(std::move(own)));
  return reader.finish();
}

std::string read_activities(const Value& table, ActivitiesConfig& activities) {
  TableReader reader(table, "activities");
  reader.text("directory", activities.directory);
  if (auto libraries = reader.raw().texts("libraries")) activities.libraries = std::move(*libraries);
  return reader.finish();
}

std::string read_plugins(const Value& tables, ActivitiesConfig& activities) {
  for (const Value::Entry& entry : tables.as_context()) {
    if (!entry.value.is_context()) return "The setting 'plugins." + entry.key + "' must be a table.";
    if (std::string wrong = read_plugin(entry.key, entry.value, activities.plugins[entry.key]); !wrong.empty()) return wrong;
  }
  return {};
}

std::string read_secrets(const Value& table, std::string& file) {
  TableReader reader(table, "secrets");
  reader.text("file", file);
  return reader.finish();
}

}  // namespace

Result<Config> read_config(const Value& toml, const std::string& name) {
  Config config;
  ObjectReader reader(toml, "");
  if (auto data = reader.text("data")) config.data = std::move(*data);
  std::string wrong;
  const auto table = [&](std::string_view field, auto&& read) {
    const Value* found = reader.object(field);
    if (found != nullptr && wrong.empty()) wrong = read(*found);
  };
  table("server", [&](const Value& value) { return read_server(value, config.server); });
  table("store", [&](const Value& value) { return read_store(value, config.store); });
  table("engine", [&](const Value& value) { return read_engine(value, config.engine); });
  table("log", [&](const Value& value) { return read_log(value, config.log); });
  table("secrets", [&](const Value& value) { return read_secrets(value, config.secrets_file); });
  table("activities", [&](const Value& value) { return read_activities(value, config.activities); });
  table("plugins", [&](const Value& value) { return read_plugins(value, config.activities); });
  config.webhooks = Value::context({});
  if (const Value* webhooks = reader.object("webhooks")) config.webhooks = *webhooks;
  reader.finish();
  if (wrong.empty()) wrong = reader.error();
  if (!wrong.empty()) return fail(ErrorCode::invalid_argument, name + ": " + wrong);
  return config;
}

Result<Config> load_config(const std::string& path) {
  const Result<Value> toml = read_toml_file(path);
  if (!toml) return fail(toml.error());
  return read_config(*toml, path);
}

}  // namespace fermata::cli
