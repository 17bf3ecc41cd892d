// A model with a REST connector, from its file to the request: what the author wrote may name secrets, what a stranger sent may not.
#include <gtest/gtest.h>

#include <mutex>

#include "activities/builtin/http/http_plugin.h"
#include "cli/serve/activity_bridge.h"
#include "cli/serve/models.h"
#include "persistence/memory/memory_store.h"
#include "tests/unit/activities/test_server.h"

namespace fermata::cli {
namespace {

using testing_support::TestServer;

std::string process_of_one_call(const std::string& id, const std::string& extensions, const std::string& loop = "") {
  return "<process id=\"" + id + "\" isExecutable=\"true\"><startEvent id=\"start_" + id + "\"/><sequenceFlow id=\"to_" + id + "\" sourceRef=\"start_" + id +
         "\" targetRef=\"call_" + id + "\"/><serviceTask id=\"call_" + id + "\"><extensionElements><zeebe:taskDefinition type=\"io.camunda:http-json:1\" retries=\"1\"/>" +
         extensions + "</extensionElements>" + loop + "</serviceTask><sequenceFlow id=\"from_" + id + "\" sourceRef=\"call_" + id + "\" targetRef=\"end_" + id +
         "\"/><endEvent id=\"end_" + id + "\"/></process>";
}

std::string model(const std::string& url) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:x">)" +
         // As Camunda's modeler writes it from the REST connector's template.
         process_of_one_call("lead", R"(<zeebe:ioMapping>
          <zeebe:input source="bearer" target="authentication.type"/>
          <zeebe:input source="{{secrets.TOKEN}}" target="authentication.token"/>
          <zeebe:input source="GET" target="method"/>
          <zeebe:input source=")" + url + R"(" target="url"/>
          <zeebe:input source="={&quot;X-Key&quot;: &quot;{{secrets.KEY}}&quot;, &quot;X-Trace&quot;: trace}" target="headers"/>
          <zeebe:input source="={email: lead.email}" target="queryParameters"/>
          <zeebe:input source="20" target="connectionTimeoutInSeconds"/>
          <zeebe:input source="120" target="readTimeoutInSeconds"/>
        </zeebe:ioMapping>
        <zeebe:taskHeaders><zeebe:header key="resultVariable" value="answer"/></zeebe:taskHeaders>)") +
         process_of_one_call("chosen", R"(<zeebe:ioMapping>
          <zeebe:input source="=if auth = null then {type: &quot;bearer&quot;, token: &quot;{{secrets.TOKEN}}&quot;} else auth" target="authentication"/>
          <zeebe:input source=")" + url + R"(" target="url"/>
        </zeebe:ioMapping>)") +
         process_of_one_call("by_header", R"(<zeebe:taskHeaders>
          <zeebe:header key="url" value=")" + url + R"("/>
          <zeebe:header key="authentication" value="{&quot;type&quot;: &quot;bearer&quot;, &quot;token&quot;: &quot;{{secrets.TOKEN}}&quot;}"/>
        </zeebe:taskHeaders>)") +
         process_of_one_call("mapped", R"(<zeebe:ioMapping><zeebe:input source=")" + url + R"(" target="url"/></zeebe:ioMapping>)") +
         process_of_one_call("each", R"(<zeebe:ioMapping>
          <zeebe:input source=")" + url + R"(" target="url"/>
          <zeebe:input source="={&quot;X-Count&quot;: loopCounter}" target="headers"/>
        </zeebe:ioMapping>)",
                             R"(<multiInstanceLoopCharacteristics><extensionElements>
          <zeebe:loopCharacteristics inputCollection="=items" inputElement="queryParameters"/>
        </extensionElements></multiInstanceLoopCharacteristics>)") +
         "</definitions>";
}

class Connector : public testing::Test {
 protected:
  void SetUp() override {
    host_ = std::make_shared<activities::Host>(activities::HostServices{
        .secrets = activities::SecretSource::of({{"TOKEN", "token-canary"}, {"KEY", "key-canary"}}), .evaluate = evaluate_feel_json});
    ASSERT_TRUE(host_->add(connector::http_plugin(), {.config_json = R"({"allow":[")" + server_.allow_entry() + "\"]}"}));
    auto store = open_memory_store();
    ASSERT_TRUE(store.has_value());
    EngineOptions options;
    options.store = std::move(*store);
    options.clock = std::make_shared<SystemClock>();
    options.compile = recompile;
    options.activities = std::make_shared<ActivityBridge>(host_);
    auto engine = Engine::open(std::move(options));
    ASSERT_TRUE(engine.has_value()) << engine.error().message;
    engine_ = std::move(*engine);
    const std::string content = model(server_.url("/leads"));
    ClientRequest request;
    request.actor = "test";
    Deploy& deploy = request.command.emplace<Deploy>();
    deploy.resources.push_back({.name = "lead.bpmn",
                                .kind = "bpmn",
                                .form_id = {},
                                .content = content,
                                .checksum = "1",
                                .processes = compile_file("lead.bpmn", content).processes,
                                .decisions = {}});
    const auto deployed = engine_->call(std::move(request));
    ASSERT_TRUE(deployed && *deployed);
  }
  void TearDown() override {
    engine_.reset();
    host_->stop(std::chrono::seconds(10));
  }

  Result<std::pair<InstanceCreated, Engine::Finished>> run(std::string email, std::string trace, Duration wait) {
    CreateInstance create;
    create.process_id = "lead";
    create.variables = {{"lead", Value::context({{"email", Value::string(std::move(email))}})}, {"trace", Value::string(std::move(trace))}};
    return engine_->create_and_await(std::move(create), "test", wait, nullptr);
  }
  std::string incident() {
    for (int turn = 0; turn < 2'000; ++turn) {
      const auto found = (*engine_->read())->search_incidents({});
      if (found && !found->items.empty()) return found->items.front().incident.message;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return "(no incident)";
  }

  std::mutex mutex_;
  std::string seen_;
  TestServer server_{[this](TestServer::Connection& c) {
    const std::lock_guard lock(mutex_);
    seen_ += c.head;
    c.json("{}");
  }};
  std::shared_ptr<activities::Host> host_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(Connector, TheAuthorOfTheModelMayNameSecrets) {
  const auto ended = run("a@example.com", "t-1", Duration::from_seconds(60));
  ASSERT_TRUE(ended.has_value()) << ended.error().message << incident();
  const std::lock_guard lock(mutex_);
  EXPECT_NE(seen_.find("Authorization: Bearer token-canary"), std::string::npos) << seen_;
  EXPECT_NE(seen_.find("X-Key: key-canary"), std::string::npos) << seen_;
  EXPECT_NE(seen_.find("email=a%40example.com"), std::string::npos) << seen_;
}

TEST_F(Connector, AStrangerMayNot) {
  EXPECT_FALSE(run("{{secrets.KEY}}", "t-1", Duration::from_ms(100)).has_value());
  const std::string why = incident();
  EXPECT_NE(why.find("queryParameters.email"), std::string::npos) << why;
  EXPECT_EQ(server_.requests(), 0);
}

TEST_F(Connector, AStrangerMayNotEvenBesideASecretOfTheAuthor) {
  EXPECT_FALSE(run("a@example.com", "secret:KEY", Duration::from_ms(100)).has_value());
  const std::string why = incident();
  EXPECT_NE(why.find("headers.X-Trace"), std::string::npos) << why;
  EXPECT_EQ(server_.requests(), 0);
}

TEST_F(Connector, WhereAVariableChoosesNothingIsResolved) {
  CreateInstance create;
  create.process_id = "chosen";
  create.variables = {{"auth", Value::context({{"type", Value::string("bearer")}, {"token", Value::string("{{secrets.TOKEN}}")}})}};
  EXPECT_FALSE(engine_->create_and_await(std::move(create), "test", Duration::from_ms(100), nullptr).has_value());
  const std::string why = incident();
  EXPECT_NE(why.find("authentication.token"), std::string::npos) << why;
  EXPECT_EQ(server_.requests(), 0);
}

TEST_F(Connector, AVariableDoesNotTakeThePlaceOfATaskHeader) {
  CreateInstance create;
  create.process_id = "by_header";
  create.variables = {{"url", Value::string(server_.url("/elsewhere"))}, {"authentication", Value::context({{"type", Value::string("noAuth")}})}};
  const auto ended = engine_->create_and_await(std::move(create), "test", Duration::from_seconds(60), nullptr);
  ASSERT_TRUE(ended.has_value()) << ended.error().message << incident();
  const std::lock_guard lock(mutex_);
  EXPECT_NE(seen_.find(" /leads "), std::string::npos) << seen_;
  EXPECT_NE(seen_.find("Authorization: Bearer token-canary"), std::string::npos) << seen_;
}

// What a starter or a webhook sends under the name of an input is none.
TEST_F(Connector, AVariableThatTheModelDoesNotMapSteersNothing) {
  CreateInstance create;
  create.process_id = "mapped";
  create.variables = {{"method", Value::string("DELETE")},
                      {"headers", Value::context({{"X-Foreign", Value::string("1")}})},
                      {"queryParameters", Value::context({{"all", Value::string("yes")}})},
                      {"readTimeoutInSeconds", Value::integer(-1)}};
  const auto ended = engine_->create_and_await(std::move(create), "test", Duration::from_seconds(60), nullptr);
  ASSERT_TRUE(ended.has_value()) << ended.error().message << incident();
  const std::lock_guard lock(mutex_);
  EXPECT_TRUE(seen_.starts_with("GET /leads HTTP/1.1\r\n")) << seen_;
  EXPECT_EQ(seen_.find("X-Foreign"), std::string::npos) << seen_;
}

TEST_F(Connector, TheItemAndTheCounterOfAMultiInstanceActivityAreItsOwn) {
  const auto item = [](std::int64_t number) { return Value::context({{"n", Value::integer(number)}}); };
  CreateInstance create;
  create.process_id = "each";
  create.variables = {{"items", Value::list({item(7), item(8)})}, {"method", Value::string("DELETE")}};
  const auto ended = engine_->create_and_await(std::move(create), "test", Duration::from_seconds(60), nullptr);
  ASSERT_TRUE(ended.has_value()) << ended.error().message << incident();
  const std::lock_guard lock(mutex_);
  EXPECT_NE(seen_.find("GET /leads?n=7 "), std::string::npos) << seen_;
  EXPECT_NE(seen_.find("GET /leads?n=8 "), std::string::npos) << seen_;
  EXPECT_NE(seen_.find("X-Count: 2"), std::string::npos) << seen_;
}

TEST_F(Connector, ATaskThatMapsNothingGetsAllThatItSees) {
  CreateInstance create;
  create.process_id = "by_header";
  create.variables = {{"queryParameters", Value::context({{"n", Value::integer(7)}})}};
  const auto ended = engine_->create_and_await(std::move(create), "test", Duration::from_seconds(60), nullptr);
  ASSERT_TRUE(ended.has_value()) << ended.error().message << incident();
  const std::lock_guard lock(mutex_);
  EXPECT_NE(seen_.find("GET /leads?n=7 "), std::string::npos) << seen_;
}

TEST_F(Connector, TheLeaseOutlastsTheWaitAndTheCall) {
  const std::int64_t longest = activities::Host::wait_max.count() + host_->default_deadline("http")->count();
  EXPECT_GT(ActivityBridge(host_).deadline("http").ms, longest);
}

TEST(ActivityOutcomes, WhatWasNotStartedIsNoFailure) {
  activities::ActivityFailed failed;
  failed.kind = activities::FailureKind::not_started;
  failed.retryable = true;
  EXPECT_TRUE(std::holds_alternative<ActivityRunner::NotStarted>(outcome_of(failed)));
  failed.kind = activities::FailureKind::stopped;
  EXPECT_TRUE(std::holds_alternative<ActivityRunner::Failed>(outcome_of(failed)));
}

}  // namespace
}  // namespace fermata::cli
