#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/unit/http/raw_client.h"
#include "tests/unit/http/test_server.h"

namespace fermata::http {
namespace {

constexpr const char* get_live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string post(const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Server, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  TestServer server;
  RawClient client(server.port());
  client.send(post("one") + post("two") + get_live + post("three"));
  EXPECT_EQ(client.response().body, "one");
  EXPECT_EQ(client.response().body, "two");
  EXPECT_EQ(client.response().status, 200);
  EXPECT_EQ(client.response().body, "three");
}

TEST(Server, ReadsByteByByte) {
  TestServer server;
  RawClient client(server.port());
  for (const char c :
       "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n" +
           std::string()) {
    client.send({&c, 1});
  }
  EXPECT_EQ(client.response().body, "hi");
}

TEST(Server, ContentTypeIsExactAndNoContentHasNoLength) {
  TestServer server;
  RawClient client(server.port());
  client.send(get_live);
  EXPECT_NE(client.response().head.find("\r\nContent-Type: application/json\r\n"), std::string::npos);
  client.send("OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const RawResponse empty = client.response();
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.head.find("Content-Length"), std::string::npos);
}

TEST(Server, HeadAnswersWithoutABody) {
  TestServer server;
  RawClient client(server.port());
  client.send("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string head = client.response(std::chrono::milliseconds(100)).head;
  EXPECT_NE(head.find("Content-Length: 15"), std::string::npos) << head;
}

TEST(Server, SendsContinueOnlyForABodyItWillTake) {
  TestServer server;
  RawClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.response().status, 100);
  client.send("hi");
  EXPECT_EQ(client.response().body, "hi");
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.response().status, 413);
}

TEST(Server, OldClientsAndConnectionCloseAreClosedAfterTheAnswer) {
  TestServer server;
  for (const char* request : {"GET /health/live HTTP/1.0\r\n\r\n",
                              "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"}) {
    RawClient client(server.port());
    client.send(request);
    const RawResponse response = client.response();
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.head.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(client.closed());
  }
}

TEST(Server, AHalfClosedClientStillGetsItsAnswer) {
  TestServer server;
  RawClient client(server.port());
  client.send(post("last words"));
  client.finish_sending();
  EXPECT_EQ(client.response().body, "last words");
}

TEST(Server, LargeAnswersArriveWholeOverASlowReader) {
  TestServer server;
  RawClient client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.response(std::chrono::seconds(20)).body.size(), 20u << 20);
}

TEST(Server, TwoServersDoNotShareAPort) {
  TestServer first;
  ServerOptions options = TestServer::quick_options();
  options.port = first.port();
  Router router;
  DevAuthenticator authenticator;
  Server second(options, router, authenticator, {});
  EXPECT_EQ(second.start().error().code, ErrorCode::already_exists);
}

TEST(Server, DevModeInsistsOnLoopback) {
  ServerOptions options = TestServer::quick_options();
  options.host = "0.0.0.0";
  Router router;
  DevAuthenticator authenticator;
  Server server(options, router, authenticator, {});
  EXPECT_EQ(server.start().error().code, ErrorCode::invalid_argument);
}

TEST(Server, BlockedHandlersAreBoundedByTheThreads) {
  ServerOptions options = TestServer::quick_options();
  options.threads_max = 4;
  TestServer server(options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send("GET /block HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_TRUE(eventually([&] { return server.blocked == 4; }));
  EXPECT_LE(server.counts().threads, 4u);
  server.release();
}

TEST(Server, ParkedPollsDoNotUseUpTheThreads) {
  ServerOptions options = TestServer::quick_options();
  options.threads_max = 2;
  options.parked_max = 20;
  TestServer server(options);
  std::vector<std::unique_ptr<RawClient>> polls;
  for (int i = 0; i < 20; ++i) {
    polls.push_back(std::make_unique<RawClient>(server.port()));
    polls.back()->send("GET /park HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  ASSERT_TRUE(eventually([&] { return server.parked == 20; }));
  RawClient one_too_many(server.port());
  one_too_many.send("GET /park HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(one_too_many.response().body, "[]") << "answered at once";
  RawClient probe(server.port());
  probe.send(get_live);
  EXPECT_EQ(probe.response().status, 200);
  server.release();
  for (auto& poll : polls) EXPECT_EQ(poll->response().status, 204);
  EXPECT_TRUE(eventually([&] {
    RawClient(server.port()).send(get_live);  // threads beyond the bound leave when they come by
    return server.counts().threads <= 2;
  }));
}

TEST(Server, AParkedPollSeesThatItsClientHasGone) {
  TestServer server;
  {
    RawClient client(server.port());
    client.send("GET /park HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return server.parked == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return server.gone == 1; }));
}

TEST(Server, StopLetsRunningRequestsEndAndWakesParkedOnes) {
  TestServer server;
  RawClient idle(server.port());
  idle.send(get_live);
  EXPECT_EQ(idle.response().status, 200);
  RawClient parked(server.port());
  parked.send("GET /park HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return server.parked == 1; }));
  server.stop();
  EXPECT_EQ(parked.response().status, 204);
  EXPECT_TRUE(idle.closed());
  EXPECT_EQ(server.counts().connections, 0u);
  EXPECT_EQ(server.counts().threads, 0u);
}

}  // namespace
}  // namespace fermata::http
