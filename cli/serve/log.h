// Log: what the server says while it runs: one event a line, as text or as JSON. Thread-safe.
//
// Secrets have no place here: callers pass names, keys and statuses, never headers, bodies or variables.
//
//   Log log({.level = "info", .format = "json"});
//   log.info("listening", {{"port", "8080"}});     // {"time":"...","level":"info","event":"listening","port":"8080"}
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cli/serve/config.h"
#include "engine/base/result.h"

namespace fermata::cli {

class Log {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

  /// not_found when the file cannot be written.
  [[nodiscard]] static Result<std::unique_ptr<Log>> open(const LogConfig& config);
  ~Log();

  void debug(std::string_view event, Fields fields = {}) const;
  void info(std::string_view event, Fields fields = {}) const;
  void warn(std::string_view event, Fields fields = {}) const;
  void error(std::string_view event, Fields fields = {}) const;
  [[nodiscard]] bool access() const { return access_; }

 private:
  struct Sink;
  Log(std::unique_ptr<Sink> sink, const LogConfig& config);
  [[nodiscard]] std::string line(std::string_view level, std::string_view event, Fields fields) const;

  std::unique_ptr<Sink> sink_;
  bool json_;
  bool access_;
};

}  // namespace fermata::cli
