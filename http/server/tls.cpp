// TLS transports over OpenSSL: the only file of http/server that knows it.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "http/server/transport.h"

namespace fermata::http {

namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};

constexpr std::size_t record_bytes_max = 16u << 10;

class TlsTransport : public Transport {
 public:
  TlsTransport(int fd, SSL* session) : fd_(fd), session_(session) {
    SSL_set_fd(session, fd);
    SSL_set_accept_state(session);  // the handshake happens within the first reads, under the deadline of the head
  }
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;
  ~TlsTransport() override {
    session_.reset();
    ::close(fd_);
  }

  IoResult read(std::span<char> into) override {
    ERR_clear_error();
    std::size_t n = 0;
    const int ok = SSL_read_ex(session_.get(), into.data(), into.size(), &n);
    return ok == 1 ? IoResult{IoStatus::ok, n} : failure(ok);
  }

  IoResult write(std::string_view bytes) override {
    ERR_clear_error();
    std::size_t n = 0;
    const int ok = SSL_write_ex(session_.get(), bytes.data(), std::min(bytes.size(), record_bytes_max), &n);
    return ok == 1 ? IoResult{IoStatus::ok, n} : failure(ok);
  }

  void finish_writing() override {
    SSL_shutdown(session_.get());
    ERR_clear_error();
    ::shutdown(fd_, SHUT_WR);
  }
  [[nodiscard]] int fd() const override { return fd_; }
  [[nodiscard]] bool reads_ahead() const override { return true; }

 private:
  IoResult failure(int result) const {
    switch (SSL_get_error(session_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {IoStatus::want_read, 0};
      case SSL_ERROR_WANT_WRITE:
        return {IoStatus::want_write, 0};
      default:
        return {IoStatus::closed, 0};
    }
  }

  int fd_;
  std::unique_ptr<SSL, FreeSession> session_;
};

class OpenSslContext : public TlsContext {
 public:
  explicit OpenSslContext(std::unique_ptr<SSL_CTX, FreeContext> context) : context_(std::move(context)) {}
  std::unique_ptr<Transport> make_transport(int fd) override {
    return std::make_unique<TlsTransport>(fd, SSL_new(context_.get()));
  }

 private:
  std::unique_ptr<SSL_CTX, FreeContext> context_;
};

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::load(const std::string& certificate_file, const std::string& key_file) {
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
  if (!context) return fail(ErrorCode::internal, "OpenSSL gave no context.");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  const auto cannot = [&](const std::string& what) {
    ERR_clear_error();
    return fail(ErrorCode::invalid_argument, what);
  };
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return cannot("The TLS certificate '" + certificate_file + "' cannot be read as a PEM chain.");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return cannot("The TLS key '" + key_file + "' cannot be read as PEM, or does not belong to the certificate.");
  }
  return std::unique_ptr<TlsContext>(std::make_unique<OpenSslContext>(std::move(context)));
}

}  // namespace fermata::http
