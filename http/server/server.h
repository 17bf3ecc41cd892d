// Server: the HTTP server of Fermata: hardened, bounded, and replaceable, for nothing above it knows the library
// within.
//
// The router is filled before start() and not touched afterwards. start() returns when the port is bound and requests
// are served; stop() lets running requests end. Handlers run on the server's threads, see request.h.
//
//   Router router;
//   add_health_routes(router, [] { return Readiness{true, ""}; });
//   DevAuthenticator authenticator;
//   Server server(options, router, authenticator, {});
//   if (auto started = server.start(); !started) return report(started.error());
//   ... server.port() ...
//   server.stop();
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "http/server/dispatcher.h"
#include "http/server/options.h"
#include "http/server/reactor.h"
#include "http/server/router.h"

namespace fermata::http {

class Server {
 public:
  /// Router and authenticator must outlive the server.
  Server(ServerOptions options, const Router& router, const Authenticator& authenticator, ServerHooks hooks);
  /// Stops, if that has not happened.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// invalid_argument: dev mode on a host that is not loopback, or unusable TLS files. already_exists: the port is
  /// taken.
  [[nodiscard]] Result<void> start();
  /// Takes no more connections, waits for running requests at most options.drain, and joins all threads. Idempotent.
  void stop();

  [[nodiscard]] int port() const;
  [[nodiscard]] ReactorCounts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fermata::http
