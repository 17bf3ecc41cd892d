#include "tests/bench/load/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace fermata::bench {
namespace {

constexpr std::size_t read_bytes = 16u << 10;
constexpr std::size_t answer_bytes_max = 64u << 20;

// The value of a field in a head; "" when it is not there. Our own server writes one line a field.
std::string_view field(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
    return value == std::string_view::npos ? std::string_view{} : line.substr(value);
  }
  return {};
}

}  // namespace

Client::Client(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ >= 0 && ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) ::close(std::exchange(fd_, -1));
  if (fd_ < 0) return;
  const int yes = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

Client::~Client() {
  if (fd_ >= 0) ::close(fd_);
}

Client::Client(Client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      busy_(other.busy_),
      began_(other.began_),
      out_(std::move(other.out_)),
      sent_(other.sent_),
      in_(std::move(other.in_)),
      head_bytes_(other.head_bytes_),
      body_bytes_(other.body_bytes_),
      status_(other.status_) {}

void Client::begin(std::string request) {
  out_ = std::move(request);
  sent_ = 0;
  in_.clear();
  head_bytes_ = body_bytes_ = 0;
  status_ = 0;
  busy_ = true;
  began_ = Clock::now();
}

Client::State Client::go_on() {
  while (sent_ < out_.size()) {
    const ssize_t n = ::send(fd_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EINTR ? State::waiting : State::broken;
    sent_ += static_cast<std::size_t>(n);
  }
  std::array<char, read_bytes> buffer;
  while (!complete()) {
    const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (n < 0) return errno == EAGAIN || errno == EINTR ? State::waiting : State::broken;
    if (n == 0 || in_.size() > answer_bytes_max) return State::broken;
    in_.append(buffer.data(), static_cast<std::size_t>(n));
  }
  busy_ = false;
  return State::answered;
}

bool Client::complete() {
  if (head_bytes_ == 0) {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::string_view head = std::string_view(in_).substr(0, end);
    head_bytes_ = end + 4;
    status_ = head.size() > 12 ? std::atoi(in_.c_str() + 9) : 0;  // "HTTP/1.1 200 OK"
    body_bytes_ = static_cast<std::size_t>(std::strtoull(std::string(field(head, "Content-Length")).c_str(), nullptr, 10));
  }
  return in_.size() >= head_bytes_ + body_bytes_;
}

}  // namespace fermata::bench
