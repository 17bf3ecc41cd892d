#include "cli/serve/log.h"

#include <chrono>

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "engine/base/time.h"
#include "http/v2/json_writer.h"

namespace fermata::cli {
namespace {

Timestamp wall_now() {
  return Timestamp{
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

// Control characters would let a name in a request forge lines of the log.
std::string printable(std::string_view text) {
  std::string result;
  for (const char byte : text) result += static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F ? ' ' : byte;
  return result;
}

}  // namespace

struct Log::Sink {
  explicit Sink(spdlog::sink_ptr sink) : logger("fermata", std::move(sink)) {}
  spdlog::logger logger;
};

Log::Log(std::unique_ptr<Sink> sink, const LogConfig& config)
    : sink_(std::move(sink)), json_(config.format == "json"), access_(config.access) {}
Log::~Log() = default;

Result<std::unique_ptr<Log>> Log::open(const LogConfig& config) {
  spdlog::sink_ptr output;
  try {
    if (config.file.empty()) {
      output = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      output = std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.file);
    }
  } catch (const spdlog::spdlog_ex& error) {
    return fail(ErrorCode::not_found, "The log cannot be written to '" + config.file + "': " + error.what());
  }
  auto sink = std::make_unique<Sink>(std::move(output));
  sink->logger.set_pattern("%v");
  sink->logger.set_level(spdlog::level::from_str(config.level));
  sink->logger.flush_on(spdlog::level::info);
  return std::unique_ptr<Log>(new Log(std::move(sink), config));
}

std::string Log::line(std::string_view level, std::string_view event, Fields fields) const {
  const std::string time = format_iso8601(wall_now());
  if (json_) {
    http::JsonWriter json;
    json.begin_object().text("time", time).text("level", level).text("event", event);
    for (const auto& [name, value] : fields) json.text(name, value);
    json.end_object();
    return json.take();
  }
  std::string text = time + " " + std::string(level) + " " + std::string(event);
  for (const auto& [name, value] : fields) text += " " + std::string(name) + "=" + printable(value);
  return text;
}

void Log::debug(std::string_view event, Fields fields) const {
  if (sink_->logger.should_log(spdlog::level::debug)) sink_->logger.log(spdlog::level::debug, line("debug", event, fields));
}
void Log::info(std::string_view event, Fields fields) const {
  if (sink_->logger.should_log(spdlog::level::info)) sink_->logger.log(spdlog::level::info, line("info", event, fields));
}
void Log::warn(std::string_view event, Fields fields) const {
  if (sink_->logger.should_log(spdlog::level::warn)) sink_->logger.log(spdlog::level::warn, line("warn", event, fields));
}
void Log::error(std::string_view event, Fields fields) const {
  sink_->logger.log(spdlog::level::err, line("error", event, fields));
}

}  // namespace fermata::cli
