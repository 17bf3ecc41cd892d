#include "http/server/transport.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace fermata::http {

namespace {

class PlainTransport : public Transport {
 public:
  explicit PlainTransport(int fd) : fd_(fd) {}
  PlainTransport(const PlainTransport&) = delete;
  PlainTransport& operator=(const PlainTransport&) = delete;
  ~PlainTransport() override { ::close(fd_); }

  IoResult read(std::span<char> into) override {
    ssize_t n = 0;
    do {
      n = ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n > 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {IoStatus::want_read, 0};
    return {IoStatus::closed, 0};
  }

  IoResult write(std::string_view bytes) override {
    ssize_t n = 0;
    do {
      n = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n >= 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoStatus::want_write, 0};
    return {IoStatus::closed, 0};
  }

  void finish_writing() override { ::shutdown(fd_, SHUT_WR); }
  [[nodiscard]] int fd() const override { return fd_; }
  [[nodiscard]] bool reads_ahead() const override { return false; }

 private:
  int fd_;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(int fd) {
  return std::make_unique<PlainTransport>(fd);
}

}  // namespace fermata::http
