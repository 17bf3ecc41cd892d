// Creating an instance and awaiting its result: what is answered, and that those who wait take no thread from anybody.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "harness.h"
#include "http/server/health.h"
#include "http/server/server.h"
#include "tests/unit/http/raw_client.h"

namespace fermata::http {
namespace {

std::string sum_model() {
  return R"(<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="sum" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="add"/>
    <scriptTask id="add"><extensionElements><zeebe:script expression="=a + 1" resultVariable="b"/></extensionElements></scriptTask>
    <sequenceFlow id="f2" sourceRef="add" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>)";
}

std::string create(const std::string& id, const std::string& more) {
  return R"({"processDefinitionId":")" + id + R"(","awaitCompletion":true)" + more + "}";
}

class Await : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(harness.deploy("one.bpmn", one_task_model()).status, 200);
    ASSERT_EQ(harness.deploy("sum.bpmn", sum_model()).status, 200);
  }
  Answer post(const std::string& body) { return harness.send("POST", "/v2/process-instances", body); }
  Answer jobs(int count) {
    return harness.send("POST", "/v2/jobs/activation",
                        R"({"type":"work","worker":"w","timeout":600000,"maxJobsToActivate":)" + std::to_string(count) + "}");
  }
  /// The key of an instance that waits, once there is one.
  std::string waiting() {
    for (int i = 0; i < 2000; ++i) {
      const Answer found = harness.send("POST", "/v2/process-instances/search", R"({"filter":{"state":"ACTIVE"}})");
      if (found.at("items.0.processInstanceKey") != "(absent)") return found.at("items.0.processInstanceKey");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
  }

  Harness harness;
};

TEST_F(Await, AnswersWithTheVariablesOfTheEnd) {
  const Answer all = post(create("sum", R"(,"variables":{"a":1})"));
  ASSERT_EQ(all.status, 200) << all.text;
  EXPECT_EQ(all.at("variables.a") + all.at("variables.b"), "12");
  const Answer some = post(create("sum", R"(,"variables":{"a":1},"fetchVariables":["b"],"tags":["x"])"));
  EXPECT_EQ(some.at("variables.b") + some.at("variables.a") + some.at("tags.0"), "2(absent)x") << some.text;
}

TEST_F(Await, SaysWhenTheTimeIsOverAndTheInstanceGoesOn) {
  const Answer late = post(create("one", R"(,"requestTimeout":20)"));
  EXPECT_EQ(late.status, 504) << late.text;
  EXPECT_EQ(jobs(10).at("jobs.0.type"), "work");
}

TEST_F(Await, SaysThatTheInstanceWasTerminated) {
  Answer answer;
  std::thread client([&] { answer = post(create("one", R"(,"requestTimeout":60000)")); });
  const std::string key = waiting();
  EXPECT_EQ(harness.send("POST", "/v2/process-instances/" + key + "/cancellation").status, 204);
  client.join();
  EXPECT_EQ(answer.status, 409) << answer.text;
  EXPECT_NE(answer.at("detail").find(key), std::string::npos);
}

TEST_F(Await, IsRefusedForAnUnknownProcessAndWithAnIdempotencyKey) {
  EXPECT_EQ(post(create("nobody", "")).status, 404);
  Headers headers;
  headers.set("Idempotency-Key", "k");
  EXPECT_EQ(harness.send("POST", "/v2/process-instances", create("sum", ""), headers).status, 400);
}

TEST_F(Await, ManyClientsWaitOnTwoThreads) {
  constexpr int many = 300;
  ServerOptions options;
  options.port = 0;
  options.dev = true;
  options.threads_max = 2;
  options.parked_max = 1;
  add_health_routes(harness.router, [] { return Readiness{}; });
  const DevAuthenticator anybody;
  Server server(options, harness.router, anybody, {});
  ASSERT_TRUE(server.start());
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < many; ++i) {
    const std::string body = create("one", R"(,"requestTimeout":300000,"variables":{"number":)" + std::to_string(i) + "}");
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send("POST /v2/process-instances HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  RawClient probe(server.port());
  probe.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(probe.response().status, 200);
  for (int done = 0; done < many;) {
    const Answer found = jobs(many);
    ASSERT_EQ(found.status, 200) << found.text;
    for (const Value& job : found.body.find("jobs")->as_list()) {
      const std::string key{job.find("jobKey")->as_string()};
      ASSERT_EQ(harness.send("POST", "/v2/jobs/" + key + "/completion", R"({"variables":{"done":true}})").status, 204);
      ++done;
    }
  }
  EXPECT_LE(server.counts().threads, 2u);
  for (int i = 0; i < many; ++i) {
    const RawResponse response = clients[static_cast<std::size_t>(i)]->response(std::chrono::seconds(30));
    ASSERT_EQ(response.status, 200) << i << ": " << response.body;
    EXPECT_NE(response.body.find("\"number\":" + std::to_string(i)), std::string::npos) << response.body;
    EXPECT_NE(response.body.find("\"done\":true"), std::string::npos) << response.body;
  }
  server.stop();
}

}  // namespace
}  // namespace fermata::http
