// The attacks of a hostile network, each against the real server over a raw socket, while a probe must go on being
// served. tests/clients/attack/attack.py runs the same and more against a server in a process of its own.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "http/server/connection.h"
#include "tests/unit/http/raw_client.h"
#include "tests/unit/http/test_server.h"

namespace fermata::http {
namespace {

class Attack : public testing::Test {
 protected:
  /// The status of the answer to these bytes on a connection of their own, which the server must then close.
  int answer_to(const std::string& bytes) {
    RawClient client(server.port());
    client.send(bytes);
    const RawResponse response = client.response();
    EXPECT_TRUE(client.closed());
    if (response.status >= 400) {
      EXPECT_NE(response.head.find("application/problem+json"), std::string::npos);
    }
    return response.status;
  }
  void expect_probe_is_served() {
    RawClient probe(server.port(), "127.0.0.2");
    probe.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(probe.response(std::chrono::seconds(1)).status, 200);
  }
  static std::string get(const std::string& extra) {
    return "GET /peer HTTP/1.1\r\nHost: localhost\r\n" + extra + "\r\n";
  }

  TestServer server;
};

TEST_F(Attack, SlowConnectionsDoNotStarveOthers) {
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    slow.back()->send("GET / HTTP/1.1\r\nHost: lo");
  }
  expect_probe_is_served();
  for (auto& client : slow) EXPECT_EQ(client->response().status, 408);
  expect_probe_is_served();
}

TEST_F(Attack, SilentConnectionsAreClosed) {
  RawClient silent(server.port());
  EXPECT_TRUE(silent.closed(std::chrono::seconds(3)));
}

TEST_F(Attack, SlowBodiesAreCutOff) {
  RawClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n");
  RawResponse response;
  for (int i = 0; i < 100 && response.status == 0; ++i) {
    client.send("x");
    response = client.response(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(response.status, 408);
  EXPECT_TRUE(client.closed());
}

TEST_F(Attack, ReadersThatDoNotReadAreCutOff) {
  RawClient client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server.counts().connections == 1; }));
  EXPECT_TRUE(eventually([&] { return server.counts().connections == 0; }));
}

TEST_F(Attack, EndlessHeadersAndTargets) {
  for (const std::string& start : {std::string("GET / HTTP/1.1\r\nHost: localhost\r\nX: "), std::string("GET /")}) {
    RawClient client(server.port());
    client.send(start);
    const std::string block(1u << 20, 'a');
    std::size_t sent = 0;
    while (sent < 300 && client.send(block)) ++sent;
    EXPECT_LT(sent, 50u) << "the server went on reading";
    const int status = client.response().status;
    EXPECT_TRUE(status == 431 || status == 414 || status == 0) << status;
  }
  EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(40'000, 'a')), 431);
  EXPECT_EQ(answer_to("GET /" + std::string(40'000, 'a')), 414);
  expect_probe_is_served();
}

TEST_F(Attack, Smuggling) {
  const std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_EQ(
      answer_to(post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /peer HTTP/1.1\r\n\r\n"),
      400);
  EXPECT_EQ(answer_to(post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"), 400);
  EXPECT_EQ(answer_to(post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(answer_to(post + "Host: other\r\n\r\n"), 400);
  EXPECT_EQ(answer_to("POST /echo HTTP/1.1\nHost: localhost\n\n"), 400);
}

TEST_F(Attack, ControlCharactersAndGarbage) {
  using namespace std::string_literals;
  EXPECT_EQ(answer_to(get("X: a\0b\r\n"s)), 400);
  EXPECT_EQ(answer_to(get("X: a\rSet-Cookie: b\r\n")), 400);
  EXPECT_EQ(answer_to(get("X\t: a\r\n")), 400);
  EXPECT_EQ(answer_to("\x16\x03\x01\x02\x00\x01"s), 400);
  EXPECT_EQ(answer_to("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  RawClient client(server.port());
  client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n\x01\x02garbage after a good request");
  EXPECT_EQ(client.response().status, 200);
  EXPECT_EQ(client.response().status, 400);
  EXPECT_TRUE(client.closed());
}

TEST_F(Attack, BodiesBeyondTheLimit) {
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(answer_to("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100001\r\n\r\n"), 413);
  EXPECT_EQ(answer_to(chunked + "FFFFFFFFFFFFFFF\r\n"), 413);
  EXPECT_EQ(answer_to(chunked + "FFFFFFFFFFFFFFFFFFFFFFFF\r\n"), 413);
  EXPECT_EQ(answer_to(chunked + "-5\r\n"), 400);
  RawClient client(server.port());
  client.send(chunked);
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  for (int i = 0; i < 200 && client.send(chunk); ++i) {
  }
  const int status = client.response().status;
  EXPECT_TRUE(status == 413 || status == 0) << status;
}

TEST_F(Attack, PeerAddressCannotBeForged) {
  RawClient client(server.port());
  client.send(get("REMOTE_ADDR: 6.6.6.6\r\nRemote_Addr: 6.6.6.6\r\n"));
  EXPECT_EQ(client.response().body, "127.0.0.1 ");
}

TEST_F(Attack, ExceptionTextDoesNotLeak) {
  RawClient client(server.port());
  client.send("GET /throw HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const RawResponse response = client.response();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ((response.head + response.body).find("secret"), std::string::npos);
  EXPECT_EQ(response.head.find("EXCEPTION"), std::string::npos);
}

TEST(GateAttack, ConnectionsAreBoundedPerPeerAndInAll) {
  ServerOptions options = TestServer::quick_options();
  options.connections_per_peer_max = 10;
  options.connections_max = 15;
  options.head_deadline = std::chrono::seconds(20);
  TestServer server(options);
  const auto open = [&](int count, const std::string& from) {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < count; ++i) clients.push_back(std::make_unique<RawClient>(server.port(), from));
    return clients;
  };
  const auto many = open(10, "127.0.0.1");
  ASSERT_TRUE(eventually([&] { return server.counts().connections == 10; }));
  EXPECT_EQ(RawClient(server.port(), "127.0.0.1").response().status, 503);
  const auto others = open(5, "127.0.0.3");
  ASSERT_TRUE(eventually([&] { return server.counts().connections == 15; }));
  EXPECT_EQ(RawClient(server.port(), "127.0.0.4").response().status, 503);
  EXPECT_GE(server.counts().refused_connections, 2u);
}

/// Takes every body, and answers what the test wants.
class Taking : public Application {
 public:
  struct Taken : Exchange {
    explicit Taken(std::string bytes) : answer_bytes(std::move(bytes)) {}
    bool settled() const override { return false; }
    std::size_t body_bytes_max() const override { return 1u << 20; }
    std::optional<std::string> answer(std::string, RequestHost&, bool) override { return answer_bytes; }
    std::string answer_now(const LaterAnswer::Make&, bool) override { return answer_bytes; }
    std::string refuse(const HeadRefusal& refusal) override { return "refused with " + std::to_string(refusal.status); }
    std::string answer_bytes;
  };
  std::unique_ptr<Exchange> begin(MessageHead, const Peer&) override { return std::make_unique<Taken>(answer_bytes); }
  std::string refuse(const HeadRefusal& refusal) override { return "refused with " + std::to_string(refusal.status); }
  std::string answer_bytes = "taken";
};

class NoParking : public Parking {
 public:
  bool enter_parking() override { return false; }
  void leave_parking() override {}
};

/// The state machine by itself, on one end of a pair of sockets. Nothing here waits for a deadline.
class SilenceAttack : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    connection = std::make_unique<Connection>(1, make_plain_transport(ends[0]), Peer{"127.0.0.1", 1, true}, shared);
  }
  void TearDown() override {
    connection.reset();
    ::close(ends[1]);
  }
  void send(const std::string& bytes) {
    ASSERT_EQ(::send(ends[1], bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  std::string receive_all() {
    std::string all(8u << 20, '\0');
    std::size_t size = 0;
    for (ssize_t n = 0; (n = ::recv(ends[1], all.data() + size, all.size() - size, 0)) > 0;) {
      size += static_cast<std::size_t>(n);
    }
    all.resize(size);
    return all;
  }

  ServerOptions options;
  Taking application;
  NoParking parking;
  ConnectionShared shared{options, application, parking, std::make_shared<Wakes>([](std::uint64_t) {}),
                          BodyBudget(1u << 20)};
  std::array<int, 2> ends{-1, -1};
  std::unique_ptr<Connection> connection;
};

TEST_F(SilenceAttack, BytesOfABodyBuyNoPause) {
  using Wait = Connection::Wait;
  send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + std::string(50'000, 'x'));
  ASSERT_EQ(connection->advance(), Wait::read);
  EXPECT_LE(connection->deadline(), Clock::now() + options.body.silence_max) << "what has come is no credit";
  send("x");
  EXPECT_EQ(connection->expire(), Wait::read) << "what it has sent lies there: no thread of ours had the time";
  EXPECT_EQ(connection->advance(), Wait::read);
  EXPECT_EQ(receive_all(), "");
  EXPECT_EQ(connection->expire(), Wait::read) << "it lingers, so that the client sees why";
  EXPECT_EQ(receive_all(), "refused with 408");
}

TEST_F(SilenceAttack, BytesOfAnAnswerBuyNoPause) {
  using Wait = Connection::Wait;
  application.answer_bytes = std::string(4u << 20, 'x');
  send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_EQ(connection->advance(), Wait::write) << "more than the sockets hold";
  EXPECT_LE(connection->deadline(), Clock::now() + options.response.silence_max);
  EXPECT_FALSE(receive_all().empty());
  EXPECT_EQ(connection->expire(), Wait::write) << "it would take more: no thread of ours had the time";
  ASSERT_EQ(connection->advance(), Wait::write);
  EXPECT_EQ(connection->expire(), Wait::closed);
}

TEST(Silence, IsCutOffByTheServer) {
  ServerOptions options = TestServer::quick_options();
  options.body = {std::chrono::seconds(60), 1, std::chrono::milliseconds(300)};
  options.response = options.body;
  TestServer server(options);
  {
    RawClient sender(server.port());
    sender.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n" + std::string(50'000, 'x'));
    EXPECT_EQ(sender.response().status, 408);
    EXPECT_TRUE(sender.closed());
  }
  EXPECT_TRUE(eventually([&] { return server.counts().connections == 0; }));
  RawClient reader(server.port());
  reader.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server.counts().connections == 1; }));
  EXPECT_TRUE(eventually([&] { return server.counts().connections == 0; }));
}

}  // namespace
}  // namespace fermata::http
