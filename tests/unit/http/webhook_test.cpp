#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>

#include "engine/base/json.h"
#include "http/auth/crypto.h"
#include "http/webhook_api/routes.h"

namespace fermata::http {
namespace {

/// Remembers idempotency keys as core/partition does, and answers what the test wants for each kind of command.
class StandInEngine {
 public:
  Result<Outcome> submit(ClientRequest request) {
    const auto key = std::pair(request.idempotency_source, request.idempotency_key);
    if (const auto known = remembered.find(key); known != remembered.end()) {
      if (known->second.fingerprint != request.fingerprint)
        return Outcome(tl::unexpected(Rejection{RejectionCode::already_exists, "used before"}));
      return Outcome(known->second.reply);
    }
    Result<Outcome> outcome = decide(request);
    if (outcome && *outcome) {
      executed.push_back(request);
      remembered[key] = {request.fingerprint, **outcome};
    }
    return outcome;
  }
  Result<Outcome> decide(const ClientRequest& request) {
    if (busy) return fail(ErrorCode::resource_exhausted, "the queue is full");
    if (std::holds_alternative<CorrelateMessage>(request.command) && !waits) {
      return Outcome(tl::unexpected(Rejection{RejectionCode::not_found, "nothing waits"}));
    }
    if (std::holds_alternative<CreateInstance>(request.command)) {
      if (lives) return Outcome(tl::unexpected(Rejection{RejectionCode::already_exists, "lives already"}));
      return Outcome(Reply(InstanceCreated{ProcessInstanceKey{++keys}, {}, {}}));
    }
    return Outcome(Reply(MessageAccepted{}));
  }
  struct Remembered {
    std::string fingerprint;
    Reply reply;
  };
  std::map<std::pair<std::string, std::string>, Remembered> remembered;
  std::vector<ClientRequest> executed;
  bool busy = false, waits = false, lives = false;
  std::int64_t keys = 0;
};

class StarterToken : public Authenticator {
 public:
  std::optional<Principal> authenticate(const Headers& headers) const override {
    if (headers.value("Authorization") == "Bearer starter") return Principal{"s", RoleSet{Role::starter}};
    if (headers.value("Authorization") == "Bearer other") return Principal{"o", RoleSet{Role::starter}};
    if (headers.value("Authorization") == "Bearer reader") return Principal{"r", RoleSet{Role::reader}};
    return std::nullopt;
  }
};

class WebhookTest : public testing::Test {
 protected:
  void SetUp() override {
    registry = std::move(*HookRegistry::open("", {}));
    services = std::make_unique<WebhookServices>(WebhookServices{
        *registry, [this](ClientRequest r) { return engine.submit(std::move(r)); },
        [](std::string_view name) { return name == "S" ? std::optional<std::string>("key") : std::nullopt; },
        authenticator, [] { return Timestamp{1'000'000'000}; }});
  }
  void put(const std::string& settings) {
    const auto made = registry->put("lead", *parse_json(settings));
    ASSERT_TRUE(made) << made.error().message;
  }
  std::string problem_of(const std::string& settings) {
    const auto made = registry->put("lead", *parse_json(settings));
    return made ? "" : made.error().message;
  }
  Response send(const std::string& body, const std::string& id, std::vector<Header> more = {},
                const std::string& key = "key") {
    Request request;
    request.path_params = {{"name", "lead"}};
    request.body = body;
    request.headers.add("X-Hub-Signature-256", "sha256=" + to_hex(hmac(HashAlgorithm::sha256, key, body)));
    if (!id.empty()) request.headers.add("X-GitHub-Delivery", id);
    for (Header& field : more) request.headers.add(field.name, field.value);
    return receive_delivery(*services, request);
  }

  StandInEngine engine;
  StarterToken authenticator;
  std::unique_ptr<HookRegistry> registry;
  std::unique_ptr<WebhookServices> services;
  const std::string start =
      R"({"preset":"github","secrets":["OLD","S"],"action":"start","process":"=\"p-\" + body.kind",
                                "businessKey":"=body.id","variables":"={lead: body, event: headers.x_github_event}"})";
  const std::string publish =
      R"({"preset":"github","secrets":["S"],"message":"lead-received","correlationKey":"=body.id"})";
};

TEST_F(WebhookTest, StartsWithMappedVariablesOnceForEachDelivery) {
  put(start);
  const std::string body = R"({"id":"L-1","kind":"web","amount":10.50})";
  const Response first = send(body, "d-1", {{"X-GitHub-Event", "push"}});
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.body, R"({"deliveryId":"d-1","processInstanceKeys":["1"],"ignored":false})");
  EXPECT_EQ(send(body, "d-1", {{"X-GitHub-Event", "push"}}).body, first.body) << "a repeat gets the first answer";
  ASSERT_EQ(engine.executed.size(), 1u);
  const auto& command = std::get<CreateInstance>(engine.executed[0].command);
  EXPECT_EQ(command.process_id, "p-web");
  EXPECT_EQ(command.business_key, "L-1");
  EXPECT_EQ(to_json(command.variables.at(0).value), R"({"id":"L-1","kind":"web","amount":10.5})");
  EXPECT_EQ(command.variables.at(1).value.as_string(), "push");
  EXPECT_EQ(engine.executed[0].idempotency_source, "webhook:lead");
  EXPECT_EQ(send(R"({"id":"L-1","kind":"other"})", "d-1").status, 409) << "the same id with another body";
  EXPECT_EQ(send(R"({"id":"L-2","kind":"web"})", "").status, 200);
  EXPECT_EQ(engine.executed.size(), 2u) << "without an id the body's hash is the id";
}

TEST_F(WebhookTest, RefusesWhatIsNotSignedBeforeAnythingElse) {
  put(start);
  EXPECT_EQ(send("{}", "d", {}, "wrong").status, 401);
  EXPECT_TRUE(engine.executed.empty());
  Request other;
  other.path_params = {{"name", "none"}};
  EXPECT_EQ(receive_delivery(*services, other).status, 404);
  put(R"({"preset":"github","secrets":["ABSENT"],"action":"start","process":"p"})");
  EXPECT_EQ(send("{}", "d").status, 503) << "our own trouble: the sender shall try again";
}

TEST_F(WebhookTest, PublishesWithTheWholeBodyByDefault) {
  put(publish);
  EXPECT_EQ(send(R"({"id":17,"a":1})", "d-1").status, 200);
  const auto& command = std::get<PublishMessage>(engine.executed.at(0).command);
  EXPECT_EQ(command.name, "lead-received");
  EXPECT_EQ(command.correlation_key, "17");
  EXPECT_EQ(command.ttl.ms, 24 * 3600 * 1000);
  EXPECT_EQ(command.variables.size(), 2u);
  EXPECT_EQ(send(R"({"a":1})", "d-2").status, 400) << "no correlation key";
  engine.busy = true;
  const Response busy = send(R"({"id":18})", "d-3");
  EXPECT_EQ(busy.status, 503);
  EXPECT_TRUE(busy.headers.has("Retry-After"));
}

TEST_F(WebhookTest, StartOrCorrelateTakesTheFirstThatFits) {
  put(R"({"preset":"github","secrets":["S"],"action":"start-or-correlate","process":"p","message":"m","correlationKey":"=body.id"})");
  send(R"({"id":"a"})", "d-1");
  EXPECT_TRUE(std::holds_alternative<CreateInstance>(engine.executed.at(0).command));
  EXPECT_EQ(std::get<CreateInstance>(engine.executed[0].command).business_key, "a");
  EXPECT_TRUE(std::get<CreateInstance>(engine.executed[0].command).unique_business_key);
  engine.waits = true;
  send(R"({"id":"a"})", "d-1");
  EXPECT_EQ(engine.executed.size(), 1u) << "the repeat is answered from memory although somebody waits now";
  send(R"({"id":"a"})", "d-2");
  EXPECT_TRUE(std::holds_alternative<CorrelateMessage>(engine.executed.at(1).command));
  engine.waits = false;
  engine.lives = true;
  send(R"({"id":"a"})", "d-3");
  EXPECT_TRUE(std::holds_alternative<PublishMessage>(engine.executed.at(2).command));
}

TEST_F(WebhookTest, WhenChoosesAndHeadersDoNotCarryCredentials) {
  put(R"({"preset":"github","secrets":["S"],"action":"start","process":"p","when":"=headers.x_github_event != \"ping\"","variables":"={h: headers}"})");
  EXPECT_NE(send("{}", "d-1", {{"X-GitHub-Event", "ping"}}).body.find("\"ignored\":true"), std::string::npos);
  EXPECT_TRUE(engine.executed.empty());
  send("{}", "d-2", {{"X-GitHub-Event", "push"}, {"Authorization", "Bearer secret"}, {"Cookie", "secret"}});
  const std::string seen = to_json(std::get<CreateInstance>(engine.executed.at(0).command).variables.at(0).value);
  EXPECT_EQ(seen.find("secret"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("sha256="), std::string::npos) << seen;
}

TEST_F(WebhookTest, CloudEventsAreDeliveredEachOnce) {
  put(R"({"preset":"token","message":"=event.type","correlationKey":"=event.subject","variables":"={order: body}"})");
  const auto post = [&](const std::string& body, const std::string& token) {
    Request request;
    request.path_params = {{"name", "lead"}};
    request.body = body;
    request.headers.add("Content-Type", "application/cloudevents-batch+json");
    request.headers.add("Authorization", token);
    return receive_delivery(*services, request).status;
  };
  const std::string one = R"({"specversion":"1.0","id":"1","source":"s","type":"paid","subject":"o-1","data":{"n":1}})";
  const std::string two = R"({"specversion":"1.0","id":"2","source":"s","type":"paid","subject":"o-2"})";
  EXPECT_EQ(post("[" + one + "]", "Bearer nobody"), 401);
  EXPECT_EQ(post("[" + one + "]", "Bearer reader"), 401);
  EXPECT_EQ(post("[" + one + "]", "Bearer starter"), 200);
  EXPECT_EQ(post("[" + one + "," + two + "]", "Bearer starter"), 200);
  ASSERT_EQ(engine.executed.size(), 2u);
  EXPECT_EQ(std::get<PublishMessage>(engine.executed[0].command).correlation_key, "o-1");
  EXPECT_EQ(to_json(std::get<PublishMessage>(engine.executed[0].command).variables.at(0).value), R"({"n":1})");
  EXPECT_EQ(post("[{}]", "Bearer starter"), 400);
}

TEST_F(WebhookTest, UnsignedHeadersMakeNoNewDelivery) {
  put(R"({"preset":"github","secrets":["S"],"action":"start","process":"p","variables":"={type: event.type, id: deliveryId}"})");
  const auto event = [](const std::string& id) {
    return std::vector<Header>{{"ce-specversion", "1.0"}, {"ce-id", id}, {"ce-source", "/shop"}, {"ce-type", "paid"}};
  };
  const std::string body = R"({"n":1})";
  const Response first = send(body, "d-1", event("1"));
  EXPECT_EQ(first.status, 200) << first.body;
  const Response again = send(body, "d-1", event("2"));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.body, first.body) << "the same signed delivery, whatever its headers say";
  EXPECT_EQ(send(body, "d-1").body, first.body);
  ASSERT_EQ(engine.executed.size(), 1u);
  EXPECT_EQ(engine.executed[0].idempotency_key, "d-1");
  const Variables& variables = std::get<CreateInstance>(engine.executed[0].command).variables;
  EXPECT_EQ(variables.at(0).value.as_string(), "paid");
  EXPECT_EQ(variables.at(1).value.as_string(), "d-1");
  send(body, "", event("3"));
  send(body, "", event("4"));
  EXPECT_EQ(engine.executed.size(), 2u) << "without an id the body's hash is the id";

  const std::string structured = R"({"specversion":"1.0","id":"1","source":"s","type":"paid"})";
  send(structured, "d-2", {{"Content-Type", "application/cloudevents+json"}});
  send(structured, "d-3", {{"Content-Type", "application/cloudevents+json"}});
  ASSERT_EQ(engine.executed.size(), 3u);
  EXPECT_TRUE(engine.executed[2].idempotency_key.starts_with("event:")) << "in the body source and id are signed";
}

TEST_F(WebhookTest, ATokenHasDeliveryIdsOfItsOwn) {
  put(R"({"preset":"token","message":"m","correlationKey":"k"})");
  const auto post = [&](const std::string& token, std::vector<Header> more) {
    Request request;
    request.path_params = {{"name", "lead"}};
    request.body = R"({"n":1})";
    request.headers.add("Authorization", "Bearer " + token);
    for (Header& field : more) request.headers.add(field.name, field.value);
    return receive_delivery(*services, request).status;
  };
  EXPECT_EQ(post("other", {{"Idempotency-Key", "1"}}), 200);
  EXPECT_EQ(post("starter", {{"Idempotency-Key", "1"}}), 200);
  EXPECT_EQ(post("starter", {{"Idempotency-Key", "1"}}), 200);
  ASSERT_EQ(engine.executed.size(), 2u) << "none can take another's key";
  EXPECT_EQ(engine.executed[0].idempotency_source, "webhook:lead:o");
  EXPECT_EQ(engine.executed[1].idempotency_source, "webhook:lead:s");
  const auto event = [](const std::string& id) {
    return std::vector<Header>{{"ce-specversion", "1.0"}, {"ce-id", id}, {"ce-source", "/shop"}, {"ce-type", "paid"}};
  };
  EXPECT_EQ(post("starter", event("7")), 200);
  EXPECT_EQ(post("starter", event("8")), 200);
  EXPECT_EQ(post("starter", event("8")), 200);
  EXPECT_EQ(engine.executed.size(), 4u) << "a token vouches for the headers too";
}

TEST_F(WebhookTest, WrongSettingsAreRefusedByName) {
  EXPECT_NE(problem_of("[]").find("object"), std::string::npos);
  EXPECT_NE(problem_of(R"({"secret":["S"]})").find("'secret'"), std::string::npos);
  EXPECT_NE(problem_of(R"({"preset":"gitlab","secrets":["S"]})").find("known are"), std::string::npos);
  EXPECT_NE(problem_of(R"({"preset":"github","action":"start","process":"p"})").find("secrets"), std::string::npos);
  EXPECT_NE(problem_of(R"({"preset":"github","secrets":["S"],"action":"start"})").find("'process'"), std::string::npos);
  EXPECT_NE(problem_of(R"({"preset":"github","secrets":["S"],"message":"m"})").find("'correlationKey'"),
            std::string::npos);
  EXPECT_NE(problem_of(R"({"preset":"github","secrets":["S"],"message":"m","correlationKey":"=body."})")
                .find("correlationKey"),
            std::string::npos);
  EXPECT_NE(problem_of(R"({"preset":"github","secrets":["S"],"message":"m","correlationKey":"k","variables":"x"})")
                .find("begins with '='"),
            std::string::npos);
  EXPECT_NE(
      problem_of(
          R"({"preset":"hmac","secrets":["S"],"message":"m","correlationKey":"k","signature":{"signedContent":"{id}"}})")
          .find("{body}"),
      std::string::npos);
  EXPECT_NE(
      problem_of(R"({"preset":"github","secrets":["S"],"message":"m","correlationKey":"k","toleranceSeconds":-1})")
          .find("toleranceSeconds"),
      std::string::npos);
  EXPECT_FALSE(registry->put("Bad Name", *parse_json(publish)));
}

TEST_F(WebhookTest, HooksMadeOverTheApiSurviveARestartAndThoseOfTheFileWin) {
  std::string folder = (std::filesystem::temp_directory_path() / "fermata-hooks-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/webhooks.json";
  {
    auto first = *HookRegistry::open(path, {{"fixed", *parse_json(publish)}});
    ASSERT_TRUE(first->put("made", *parse_json(publish)));
    EXPECT_EQ(first->put("fixed", *parse_json(publish)).error().code, ErrorCode::conflict);
    EXPECT_EQ(first->remove("fixed").error().code, ErrorCode::conflict);
  }
  auto second = *HookRegistry::open(path, {});
  EXPECT_TRUE(second->find("made"));
  EXPECT_FALSE(second->find("fixed"));
  EXPECT_TRUE(second->remove("made"));
  EXPECT_EQ(second->remove("made").error().code, ErrorCode::not_found);
  EXPECT_TRUE((*HookRegistry::open(path, {}))->all().empty());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace fermata::http
