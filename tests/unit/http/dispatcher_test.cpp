#include "http/server/dispatcher.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace fermata::http {
namespace {

class OneToken : public Authenticator {
 public:
  std::optional<Principal> authenticate(const Headers& headers) const override {
    if (headers.value("Authorization") == "Bearer reader") return Principal{"r", RoleSet{Role::reader}};
    if (headers.value("Authorization") == "Basic reader") return Principal{"r", RoleSet{Role::reader}};
    if (headers.value("Authorization") == "Bearer worker") return Principal{"w", RoleSet{Role::worker}};
    return std::nullopt;
  }
};

class NoHost : public RequestHost {
 public:
  bool enter_parking() override { return true; }
  void leave_parking() override {}
  LaterAnswerPtr answer_later() override { return nullptr; }
  bool client_gone() const override { return false; }
  bool stopping() const override { return false; }
};

class DispatcherTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto add = [&](std::string method, std::string pattern, Access access, Handler handler) {
      router.add({.method = std::move(method),
                  .pattern = std::move(pattern),
                  .access = access,
                  .body_bytes_max = 10,
                  .handler = std::move(handler)});
    };
    add("GET", "/health/live", Access::open(), [](const Request&) { return Response::json(200, "{}"); });
    add("POST", "/webhooks/{name}", Access::signature(), [](const Request&) { return Response::empty(204); });
    add("GET", "/v2/items/{key}", RoleSet{Role::reader}, [](const Request& request) {
      return Response::text(200, std::string(request.param("key")) + request.principal.name);
    });
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
      add(method, "/v2/things", RoleSet{Role::reader}, [](const Request&) { return Response::empty(204); });
    }
    add("GET", "/v2/throws", RoleSet{Role::reader},
        [](const Request&) -> Response { throw std::runtime_error("the password is x"); });
    add("GET", "/v2/throws-int", RoleSet{Role::reader}, [](const Request&) -> Response { throw 7; });
    add("GET", "/engine-rest/version", RoleSet{Role::reader}, [](const Request&) { return Response::json(200, "{}"); });
    add("GET", "/v2/inject", RoleSet{Role::reader},
        [](const Request&) { return Response::empty(204).with("X-A", "b\r\nSet-Cookie: c").with("X-B", "fine"); });
    router.add_style({.prefix = "/engine-rest",
                      .error_body =
                          [](int, const ProblemText& text) {
                            return "{\"type\":\"RestException\",\"message\":\"" + text.detail + "\",\"code\":null}";
                          },
                      .www_authenticate = "Basic realm=\"default\"",
                      .cors = true});
    hooks.on_exception = [this](std::string_view, std::string_view what) { logged = what; };
  }

  Response ask(std::string method, std::string target, std::vector<Header> fields = {}) {
    MessageHead head;
    head.method = std::move(method);
    head.path = target.substr(0, target.find('?'));
    head.query = target.find('?') == std::string::npos ? "" : target.substr(target.find('?') + 1);
    head.headers.add("Host", host);
    for (Header& field : fields) head.headers.add(field.name, field.value);
    Dispatcher dispatcher(options, router, authenticator, hooks);
    Call call = dispatcher.begin(std::move(head), Peer{"127.0.0.1", 1, true});
    settled = call.settled.has_value();
    return dispatcher.answer(call, "", no_host);
  }

  const std::vector<Header> reader{{"Authorization", "Bearer reader"}};
  ServerOptions options;
  Router router;
  OneToken authenticator;
  ServerHooks hooks;
  NoHost no_host;
  std::string host = "fermata.example";
  std::string logged;
  bool settled = false;
};

TEST_F(DispatcherTest, OnlyHealthAndSignedWebhooksAnswerWithoutACredential) {
  for (const Route& route : router.routes()) {
    const int status = ask(route.method, route.pattern).status;
    if (route.access.kind == Access::Kind::roles) {
      EXPECT_EQ(status, 401) << route.pattern;
      EXPECT_TRUE(settled) << "refused before the body is read";
    } else {
      EXPECT_LT(status, 300) << route.pattern;
    }
  }
  EXPECT_EQ(ask("GET", "/no/such/thing").status, 401) << "nobody learns which paths exist";
}

TEST_F(DispatcherTest, RolesAreChecked) {
  EXPECT_EQ(ask("GET", "/v2/items/a%20b/", reader).body, "a br");
  const Response refused = ask("GET", "/v2/items/1", {{"Authorization", "Bearer worker"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.content_type, "application/problem+json");
}

TEST_F(DispatcherTest, WrongPathsAndMethods) {
  EXPECT_EQ(ask("GET", "/v2/none", reader).status, 404);
  EXPECT_EQ(ask("GET", "/v2/items/%zz", reader).status, 400);
  EXPECT_EQ(ask("GET", "/v2/items/1?a=%", reader).status, 400);
  const Response wrong = ask("DELETE", "/v2/items/1", reader);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.value("Allow"), "GET");
  EXPECT_NE(wrong.body.find("\"instance\":\"/v2/items/1\""), std::string::npos);
}

TEST_F(DispatcherTest, ExceptionsGoToTheLogAndNotToTheClient) {
  const Response response = ask("GET", "/v2/throws", reader);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("password"), std::string::npos);
  for (const Header& field : response.headers) EXPECT_EQ(field.value.find("password"), std::string::npos);
  EXPECT_EQ(logged, "the password is x");
  EXPECT_EQ(ask("GET", "/v2/throws-int", reader).status, 500);
}

TEST_F(DispatcherTest, CompressedBodiesAreRefused) {
  EXPECT_EQ(ask("GET", "/v2/items/1", {reader[0], {"Content-Encoding", "gzip"}}).status, 415);
  EXPECT_EQ(ask("GET", "/v2/items/1", {reader[0], {"Content-Encoding", "identity"}}).status, 200);
}

TEST_F(DispatcherTest, HeaderValuesWithLineBreaksAreNotSent) {
  const Response response = ask("GET", "/v2/inject", reader);
  EXPECT_FALSE(response.headers.has("X-A"));
  EXPECT_EQ(response.headers.value("X-B"), "fine");
}

TEST_F(DispatcherTest, EngineRestHasItsOwnErrorsAndCors) {
  const Response missing = ask("GET", "/engine-rest/none", reader);
  EXPECT_EQ(missing.body, R"({"type":"RestException","message":"There is nothing at /engine-rest/none.","code":null})");
  EXPECT_EQ(missing.content_type, "application/json");
  EXPECT_EQ(missing.headers.value("Access-Control-Allow-Origin"), "*");
  const Response unknown = ask("GET", "/engine-rest/version");
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(unknown.headers.value("WWW-Authenticate"), "Basic realm=\"default\"");
  const Response preflight =
      ask("OPTIONS", "/engine-rest/message", {{"Origin", "http://x"}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.value("Access-Control-Max-Age"), "1800");
  EXPECT_FALSE(preflight.headers.has("Access-Control-Allow-Credentials"));
  EXPECT_EQ(ask("OPTIONS", "/v2/items/1", {{"Access-Control-Request-Method", "GET"}}).status, 401);
}

TEST_F(DispatcherTest, ABasicCredentialIsNotTakenFromForeignPages) {
  const auto status = [&](const std::string& method, std::vector<Header> fields, const std::string& scheme = "Basic") {
    fields.push_back({"Authorization", scheme + " reader"});
    return ask(method, "/v2/things", std::move(fields)).status;
  };
  const Header foreign{"Origin", "http://evil.example"};
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    EXPECT_EQ(status(method, {foreign}), 403) << method;
    EXPECT_TRUE(settled) << "refused before the body is read";
    EXPECT_EQ(status(method, {{"Sec-Fetch-Site", "cross-site"}}), 403) << method;
    EXPECT_EQ(status(method, {}), 204) << "a program";
    EXPECT_EQ(status(method, {foreign, {"Sec-Fetch-Site", "cross-site"}}, "Bearer"), 204) << "no browser adds that by itself";
  }
  EXPECT_EQ(status("GET", {foreign, {"Sec-Fetch-Site", "cross-site"}}), 204) << "it changes nothing";
  for (const char* origin : {"null", "", "http://fermata.example:8080", "http://fermata.example.evil", "ftp://fermata.example"}) {
    EXPECT_EQ(status("POST", {{"Origin", origin}}), 403) << origin;
  }
  for (const char* origin : {"http://fermata.example", "https://FERMATA.example", "file://"}) {
    EXPECT_EQ(status("POST", {{"Origin", origin}}), 204) << origin;
  }
  EXPECT_EQ(status("POST", {{"Origin", "https://fermata.example"}, {"Sec-Fetch-Site", "same-origin"}}), 204);
  host = "fermata.example:8080";
  EXPECT_EQ(status("POST", {{"Origin", "http://fermata.example:8080"}}), 204);
  EXPECT_EQ(status("POST", {{"Origin", "http://fermata.example"}}), 403) << "another port is another site";
  host = "fermata.example:443";
  EXPECT_EQ(status("POST", {{"Origin", "https://fermata.example"}}), 204) << "the usual port may be left out";
  EXPECT_EQ(status("POST", {{"Origin", "http://fermata.example"}}), 403);
}

TEST_F(DispatcherTest, DevModeTurnsForeignPagesAway) {
  options.dev = true;
  EXPECT_EQ(ask("GET", "/v2/items/1", reader).status, 403) << "the Host is not a loopback name";
  host = "localhost:8080";
  EXPECT_EQ(ask("GET", "/v2/items/1", reader).status, 200);
  EXPECT_EQ(ask("GET", "/v2/items/1", {reader[0], {"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(ask("OPTIONS", "/engine-rest/message",
                {{"Origin", "http://evil.example"}, {"Access-Control-Request-Method", "POST"}})
                .status,
            403);
  const Response page = ask("GET", "/engine-rest/version", {reader[0], {"Origin", "http://localhost:3000"}});
  EXPECT_EQ(page.headers.value("Access-Control-Allow-Origin"), "http://localhost:3000");
}

}  // namespace
}  // namespace fermata::http
