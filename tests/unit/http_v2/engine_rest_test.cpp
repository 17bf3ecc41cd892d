// The Camunda 7 dialect over a real engine: wire rules that real clients break on.
#include <gtest/gtest.h>

#include "harness.h"

namespace fermata::http {
namespace {

class EngineRest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(harness.deploy("one.bpmn", one_task_model()).status, 200); }

  Answer start(const std::string& body) { return harness.send("POST", "/engine-rest/process-definition/key/one/start", body); }
  Answer fetch(const std::string& extra = "") {
    return harness.send("POST", "/engine-rest/external-task/fetchAndLock",
                        R"({"workerId":"w1","maxTasks":5,"topics":[{"topicName":"work","lockDuration":60000)" + extra + "}]}");
  }

  Harness harness;
};

TEST_F(EngineRest, ALockLastsAtMostAYear) {
  ASSERT_EQ(start("{}").status, 200);
  const auto fetch_for = [&](const std::string& ms) {
    return harness.send("POST", "/engine-rest/external-task/fetchAndLock",
                        R"({"workerId":"w1","maxTasks":5,"topics":[{"topicName":"work","lockDuration":)" + ms + "}]}");
  };
  for (const char* ms : {"9223372036854775807", "31622400001", "0", "-1"}) {
    const Answer refused = fetch_for(ms);
    EXPECT_EQ(refused.status, 400) << ms;
    EXPECT_NE(refused.text.find("lockDuration"), std::string::npos) << refused.text;
  }
  EXPECT_NE(fetch_for("31622400000").at("0.id"), "(absent)") << "nobody has locked it";
}

TEST_F(EngineRest, AWorkerFetchesAndCompletes) {
  const Answer started = start(R"({"businessKey":"b1","variables":{"n":{"value":"5","type":"integer"},"o":{"value":"{\"a\":1}","type":"Json"}}})");
  ASSERT_EQ(started.status, 200) << started.text;
  EXPECT_EQ(started.content_type, "application/json");
  EXPECT_EQ(started.at("businessKey"), "b1");
  EXPECT_EQ(started.at("ended"), "false");
  const Answer tasks = fetch();
  EXPECT_EQ(tasks.at("0.variables.n.type"), "Integer") << tasks.text;
  EXPECT_EQ(tasks.at("0.variables.n.value"), "5");
  EXPECT_EQ(tasks.at("0.variables.o.value"), R"({"a":1})");
  EXPECT_EQ(tasks.at("0.retries"), "null");
  EXPECT_TRUE(tasks.at("0.lockExpirationTime").ends_with("+0000"));
  const std::string path = "/engine-rest/external-task/" + tasks.at("0.id");
  const Answer foreign = harness.send("POST", path + "/complete", R"({"workerId":"w2"})");
  EXPECT_EQ(foreign.status, 400);
  EXPECT_EQ(foreign.at("message"),
            "External Task " + tasks.at("0.id") + " cannot be completed by worker 'w2'. It is locked by worker 'w1'.");
  EXPECT_EQ(harness.send("POST", path + "/extendLock", R"({"workerId":"w1","newDuration":120000})").status, 204);
  EXPECT_EQ(harness.send("POST", path + "/complete", R"({"workerId":"w1","variables":null,"unknown":1})").status, 204);
  EXPECT_EQ(harness.send("POST", path + "/complete", R"({"workerId":"w1"})").status, 404);
  EXPECT_EQ(harness.send("GET", "/engine-rest/process-instance/" + started.at("id")).status, 404);
}

TEST_F(EngineRest, TopicsAreFilteredByWhatCamundaKnows) {
  start(R"({"businessKey":"b1","variables":{"n":{"value":5,"type":"Integer"}}})");
  const std::string id = harness.send("GET", "/engine-rest/process-definition/key/one").at("id");
  EXPECT_EQ(fetch(R"(,"processVariables":{"n":6})").text, "[]");
  EXPECT_EQ(fetch(R"(,"processVariables":{"m":5})").text, "[]");
  EXPECT_EQ(fetch(R"(,"processDefinitionVersionTag":"v2")").text, "[]");
  EXPECT_EQ(fetch(R"(,"processDefinitionId":"one:1:17")").text, "[]");
  EXPECT_EQ(fetch(R"(,"businessKey":"b2")").text, "[]");
  EXPECT_NE(fetch(R"(,"processVariables":{"n":5},"processDefinitionIdIn":[")" + id + R"("],"businessKey":"b1","tenantIdIn":[])").at("0.id"), "(absent)");
}

// Without fetching: of one task that the worker knows, free or its own.
TEST_F(EngineRest, AWorkerLocksOneTask) {
  start("{}");
  const Answer row = harness.send("POST", "/v2/jobs/search", "{}");
  const std::string path = "/engine-rest/external-task/" + row.at("items.0.jobKey");
  EXPECT_EQ(harness.send("POST", path + "/lock", R"({"workerId":"w1","lockDuration":60000})").status, 204);
  EXPECT_EQ(harness.send("POST", "/v2/jobs/search", "{}").at("items.0.worker"), "w1");
  EXPECT_EQ(fetch().text, "[]") << "it is taken";
  EXPECT_EQ(harness.send("POST", path + "/lock", R"({"workerId":"w1","lockDuration":120000})").status, 204) << "its own, for longer";
  const Answer foreign = harness.send("POST", path + "/lock", R"({"workerId":"w2","lockDuration":60000})");
  EXPECT_EQ(foreign.status, 400);
  EXPECT_EQ(foreign.at("message"), "External Task " + row.at("items.0.jobKey") + " cannot be locked by worker 'w2'. It is locked by worker 'w1'.");
  EXPECT_EQ(harness.send("POST", path + "/lock", R"({"workerId":"w2"})").status, 400);
  EXPECT_EQ(harness.send("POST", "/engine-rest/external-task/999/lock", R"({"workerId":"w","lockDuration":1})").status, 404);
  EXPECT_EQ(harness.send("POST", path + "/unlock").status, 204);
  EXPECT_EQ(harness.send("POST", path + "/lock", R"({"workerId":"w2","lockDuration":60000})").status, 204) << "it is free again";
  EXPECT_EQ(harness.send("POST", path + "/complete", R"({"workerId":"w1"})").status, 400);
  EXPECT_EQ(harness.send("POST", path + "/complete", R"({"workerId":"w2"})").status, 204);
}

TEST_F(EngineRest, DeploymentsKeepTheirNames) {
  const auto deploy = [&](const std::string& name, const std::string& process) {
    const Answer answer = harness.send("POST", "/engine-rest/deployment/create", "", {},
                                       {Part{"deployment-name", std::nullopt, "", name}, Part{"deployment-source", std::nullopt, "", "Camunda Modeler"},
                                        Part{process + ".bpmn", process + ".bpmn", "text/xml", one_task_model(process)}});
    EXPECT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.at("name"), name);
    return answer.at("id");
  };
  const std::string two = deploy("Second 2", "two");
  const std::string three = deploy("Third", "three");
  const Answer all = harness.send("GET", "/engine-rest/deployment");
  EXPECT_EQ(all.at("0.id"), three) << all.text;
  EXPECT_EQ(all.at("0.name"), "Third");
  EXPECT_EQ(all.at("1.name"), "Second 2");
  EXPECT_EQ(all.at("1.source"), "Camunda Modeler");
  EXPECT_EQ(all.at("2.name"), "null") << "deployed over /v2, which gives no names";
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?name=Third").at("0.id"), three);
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?nameLike=S%25d%25").at("0.id"), two);
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?nameLike=d%25").text, "[]");
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?id=" + two).at("0.name"), "Second 2");
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?sortBy=name&sortOrder=asc").at("1.id"), two) << "those without a name first";
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?sortBy=name").status, 400);
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?colour=red").status, 400);
}

TEST_F(EngineRest, TasksAreSortedOrTheOrderIsRefused) {
  EXPECT_EQ(harness.send("GET", "/engine-rest/task?sortBy=created&sortOrder=desc").status, 200);
  EXPECT_EQ(harness.send("GET", "/engine-rest/task?sortBy=colour&sortOrder=desc").status, 400);
  EXPECT_EQ(harness.send("POST", "/engine-rest/task", R"({"sorting":[{"sortBy":"priority","sortOrder":"asc"}]})").status, 200);
  EXPECT_EQ(harness.send("POST", "/engine-rest/task", R"({"sorting":[{"sortBy":"priority"}]})").status, 400);
}

TEST_F(EngineRest, EmptyAndNullBodiesUnlock) {
  start("null");
  const std::string path = "/engine-rest/external-task/" + fetch().at("0.id") + "/unlock";
  EXPECT_EQ(harness.send("POST", path, "null").status, 204);
  const Answer again = fetch(R"(,"variables":[])");
  EXPECT_EQ(again.at("0.variables"), "{}") << again.text;
  EXPECT_EQ(harness.send("POST", path, "").status, 204);
}

TEST_F(EngineRest, SpentRetriesAreAnIncidentThatNewRetriesResolve) {
  const std::string instance = start("{}").at("id");
  const std::string path = "/engine-rest/external-task/" + fetch().at("0.id");
  EXPECT_EQ(harness.send("POST", path + "/failure", R"({"workerId":"w1","errorMessage":"no","errorDetails":"stack","retries":0})").status, 204);
  EXPECT_EQ(harness.send("GET", "/v2/process-instances/" + instance).at("hasIncident"), "true");
  EXPECT_EQ(fetch().text, "[]");
  EXPECT_EQ(harness.send("PUT", path + "/retries", R"({"retries":2})").status, 204);
  const Answer again = fetch();
  EXPECT_EQ(again.at("0.retries"), "2") << again.text;
  EXPECT_EQ(again.at("0.errorMessage"), "no");
}

TEST_F(EngineRest, EveryErrorHasTypeMessageAndCode) {
  const auto check = [](const Answer& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.text;
    EXPECT_NE(answer.at("type"), "(absent)") << answer.text;
    EXPECT_NE(answer.at("message"), "(absent)") << answer.text;
    EXPECT_EQ(answer.at("code"), "null") << answer.text;
  };
  check(harness.send("POST", "/engine-rest/external-task/999/complete", R"({"workerId":"w"})"), 404);
  check(harness.send("POST", "/engine-rest/process-definition/key/none/start", "{}"), 404);
  check(start("{"), 400);
  check(start(R"({"variables":{"n":{"value":"x","type":"Integer"}}})"), 400);
  check(start(R"({"variables":{"n":{"value":{"a":1},"type":"Json"}}})"), 400);
  check(fetch(R"(,"tenantIdIn":["other"])"), 400);
  check(harness.send("POST", "/engine-rest/external-task/fetchAndLock", R"({"workerId":"w","maxTasks":1,"asyncResponseTimeout":1800001})"), 400);
  const Answer message = harness.send("POST", "/engine-rest/message", R"({"messageName":"nobody"})");
  check(message, 400);
  EXPECT_EQ(message.at("message"), "Cannot correlate message 'nobody': No process definition or execution matches the parameters");
}

TEST_F(EngineRest, FilesAreServedFromTheirOwnAddress) {
  const Answer started = start(R"({"variables":{"doc":{"value":"aGVsbG8=","type":"File","valueInfo":{"filename":"a.txt","mimetype":"text/plain"}},
                                   "gone":{"value":"x","type":"String","valueInfo":{"transient":true}}}})");
  ASSERT_EQ(started.status, 200) << started.text;
  const std::string path = "/engine-rest/process-instance/" + started.at("id");
  const Answer variables = harness.send("GET", path + "/variables");
  EXPECT_EQ(variables.at("doc.value"), "null") << variables.text;
  EXPECT_EQ(variables.at("doc.valueInfo.filename"), "a.txt");
  EXPECT_EQ(variables.at("gone"), "(absent)");
  const Answer data = harness.send("GET", "/engine-rest/execution/" + started.at("id") + "/localVariables/doc/data");
  EXPECT_EQ(data.text, "hello");
  EXPECT_EQ(data.content_type, "text/plain");
  EXPECT_EQ(data.headers.value("Content-Disposition"), "attachment; filename=\"a.txt\"");
}

// Whoever writes a variable chooses its type: a page of script must not run under our address.
TEST_F(EngineRest, FilesAreSavedAndNeverShown) {
  const Answer started = start(R"({"variables":{"page":{"value":"PGI+aGk8L2I+","type":"File","valueInfo":{"filename":"a\"b.html","mimetype":"text/html"}},
                                   "bytes":{"value":"PGI+aGk8L2I+","type":"Bytes"}}})");
  ASSERT_EQ(started.status, 200) << started.text;
  const std::string path = "/engine-rest/process-instance/" + started.at("id") + "/variables/";
  const Answer page = harness.send("GET", path + "page/data");
  EXPECT_EQ(page.text, "<b>hi</b>");
  EXPECT_EQ(page.content_type, "text/html");
  EXPECT_EQ(page.headers.value("Content-Disposition"), "attachment; filename=\"a_b.html\"");
  EXPECT_EQ(page.headers.value("Content-Security-Policy"), "sandbox; default-src 'none'");
  const Answer bytes = harness.send("GET", path + "bytes/data");
  EXPECT_EQ(bytes.text, "<b>hi</b>");
  EXPECT_EQ(bytes.headers.value("Content-Disposition"), "attachment") << "also without a name";
  EXPECT_EQ(bytes.headers.value("Content-Security-Policy"), "sandbox; default-src 'none'");
}

TEST_F(EngineRest, AWorkerFetchesTheFilesOfWhatIsLockedOnly) {
  const auto start_with_file = [&] {
    return start(R"({"variables":{"doc":{"value":"aGVsbG8=","type":"File","valueInfo":{"filename":"a.txt","mimetype":"text/plain"}}}})").at("id");
  };
  const std::string worked_on = start_with_file();
  const std::string execution = fetch().at("0.executionId");
  const std::string other = start_with_file();
  const auto data = [&](const std::string& path) { return harness.send("GET", "/engine-rest/" + path + "/doc/data"); };
  const auto refused = [&](const std::string& path) {
    const Answer answer = data(path);
    EXPECT_EQ(answer.status, 403) << path << answer.text;
    EXPECT_EQ(answer.at("type"), "AuthorizationException") << answer.text;
    EXPECT_NE(answer.at("message").find("reader"), std::string::npos) << answer.text;
    EXPECT_EQ(answer.at("code"), "null") << answer.text;
  };
  harness.roles = RoleSet{Role::worker};
  EXPECT_EQ(data("process-instance/" + worked_on + "/variables").text, "hello");
  EXPECT_EQ(data("execution/" + worked_on + "/localVariables").text, "hello");
  EXPECT_EQ(data("process-instance/" + execution + "/variables").text, "hello") << "so does the Java client ask";
  EXPECT_EQ(data("execution/" + execution + "/localVariables").text, "hello");
  refused("process-instance/" + other + "/variables");
  refused("execution/" + other + "/localVariables");
  refused("process-instance/999/variables");
  // As the engine's own activities lock their jobs.
  EXPECT_NE(harness.send("POST", "/engine-rest/external-task/fetchAndLock",
                         R"({"workerId":"activities","maxTasks":5,"topics":[{"topicName":"work","lockDuration":60000}]})").at("0.id"), "(absent)");
  refused("process-instance/" + other + "/variables");
  harness.clock->pin(harness.clock->now() + Duration::from_seconds(61));
  refused("process-instance/" + worked_on + "/variables");
  refused("execution/" + execution + "/localVariables");
  for (const Role role : {Role::reader, Role::operator_}) {
    harness.roles = RoleSet{role};
    EXPECT_EQ(data("process-instance/" + other + "/variables").text, "hello");
    EXPECT_EQ(data("process-instance/999/variables").status, 404);
  }
}

TEST_F(EngineRest, AWorkerSetsVariablesOfWhatItWorksOnOnly) {
  const std::string worked_on = start("{}").at("id");
  const std::string execution = fetch().at("0.executionId");
  const std::string worker = "w1";
  const std::string other = start("{}").at("id");
  const auto set = [&](const std::string& id, const std::string& who) {
    return harness.send("POST", "/engine-rest/process-instance/" + id + "/variables", R"({"workerId":")" + who + R"(","modifications":{"approved":{"value":true}}})");
  };
  harness.roles = RoleSet{Role::worker};
  EXPECT_EQ(set(worked_on, worker).status, 204);
  EXPECT_EQ(set(execution, worker).status, 204) << "so does the Java client write";
  EXPECT_EQ(set(worked_on, "another").status, 403);
  EXPECT_EQ(set(worked_on, "").status, 403);
  const Answer refused = set(other, worker);
  EXPECT_EQ(refused.status, 403) << refused.text;
  EXPECT_EQ(refused.at("type"), "AuthorizationException");
  EXPECT_EQ(set("999", worker).status, 403);
  // The engine's own activities are nobody's name to use.
  EXPECT_NE(harness.send("POST", "/engine-rest/external-task/fetchAndLock",
                         R"({"workerId":"activities","maxTasks":5,"topics":[{"topicName":"work","lockDuration":60000}]})").at("0.id"), "(absent)");
  EXPECT_EQ(set(other, "activities").status, 403);
  harness.roles = RoleSet{Role::operator_};
  EXPECT_EQ(set(other, "").status, 204);
}

TEST_F(EngineRest, AnswersUnderTheNameOfTheEngineToo) {
  EXPECT_EQ(harness.send("GET", "/engine-rest/engine/default/version").status, 200);
  EXPECT_EQ(harness.send("POST", "/engine-rest/engine/default/process-definition/key/one/start/", "{}").status, 200);
  EXPECT_EQ(harness.send("GET", "/engine-rest/deployment?maxResults=0").text, "[]");
}

TEST_F(EngineRest, ARefusedModelIsAParseError) {
  const Answer answer = harness.send("POST", "/engine-rest/deployment/create", "", {},
                                     {Part{"deployment-name", std::nullopt, "", "x"}, Part{"bad.bpmn", "bad.bpmn", "text/xml", "<x/>"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("type"), "ParseException");
  EXPECT_TRUE(answer.at("message").starts_with("ENGINE-09005 Could not parse BPMN process."));
  EXPECT_EQ(harness.send("POST", "/engine-rest/deployment/create", "", {}, {Part{"deployment-name", std::nullopt, "", "x"}}).at("message"),
            "No deployment resources contained in the form upload.");
}

}  // namespace
}  // namespace fermata::http
