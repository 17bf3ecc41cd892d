// ServerOptions: every bound of the HTTP server, with its default and the reason for it.
//
//   ServerOptions options;
//   options.port = 0;                 // any free port
//   options.connections_max = 512;
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace fermata::http {

/// Bounds of a request head; each is answered with the status named.
struct HeadLimits {
  std::size_t bytes_max = 32u << 10;        ///< the whole head: 431
  std::size_t request_line_max = 8u << 10;  ///< method, target and version: 414
  std::size_t header_line_max = 8u << 10;   ///< one field: 431
  std::size_t headers_max = 100;            ///< fields: 431
};

/// A transfer must move this much on average once the grace is over, and must never be silent for long; whoever is
/// slower is cut off (408 while it sends).
struct RateLimit {
  std::chrono::milliseconds grace{10'000};
  std::size_t bytes_per_second_min = 1024;
  std::chrono::milliseconds silence_max{10'000};  ///< since the last byte: many bytes buy no long pause
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 8080;   ///< 0: any free port, see Server::port()
  bool dev = false;  ///< no credentials asked: start() then refuses any host but loopback, and foreign web pages are
                     ///< turned away

  std::size_t threads_max = 64;                ///< handlers running at once, long polls not counted
  std::size_t parked_max = 256;                ///< long polls waiting at once, each on a thread of its own
  std::size_t connections_max = 2048;          ///< beyond it a connection is answered 503 and closed
  std::size_t connections_per_peer_max = 512;  ///< per IPv4 address or IPv6 /64
  std::size_t requests_per_connection_max = 100'000;
  std::size_t body_bytes_total_max = 256u << 20;  ///< request bodies held in memory by all connections together: 503

  HeadLimits head;
  std::chrono::milliseconds head_deadline{10'000};  ///< from the first byte of a head to its last: 408
  std::chrono::milliseconds idle_max{60'000};       ///< a kept-alive connection without a request is closed
  RateLimit body;
  /// The kernel asks for more only once a third of its buffer has been read: a slow reader looks silent for a while.
  RateLimit response{.silence_max = std::chrono::minutes(1)};
  std::chrono::milliseconds handler_deadline{30'000};  ///< Request::deadline; a long poll sets its own
  std::chrono::milliseconds drain{10'000};             ///< how long stop() waits for running requests

  std::string tls_certificate_file;  ///< PEM chain; empty: no TLS
  std::string tls_key_file;
};

}  // namespace fermata::http
