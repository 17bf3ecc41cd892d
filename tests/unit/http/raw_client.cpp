#include "tests/unit/http/raw_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace fermata::http {

RawClient::RawClient(int port, const std::string& source_address)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, source_address.c_str(), &address.sin_addr);
  ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const timeval second{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
}

RawClient::~RawClient() {
  ::close(fd_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool RawClient::fill(std::chrono::steady_clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  pollfd watched{fd_, POLLIN, 0};
  if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) return false;
  std::array<char, 4096> buffer;
  const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (n <= 0) return false;
  in_.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

RawResponse RawClient::response(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  std::size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(until)) return {};
  }
  RawResponse result;
  result.head = in_.substr(0, end + 4);
  result.status = std::stoi(result.head.substr(9, 3));
  in_.erase(0, end + 4);
  const std::size_t at = result.head.find("Content-Length: ");
  const std::size_t length = at == std::string::npos ? 0 : std::stoul(result.head.substr(at + 16));
  while (in_.size() < length && fill(until)) {
  }
  result.body = in_.substr(0, length);
  in_.erase(0, length);
  return result;
}

bool RawClient::closed(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (fill(until)) in_.clear();
  return std::chrono::steady_clock::now() < until;
}

void RawClient::finish_sending() {
  ::shutdown(fd_, SHUT_WR);
}

}  // namespace fermata::http
