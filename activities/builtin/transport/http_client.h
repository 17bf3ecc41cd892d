// One HTTP exchange for a connector, bounded in time and bytes, over an address policy. The only place that knows
// libcurl.
//
// Every request has a connection of its own. Reusing one would let libcurl send a POST twice, unseen, when the server
// closes it. Redirects are not followed, proxies of the environment are not used, TLS certificates are verified, bodies
// are not unpacked.
//
//   HttpResult result = exchange({.method = "GET", .url = "https://api.example.com/x"}, policy);
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "activities/builtin/transport/address_policy.h"

namespace fermata::connector {

struct HttpLimits {
  std::chrono::milliseconds total_timeout{30'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t response_bytes_max = 8u << 20;
  std::size_t header_bytes_max = 64u << 10;
  long low_speed_bytes_per_second = 10;  ///< an answer that has begun and comes slower than this ...
  long low_speed_seconds = 20;           ///< ... for so long ends the exchange
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  HttpHeaders headers = {};
  std::string body = {};
  HttpLimits limits = {};
  std::string ca_file = {};                   ///< PEM file instead of the system's authorities; empty: the system's
  std::function<bool()> cancelled = nullptr;  ///< polled about ten times a second
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers = {};  ///< names in lower case, in the order received
  std::string body = {};

  /// The first header with this lower-case name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

enum class Problem {
  invalid_request,  ///< the URL or a header is not usable
  refused_address,  ///< the address policy forbids it
  resolve,          ///< the name does not resolve
  connect,
  tls,
  timeout,
  broken,     ///< reset, closed early, truncated, or not HTTP
  too_large,  ///< the answer exceeds a limit
  cancelled,
};

struct HttpError {
  Problem problem;
  std::string message;
  /// The request, or a part of it, may have reached the server.
  bool sent = false;
};

using HttpResult = std::variant<HttpResponse, HttpError>;

/// Blocks until the answer is complete, a limit is hit, or `cancelled` answers true. Never throws for what the network
/// does.
[[nodiscard]] HttpResult exchange(const HttpRequest& request, const AddressPolicy& policy);

/// scheme://host:port/path of a URL, without query, fragment and credentials: what may be shown. "(not a URL)" if it is
/// none.
[[nodiscard]] std::string shown_url(const std::string& url);
/// "host:port" of a URL, with the scheme's port if it has none; empty if it is no http(s) URL.
[[nodiscard]] std::string host_and_port(const std::string& url);

}  // namespace fermata::connector
