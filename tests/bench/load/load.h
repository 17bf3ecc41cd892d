// Load: many clients of one HTTP server, each with one kept-alive connection and one request in flight, on one thread.
//
// Floor 8, tests/bench only. A closed loop: a client sends its next request when it has its answer. One epoll loop serves all of
// them, so that the generator takes as little as possible of the processors that it shares with the server.
//
//   LoadResult result = run_load({.port = 8080, .connections = 256, .seconds = 5, .path = "/health/live"});
//   // result.errors == 0, result.per_second(), result.percentile_us(0.99)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fermata::bench {

struct LoadOptions {
  int port = 0;  ///< of 127.0.0.1
  int connections = 1;
  double seconds = 5;         ///< measured, after the warm-up
  double warmup_seconds = 0;  ///< answers that come before are not counted; errors are
  std::int64_t requests = 0;  ///< if positive: so many requests, however long they take, and no warm-up
  double answer_seconds_max = 60;  ///< a client that waits longer for one answer has met an error, and all ends
  std::string method = "GET";
  std::string path = "/";
  std::string token;  ///< "" sends none
  std::string body;   ///< "{n}" in it is the number of the request
};

struct LoadResult {
  std::int64_t answers = 0;  ///< 2xx, counted after the warm-up
  std::int64_t errors = 0;   ///< any other status, a closed connection, an answer that cannot be read, none in time
  std::string first_error;
  double seconds = 0;
  std::vector<double> times_us;  ///< of the counted answers, sorted

  [[nodiscard]] double per_second() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
  [[nodiscard]] double percentile_us(double fraction) const;
};

/// Runs to its end on the caller's thread. Cannot connect: one error and nothing else.
[[nodiscard]] LoadResult run_load(const LoadOptions& options);

}  // namespace fermata::bench
