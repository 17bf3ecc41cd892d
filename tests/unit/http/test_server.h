// TestServer: a server in this process with the routes that the tests need, and short deadlines.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "http/server/health.h"
#include "http/server/server.h"

namespace fermata::http {

class TestServer {
 public:
  static ServerOptions quick_options() {
    ServerOptions options;
    options.port = 0;
    options.dev = true;
    options.head_deadline = std::chrono::milliseconds(400);
    options.idle_max = std::chrono::milliseconds(400);
    options.body = {std::chrono::milliseconds(400), 100'000};
    options.response = {std::chrono::milliseconds(400), 1'000'000};
    options.drain = std::chrono::milliseconds(2000);
    return options;
  }

  explicit TestServer(ServerOptions options = quick_options())
      : server_(std::move(options), with_routes(), authenticator_, {}) {
    const auto started = server_.start();
    EXPECT_TRUE(started) << started.error().message;
  }
  ~TestServer() { release(); }

  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] ReactorCounts counts() const { return server_.counts(); }
  void stop() { server_.stop(); }

  /// Ends all requests to /block and /park.
  void release() {
    const std::scoped_lock lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  /// The requests to /later that have no answer yet; whoever takes them owes it to them.
  std::vector<LaterAnswerPtr> take_later() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(later_, {});
  }
  std::atomic<int> blocked{0};
  std::atomic<int> parked{0};
  std::atomic<int> gone{0};

 private:
  const Router& with_routes() {
    add_health_routes(router_, [] { return Readiness{}; });
    const auto add = [&](std::string method, std::string pattern, Handler handler) {
      router_.add({.method = std::move(method),
                   .pattern = std::move(pattern),
                   .access = any_role,
                   .body_bytes_max = 100'000,
                   .handler = std::move(handler)});
    };
    add("POST", "/echo", [](const Request& request) { return Response::text(200, request.body); });
    add("GET", "/peer", [](const Request& request) {
      return Response::text(200, request.peer.address + " " + std::string(request.headers.value("REMOTE_ADDR")));
    });
    add("GET", "/large", [](const Request&) { return Response::text(200, std::string(20u << 20, 'x')); });
    add("GET", "/throw", [](const Request&) -> Response { throw std::runtime_error("secret inside"); });
    add("GET", "/block", [this](const Request&) {
      ++blocked;
      wait([] { return false; });
      return Response::empty(204);
    });
    add("GET", "/park", [this](const Request& request) {
      const ParkTicket ticket = request.park();
      if (!ticket) return Response::json(200, "[]");
      ++parked;
      wait([&] { return request.client_gone() || request.stopping(); });
      if (request.client_gone()) ++gone;
      return Response::empty(204);
    });
    add("GET", "/later", [this](const Request& request) {
      const std::scoped_lock lock(mutex_);
      later_.push_back(request.answer_later());
      return Response::later();
    });
    add("GET", "/later-but-there", [](const Request& request) {
      request.answer_later()->put([] { return Response::text(200, "there"); });
      return Response::later();
    });
    add("GET", "/later-but-refused", [](const Request& request) {
      (void)request.answer_later();
      return Response::empty(409);
    });
    add("GET", "/later-without-a-place", [](const Request&) { return Response::later(); });
    return router_;
  }

  template <class Until>
  void wait(Until until) {
    std::unique_lock lock(mutex_);
    while (!released_ && !until()) changed_.wait_for(lock, std::chrono::milliseconds(20));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
  std::vector<LaterAnswerPtr> later_;
  Router router_;
  DevAuthenticator authenticator_;
  Server server_;
};

/// Waits for what other threads bring about; at most ten seconds.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace fermata::http
