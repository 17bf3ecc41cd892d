// Client: one kept-alive connection of the load, without blocking: what to send, how much of the answer is there.
//
// Floor 8, tests/bench only.
//
//   Client client(8080);
//   client.begin("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
//   while (client.go_on() == Client::State::waiting) wait_until_ready(client.fd());
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace fermata::bench {

using Clock = std::chrono::steady_clock;

class Client {
 public:
  enum class State { waiting, answered, broken };

  /// Connects and then never blocks; fd() is -1 when it cannot.
  explicit Client(int port);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  void begin(std::string request);
  /// Sends and reads as far as the socket allows.
  [[nodiscard]] State go_on();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] Clock::time_point began() const { return began_; }
  /// Of the answer.
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view body() const { return std::string_view(in_).substr(head_bytes_); }

 private:
  [[nodiscard]] bool complete();

  int fd_ = -1;
  bool busy_ = false;
  Clock::time_point began_;
  std::string out_;
  std::size_t sent_ = 0;
  std::string in_;
  std::size_t head_bytes_ = 0;  // 0: the head is not there yet
  std::size_t body_bytes_ = 0;
  int status_ = 0;
};

}  // namespace fermata::bench
