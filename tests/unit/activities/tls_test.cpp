// TLS: certificates are verified, always. A server with a certificate made here: trusted by file, unknown, expired, for
// another name.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "activities/builtin/transport/classify.h"
#include "activities/builtin/transport/http_client.h"

namespace fermata::connector {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freer<SSL_free>>;

/// Serves one fixed answer over TLS, with a self-signed certificate for `subject` ("IP:127.0.0.1"), valid until
/// `seconds` from now.
class TlsServer {
 public:
  TlsServer(const char* subject, long seconds)
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()), context_(SSL_CTX_new(TLS_server_method())) {
    X509_set_version(certificate_.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), -7 * 86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), seconds);
    X509_set_pubkey(certificate_.get(), key_.get());
    X509_NAME* name = X509_get_subject_name(certificate_.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("fermata test"), -1, -1,
                               0);
    X509_set_issuer_name(certificate_.get(), name);
    X509_EXTENSION* alternative = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject);
    X509_add_ext(certificate_.get(), alternative, -1);
    X509_EXTENSION_free(alternative);
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) == 0 && ::listen(listener_, 8) == 0) ::getsockname(listener_, generic, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
    pem_ = testing::TempDir() + "fermata-ca-" + std::to_string(::getpid()) + "-" + std::to_string(port_) + ".pem";
    std::FILE* file = std::fopen(pem_.c_str(), "w");
    PEM_write_X509(file, certificate_.get());
    std::fclose(file);
  }
  ~TlsServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
    std::remove(pem_.c_str());
  }

  [[nodiscard]] const std::string& pem() const { return pem_; }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] HttpResult get(const std::string& ca_file) const {
    const std::string where = "127.0.0.1:" + std::to_string(port_);
    return exchange({.method = "POST", .url = "https://" + where + "/", .body = "x", .ca_file = ca_file},
                    AddressPolicy({where}));
  }

 private:
  void serve() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);  // clients that refuse the certificate hang up
    while (!stopping_) {
      pollfd p{listener_, POLLIN, 0};
      if (::poll(&p, 1, 20) <= 0) continue;
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const Session session(SSL_new(context_.get()));
      SSL_set_fd(session.get(), fd);
      char buffer[4096];
      if (SSL_accept(session.get()) == 1 && SSL_read(session.get(), buffer, sizeof buffer) > 0) {
        ++requests_;
        constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(session.get());
      }
      ::close(fd);
    }
  }

  Key key_;
  Certificate certificate_;
  Context context_;
  int listener_ = -1;
  int port_ = 0;
  std::string pem_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> requests_{0};
  std::thread thread_;
};

void expect_refused(const TlsServer& server, const std::string& ca_file) {
  const HttpResult result = server.get(ca_file);
  ASSERT_TRUE(std::holds_alternative<HttpError>(result));
  const auto& error = std::get<HttpError>(result);
  EXPECT_EQ(error.problem, Problem::tls) << error.message;
  EXPECT_FALSE(error.sent);
  EXPECT_FALSE(failure_of(error, false).ambiguous);
  EXPECT_EQ(server.requests(), 0) << "nothing may be sent to a server that is not verified";
}

TEST(Tls, ATrustedCertificateIsAccepted) {
  const TlsServer server("IP:127.0.0.1", 86'400);
  const HttpResult result = server.get(server.pem());
  if (const auto* error = std::get_if<HttpError>(&result)) FAIL() << error->message;
  EXPECT_EQ(std::get<HttpResponse>(result).body, "ok");
}

TEST(Tls, AnUnknownCertificateIsRefused) {
  expect_refused(TlsServer("IP:127.0.0.1", 86'400), "");
}

TEST(Tls, AnExpiredCertificateIsRefused) {
  const TlsServer server("IP:127.0.0.1", -3600);
  expect_refused(server, server.pem());
}

TEST(Tls, ACertificateOfAnotherNameIsRefused) {
  const TlsServer server("DNS:example.com", 86'400);
  expect_refused(server, server.pem());
}

}  // namespace
}  // namespace fermata::connector
