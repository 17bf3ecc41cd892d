// Answers that come after the handler has returned: no thread waits, and nobody is answered twice, never, or somebody else's.
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/unit/http/raw_client.h"
#include "tests/unit/http/test_server.h"

namespace fermata::http {
namespace {

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }

ServerOptions two_threads() {
  ServerOptions options = TestServer::quick_options();
  options.threads_max = 2;
  return options;
}

LaterAnswer::Make says(const std::string& text) {
  return [text] { return Response::text(200, text); };
}

// The one request that waits.
LaterAnswerPtr the_one(TestServer& server) {
  std::vector<LaterAnswerPtr> found;
  EXPECT_TRUE(eventually([&] {
    if (found.empty()) found = server.take_later();
    return !found.empty();
  }));
  return found.empty() ? nullptr : found.front();
}

TEST(LaterAnswer, ManyWaitOnFewThreadsAndEachGetsItsOwn) {
  constexpr std::size_t many = 300;
  TestServer server(two_threads());
  std::vector<std::unique_ptr<RawClient>> clients;
  std::vector<LaterAnswerPtr> waiting;
  for (std::size_t i = 0; i < many; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(get("/later"));
    waiting.push_back(the_one(server));  // one by one, so that we know whose it is
    ASSERT_NE(waiting.back(), nullptr);
  }
  EXPECT_TRUE(eventually([&] { return server.counts().awaiting == many; }));
  EXPECT_LE(server.counts().threads, 2u);
  RawClient probe(server.port());
  probe.send(get("/health/live"));
  EXPECT_EQ(probe.response().status, 200);
  std::thread backwards([&] {
    for (std::size_t i = many; i-- > 0;) waiting[i]->put(says(std::to_string(i)));
  });
  for (std::size_t i = 0; i < many; ++i) EXPECT_EQ(clients[i]->response().body, std::to_string(i));
  backwards.join();
  EXPECT_TRUE(eventually([&] { return server.counts().awaiting == 0; }));
}

TEST(LaterAnswer, ThatIsThereAtOnceIsGivenAndTheConnectionGoesOn) {
  TestServer server(two_threads());
  RawClient client(server.port());
  for (int i = 0; i < 1000; ++i) {
    client.send(get("/later-but-there"));
    ASSERT_EQ(client.response().body, "there") << i;
  }
  client.send(get("/later-but-there") + get("/health/live") + get("/later-but-there"));
  EXPECT_EQ(client.response().body, "there");
  EXPECT_EQ(client.response().body, "{\"status\":\"UP\"}");
  EXPECT_EQ(client.response().body, "there");
}

TEST(LaterAnswer, OfAClientThatHasGoneIsHarmless) {
  TestServer server(two_threads());
  LaterAnswerPtr later;
  {
    RawClient client(server.port());
    client.send(get("/later"));
    later = the_one(server);
    ASSERT_NE(later, nullptr);
  }
  later->put(says("nobody hears"));
  EXPECT_TRUE(eventually([&] { return server.counts().connections == 0; }));
  EXPECT_EQ(server.counts().awaiting, 0u);
}

TEST(LaterAnswer, ReachesAClientThatIsOnlyDoneWithSending) {
  TestServer server(two_threads());
  RawClient client(server.port());
  client.send(get("/later"));
  client.finish_sending();
  const LaterAnswerPtr later = the_one(server);
  ASSERT_NE(later, nullptr);
  later->put(says("heard"));
  EXPECT_EQ(client.response().body, "heard");
}

TEST(LaterAnswer, TheFirstOneCounts) {
  TestServer server(two_threads());
  RawClient client(server.port());
  client.send(get("/later"));
  const LaterAnswerPtr later = the_one(server);
  ASSERT_NE(later, nullptr);
  later->put(says("first"));
  later->put(says("second"));
  EXPECT_EQ(client.response().body, "first");
  later->put(says("third"));
  client.send(get("/health/live"));
  EXPECT_EQ(client.response().body, "{\"status\":\"UP\"}");
}

TEST(LaterAnswer, ThatCannotBeMadeIsA500) {
  TestServer server(two_threads());
  RawClient client(server.port());
  client.send(get("/later"));
  const LaterAnswerPtr later = the_one(server);
  ASSERT_NE(later, nullptr);
  later->put([]() -> Response { throw std::runtime_error("secret inside"); });
  const RawResponse response = client.response();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(LaterAnswer, IsNotWaitedForWhenTheHandlerAnswersAfterAll) {
  TestServer server(two_threads());
  RawClient client(server.port());
  client.send(get("/later-but-refused"));
  EXPECT_EQ(client.response().status, 409);
  client.send(get("/health/live"));
  EXPECT_EQ(client.response().status, 200);
}

TEST(LaterAnswer, WithoutAPlaceForItIsA500AndNotAHang) {
  TestServer server(two_threads());
  RawClient client(server.port());
  client.send(get("/later-without-a-place"));
  EXPECT_EQ(client.response().status, 500);
}

TEST(LaterAnswer, IsWaitedForWhileTheServerDrainsAndThenRefused) {
  ServerOptions options = two_threads();
  options.drain = std::chrono::milliseconds(300);
  LaterAnswerPtr too_late;
  {
    TestServer server(options);
    RawClient lucky(server.port());
    lucky.send(get("/later"));
    const LaterAnswerPtr in_time = the_one(server);
    RawClient unlucky(server.port());
    unlucky.send(get("/later"));
    too_late = the_one(server);
    ASSERT_NE(in_time, nullptr);
    ASSERT_NE(too_late, nullptr);
    std::thread stopping([&] { server.stop(); });
    in_time->put(says("in time"));
    EXPECT_EQ(lucky.response().body, "in time");
    EXPECT_EQ(unlucky.response().status, 503);
    stopping.join();
    EXPECT_EQ(server.counts().connections, 0u);
  }
  too_late->put(says("the server is gone"));
}

}  // namespace
}  // namespace fermata::http
