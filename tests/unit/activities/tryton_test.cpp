// The tryton plugin, loaded as the shared library an engine loads, against a stand-in that answers in the real server's
// shapes. With FERMATA_TRYTON_ERP_URL and FERMATA_TRYTON_PASSWORD set, the last tests run against a real server.
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <mutex>
#include <set>

#include "activities/host/host.h"
#include "activities/sdk/json.h"
#include "tests/unit/activities/test_server.h"

namespace fermata::activities {
namespace {

using namespace std::chrono_literals;
using sdk::Json;
using testing_support::TestServer;
using Connection = TestServer::Connection;

constexpr const char* password = "pass-canary-1!";

/// Answers like trytond: sessions, exactly three members, errors as [kind, details]. Tests set what each method does.
class FakeTryton {
 public:
  using Method = std::function<std::string(const Json& params)>;  // the text after {"id":1,

  FakeTryton() : server_([this](Connection& c) { serve(c); }) {}

  void on(const std::string& method, Method answer) {
    const std::lock_guard lock(mutex_);
    methods_[method] = std::move(answer);
  }
  void revoke_sessions() {
    const std::lock_guard lock(mutex_);
    sessions_.clear();
  }
  int calls(const std::string& method) {
    const std::lock_guard lock(mutex_);
    return calls_[method];
  }
  [[nodiscard]] std::string url() const { return server_.url("/erp"); }

  std::atomic<int> broken_after{0};  ///< > 0: that many requests later the answer is lost after the work was done
  std::atomic<int> status{200};      ///< of everything but the login

 private:
  void serve(Connection& c) {
    const Json request = Json::parse(c.body);
    EXPECT_EQ(request.members().size(), 3u) << "another set of members changes the style of the answers";
    EXPECT_EQ(c.request_line(), "POST /erp/ HTTP/1.1");
    const std::string method = request.at("method").as_string();
    std::unique_lock lock(mutex_);
    ++calls_[method];
    if (method == "common.db.login") {
      if (request.at("params").items()[1].at("password").as_string() != password)
        return lock.unlock(), c.answer(401, "<html>");
      const std::string key = "session-canary-" + std::to_string(++logins_);
      sessions_.insert("Session " + token(key));
      lock.unlock();
      return c.json(R"({"id":1,"result":[2,")" + key + "\"]}");
    }
    if (!sessions_.contains(c.header("Authorization")))
      return lock.unlock(), c.answer(401, "", {"WWW-Authenticate: Basic realm=\"Tryton\""});
    if (status != 200) return lock.unlock(), c.answer(status, "<!doctype html>");
    EXPECT_EQ(request.at("params").items().back().at("company").as_int(), 1) << "the context comes last";
    const auto found = methods_.find(method);
    if (found == methods_.end()) return lock.unlock(), c.answer(403, "<!doctype html>");
    // Under the lock, so that what one answer changes the next one sees, although no reply orders them.
    const std::string text = found->second(request.at("params"));
    lock.unlock();
    if (broken_after > 0 && --broken_after == 0) return c.reset();
    c.json("{\"id\":1," + text + "}");
  }
  static std::string token(const std::string& key) {
    // base64 of "engine:2:session-canary-N"; N below 10.
    return key.back() == '1'   ? "ZW5naW5lOjI6c2Vzc2lvbi1jYW5hcnktMQ=="
           : key.back() == '2' ? "ZW5naW5lOjI6c2Vzc2lvbi1jYW5hcnktMg=="
                               : "?";
  }

  std::mutex mutex_;
  std::map<std::string, Method> methods_;
  std::map<std::string, int> calls_;
  std::set<std::string> sessions_;
  int logins_ = 0;
  TestServer server_;
};

ActivityOutcome run(Host& host, const char* type, const Json& input, ActivityCall call = {},
                    const Json& headers = Json::object()) {
  call.type = type;
  call.idempotency_key = call.idempotency_key.empty() ? "key-1" : call.idempotency_key;
  call.input_json = input.dump();
  call.headers_json = headers.dump();
  std::promise<ActivityOutcome> promise;
  const auto accepted =
      host.submit(std::move(call), [&](ActivityOutcome outcome) { promise.set_value(std::move(outcome)); });
  EXPECT_TRUE(accepted) << accepted.error().message;
  return promise.get_future().get();
}
Json output(const ActivityOutcome& outcome) {
  if (const auto* f = std::get_if<ActivityFailed>(&outcome)) ADD_FAILURE() << f->message << f->detail;
  if (const auto* e = std::get_if<ActivityBpmnError>(&outcome)) ADD_FAILURE() << e->code << e->message;
  return Json::parse(std::get<ActivityCompleted>(outcome).output_json);
}
ActivityFailed failed(const ActivityOutcome& outcome) {
  EXPECT_TRUE(std::holds_alternative<ActivityFailed>(outcome));
  return std::get<ActivityFailed>(outcome);
}
ActivityBpmnError bpmn(const ActivityOutcome& outcome) {
  if (const auto* f = std::get_if<ActivityFailed>(&outcome)) ADD_FAILURE() << f->message;
  return std::get<ActivityBpmnError>(outcome);
}

class TrytonTest : public testing::Test {
 protected:
  TrytonTest() : host_({.secrets = SecretSource::of({{"ERP", password}, {"WRONG", "wrong-password"}})}) {}
  void SetUp() override { load("secret:ERP"); }
  void TearDown() override { host_.stop(10s); }

  void load(const std::string& secret) {
    const auto loaded = host_.load(
        FERMATA_TRYTON_PLUGIN,
        {.config_json =
             R"({"connections":{"erp":{"url":")" + tryton_.url() + R"(","user":"engine","password":")" + secret +
             R"(","context":{"company":1},"settleMs":30}},"errorMapping":[{"match":"credit limit","code":"CREDIT_LIMIT"}]})"});
    ASSERT_TRUE(loaded) << loaded.error().message;
  }
  Json button(const char* name, const Json& expect = {}) {
    Json input = Json::object({{"model", "sale.sale"}, {"method", name}, {"args", Json::array({Json::array({7})})}});
    if (!expect.is_null()) input.set("expect", expect);
    return input;
  }

  FakeTryton tryton_;
  Host host_;
};

TEST_F(TrytonTest, LogsInOnceAndDecodesValues) {
  tryton_.on("model.sale.sale.read", [](const Json& params) {
    EXPECT_EQ(params.dump(), R"([[7],["total"],{"company":1,"language":"en","locations":[5]}])");
    return R"("result":[{"id":7,"total":{"__class__":"Decimal","decimal":"137.50"}}])";
  });
  const Json input =
      Json::parse(R"({"model":"sale.sale","method":"read","args":[[7],["total"]],"context":{"locations":[5]}})");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(output(run(host_, "tryton.call", input)).dump(), R"({"result":[{"id":7,"total":137.50}]})");
  EXPECT_EQ(tryton_.calls("common.db.login"), 1);
}

TEST_F(TrytonTest, AnInputDoesNotTakeThePlaceOfATaskHeader) {
  tryton_.on("model.sale.sale.read", [](const Json& params) {
    EXPECT_EQ(params.dump(), R"([[7],["total"],{"company":1,"language":"en","locations":[5]}])");
    return R"("result":[])";
  });
  const Json input = Json::parse(
      R"({"model":"res.user","method":"delete","args":[[1]],"context":{"locations":[9],"user":1},"connection":"none"})");
  const Json headers = Json::object({{"connection", "erp"},
                                     {"model", "sale.sale"},
                                     {"method", "read"},
                                     {"args", R"([[7],["total"]])"},
                                     {"context", R"({"locations":[5]})"}});
  EXPECT_EQ(output(run(host_, "tryton.call", input, {}, headers)).dump(), R"({"result":[]})");
}

TEST_F(TrytonTest, RenewsALostSession) {
  tryton_.on("model.sale.sale.read", [](const Json&) { return R"("result":[])"; });
  const Json input = Json::parse(R"({"model":"sale.sale","method":"read","args":[[7],[]]})");
  output(run(host_, "tryton.call", input));
  tryton_.revoke_sessions();
  output(run(host_, "tryton.call", input));
  EXPECT_EQ(tryton_.calls("common.db.login"), 2);
}

TEST_F(TrytonTest, ForbiddenIsTriedWithAFreshSessionOnceAndThenSaid) {
  const auto answer = failed(run(host_, "tryton.call", button("no_such_method")));
  EXPECT_FALSE(answer.retryable);
  EXPECT_EQ(answer.code, 403);
  EXPECT_NE(answer.message.find("model.sale.sale.no_such_method"), std::string::npos);
  EXPECT_EQ(tryton_.calls("common.db.login"), 1) << "the session was fresh";
  failed(run(host_, "tryton.call", button("no_such_method")));
  EXPECT_EQ(tryton_.calls("common.db.login"), 2) << "it could have been the session";
  EXPECT_EQ(tryton_.calls("model.sale.sale.no_such_method"), 3);
}

TEST_F(TrytonTest, BusinessErrorsAreBpmnErrors) {
  tryton_.on("model.sale.sale.confirm", [](const Json&) {
    return R"("error":["UserError",["Party \"H\" has reached their credit limit of $500.00.","more",null]])";
  });
  const auto limit = bpmn(run(host_, "tryton.call", button("confirm")));
  EXPECT_EQ(limit.code, "CREDIT_LIMIT");
  EXPECT_EQ(Json::parse(limit.variables_json).at("trytonError").at("description").as_string(), "more");
  const auto own = bpmn(run(host_, "tryton.call", button("confirm"), {},
                            Json::object({{"errorMapping", R"([{"kind":"UserError","code":"MINE"}])"}})));
  EXPECT_EQ(own.code, "MINE");
  tryton_.on("model.sale.sale.quote",
             [](const Json&) { return R"("error":["UserWarning",["stock_7","Not enough.",""]])"; });
  const auto warning = bpmn(run(host_, "tryton.call", button("quote")));
  EXPECT_EQ(warning.code, "USER_WARNING");
  EXPECT_EQ(Json::parse(warning.variables_json).at("trytonError").at("name").as_string(), "stock_7");
}

TEST_F(TrytonTest, ConcurrencyAndLocksCanBeRetriedButABareExceptionCannot) {
  tryton_.on("model.sale.sale.write", [](const Json&) {
    return R"("error":["ConcurrencyException","Records were modified in the meanwhile"])";
  });
  Json input = button("write");
  EXPECT_TRUE(may_repeat(failed(run(host_, "tryton.call", input))));
  input.set("context", Json::parse(R"({"_timestamp":{"sale.sale,7":"1"}})"));
  EXPECT_EQ(bpmn(run(host_, "tryton.call", input)).code, "CONCURRENT_MODIFICATION");
  tryton_.on("model.sale.sale.write", [](const Json&) { return R"("error":["database is locked","Traceback"])"; });
  EXPECT_TRUE(may_repeat(failed(run(host_, "tryton.call", button("write")))));
  tryton_.on("model.sale.sale.write", [](const Json&) { return R"("error":["'nosuch'","Traceback"])"; });
  const auto answer = failed(run(host_, "tryton.call", button("write")));
  EXPECT_FALSE(answer.retryable);
  EXPECT_NE(answer.message.find("'nosuch'"), std::string::npos);
}

TEST_F(TrytonTest, AcceptsWarningsItWasToldToAccept) {
  std::atomic<bool> accepted{false};
  tryton_.on("model.sale.sale.quote", [&](const Json&) {
    return accepted ? R"("result":null)" : R"("error":["UserWarning",["stock_quantity_warning_7","Not enough.",""]])";
  });
  tryton_.on("model.res.user.warning.create", [&](const Json& params) {
    EXPECT_EQ(params.items()[0].dump(), R"([{"user":2,"name":"stock_quantity_warning_7","always":false}])");
    accepted = true;
    return R"("result":[1])";
  });
  Json input = button("quote");
  input.set("acceptWarnings", Json::array({"other_*"}));
  EXPECT_EQ(bpmn(run(host_, "tryton.call", input)).code, "USER_WARNING");
  input.set("acceptWarnings", Json::array({"stock_quantity_warning_*"}));
  EXPECT_TRUE(output(run(host_, "tryton.call", input)).at("result").is_null());
}

TEST_F(TrytonTest, AButtonThatSilentlyDidNothingIsNoticed) {
  std::string state = "processing";
  tryton_.on("model.sale.sale.cancel", [](const Json&) { return R"("result":null)"; });
  tryton_.on("model.sale.sale.read", [&](const Json& params) {
    EXPECT_EQ(params.items()[1].dump(), R"(["state"])");
    return R"("result":[{"id":7,"state":")" + state + "\"}]";
  });
  const Json input = button("cancel", Json::parse(R"({"state":["cancelled"]})"));
  EXPECT_EQ(bpmn(run(host_, "tryton.call", input)).code, "UNEXPECTED_STATE");
  state = "cancelled";
  EXPECT_EQ(output(run(host_, "tryton.call", input)).at("records").dump(), R"([{"id":7,"state":"cancelled"}])");
}

TEST_F(TrytonTest, ARepeatedButtonLooksFirst) {
  std::string state = "quotation";
  tryton_.on("model.sale.sale.confirm", [&](const Json&) {
    state = "confirmed";
    return R"("result":null)";
  });
  tryton_.on("model.sale.sale.read", [&](const Json&) { return R"("result":[{"id":7,"state":")" + state + "\"}]"; });
  const Json input = button("confirm", Json::parse(R"({"state":["confirmed","processing","done"]})"));
  tryton_.broken_after = 1;
  const auto lost = failed(run(host_, "tryton.call", input));
  EXPECT_TRUE(lost.ambiguous);
  EXPECT_TRUE(may_repeat(lost)) << "it can look";
  EXPECT_EQ(output(run(host_, "tryton.call", input, {.attempt = 2})).at("records").items()[0].at("state").as_string(),
            "confirmed");
  EXPECT_EQ(tryton_.calls("model.sale.sale.confirm"), 1);
}

TEST_F(TrytonTest, AButtonWithoutExpectationIsNeverRepeatedAfterALostAnswer) {
  tryton_.on("model.sale.sale.confirm", [&](const Json&) { return R"("result":null)"; });
  tryton_.broken_after = 1;
  EXPECT_FALSE(may_repeat(failed(run(host_, "tryton.call", button("confirm")))));
}

TEST_F(TrytonTest, AWriteThatTheModelCallsHarmlessIsRepeatedAfterALostAnswer) {
  tryton_.on("model.sale.sale.write", [&](const Json&) { return R"("result":null)"; });
  tryton_.broken_after = 1;
  const Json native = Json::object({{"repeatSafety", "native"}});
  EXPECT_TRUE(may_repeat(failed(run(host_, "tryton.call", button("write"), {}, native))));
  (void)output(run(host_, "tryton.call", button("write"), {.attempt = 2}, native));
  EXPECT_EQ(tryton_.calls("model.sale.sale.write"), 2);
  const Json misspelt = Json::object({{"repeatSafety", "nativ"}});
  EXPECT_FALSE(failed(run(host_, "tryton.call", button("write"), {}, misspelt)).retryable);
}

TEST_F(TrytonTest, CreateOnceCreatesOnce) {
  std::atomic<int> created{0};
  tryton_.on("model.sale.sale.search_read", [&](const Json& params) {
    EXPECT_EQ(params.items()[0].dump(), R"([["reference","=","key-1"]])");
    EXPECT_EQ(params.items()[2].as_int(), 2);
    return created == 0 ? R"("result":[])" : R"("result":[{"id":41,"number":"S1"}])";
  });
  tryton_.on("model.sale.sale.create", [&](const Json& params) {
    EXPECT_EQ(params.items()[0].dump(),
              R"([{"party":3,"total":{"__class__":"Decimal","decimal":"10.50"},"reference":"key-1"}])");
    ++created;
    return R"("result":[41])";
  });
  tryton_.on("model.sale.sale.read", [&](const Json&) { return R"("result":[{"id":41,"number":"S1"}])"; });
  const Json input = Json::parse(
      R"({"model":"sale.sale","keyField":"reference","values":{"party":3,"total":{"$decimal":10.50}},"fields":["number"]})");
  tryton_.broken_after = 2;  // the answer to create is lost
  const auto lost = failed(run(host_, "tryton.create-once", input));
  EXPECT_TRUE(lost.ambiguous);
  EXPECT_TRUE(may_repeat(lost));
  for (const int attempt : {2, 1}) {
    const Json result = output(run(host_, "tryton.create-once", input, {.attempt = attempt})).at("result");
    EXPECT_EQ(result.at("id").as_int(), 41);
    EXPECT_FALSE(result.at("created").as_bool());
  }
  EXPECT_EQ(created, 1);
}

TEST_F(TrytonTest, ALookupWaitsForWhatIsJustBeingCommitted) {
  std::atomic<int> searches{0};
  tryton_.on("model.sale.sale.search_read",
             [&](const Json&) { return ++searches == 1 ? R"("result":[])" : R"("result":[{"id":41}])"; });
  const Json input = Json::parse(R"({"model":"sale.sale","keyField":"reference","values":{"party":3}})");
  const Json result = output(run(host_, "tryton.create-once", input, {.attempt = 2})).at("result");
  EXPECT_EQ(result.at("id").as_int(), 41);
  EXPECT_EQ(searches, 2);
  EXPECT_EQ(tryton_.calls("model.sale.sale.create"), 0);
}

TEST_F(TrytonTest, CreateOnceDoesNotGuess) {
  tryton_.on("model.party.party.search_read", [](const Json&) { return R"("result":[{"id":1},{"id":2}])"; });
  const Json input = Json::parse(R"({"model":"party.party","domain":[["name","=","X"]],"values":{"name":"X"}})");
  const auto answer = failed(run(host_, "tryton.create-once", input));
  EXPECT_FALSE(answer.retryable);
  EXPECT_NE(answer.message.find("more than one"), std::string::npos);
}

TEST_F(TrytonTest, WizardsRunTheirStepsAndAreClosed) {
  int step = 0;
  tryton_.on("wizard.account.invoice.pay.create", [](const Json& params) {
    EXPECT_EQ(params.items()[0].at("active_ids").dump(), "[5]");
    return R"("result":[9,"start","end"])";
  });
  tryton_.on("wizard.account.invoice.pay.execute", [&](const Json& params) {
    EXPECT_EQ(params.items()[0].as_int(), 9);
    if (++step == 1) {
      EXPECT_EQ(params.items()[1].dump(), R"({"start":{"amount":{"__class__":"Decimal","decimal":"100.00"}}})");
      EXPECT_EQ(params.items()[2].as_string(), "choice");
      return R"("result":{"view":{"state":"ask","defaults":{"lines":[3],"lines.":{"x":1},"type":"writeoff"}}})";
    }
    EXPECT_EQ(
        params.items()[1].dump(),
        R"({"start":{"amount":{"__class__":"Decimal","decimal":"100.00"}},"ask":{"lines":[3],"type":"partial","writeoff":null}})");
    return R"("result":{"actions":[]})";
  });
  tryton_.on("wizard.account.invoice.pay.delete", [](const Json&) { return R"("result":null)"; });
  const Json input = Json::parse(R"({"wizard":"account.invoice.pay","model":"account.invoice","ids":[5],"steps":[
      {"button":"choice","data":{"start":{"amount":{"$decimal":100.00}}}},
      {"button":"pay","useDefaults":"ask","data":{"ask":{"type":"partial","writeoff":null}}}]})");
  EXPECT_EQ(output(run(host_, "tryton.wizard", input)).dump(), R"({"result":{"actions":[]}})");
  EXPECT_EQ(tryton_.calls("wizard.account.invoice.pay.delete"), 1);
}

TEST_F(TrytonTest, ServerTroubleIsRetriedAndTheSessionStaysSecret) {
  tryton_.on("model.sale.sale.read", [](const Json&) {
    return R"("result":["pass-canary-1!","session-canary-1","ZW5naW5lOjI6c2Vzc2lvbi1jYW5hcnktMQ=="])";
  });
  const Json input = Json::parse(R"({"model":"sale.sale","method":"read","args":[[7],[]]})");
  EXPECT_EQ(output(run(host_, "tryton.call", input)).dump(), R"({"result":["***","***","***"]})");
  for (const int status : {429, 500, 502, 503}) {
    tryton_.status = status;
    EXPECT_TRUE(may_repeat(failed(run(host_, "tryton.call", input)))) << status;
  }
}

TEST(TrytonLogin, AWrongPasswordIsSaidWithoutShowingIt) {
  FakeTryton tryton;
  Host host({.secrets = SecretSource::of({{"ERP", "wrong-password"}})});
  ASSERT_TRUE(host.load(FERMATA_TRYTON_PLUGIN,
                        {.config_json = R"({"connections":{"erp":{"url":")" + tryton.url() +
                                        R"(","user":"engine","password":"secret:ERP","context":{"company":1}}}})"}));
  const auto answer = failed(run(host, "tryton.call", Json::parse(R"({"model":"a","method":"read","args":[]})")));
  EXPECT_FALSE(answer.retryable);
  EXPECT_NE(answer.message.find("login of user \"engine\" refused"), std::string::npos);
  EXPECT_EQ((answer.message + answer.detail).find("wrong-password"), std::string::npos);
}

TEST(TrytonConfiguration, IsChecked) {
  for (const char* config :
       {"{}", R"({"connections":{}})", R"({"connections":{"a":{"url":"ftp://x/","user":"u","password":"p"}}})",
        R"({"connections":{"a":{"user":"u","password":"p"}}})", R"({"surprise":1})"}) {
    Host host;
    EXPECT_FALSE(host.load(FERMATA_TRYTON_PLUGIN, {.config_json = config})) << config;
  }
}

/// Against a real Tryton, if there is one.
TEST(TrytonLive, PartyIsCreatedOnceAndSessionsAreRenewed) {
  const char* url = std::getenv("FERMATA_TRYTON_ERP_URL");
  const char* real_password = std::getenv("FERMATA_TRYTON_PASSWORD");
  if (url == nullptr || real_password == nullptr)
    GTEST_SKIP() << "FERMATA_TRYTON_ERP_URL and FERMATA_TRYTON_PASSWORD are not set";
  Host host({.secrets = SecretSource::of({{"ERP", real_password}})});
  const auto loaded =
      host.load(FERMATA_TRYTON_PLUGIN,
                {.config_json = std::string(R"({"connections":{"erp":{"url":")") + url +
                                R"(","user":"engine","password":"secret:ERP","context":{"company":1}}}})"});
  ASSERT_TRUE(loaded) << loaded.error().message;
  const std::string code =
      "fermata-test-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
  const Json input = Json::object(
      {{"model", "party.party"},
       {"keyField", "identifiers.code"},
       {"key", code},
       {"fields", Json::array({"name", "code"})},
       {"values", Json::parse(R"({"name":"Fermata Test","identifiers":[["create",[{"code":")" + code + R"("}]]]})")}});
  const Json first = output(run(host, "tryton.create-once", input)).at("result");
  EXPECT_TRUE(first.at("created").as_bool());
  const Json again = output(run(host, "tryton.create-once", input, {.attempt = 2})).at("result");
  EXPECT_FALSE(again.at("created").as_bool());
  EXPECT_EQ(first.at("id"), again.at("id"));
  EXPECT_FALSE(
      failed(run(host, "tryton.call", Json::parse(R"({"model":"nosuch.model","method":"read","args":[[1],["x"]]})")))
          .retryable);
  EXPECT_EQ(
      failed(run(host, "tryton.call", Json::parse(R"({"model":"sale.sale","method":"no_such_method","args":[[1]]})")))
          .code,
      403);
  EXPECT_EQ(
      bpmn(run(host, "tryton.call", Json::parse(R"({"model":"sale.sale","method":"create","args":[[{"company":1}]]})")))
          .code,
      "USER_ERROR");
  const Json products = output(
      run(host, "tryton.call",
          Json::parse(R"({"model":"product.product","method":"search_read","args":[[],0,1,null,["list_price"]]})")));
  EXPECT_TRUE(products.at("result").items().at(0).at("list_price").is_number()) << products.dump();
}

}  // namespace
}  // namespace fermata::activities
