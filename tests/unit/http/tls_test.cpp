#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

#include "tests/unit/http/raw_client.h"
#include "tests/unit/http/test_server.h"

namespace fermata::http {
namespace {

class TlsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = (std::filesystem::temp_directory_path() / "fermata-tls-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    options = TestServer::quick_options();
    options.tls_certificate_file = folder + "/cert.pem";
    options.tls_key_file = folder + "/key.pem";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void make_certificate() {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2 "
        "-keyout " +
        options.tls_key_file + " -out " + options.tls_certificate_file + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  std::string folder;
  ServerOptions options;
};

/// Everything that comes back until the server closes.
std::string talk(int port, const std::string& bytes, int version_max) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_max_proto_version(context.get(), version_max);
  const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), &SSL_free);
  SSL_set_fd(session.get(), fd);
  std::string got;
  if (SSL_connect(session.get()) == 1) {
    SSL_write(session.get(), bytes.data(), static_cast<int>(bytes.size()));
    char buffer[4096];
    for (int n = 0; (n = SSL_read(session.get(), buffer, sizeof buffer)) > 0;)
      got.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return got;
}

TEST_F(TlsTest, ServesOverTlsAndOnlyOverModernTls) {
  make_certificate();
  TestServer server(options);
  const std::string body(60'000, 'x');
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n" + body;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string answer = talk(server.port(), request, version);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK")) << answer.substr(0, 100);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + body));
  }
  EXPECT_EQ(talk(server.port(), request, TLS1_1_VERSION), "");
  RawClient plain(server.port());
  plain.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(plain.closed());
}

TEST_F(TlsTest, ASilentHandshakeIsCutOff) {
  make_certificate();
  TestServer server(options);
  RawClient silent(server.port());
  EXPECT_TRUE(silent.closed(std::chrono::seconds(3)));
}

TEST_F(TlsTest, NamesTheFileThatCannotBeUsed) {
  Router router;
  DevAuthenticator authenticator;
  Server server(options, router, authenticator, {});
  const auto started = server.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find(options.tls_certificate_file), std::string::npos);
}

}  // namespace
}  // namespace fermata::http
