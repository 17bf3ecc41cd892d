// The http and json-rpc activities through the real host against real, misbehaving servers.
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <mutex>

#include "activities/builtin/http/http_plugin.h"
#include "activities/builtin/http/request_builder.h"
#include "activities/builtin/transport/classify.h"
#include "activities/host/host.h"
#include "activities/sdk/json.h"
#include "tests/unit/activities/test_server.h"

namespace fermata::connector {
namespace {

using namespace std::chrono_literals;
using activities::ActivityBpmnError;
using activities::ActivityCall;
using activities::ActivityCompleted;
using activities::ActivityFailed;
using activities::ActivityOutcome;
using activities::may_repeat;
using sdk::Json;
using testing_support::TestServer;
using Connection = TestServer::Connection;

/// A host with the http plugin that may dial the given server, and a stand-in for FEEL that knows the expressions of
/// this file.
class HttpTest : public testing::Test {
 protected:
  void start(TestServer::Handler handler, const std::string& more_settings = "") {
    server_ = std::make_unique<TestServer>(std::move(handler));
    host_ = std::make_unique<activities::Host>(activities::HostServices{
        .secrets = activities::SecretSource::of({{"TOKEN", canary}, {"CLIENT", "client-canary-99"}}),
        .evaluate = evaluate,
        .log = [this](const auto& line) {
          const std::lock_guard lock(mutex_);
          log_ += line.text;
        }});
    const auto added = host_->add(
        http_plugin(), {.config_json = R"({"allow":[")" + server_->allow_entry() + "\"]" + more_settings + "}"});
    ASSERT_TRUE(added) << added.error().message;
  }
  void TearDown() override {
    if (host_) host_->stop(10s);
  }

  static Result<std::string> evaluate(std::string_view expression, std::string_view context) {
    const Json values = Json::parse(context);
    if (expression == "{id: response.body.id}")
      return Json::object({{"id", values.at("response").at("body").at("id")}}).dump();
    if (expression == "if status = 409 then {code: \"DUPLICATE\"} else null") {
      return values.at("status").as_int() == 409
                 ? std::string(R"({"code":"DUPLICATE","message":"exists","variables":{"seen":true}})")
                 : "null";
    }
    return fail(ErrorCode::invalid_argument, "unexpected token at 1:1");
  }

  ActivityOutcome run(Json input, Json headers = Json::object(), ActivityCall call = {}) {
    if (input.find("url") == nullptr) input.set("url", server_->url("/orders"));
    if (call.type.empty()) call.type = "http";
    call.idempotency_key = "key-1";
    call.input_json = input.dump();
    call.headers_json = headers.dump();
    std::promise<ActivityOutcome> promise;
    const auto accepted =
        host_->submit(std::move(call), [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); });
    EXPECT_TRUE(accepted) << accepted.error().message;
    return promise.get_future().get();
  }
  /// As if the author of the model had written all of the input.
  ActivityOutcome run_as_written(const Json& input, Json headers = Json::object()) {
    return run(input, std::move(headers), {.fixed_input_json = input.dump()});
  }
  ActivityFailed failed(const ActivityOutcome& outcome) {
    if (const auto* f = std::get_if<ActivityFailed>(&outcome)) return *f;
    ADD_FAILURE() << "did not fail";
    return {};
  }
  Json output(const ActivityOutcome& outcome) {
    if (const auto* f = std::get_if<ActivityFailed>(&outcome)) ADD_FAILURE() << f->message;
    return Json::parse(std::get<ActivityCompleted>(outcome).output_json);
  }

  static constexpr const char* canary = "canary-7d1e\"x";
  static Json post() { return Json::object({{"method", "POST"}, {"body", Json::object({{"n", 1}})}}); }

  std::unique_ptr<TestServer> server_;
  std::unique_ptr<activities::Host> host_;
  std::mutex mutex_;
  std::string log_;
};

TEST_F(HttpTest, SendsWhatTheModelSays) {
  std::string line, body, content_type, key, extra;
  start([&](Connection& c) {
    line = c.request_line();
    body = c.body;
    content_type = c.header("Content-Type");
    key = c.header("Idempotency-Key");
    extra = c.header("X-Extra");
    c.json(R"({"id":12345678901234567890.10})", 201);
  });
  const auto outcome = run(Json::parse(
      R"({"method":"post","pathParameters":{"customer":"a/b ?#"},"queryParameters":{"q":"x&y","n":[1,2],"no":null},
      "headers":{"X-Extra":"e"},"body":{"amount":10.50},"url":")" +
      server_->url("/c/{customer}/orders") + "\"}"));
  EXPECT_EQ(line, "POST /c/a%2Fb%20%3F%23/orders?q=x%26y&n=1&n=2 HTTP/1.1");
  EXPECT_EQ(body, R"({"amount":10.50})");
  EXPECT_EQ(content_type, "application/json");
  EXPECT_EQ(key, "key-1");
  EXPECT_EQ(extra, "e");
  const Json response = output(outcome).at("response");
  EXPECT_EQ(response.at("status").as_int(), 201);
  EXPECT_EQ(response.at("body").at("id").number_text(), "12345678901234567890.10");
  EXPECT_EQ(response.at("headers").at("content-type").as_string(), "application/json");
}

TEST_F(HttpTest, ResultHeadersMapTheAnswer) {
  start([](Connection& c) { c.json(R"({"id":7})"); });
  EXPECT_EQ(output(run(Json::object(),
                       Json::object({{"resultVariable", "r"}, {"resultExpression", "={id: response.body.id}"}})))
                .at("id")
                .as_int(),
            7);
  const auto wrong = failed(run(post(), Json::object({{"resultExpression", "=("}})));
  EXPECT_TRUE(wrong.ambiguous) << "the POST was carried out";
  EXPECT_NE(wrong.message.find("unexpected token"), std::string::npos);
}

TEST_F(HttpTest, ErrorExpressionMakesBpmnErrors) {
  start([](Connection& c) { c.json(R"({"why":"exists"})", 409); });
  const auto outcome =
      run(post(), Json::object({{"errorExpression", "=if status = 409 then {code: \"DUPLICATE\"} else null"}}));
  const auto& error = std::get<ActivityBpmnError>(outcome);
  EXPECT_EQ(error.code, "DUPLICATE");
  EXPECT_EQ(error.variables_json, R"({"seen":true})");
}

TEST_F(HttpTest, BodiesOfOtherKinds) {
  std::string type = "text/plain", content = "plain \xC3\xA9";
  start([&](Connection& c) { c.answer(200, content, {"Content-Type: " + type}); });
  EXPECT_EQ(output(run(Json::object())).at("response").at("body").as_string(), content);
  content = "\xFF\x00\x01";
  EXPECT_EQ(output(run(Json::object())).at("response").at("bodyEncoding").as_string(), "base64");
  type = "application/problem+json";
  content = "<html>";
  const auto wrong = failed(run(post()));
  EXPECT_TRUE(wrong.ambiguous);
  EXPECT_FALSE(may_repeat(wrong));
  EXPECT_TRUE(may_repeat(failed(run(Json::object())))) << "a GET may be repeated";
}

// I22: what is retried and what is not.
TEST_F(HttpTest, StatusesAreClassified) {
  std::atomic<int> status{0};
  start([&](Connection& c) { c.answer(status, "why"); });
  struct Case {
    int status;
    bool retryable;
    bool ambiguous_post;
  };
  for (const Case& c : {Case{400, false, false},
                        {401, false, false},
                        {403, false, false},
                        {404, false, false},
                        {408, true, false},
                        {409, false, false},
                        {422, false, false},
                        {425, true, false},
                        {429, true, false},
                        {500, true, false},
                        {501, true, false},
                        {502, true, true},
                        {503, true, false},
                        {504, true, true},
                        {302, false, false}}) {
    status = c.status;
    const auto answer = failed(run(post()));
    EXPECT_EQ(answer.retryable, c.retryable) << c.status;
    EXPECT_EQ(answer.ambiguous, c.ambiguous_post) << c.status;
    EXPECT_EQ(answer.code, c.status);
    EXPECT_EQ(answer.detail, "why");
    EXPECT_FALSE(failed(run(Json::object({{"method", "PUT"}}))).ambiguous) << c.status;
    EXPECT_FALSE(failed(run(post(), Json::object({{"repeatSafety", "key"}}))).ambiguous) << c.status;
  }
}

TEST_F(HttpTest, AServerErrorWithoutBodyIsAmbiguousUnlessItSaysWhenToComeBack) {
  std::atomic<bool> retry_after{false};
  start([&](Connection& c) {
    if (retry_after) {
      c.answer(503, "", {"Retry-After: 7"});
    } else {
      c.answer(500, "");
    }
  });
  EXPECT_TRUE(failed(run(post())).ambiguous);
  retry_after = true;
  const auto answer = failed(run(post()));
  EXPECT_FALSE(answer.ambiguous);
  EXPECT_EQ(answer.retry_after, 7000ms);
}

TEST(RetryAfter, SecondsAndDates) {
  constexpr std::int64_t now = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(parse_retry_after("120", "", now), 120s);
  EXPECT_EQ(parse_retry_after("0", "", now), 0s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", "", now), 60s);
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", "", now), 60s);
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:50:37 1994", "", now), 60s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:50:27 GMT", now), 10s)
      << "the server's own clock";
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", "", now), 0s) << "the past";
  EXPECT_EQ(parse_retry_after("99999999999999999999", "", now), 24h);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 2094 08:50:37 GMT", "", now), 24h);
  for (const char* bad : {"", "-1", "soon", "1.5"}) EXPECT_FALSE(parse_retry_after(bad, "", now)) << bad;
}

// I21 and I22: everything after which nobody knows whether the server acted.
TEST_F(HttpTest, BrokenAnswersAreAmbiguous) {
  const std::map<std::string, TestServer::Handler> modes = {
      {"accept then hang", [](Connection& c) { c.hang(); }},
      {"reset after the request", [](Connection& c) { c.reset(); }},
      {"closed without an answer", [](Connection&) {}},
      {"garbage", [](Connection& c) { c.send("\x16\x03\x01 what is this\r\n\r\n"); }},
      {"truncated body", [](Connection& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\""); }},
      {"truncated chunks",
       [](Connection& c) { c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\""); }},
      {"one byte a second",
       [](Connection& c) {
         c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
         while (!c.stopping() && c.send("x")) std::this_thread::sleep_for(50ms);
       }},
  };
  // From here on the connector gives up 200 ms before the deadline, the most it takes. Of a shorter time it takes a tenth, and on a busy
  // machine the deadline's own thread could then be the first to speak.
  constexpr auto timeout = 2000ms;
  for (const auto& [name, handler] : modes) {
    start(handler);
    const auto answer = failed(run(post(), Json::object(), {.timeout = timeout}));
    EXPECT_TRUE(answer.ambiguous) << name << ": " << answer.message;
    EXPECT_TRUE(answer.retryable) << name;
    EXPECT_FALSE(may_repeat(answer)) << name;
    EXPECT_EQ(answer.kind, activities::FailureKind::reported)
        << name << ": the connector knows first, not the deadline";
    EXPECT_EQ(server_->requests(), 1) << name << ": never sent twice";
    EXPECT_TRUE(may_repeat(failed(run(Json::object(), Json::object(), {.timeout = timeout})))) << name;
    host_->stop(10s);
  }
}

TEST_F(HttpTest, GiantAnswersAreCut) {
  start(
      [](Connection& c) {
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
        const std::string block(64 << 10, 'x');
        while (!c.stopping() && c.send(block)) continue;
      },
      R"(,"responseBytesMax":100000)");
  const auto answer = failed(run(post()));
  EXPECT_NE(answer.message.find("larger than 100000 bytes"), std::string::npos);
  EXPECT_FALSE(answer.retryable);
  EXPECT_TRUE(answer.ambiguous);
}

TEST_F(HttpTest, GiantHeadersAreCut) {
  start([](Connection& c) {
    c.send("HTTP/1.1 200 OK\r\n");
    const std::string line = "X-H: " + std::string(1000, 'x') + "\r\n";
    while (!c.stopping() && c.send(line)) continue;
  });
  EXPECT_NE(failed(run(post())).message.find("headers of the answer are larger"), std::string::npos);
}

TEST_F(HttpTest, WhatNeverLeftIsNotAmbiguous) {
  start([](Connection& c) { c.json("{}"); });
  int closed_port = 0;
  {
    closed_port = TestServer([](Connection&) {}).port();
  }
  auto input = post();
  input.set("url", "http://127.0.0.1:" + std::to_string(closed_port) + "/");
  const auto refused = failed(run(input));
  EXPECT_FALSE(refused.retryable) << "the allow list has only the server's port";
  input.set("url", "http://does-not-exist.invalid/");
  const auto unresolved = failed(run(input));
  EXPECT_TRUE(unresolved.retryable);
  EXPECT_FALSE(unresolved.ambiguous);
}

TEST_F(HttpTest, ConnectionRefusedCanBeRetried) {
  start([](Connection& c) { c.json("{}"); });
  const std::string url = server_->url();
  server_.reset();
  auto input = post();
  input.set("url", url);
  const auto answer = failed(run(input));
  EXPECT_TRUE(answer.retryable);
  EXPECT_FALSE(answer.ambiguous);
}

TEST_F(HttpTest, NoWayAroundTheAddressFilter) {
  TestServer inside([](Connection& c) { c.json(R"({"inside":true})"); });
  start([&](Connection& c) { c.answer(302, "", {"Location: " + inside.url()}); });
  const std::string port = ":" + std::to_string(inside.port());
  for (const std::string& url : {"http://127.0.0.1" + port + "/",
                                 "http://localhost" + port + "/",
                                 "http://2130706433" + port + "/",
                                 "http://0x7f.1" + port + "/",
                                 "http://0177.0.0.1" + port + "/",
                                 "http://127.1" + port + "/",
                                 "http://0.0.0.0" + port + "/",
                                 "http://[::1]" + port + "/",
                                 "http://[::ffff:127.0.0.1]" + port + "/",
                                 "http://[::ffff:7f00:1]" + port + "/",
                                 std::string("http://169.254.169.254/latest/meta-data"),
                                 "http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1" + port + "/",
                                 std::string("http://10.0.0.1/"),
                                 std::string("http://[fe80::1]/"),
                                 server_->url("/redirects"),
                                 "http://x@127.0.0.1" + port + "/",
                                 std::string("file:///etc/passwd"),
                                 std::string("ftp://127.0.0.1/"),
                                 std::string("gopher://127.0.0.1:1/_x"),
                                 std::string("dict://127.0.0.1:1/"),
                                 std::string("//127.0.0.1/"),
                                 std::string("http://"),
                                 std::string("http://a b/"),
                                 std::string("http://a\r\nX: y/")}) {
    const auto outcome = run(Json::object({{"url", url}}), Json::object(), {.timeout = 3s});
    EXPECT_TRUE(std::holds_alternative<ActivityFailed>(outcome)) << url;
    const bool may_not_resolve = url.find("\xEF\xBC") != std::string::npos;
    if (!may_not_resolve) {
      EXPECT_FALSE(failed(outcome).retryable) << url << " " << failed(outcome).message;
    }
  }
  EXPECT_EQ(inside.connections(), 0);
}

TEST_F(HttpTest, ProxiesOfTheEnvironmentAreNotUsed) {
  TestServer proxy([](Connection& c) { c.json(R"({"proxied":true})"); });
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  ::setenv("all_proxy", proxy.url("").c_str(), 1);
  start([](Connection& c) { c.json(R"({"direct":true})"); });
  const auto direct = output(run(Json::object())).at("response").at("body");
  ::unsetenv("http_proxy");
  ::unsetenv("all_proxy");
  EXPECT_NE(direct.find("direct"), nullptr);
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(HttpTest, HeadersCannotBeInjected) {
  start([](Connection& c) { c.json("{}"); });
  for (const char* headers :
       {R"({"X":"a\r\nHost: evil"})", R"({"X\r\nY":"a"})", R"({"Host":"evil"})", R"({"Content-Length":"0"})",
        R"({"transfer-encoding":"chunked"})", R"({"":"a"})", R"({"X":"a\u0000b"})"}) {
    auto input = post();
    input.set("headers", Json::parse(headers));
    const auto answer = failed(run(input));
    EXPECT_FALSE(answer.retryable) << headers;
    EXPECT_FALSE(answer.ambiguous) << headers;
  }
  EXPECT_FALSE(failed(run(Json::object({{"method", "GET / HTTP/1.1\r\nX: y"}}))).retryable);
  EXPECT_EQ(server_->requests(), 0);
}

TEST_F(HttpTest, PathParametersCannotLeaveTheirSegment) {
  std::string line;
  start([&](Connection& c) {
    line = c.request_line();
    c.json("{}");
  });
  const auto with = [&](const Json& value) {
    return run(
        Json::object({{"url", server_->url("/orders/{id}/lines")}, {"pathParameters", Json::object({{"id", value}})}}));
  };
  for (const Json& bad : {Json(".."), Json("."), Json(""), Json(), Json::array()}) failed(with(bad));
  EXPECT_EQ(server_->requests(), 0);
  output(with("../../admin?x=1#"));
  EXPECT_EQ(line, "GET /orders/..%2F..%2Fadmin%3Fx%3D1%23/lines HTTP/1.1");
}

TEST_F(HttpTest, Authentications) {
  std::string authorization, api_key, line;
  start([&](Connection& c) {
    authorization = c.header("Authorization");
    api_key = c.header("X-API-Key");
    line = c.request_line();
    c.json("{}");
  });
  const auto with = [&](const char* authentication) {
    return run_as_written(Json::object({{"authentication", Json::parse(authentication)}}));
  };
  output(with(R"({"type":"basic","username":"Aladdin","password":"open sesame"})"));
  EXPECT_EQ(authorization, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  output(with(R"({"type":"bearer","token":"secret:TOKEN"})"));
  EXPECT_EQ(authorization, std::string("Bearer ") + canary);
  output(with(R"({"type":"apiKey","apiKeyLocation":"headers","name":"X-API-Key","value":"pre-{{secrets.TOKEN}}"})"));
  EXPECT_EQ(api_key, std::string("pre-") + canary);
  output(with(R"({"type":"apiKey","apiKeyLocation":"query","name":"key","value":"{{secrets.TOKEN}}"})"));
  EXPECT_EQ(line, "GET /orders?key=canary-7d1e%22x HTTP/1.1");
  for (const char* bad :
       {R"({"type":"kerberos"})", R"({"type":"bearer"})", R"({"type":"bearer","token":"secret:NOBODY"})"}) {
    EXPECT_FALSE(failed(with(bad)).retryable) << bad;
  }
}

TEST_F(HttpTest, SecretsAreNotResolvedInProcessData) {
  std::string body, line;
  start([&](Connection& c) {
    body = c.body;
    line = c.request_line();
    c.json("{}");
  });
  output(run(Json::object({{"method", "POST"},
                           {"body", Json::object({{"note", "{{secrets.TOKEN}}"}})},
                           {"url", server_->url("/{x}")},
                           {"pathParameters", Json::object({{"x", "secret:TOKEN"}})}})));
  EXPECT_EQ(body, R"({"note":"{{secrets.TOKEN}}"})");
  EXPECT_EQ(line, "POST /secret%3ATOKEN HTTP/1.1");
}

TEST_F(HttpTest, ASecretThatAVariableNamesIsRefusedBeforeAnythingIsSent) {
  start([](Connection& c) { c.json("{}"); });
  struct Case {
    const char* input;
    const char* place;
  };
  for (const Case& c :
       {Case{R"({"queryParameters":{"email":"{{secrets.TOKEN}}"}})", "queryParameters.email"},
        Case{R"({"queryParameters":{"email":["a","secret:TOKEN"]}})", "queryParameters.email"},
        Case{R"({"headers":{"X-Name":"x {{ secrets.TOKEN }}"}})", "headers.X-Name"},
        Case{R"({"authentication":{"type":"bearer","token":"secret:TOKEN"}})", "authentication.token"}}) {
    for (const char* type : {"http", "json-rpc"}) {
      Json input = Json::parse(c.input);
      if (std::string_view(type) == "json-rpc") input.set("method", "sale.get");
      // Another text of the author at the same place, and the same text at another, make no difference.
      const ActivityFailed refused = failed(run(
          input, Json::object(),
          {.type = type,
           .fixed_input_json =
               R"({"queryParameters":{"email":null},"headers":{"X-Name":"{{secrets.TOKEN}}"}, "x":"secret:TOKEN"})"}));
      EXPECT_FALSE(refused.retryable) << c.input;
      EXPECT_FALSE(refused.ambiguous) << c.input;
      EXPECT_NE(refused.message.find(c.place), std::string::npos) << refused.message;
    }
  }
  EXPECT_EQ(server_->requests(), 0);
  output(run(Json::parse(R"({"queryParameters":{"q":"secret: a sentence","r":"{{secret}}"}})")));
}

TEST_F(HttpTest, SecretsThatTheModelNamesAreResolvedWhereverItNamesThem) {
  std::string line, body, extra, authorization;
  start([&](Connection& c) {
    line = c.request_line();
    body = c.body;
    extra = c.header("X-Extra");
    authorization = c.header("Authorization");
    c.json("{}");
  });
  output(run(Json::parse(R"({"method":"POST","queryParameters":{"key":"{{secrets.CLIENT}}","q":"x"},
                "headers":{"X-Extra":"a {{ secrets.CLIENT }} b"},"body":{"list":[1,"secret:CLIENT"],"note":"secret:CLIENT"}})"),
             Json::object(),
             {.fixed_input_json = R"({"method":"POST","queryParameters":{"key":"{{secrets.CLIENT}}","q":null},
                "headers":{"X-Extra":"a {{ secrets.CLIENT }} b"},"body":{"list":[2,"secret:CLIENT"],"note":null}})"}));
  EXPECT_EQ(line, "POST /orders?key=client-canary-99&q=x HTTP/1.1");
  EXPECT_EQ(extra, "a client-canary-99 b");
  EXPECT_EQ(body, R"({"list":[1,"client-canary-99"],"note":"secret:CLIENT"})") << "the note came from a variable";
  // A task header is the model's own text.
  output(run(Json::object(), Json::object({{"authentication", R"({"type":"bearer","token":"secret:TOKEN"})"},
                                           {"headers", R"({"X-Extra":"{{secrets.CLIENT}}"})"},
                                           {"queryParameters", R"({"key":["{{secrets.CLIENT}}"]})"}})));
  EXPECT_EQ(line, "GET /orders?key=client-canary-99 HTTP/1.1");
  EXPECT_EQ(extra, "client-canary-99");
  EXPECT_EQ(authorization, std::string("Bearer ") + canary);
  const ActivityFailed missing = failed(run_as_written(Json::parse(R"({"headers":{"X-Extra":"secret:NOBODY"}})")));
  EXPECT_FALSE(missing.retryable);
  EXPECT_NE(missing.message.find("FERMATA_SECRET_NOBODY"), std::string::npos) << missing.message;
}

/// The limits that a call of the engine gets.
HttpLimits limits_for(const std::string& input_json, std::chrono::milliseconds deadline = call_time_max) {
  static std::int64_t remaining = 0;
  remaining = deadline.count();
  fermata_host_api api{};
  api.struct_size = sizeof api;
  api.remaining_ms = [](fermata_call*) { return remaining; };
  fermata_call_info info{};
  info.struct_size = sizeof info;
  info.input_json = {input_json.data(), input_json.size()};
  const sdk::Call call(&api, nullptr, &info);
  const HttpState state(Json::object());
  return base_request(state, call).limits;
}

TEST(HttpTimes, AreWhatTheModelAsksForOrRefused) {
  EXPECT_EQ(limits_for(R"({"url":"http://x/"})").total_timeout, 30s);
  EXPECT_EQ(limits_for(R"({"url":"http://x/","readTimeoutInSeconds":120})").total_timeout, 120s);
  const HttpLimits both =
      limits_for(R"({"url":"http://x/","readTimeoutInSeconds":"600","connectionTimeoutInSeconds":600})");
  EXPECT_EQ(both.connect_timeout, 600s);
  EXPECT_EQ(both.total_timeout, 1200s) << "the time for the answer is not cut by that for the connection";
  EXPECT_EQ(limits_for(R"({"url":"http://x/","readTimeoutInSeconds":0})").total_timeout, 600s);
  for (const char* wrong : {"601", "-1", "1.5", "\"soon\""}) {
    for (const char* name : {"readTimeoutInSeconds", "connectionTimeoutInSeconds"}) {
      const std::string input = std::string(R"({"url":"http://x/",")") + name + "\":" + wrong + "}";
      try {
        (void)limits_for(input);
        ADD_FAILURE() << input;
      } catch (const sdk::InputError& error) {
        EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
      }
    }
  }
  EXPECT_EQ(limits_for(R"({"url":"http://x/"})", 2s).total_timeout, 1800ms);
  EXPECT_THROW((void)limits_for(R"({"url":"http://x/","readTimeoutInSeconds":3})", 2s), sdk::InputError);
}

TEST_F(HttpTest, AServerMayThinkBeforeItAnswersButNotTrickle) {
  std::atomic<bool> trickle{false};
  start(
      [&](Connection& c) {
        if (!trickle) {
          std::this_thread::sleep_for(3s);
          return c.json("{}");
        }
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while (!c.stopping() && c.send("x")) std::this_thread::sleep_for(500ms);
      },
      R"(,"lowSpeedSeconds":1)");
  output(run(post()));
  trickle = true;
  EXPECT_NE(failed(run(post())).message.find("too slow"), std::string::npos);
}

TEST_F(HttpTest, AnEchoedSecretIsBlottedOutEverywhere) {
  std::atomic<int> status{200};
  start([&](Connection& c) {
    const std::string echo = c.header("Authorization");
    c.json(Json::object({{"echo", echo}, {echo, 1}}).dump(), status);
  });
  for (const int code : {200, 400, 500}) {
    status = code;
    const auto outcome = run_as_written(
        Json::object({{"authentication", Json::object({{"type", "bearer"}, {"token", "secret:TOKEN"}})}}));
    std::string all = log_;
    if (const auto* done = std::get_if<ActivityCompleted>(&outcome)) all += done->output_json;
    if (const auto* f = std::get_if<ActivityFailed>(&outcome)) all += f->message + f->detail;
    EXPECT_EQ(all.find("canary-7d1e"), std::string::npos) << all;
    EXPECT_NE(all.find("Bearer ***"), std::string::npos) << all;
  }
}

TEST_F(HttpTest, OAuthTokensAreFetchedOnceAndRenewedWhenRefused) {
  std::atomic<int> tokens{0};
  std::atomic<bool> revoke{false};
  std::string token_body, token_authorization;
  start([&](Connection& c) {
    if (c.request_line().find("/token") != std::string::npos) {
      token_body = c.body;
      token_authorization = c.header("Authorization");
      c.json(R"({"access_token":"tok-canary-)" + std::to_string(++tokens) + R"(","expires_in":3600})");
    } else if (revoke && c.header("Authorization") == "Bearer tok-canary-1") {
      c.answer(401, "revoked tok-canary-1");
    } else {
      c.json("\"" + c.header("Authorization") + "\"");
    }
  });
  const auto grant = [&](const char* how) {
    return Json::object({{"method", "POST"},
                         {"authentication", Json::object({{"type", "oauth-client-credentials-flow"},
                                                          {"oauthTokenEndpoint", server_->url("/token")},
                                                          {"clientId", "me"},
                                                          {"clientSecret", "secret:CLIENT"},
                                                          {"scopes", "a b"},
                                                          {"clientAuthentication", how}})}});
  };
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(output(run_as_written(grant("basicAuthHeader"))).at("response").at("body").as_string(), "Bearer ***");
  EXPECT_EQ(tokens, 1);
  EXPECT_EQ(token_body, "grant_type=client_credentials&scope=a%20b");
  EXPECT_EQ(token_authorization, "Basic bWU6Y2xpZW50LWNhbmFyeS05OQ==");
  revoke = true;
  output(run_as_written(grant("basicAuthHeader")));
  EXPECT_EQ(tokens, 2);
  output(run_as_written(grant("credentialsBody")));
  EXPECT_EQ(token_body, "grant_type=client_credentials&scope=a%20b&client_id=me&client_secret=client-canary-99");
}

TEST_F(HttpTest, ATokenEndpointThatFailsIsNotAmbiguous) {
  start([](Connection& c) {
    c.request_line().find("/token") != std::string::npos ? c.answer(503, "client-canary-99 is down") : c.json("{}");
  });
  const auto answer = failed(
      run_as_written(Json::object({{"method", "POST"},
                                   {"authentication", Json::object({{"type", "oauth-client-credentials-flow"},
                                                                    {"oauthTokenEndpoint", server_->url("/token")},
                                                                    {"clientId", "me"},
                                                                    {"clientSecret", "secret:CLIENT"}})}})));
  EXPECT_TRUE(answer.retryable);
  EXPECT_FALSE(answer.ambiguous);
  EXPECT_EQ(answer.detail, "*** is down");
}

TEST_F(HttpTest, CancelEndsAHangingCall) {
  start([](Connection& c) { c.hang(); });
  std::promise<ActivityOutcome> promise;
  ASSERT_TRUE(host_->submit({.job_key = 5, .type = "http", .input_json = R"({"url":")" + server_->url() + "\"}"},
                            [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); }));
  while (server_->requests() == 0) std::this_thread::yield();
  host_->cancel(5);
  EXPECT_NE(failed(promise.get_future().get()).message.find("cancelled"), std::string::npos);
}

TEST_F(HttpTest, JsonRpc) {
  std::string body, answer;
  start([&](Connection& c) {
    body = c.body;
    c.json(answer);
  });
  const auto call = [&](Json headers) {
    return run(Json::object({{"method", "sale.get"}, {"params", Json::array({1})}}), std::move(headers),
               {.type = "json-rpc"});
  };
  answer = R"({"jsonrpc":"2.0","id":"key-1","result":{"total":10.50}})";
  EXPECT_EQ(output(call(Json::object())).at("result").at("total").number_text(), "10.50");
  EXPECT_EQ(body, R"({"jsonrpc":"2.0","id":"key-1","method":"sale.get","params":[1]})");
  answer = R"({"jsonrpc":"2.0","id":"key-1","error":{"code":-32001,"message":"over the limit"}})";
  const auto outcome = call(Json::object({{"errorMapping", R"({"-32001":"CREDIT_LIMIT"})"}}));
  EXPECT_EQ(std::get<ActivityBpmnError>(outcome).code, "CREDIT_LIMIT");
  EXPECT_FALSE(failed(call(Json::object())).retryable);
  EXPECT_TRUE(failed(call(Json::object({{"retryableCodes", "-32000, -32001"}}))).retryable);
  for (const char* odd : {R"({"jsonrpc":"2.0","id":"other","result":1})", "[]", "nonsense", R"({"id":"key-1"})"}) {
    answer = odd;
    EXPECT_TRUE(failed(call(Json::object())).ambiguous) << odd;
  }
}

TEST_F(HttpTest, UnknownSettingsAreRefused) {
  activities::Host host;
  EXPECT_FALSE(host.add(http_plugin(), {.config_json = R"({"alow":["127.0.0.1:1"]})"}));
  EXPECT_FALSE(host.add(http_plugin(), {.config_json = R"({"allow":["everything"]})"}));
}

}  // namespace
}  // namespace fermata::connector
