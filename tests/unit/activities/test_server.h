// A local HTTP server for tests that can misbehave in every way a real one does: it hands the raw connection to the
// test's handler.
//
//   TestServer server([](TestServer::Connection& c) { c.answer(503, "busy", {"Retry-After: 7"}); });
//   request(server.url("/orders"));
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace fermata::testing_support {

class TestServer {
 public:
  class Connection {
   public:
    Connection(int fd, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {}

    std::string head;  // request line and headers
    std::string body;

    [[nodiscard]] std::string request_line() const { return head.substr(0, head.find("\r\n")); }
    /// The value of a request header, or empty. The name in any case.
    [[nodiscard]] std::string header(std::string name) const {
      std::string lower = head;
      for (std::string* text : {&lower, &name}) {
        for (char& c : *text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
      const std::size_t at = lower.find("\r\n" + name + ": ");
      if (at == std::string::npos) return {};
      const std::size_t from = at + name.size() + 4;
      return head.substr(from, head.find("\r\n", from) - from);
    }

    bool send(std::string_view text) {
      while (!text.empty()) {
        const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
      }
      return true;
    }
    void answer(int status, const std::string& content, const std::vector<std::string>& headers = {}) {
      std::string out =
          "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(content.size()) + "\r\n";
      for (const std::string& line : headers) out += line + "\r\n";
      send(out + "Connection: close\r\n\r\n" + content);
    }
    void json(const std::string& content, int status = 200) {
      answer(status, content, {"Content-Type: application/json"});
    }
    /// Ends the connection with a TCP reset.
    void reset() {
      const linger hard{1, 0};
      ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    /// Waits until the client hangs up or the server stops.
    void hang() {
      char byte;
      while (!stopping_ && !(wait_readable() && ::recv(fd_, &byte, 1, 0) <= 0)) continue;
    }
    [[nodiscard]] bool stopping() const { return stopping_; }

    bool read_request() {
      std::string text;
      std::size_t end = std::string::npos;
      while ((end = text.find("\r\n\r\n")) == std::string::npos) {
        if (!receive(text)) return false;
      }
      head = text.substr(0, end + 2);
      body = text.substr(end + 4);
      const std::string length = header("Content-Length");
      while (!length.empty() && body.size() < std::stoul(length)) {
        if (!receive(body)) return false;
      }
      return true;
    }

   private:
    [[nodiscard]] bool wait_readable() const {
      pollfd p{fd_, POLLIN, 0};
      return ::poll(&p, 1, 20) > 0;
    }
    bool receive(std::string& into) {
      while (!wait_readable()) {
        if (stopping_) return false;
      }
      char buffer[4096];
      const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      into.append(buffer, static_cast<std::size_t>(got));
      return true;
    }

    int fd_;
    const std::atomic<bool>& stopping_;
  };
  using Handler = std::function<void(Connection&)>;

  explicit TestServer(Handler handler)
      : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("no test server");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_loop(); });
  }
  ~TestServer() {
    stopping_ = true;
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] std::string allow_entry() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Requests received in full.
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_loop() {
    while (!stopping_) {
      pollfd p{listener_, POLLIN, 0};
      if (::poll(&p, 1, 20) <= 0) continue;
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      ++connections_;
      threads_.emplace_back([this, fd] {
        Connection connection(fd, stopping_);
        if (connection.read_request()) {
          ++requests_;
          handler_(connection);
        }
        ::close(fd);
      });
    }
  }

  Handler handler_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> requests_{0};
  std::atomic<int> connections_{0};
  std::list<std::thread> threads_;  // of the acceptor only, until it has ended
  std::thread acceptor_;
};

}  // namespace fermata::testing_support
