// The commands and searches of /v2 over a real engine: what a strict client relies on, and what an operator does.
#include <gtest/gtest.h>

#include "harness.h"
#include "http/v2/collection.h"

namespace fermata::http {
namespace {

class V2 : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(harness.deploy("one.bpmn", one_task_model()).status, 200); }

  std::string start(const std::string& variables = "{}") {
    const Answer answer = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"one","variables":)" + variables + "}");
    EXPECT_EQ(answer.status, 200) << answer.text;
    return answer.at("processInstanceKey");
  }
  Answer activate() {
    return harness.send("POST", "/v2/jobs/activation", R"({"type":"work","worker":"w","timeout":60000,"maxJobsToActivate":10})");
  }
  Answer instance(const std::string& key) { return harness.send("GET", "/v2/process-instances/" + key); }

  Harness harness;
};

TEST_F(V2, RunsAnInstanceFromStartToEnd) {
  const std::string key = start(R"({"amount":10.50})");
  const Answer jobs = activate();
  ASSERT_EQ(jobs.status, 200) << jobs.text;
  EXPECT_EQ(jobs.at("jobs.0.variables.amount"), "10.5");
  EXPECT_EQ(jobs.at("jobs.0.processInstanceKey"), key);
  EXPECT_EQ(harness.send("POST", "/v2/jobs/" + jobs.at("jobs.0.jobKey") + "/completion", R"({"variables":{"done":true}})").status, 204);
  EXPECT_EQ(instance(key).at("state"), "COMPLETED");
  const Answer variables = harness.send("POST", "/v2/variables/search", R"({"filter":{"name":"done"}})");
  EXPECT_EQ(variables.at("items.0.value"), "true") << variables.text;
}

TEST_F(V2, AFailedJobBecomesAnIncidentThatAnOperatorFindsAndRetries) {
  const std::string key = start(R"({"url":"wrong"})");
  const std::string job = activate().at("jobs.0.jobKey");
  ASSERT_EQ(harness.send("POST", "/v2/jobs/" + job + "/failure", R"({"retries":0,"errorMessage":"ERP down"})").status, 204);
  const Answer stuck = harness.send("POST", "/v2/process-instances/search", R"({"filter":{"hasIncident":true,"state":"active"}})");
  EXPECT_EQ(stuck.at("items.0.processInstanceKey"), key) << stuck.text;
  const Answer incidents = harness.send("POST", "/v2/process-instances/" + key + "/incidents/search", R"({"filter":{"state":"ACTIVE"}})");
  EXPECT_EQ(incidents.at("items.0.elementId"), "work") << incidents.text;
  EXPECT_NE(incidents.at("items.0.errorMessage").find("ERP down"), std::string::npos);
  EXPECT_EQ(harness.send("PUT", "/v2/element-instances/" + key + "/variables", R"({"variables":{"url":"right"}})").status, 204);
  EXPECT_EQ(harness.send("POST", "/v2/incidents/" + incidents.at("items.0.incidentKey") + "/resolution", "{}").status, 204);
  const Answer again = activate();
  EXPECT_EQ(again.at("jobs.0.variables.url"), "right") << again.text;
  EXPECT_EQ(harness.send("POST", "/v2/jobs/" + job + "/completion").status, 204);
  EXPECT_EQ(instance(key).at("state"), "COMPLETED");
  const Answer timeline = harness.send("GET", "/v2/process-instances/" + key + "/timeline");
  EXPECT_EQ(timeline.at("incidents.0.state"), "RESOLVED") << timeline.text;
  EXPECT_NE(timeline.at("transitions.0.command"), "(absent)");
}

TEST_F(V2, AFailureThatDoesNotSayHowManyRetriesAreLeftGivesUp) {
  const std::string key = start();
  const std::string job = activate().at("jobs.0.jobKey");
  ASSERT_EQ(harness.send("POST", "/v2/jobs/" + job + "/failure", R"({"errorMessage":"no"})").status, 204);
  EXPECT_EQ(instance(key).at("hasIncident"), "true");
  EXPECT_EQ(harness.send("POST", "/v2/jobs/search", "{}").at("items.0.retries"), "0");
}

// A job with an open incident is settled by an operator, who needs no second role for it; any other job is a worker's.
TEST_F(V2, AnOperatorSettlesAJobThatHasAnIncidentAndNoOther) {
  const std::string key = start();
  const std::string job = activate().at("jobs.0.jobKey");
  const std::string path = "/v2/jobs/" + job;
  harness.roles = RoleSet{Role::operator_};
  const Answer busy = harness.send("POST", path + "/completion", "{}");
  EXPECT_EQ(busy.status, 403) << busy.text;
  EXPECT_NE(busy.at("detail").find("no open incident"), std::string::npos) << busy.text;
  EXPECT_EQ(harness.send("POST", path + "/error", R"({"errorCode":"E"})").status, 403);
  harness.roles = RoleSet{Role::worker};
  ASSERT_EQ(harness.send("POST", path + "/failure", R"({"retries":0})").status, 204);
  EXPECT_EQ(harness.send("POST", path + "/completion", "{}").status, 409) << "a worker has had its say";
  EXPECT_EQ(harness.send("POST", path + "/error", R"({"errorCode":"E"})").status, 409);
  harness.roles = RoleSet{Role::operator_};
  EXPECT_EQ(harness.send("POST", path + "/completion", R"({"variables":{"answer":42}})").status, 204);
  harness.roles = RoleSet{Role::reader};
  EXPECT_EQ(instance(key).at("state"), "COMPLETED");
  EXPECT_EQ(instance(key).at("hasIncident"), "false");
  EXPECT_EQ(harness.send("POST", "/v2/incidents/search", "{}").at("items.0.state"), "RESOLVED");
}

TEST_F(V2, ElementsHaveTheNamesOfTheModel) {
  const std::string key = start();
  const Answer elements = harness.send("POST", "/v2/element-instances/search", R"({"sort":[{"field":"elementInstanceKey"}]})");
  EXPECT_EQ(elements.at("items.0.elementName"), "One task") << elements.text;
  EXPECT_EQ(elements.at("items.1.elementName"), "start") << "it has no name: its id";
  EXPECT_EQ(elements.at("items.2.elementName"), "Work");
  EXPECT_EQ(elements.at("items.2.elementId"), "work");
  EXPECT_EQ(harness.send("GET", "/v2/element-instances/" + elements.at("items.2.elementInstanceKey")).at("elementName"), "Work");
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/" + key + "/timeline").at("elementInstances.2.elementName"), "Work");
}

TEST_F(V2, FindsInstancesByWhatIsInsideThem) {
  const std::string failed = start();
  const std::string job = activate().at("jobs.0.jobKey");
  ASSERT_EQ(harness.send("POST", "/v2/jobs/" + job + "/failure", R"({"retries":0,"errorMessage":"ERP is down"})").status, 204);
  const std::string waiting = start();
  const std::string again = start();
  const Answer more = activate();
  ASSERT_EQ(harness.send("POST", "/v2/jobs/" + more.at("jobs.1.jobKey") + "/failure", R"({"retries":2,"retryBackOff":60000})").status, 204);
  ASSERT_EQ(more.at("jobs.1.processInstanceKey"), again);
  const auto found = [&](const std::string& filter) {
    const Answer answer = harness.send("POST", "/v2/process-instances/search",
                                       R"({"sort":[{"field":"processInstanceKey"}],"filter":)" + filter + "}");
    EXPECT_EQ(answer.status, 200) << answer.text;
    std::string keys;
    for (std::size_t i = 0; answer.status == 200 && i < answer.body.find("items")->as_list().size(); ++i) {
      const std::string key = answer.at("items." + std::to_string(i) + ".processInstanceKey");
      keys += key == failed ? "f" : key == waiting ? "w" : "a";
    }
    return keys;
  };
  EXPECT_EQ(found(R"({"elementId":"work"})"), "fwa");
  EXPECT_EQ(found(R"({"elementId":"work","elementInstanceState":"COMPLETED"})"), "");
  EXPECT_EQ(found(R"({"elementId":"start","elementInstanceState":"COMPLETED","processDefinitionId":"one"})"), "fwa");
  EXPECT_EQ(found(R"({"elementId":"work","hasElementInstanceIncident":true})"), "f");
  EXPECT_EQ(found(R"({"elementId":"nowhere"})"), "");
  EXPECT_EQ(found(R"({"errorMessage":{"$like":"*ERP*"}})"), "f");
  EXPECT_EQ(found(R"({"errorMessage":"something else"})"), "");
  EXPECT_EQ(found(R"({"hasRetriesLeft":true})"), "a");
  EXPECT_EQ(found(R"({"hasRetriesLeft":false})"), "fw");
  EXPECT_EQ(found(R"({"elementId":null,"hasIncident":true})"), "f");
  for (const char* refused : {R"({"batchOperationKey":"1"})", R"({"incidentErrorHashCode":17})", R"({"$or":[{"elementId":"work"}]})",
                              R"({"elementInstanceState":"SLEEPING"})", R"({"hasRetriesLeft":"yes"})"}) {
    const Answer answer = harness.send("POST", "/v2/process-instances/search", R"({"filter":)" + std::string(refused) + "}");
    EXPECT_EQ(answer.status, 400) << refused << ": " << answer.text;
    EXPECT_NE(answer.at("detail").find("filter."), std::string::npos) << answer.text;
  }
}

TEST_F(V2, RefusesToLookInsideTooManyInstances) {
  for (std::size_t i = 0; i < 1'000; ++i) start();
  const std::string inside = R"({"filter":{"elementId":"work"},"page":{"limit":1}})";
  EXPECT_EQ(harness.send("POST", "/v2/process-instances/search", inside).at("page.totalItems"), "1000");
  start();
  const Answer answer = harness.send("POST", "/v2/process-instances/search", inside);
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.at("detail").find("Narrow the search"), std::string::npos) << answer.text;
}

TEST(ElementNames, AreBoundedAndForgetTheLeastRecentlyUsed) {
  int compiled = 0;
  Harness harness;
  Api api{.engine = *harness.engine, .compile = {[&](std::string_view name, std::string_view content) {
                                                   ++compiled;
                                                   return cli::compile_file(name, content);
                                                 },
                                                 nullptr}};
  std::vector<DefinitionKey> keys;
  for (const char* id : {"a", "b", "c"}) {
    const Answer answer = harness.deploy(std::string(id) + ".bpmn", one_task_model(id));
    keys.push_back(DefinitionKey{std::stoll(answer.at("deployments.0.processDefinition.processDefinitionKey"))});
  }
  v2::ElementNames names(2);
  auto session = harness.engine->read();
  ASSERT_TRUE(session);
  const auto name = [&](std::size_t index) { return names.name_of(api, **session, keys[index], "work"); };
  EXPECT_EQ(name(0), "Work");
  EXPECT_EQ(name(1), "Work");
  EXPECT_EQ(name(0), "Work");
  EXPECT_EQ(compiled, 2);
  EXPECT_EQ(name(2), "Work");
  EXPECT_EQ(names.size(), 2U);
  EXPECT_EQ(name(0), "Work") << "used last";
  EXPECT_EQ(compiled, 3);
  EXPECT_EQ(name(1), "Work");
  EXPECT_EQ(compiled, 4);
  EXPECT_EQ(names.name_of(api, **session, DefinitionKey{17}, "work"), "") << "no such definition";
}

TEST_F(V2, RefusesWhatItDoesNotKnowByName) {
  const Answer filter = harness.send("POST", "/v2/jobs/search", R"({"filter":{"colour":"red"}})");
  EXPECT_EQ(filter.status, 400);
  EXPECT_NE(filter.at("detail").find("filter.colour"), std::string::npos) << filter.text;
  const Answer field = harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"one","variabels":{}})");
  EXPECT_EQ(field.status, 400);
  EXPECT_NE(field.at("detail").find("variabels"), std::string::npos) << field.text;
  EXPECT_EQ(harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"nowhere"})").status, 404);
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/17").status, 404);
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/x").status, 400);
  EXPECT_EQ(harness.send("POST", "/v2/process-instances", "{").status, 400);
  EXPECT_EQ(harness.send("POST", "/v2/process-instances", "[]").status, 400);
  EXPECT_EQ(harness.send("POST", "/v2/jobs/17/completion").status, 404);
}

TEST_F(V2, ARepeatedIdempotencyKeyStartsOneInstance) {
  Headers headers;
  headers.set("Idempotency-Key", "\"abc\"");
  const std::string body = R"({"processDefinitionId":"one"})";
  const Answer first = harness.send("POST", "/v2/process-instances", body, headers);
  const Answer second = harness.send("POST", "/v2/process-instances", body, headers);
  EXPECT_EQ(first.at("processInstanceKey"), second.at("processInstanceKey"));
  EXPECT_EQ(harness.send("POST", "/v2/process-instances", R"({"processDefinitionId":"one","variables":{"x":1}})", headers).status, 422);
  EXPECT_EQ(harness.send("POST", "/v2/process-instances/search", "{}").at("page.totalItems"), "1");
}

TEST_F(V2, FindsInstancesByVariableStateAndGroups) {
  const std::string a = start(R"({"customer":"Ada","amount":5})");
  const std::string b = start(R"({"customer":"Bob","amount":50})");
  const auto found = [&](const std::string& filter) {
    const Answer answer = harness.send("POST", "/v2/process-instances/search", R"({"filter":)" + filter + "}");
    EXPECT_EQ(answer.status, 200) << answer.text;
    std::string keys;
    for (std::size_t i = 0; i < answer.body.find("items")->as_list().size(); ++i) {
      keys += answer.at("items." + std::to_string(i) + ".processInstanceKey") == a ? "a" : "b";
    }
    return keys;
  };
  EXPECT_EQ(found(R"({"variables":[{"name":"customer","value":"\"Ada\""}]})"), "a");
  EXPECT_EQ(found(R"({"variables":[{"name":"amount","value":{"$gt":"10"}}]})"), "b");
  EXPECT_EQ(found(R"({"state":{"$in":["ACTIVE","COMPLETED"]},"processDefinitionId":{"$like":"o*"}})"), "ab");
  EXPECT_EQ(found(R"({"state":{"$neq":"ACTIVE"}})"), "");
  EXPECT_EQ(found(R"({"$or":[{"processInstanceKey":")" + a + R"("},{"processInstanceKey":")" + b + R"("}]})"), "ab");
  EXPECT_EQ(found(R"({"tenantId":"<default>"})"), "ab");
  EXPECT_EQ(found(R"({"tenantId":"other"})"), "");
}

TEST_F(V2, ARefusedDeploymentNamesFileLineElementAndRuleAndDeploysNothing) {
  std::string broken = one_task_model("two");
  broken.replace(broken.find("targetRef=\"end\""), 15, "targetRef=\"gone\"");
  const Answer answer = harness.send("POST", "/v2/deployments", "", {},
                                     {Part{"resources", "good.bpmn", "text/xml", one_task_model("three")},
                                      Part{"resources", "broken.bpmn", "text/xml", broken}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_NE(answer.at("detail").find("broken.bpmn:"), std::string::npos) << answer.text;
  EXPECT_NE(answer.at("problems.0.rule"), "(absent)");
  EXPECT_EQ(harness.send("POST", "/v2/process-definitions/search", "{}").at("page.totalItems"), "1");
}

TEST_F(V2, EveryAnswerToASearchHasItsPage) {
  for (const char* what : {"process-instances", "process-definitions", "jobs", "user-tasks", "incidents", "element-instances", "variables",
                           "message-subscriptions", "decision-definitions", "decision-instances"}) {
    const Answer answer = harness.send("POST", std::string("/v2/") + what + "/search", "{}");
    EXPECT_EQ(answer.status, 200) << what << ": " << answer.text;
    EXPECT_NE(answer.at("page.totalItems"), "(absent)") << what;
    EXPECT_NE(answer.at("page.endCursor"), "(absent)") << what;
  }
}

TEST_F(V2, EveryFieldOfEveryCollectionCanBeFilteredOrIsNotOffered) {
  start();
  for (const auto& [what, collection] :
       {std::pair{"process-instances", &v2::process_instances}, std::pair{"process-definitions", &v2::process_definitions},
        std::pair{"jobs", &v2::jobs}, std::pair{"user-tasks", &v2::user_tasks}, std::pair{"incidents", &v2::incidents},
        std::pair{"element-instances", &v2::element_instances}, std::pair{"variables", &v2::variables},
        std::pair{"message-subscriptions", &v2::message_subscriptions}, std::pair{"decision-definitions", &v2::decision_definitions},
        std::pair{"decision-instances", &v2::decision_instances}}) {
    for (const v2::FieldSpec& field : collection->fields) {
      std::string value = "\"x\"";
      switch (field.type) {
        case v2::FieldType::key: value = "\"17\""; break;
        case v2::FieldType::integer: value = "17"; break;
        case v2::FieldType::boolean: value = "true"; break;
        case v2::FieldType::date: value = "\"2026-01-01T00:00:00Z\""; break;
        case v2::FieldType::choice: value = "\"" + std::string(field.choices.front().api) + "\""; break;
        case v2::FieldType::texts: value = "[\"x\"]"; break;
        case v2::FieldType::text:
        case v2::FieldType::tenant: break;
      }
      const Answer filtered = harness.send("POST", std::string("/v2/") + what + "/search",
                                           R"({"filter":{")" + std::string(field.name) + "\":" + value + "}}");
      EXPECT_EQ(filtered.status, 200) << what << "." << field.name << ": " << filtered.text;
      if (!field.sortable) continue;
      const Answer sorted = harness.send("POST", std::string("/v2/") + what + "/search",
                                         R"({"sort":[{"field":")" + std::string(field.name) + R"(","order":"DESC"}]})");
      EXPECT_EQ(sorted.status, 200) << what << " sorted by " << field.name << ": " << sorted.text;
    }
  }
}

TEST_F(V2, TheClockCanBeStoppedAndExpressionsEvaluated) {
  EXPECT_EQ(harness.send("PUT", "/v2/clock", R"({"timestamp":1900000000000})").status, 204);
  EXPECT_EQ(harness.clock->now().ms, 1'900'000'000'000);
  EXPECT_EQ(harness.send("POST", "/v2/clock/reset").status, 204);
  EXPECT_EQ(harness.send("POST", "/v2/expression/evaluation", R"({"expression":"=x * 2","variables":{"x":21}})").at("result"), "42");
  EXPECT_EQ(harness.send("POST", "/v2/expression/evaluation", R"({"expression":"=1 +"})").status, 400);
}

}  // namespace
}  // namespace fermata::http
