// What every ReadSession promises to operators and APIs.
#include <algorithm>
#include <random>

#include "engine/base/json.h"
#include "engine/record/codec.h"
#include "persistence/testing/synthetic.h"
#include "tests/contract/world.h"

namespace fermata::contract {
namespace {

using Op = FieldCondition::Op;
using testing::CountingKeys;
using testing::SyntheticInstance;

constexpr Timestamp noon{1'780'000'000'000};

std::string key_of(const ElementRow& row) { return row.element.key.text(); }
std::string key_of(const JobRow& row) { return row.job.key.text(); }

class QueryContract : public ContractTest {
 protected:
  /// Ten orders, each one step further than the one before it, from "just created" to "ended".
  void SetUp() override {
    ContractTest::SetUp();
    write(testing::deploy_order(keys, noon, definition), nullptr);
    for (int i = 0; i < 12; ++i) {
      auto order = std::make_unique<SyntheticInstance>(keys, SyntheticInstance::Options{.definition = definition, .business_key = "order-" + std::to_string(i)});
      const int steps = 1 + i % SyntheticInstance::steps_total;
      for (int step = 0; step < steps; ++step) {
        const Transition transition = order->step(noon + Duration::from_seconds(60 * i + step));
        write(transition, &order->state());
        order->settle();
      }
      orders.push_back(std::move(order));
    }
    session = value_of(store->read());
  }
  void TearDown() override {
    session.reset();
    ContractTest::TearDown();
  }

  static Value text(const std::string& value) { return Value::string(value); }
  std::vector<std::string> business_keys(const Query& query) {
    std::vector<std::string> found;
    for (const InstanceRow& row : value_of(session->search_instances(query)).items) found.push_back(row.instance.business_key);
    return found;
  }
  std::size_t count(const Query& query) { return value_of(session->search_instances(query)).items.size(); }
  Query where(std::string field, Op op, std::vector<Value> operands) { return {.where = {{std::move(field), op, std::move(operands)}}}; }

  CountingKeys keys;
  DefinitionKey definition;
  std::vector<std::unique_ptr<SyntheticInstance>> orders;
  std::unique_ptr<ReadSession> session;
};

TEST_P(QueryContract, FiltersByEveryOperator) {
  EXPECT_EQ(count({}), 12U);
  EXPECT_EQ(count(where("state", Op::eq, {text("ACTIVE")})), 10U);
  EXPECT_EQ(count(where("state", Op::neq, {text("ACTIVE")})), 2U);
  EXPECT_EQ(count(where("state", Op::in, {text("COMPLETED"), text("TERMINATED")})), 2U);
  EXPECT_EQ(count(where("state", Op::not_in, {text("COMPLETED"), text("SUSPENDED")})), 10U);
  EXPECT_EQ(count(where("state", Op::in, {})), 0U);
  EXPECT_EQ(count(where("state", Op::not_in, {})), 12U);
  EXPECT_EQ(business_keys(where("businessId", Op::eq, {text("order-3")})), std::vector<std::string>{"order-3"});
  EXPECT_EQ(business_keys(where("businessId", Op::like, {text("order-1?")})), (std::vector<std::string>{"order-10", "order-11"}));
  EXPECT_EQ(count(where("businessId", Op::like, {text("*der-*")})), 12U);
  EXPECT_EQ(count(where("businessId", Op::like, {text("order-\\*")})), 0U);
  EXPECT_EQ(count(where("endDate", Op::exists, {Value::boolean(true)})), 2U);
  EXPECT_EQ(count(where("endDate", Op::exists, {Value::boolean(false)})), 10U);
  EXPECT_EQ(count(where("endDate", Op::lt, {text("2100-01-01T00:00:00Z")})), 2U) << "what has not ended has no end before a date";
  EXPECT_EQ(count(where("startDate", Op::gte, {text(format_iso8601(noon + Duration::from_seconds(600)))})), 2U);
  EXPECT_EQ(count(where("startDate", Op::gt, {text(format_iso8601(noon + Duration::from_seconds(600)))})), 1U);
  EXPECT_EQ(count(where("processInstanceKey", Op::eq, {text(orders[4]->key().text())})), 1U);
  EXPECT_EQ(count(where("processInstanceKey", Op::in, {text(orders[4]->key().text()), Value::integer(orders[5]->key().raw())})), 2U);
  EXPECT_EQ(count(where("processDefinitionName", Op::eq, {text("Order")})), 12U);
  EXPECT_EQ(count(where("hasIncident", Op::eq, {Value::boolean(false)})), 12U);
  EXPECT_EQ(count(where("hasIncident", Op::eq, {Value::boolean(true)})), 0U);
  EXPECT_EQ(count(where("parentProcessInstanceKey", Op::exists, {Value::boolean(true)})), 0U);
  EXPECT_EQ(count(where("parentProcessInstanceKey", Op::neq, {Value::integer(5)})), 12U) << "what is absent is different";
}

TEST_P(QueryContract, CombinesConditions) {
  Query query{.where = {{"state", Op::eq, {text("ACTIVE")}}, {"businessId", Op::like, {text("order-?")}}}};
  EXPECT_EQ(count(query), 9U);
  query.any_of = {{{"businessId", Op::eq, {text("order-1")}}}, {{"businessId", Op::eq, {text("order-2")}}, {"state", Op::eq, {text("COMPLETED")}}}};
  EXPECT_EQ(business_keys(query), std::vector<std::string>{"order-1"});
}

TEST_P(QueryContract, RefusesWhatItDoesNotKnow) {
  const auto refused = [&](const Query& query, const std::string& naming) {
    const auto page = session->search_instances(query);
    ASSERT_FALSE(page) << naming;
    EXPECT_EQ(page.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(page.error().message.find(naming), std::string::npos) << page.error().message;
  };
  refused(where("nonsense", Op::eq, {text("x")}), "nonsense");
  refused(where("state; DROP TABLE job", Op::eq, {text("x")}), "no field");
  refused(where("state", Op::eq, {text("RUNNING")}), "ACTIVE");
  refused(where("state", Op::gt, {text("ACTIVE")}), "$gt");
  refused(where("processInstanceKey", Op::eq, {text("abc")}), "key");
  refused(where("processInstanceKey", Op::like, {text("1*")}), "$like");
  refused(where("startDate", Op::eq, {text("yesterday")}), "date");
  refused(where("businessId", Op::eq, {}), "one value");
  refused(where("businessId", Op::like, {text(std::string(1'025, 'a'))}), "$like on 'businessId' takes a pattern of at most 1024 bytes");
  refused({.variables = {{"orderId", Op::like, {text(std::string(1'025, 'a'))}}}}, "$like on 'orderId' takes a pattern of at most 1024 bytes");
  EXPECT_EQ(count(where("businessId", Op::like, {text(std::string(1'024, 'a'))})), 0U);
  refused(where("businessId", Op::eq, {Value::integer(1)}), "string");
  refused(where("endDate", Op::exists, {text("yes")}), "true or false");
  refused({.sort = {{"nonsense", false}}}, "nonsense");
  refused({.sort = {{"tags", false}}}, "list");
  refused({.limit = 10'001}, "items");
  refused({.after = "zz"}, "cursor");
  refused({.after = std::string(200'000, 'a')}, "cursor");
  Query many;
  for (int i = 0; i < 300; ++i) many.where.push_back({"businessId", Op::eq, {text("x")}});
  refused(many, "conditions");
}

/// Never an answer that leaves out what could not be compared.
TEST_P(QueryContract, AComparisonThatTakesTooLongEndsTheSearch) {
  constexpr std::size_t characters = 60'000;  // and a thousand to compare from each of them: more than the 50 million steps of one text
  SyntheticInstance order(keys, {.definition = definition, .business_key = std::string(characters, 'n'), .variable_bytes = 2 * characters + 120});
  const Transition transition = order.step(noon + Duration::from_seconds(3'600));
  session.reset();
  write(transition, &order.state());
  session = value_of(store->read());

  const Value pattern = text("*" + std::string(1'000, 'n') + "b*");
  const auto ends = [](const auto& page) {
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::limit_exceeded);
    EXPECT_TRUE(page.error().message.starts_with("a text is too long for this pattern of $like")) << page.error().message;
    EXPECT_NE(page.error().message.find("narrow the search"), std::string::npos) << page.error().message;
  };
  ends(session->search_instances(where("businessId", Op::like, {pattern})));
  ends(session->search_variables(where("value", Op::like, {pattern})));
  EXPECT_EQ(count(where("businessId", Op::like, {text("n*")})), 1U) << "the session goes on";
}

TEST_P(QueryContract, PagesForwardsAndBackwardsThroughEveryOrder) {
  const std::vector<std::vector<SortField>> orders_to_try{{},
                                                          {{"businessId", false}},
                                                          {{"endDate", false}},
                                                          {{"endDate", true}},
                                                          {{"state", true}, {"businessId", false}},
                                                          {{"processInstanceKey", true}},
                                                          {{"processDefinitionName", false}, {"startDate", true}}};
  for (const auto& sort : orders_to_try) {
    const std::vector<std::string> all = business_keys({.sort = sort, .limit = 100});
    ASSERT_EQ(all.size(), 12U);
    std::vector<std::string> paged, backwards;
    Query query{.sort = sort, .limit = 5};
    std::string last_start;
    for (int pages = 0; pages < 10; ++pages) {
      const auto page = value_of(session->search_instances(query));
      if (page.items.empty()) break;
      EXPECT_EQ(page.total, 12);
      for (const InstanceRow& row : page.items) paged.push_back(row.instance.business_key);
      query.after = page.end_cursor;
      last_start = page.start_cursor;
    }
    EXPECT_EQ(paged, all);
    query.after.clear();
    query.before = last_start;  // the last page has two items: ten lie before it
    for (int pages = 0; pages < 10; ++pages) {
      const auto page = value_of(session->search_instances(query));
      if (page.items.empty()) break;
      std::vector<std::string> keys_of_page;
      for (const InstanceRow& row : page.items) keys_of_page.push_back(row.instance.business_key);
      backwards.insert(backwards.begin(), keys_of_page.begin(), keys_of_page.end());
      query.before = page.start_cursor;
    }
    EXPECT_EQ(backwards, std::vector<std::string>(all.begin(), all.begin() + 10));
    query.before.clear();
    query.offset = 7;
    EXPECT_EQ(business_keys(query), std::vector<std::string>(all.begin() + 7, all.end()));
  }
}

TEST_P(QueryContract, RecognisesAForeignCursor) {
  const auto page = value_of(session->search_instances({.limit = 2}));
  Query other{.sort = {{"businessId", false}}, .after = page.end_cursor};
  EXPECT_FALSE(session->search_instances(other)) << "made for another order";
  EXPECT_FALSE(session->search_jobs({.after = page.end_cursor})) << "made for another collection";
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    std::string damaged = page.end_cursor;
    const std::size_t at = random() % damaged.size();
    damaged[at] = damaged[at] == '0' ? '1' : '0';
    EXPECT_FALSE(session->search_instances({.after = damaged}));
  }
  EXPECT_FALSE(session->search_instances({.after = page.end_cursor, .before = page.start_cursor}));
}

TEST_P(QueryContract, FindsInstancesByTheirVariables) {
  const auto with = [&](Op op, std::vector<Value> operands, std::string name = "amount") {
    return count({.variables = {{std::move(name), op, std::move(operands)}}});
  };
  EXPECT_EQ(with(Op::eq, {*parse_json("1299.90")}), 12U);
  EXPECT_EQ(with(Op::eq, {*parse_json("1299.9000")}), 12U) << "numbers compare by value";
  EXPECT_EQ(with(Op::eq, {*parse_json("1299.900000000000000000000000000001")}), 0U) << "and exactly";
  EXPECT_EQ(with(Op::gt, {*parse_json("1299.8999999999999999999")}), 12U);
  EXPECT_EQ(with(Op::lt, {*parse_json("9")}), 0U) << "as numbers, not as texts";
  EXPECT_EQ(with(Op::eq, {text("1299.9")}), 0U);
  EXPECT_EQ(with(Op::exists, {Value::boolean(true)}), 12U);
  EXPECT_EQ(with(Op::exists, {Value::boolean(false)}), 0U);
  EXPECT_EQ(with(Op::exists, {Value::boolean(false)}, "nothing"), 12U);
  EXPECT_EQ(with(Op::eq, {text("A-" + orders[3]->key().text())}, "orderId"), 1U);
  EXPECT_EQ(with(Op::like, {text("A-*")}, "orderId"), 12U);
  EXPECT_EQ(with(Op::in, {text("x"), text("A-" + orders[3]->key().text())}, "orderId"), 1U);
  EXPECT_EQ(with(Op::neq, {text("x")}, "orderId"), 12U);
  const auto customer = orders[0]->state().find_variable(root_scope(orders[0]->key()), "customer")->value;
  Value::Entries turned(customer.as_context().rbegin(), customer.as_context().rend());
  EXPECT_EQ(with(Op::eq, {Value::context(turned)}, "customer"), 12U) << "contexts compare regardless of order";
  Query both{.where = {{"state", Op::eq, {text("COMPLETED")}}}, .variables = {{"orderId", Op::like, {text("A-*")}}, {"amount", Op::gte, {Value::integer(1000)}}}};
  EXPECT_EQ(count(both), 2U);
  EXPECT_EQ(value_of(session->search_jobs({.variables = {{"orderId", Op::eq, {text("A-" + orders[3]->key().text())}}}})).items.size(), 4U);
  EXPECT_FALSE(session->search_definitions({.variables = {{"x", Op::exists, {Value::boolean(true)}}}}));
}

TEST_P(QueryContract, SearchesEveryCollection) {
  const auto key = orders[3]->key();  // reserve done: jobs invoice (done) and ship (open), a token waits
  const FieldCondition of_order{"processInstanceKey", Op::eq, {text(key.text())}};
  const auto jobs = value_of(session->search_jobs({.where = {of_order}, .sort = {{"type", false}}}));
  ASSERT_EQ(jobs.items.size(), 4U);
  EXPECT_EQ(jobs.items[0].job.type, "invoice");
  EXPECT_EQ(jobs.items[0].context.process_name, "Order");
  EXPECT_EQ(jobs.items[0].context.business_key, "order-3");
  EXPECT_EQ(jobs.items[0].context.definition, definition);
  EXPECT_EQ(value_of(session->search_jobs({.where = {of_order, {"state", Op::eq, {text("CREATED")}}}})).items.size(), 1U);
  EXPECT_EQ(value_of(session->search_jobs({.where = {{"jobKey", Op::eq, {text(jobs.items[2].job.key.text())}}}})).items.size(), 1U);

  EXPECT_EQ(value_of(session->search_elements({.where = {of_order, {"type", Op::eq, {text("SERVICE_TASK")}}}})).items.size(), 4U);
  EXPECT_EQ(value_of(session->search_elements({.where = {of_order, {"state", Op::eq, {text("ACTIVE")}}}})).items.size(), 2U) << "process and ship";
  EXPECT_EQ(value_of(session->search_elements({.where = {{"elementId", Op::eq, {text("ship")}}, {"state", Op::eq, {text("ACTIVE")}}}})).items.size(), 4U);

  const auto variables = value_of(session->search_variables({.where = {of_order, {"name", Op::eq, {text("amount")}}}}));
  ASSERT_EQ(variables.items.size(), 1U);
  EXPECT_EQ(to_json(variables.items[0].variable.value), "1299.9");
  EXPECT_EQ(value_of(session->search_variables({.where = {{"value", Op::eq, {text(" 1299.90 ")}}}})).items.size(), 12U);
  EXPECT_EQ(value_of(session->search_variables({.where = {{"scopeKey", Op::eq, {text(key.text())}}}})).items.size(), 4U);

  const auto subscriptions = value_of(session->search_subscriptions({.where = {{"messageSubscriptionState", Op::eq, {text("CREATED")}}}}));
  EXPECT_EQ(subscriptions.items.size(), 2U);
  EXPECT_EQ(value_of(session->search_subscriptions({.where = {{"messageName", Op::eq, {text("payment")}}}})).items.size(), 4U);
  EXPECT_EQ(value_of(session->search_timers({.where = {{"state", Op::eq, {text("ACTIVE")}}}, .sort = {{"dueDate", true}}})).items.size(), 2U);
  EXPECT_EQ(value_of(session->search_definitions({.where = {{"isLatestVersion", Op::eq, {Value::boolean(true)}}}})).items.size(), 1U);
  EXPECT_EQ(value_of(session->search_incidents({})).items.size(), 0U);
  EXPECT_EQ(value_of(session->search_user_tasks({})).items.size(), 0U);
}

TEST_P(QueryContract, ShowsDecisionsAndHowTheyWereEvaluated) {
  session.reset();
  Transition deployed;
  deployed.key = keys.make<TransitionKey>();
  deployed.at = noon;
  const Resource file{.key = keys.make<ResourceKey>(), .deployment = keys.make<DeploymentKey>(), .name = "d.dmn", .kind = "dmn", .checksum = "x", .content = "<d/>"};
  DecisionDefinition first{.key = keys.make<DecisionDefinitionKey>(), .deployment = file.deployment, .resource = file.key, .decision_id = "d", .name = "D", .version = 1,
                           .requirements_id = "g", .requirements_name = "G", .resource_name = "d.dmn", .checksum = "x", .deployed_at = noon};
  DecisionDefinition second = first;
  second.key = keys.make<DecisionDefinitionKey>();
  second.version = 2;
  deployed.events = {ResourceDeployed{file}, DecisionDeployed{first}, DecisionDeployed{second}};
  write(deployed, nullptr);

  const auto evaluation = [&](ElementInstanceKey element) {
    std::vector<Event> events;
    DecisionInstanceKey whole;
    for (int i = 1; i <= 2; ++i) {
      DecisionInstance row;
      row.key = keys.make<DecisionInstanceKey>();
      if (i == 1) whole = row.key;
      row.evaluation = whole;
      row.position = i;
      row.decision = i == 1 ? first.key : second.key;
      row.root = second.key;
      row.element_instance = element;
      row.element_id = element ? "ship" : "";
      row.decision_id = i == 1 ? "segment" : "d";
      row.name = "Decision";
      row.version = i;
      row.type = i == 1 ? "literalExpression" : "decisionTable";
      row.requirements = file.key;
      row.inputs = Value::list({Value::context({{"id", Value::string("i")}, {"name", Value::string("x")}, {"value", Value::integer(7)}})});
      row.rules = Value::list({});
      row.result = i == 1 ? Value::null() : Value::string("done");
      if (i == 2) row.warnings = {"d.dmn:3:1: because"};
      row.evaluated_at = noon;
      events.push_back(DecisionEvaluated{std::move(row)});
    }
    return events;
  };
  Transition by_itself;
  by_itself.key = keys.make<TransitionKey>();
  by_itself.at = noon;
  by_itself.events = evaluation({});
  write(by_itself, nullptr);
  SyntheticInstance asking(keys, {.definition = definition, .business_key = "asking"});
  Transition step = asking.step(noon);
  for (Event& event : evaluation(ElementInstanceKey{asking.key().raw()})) step.events.push_back(std::move(event));
  write(step, &asking.state());
  asking.settle();
  session = value_of(store->read());

  const auto decisions = [&](std::string field, Value operand) {
    return value_of(session->search_decisions(where(std::move(field), Op::eq, {std::move(operand)}))).items;
  };
  EXPECT_EQ(decisions("decisionDefinitionId", text("d")).size(), 2U);
  ASSERT_EQ(decisions("isLatestVersion", Value::boolean(true)).size(), 1U);
  EXPECT_EQ(encode_entity(decisions("isLatestVersion", Value::boolean(true))[0]), encode_entity(second));
  EXPECT_EQ(decisions("version", Value::integer(1)).size(), 1U);
  EXPECT_EQ(decisions("decisionRequirementsKey", text(file.key.text())).size(), 2U);
  EXPECT_EQ(value_of(session->latest_decision("d"))->key, second.key);
  EXPECT_FALSE(value_of(session->latest_decision("e")));
  EXPECT_EQ(value_of(session->decisions_of(file.key)).size(), 2U);

  const auto instances = [&](std::string field, Value operand) {
    return value_of(session->search_decision_instances(where(std::move(field), Op::eq, {std::move(operand)}))).items;
  };
  EXPECT_EQ(value_of(session->search_decision_instances({})).items.size(), 4U);
  const auto of_instance = instances("processInstanceKey", text(asking.key().text()));
  ASSERT_EQ(of_instance.size(), 2U);
  EXPECT_EQ(encode_entity(of_instance[1].decision), encode_entity(std::get<DecisionEvaluated>(step.events.back()).decision));
  EXPECT_EQ(of_instance[1].context.business_key, "asking");
  EXPECT_EQ(of_instance[1].context.process_id, "order");
  EXPECT_EQ(instances("businessId", text("asking")).size(), 2U);
  EXPECT_EQ(instances("elementInstanceKey", text(asking.key().text())).size(), 2U);
  EXPECT_EQ(instances("decisionEvaluationInstanceKey", text(of_instance[0].decision.shown_key())).size(), 1U);
  EXPECT_EQ(instances("decisionEvaluationKey", text(of_instance[0].decision.evaluation.text())).size(), 2U);
  EXPECT_EQ(instances("decisionDefinitionType", text("DECISION_TABLE")).size(), 2U);
  EXPECT_EQ(instances("decisionDefinitionId", text("segment")).size(), 2U);
  EXPECT_EQ(instances("rootDecisionDefinitionKey", text(second.key.text())).size(), 4U);
  EXPECT_EQ(instances("state", text("FAILED")).size(), 0U);
  EXPECT_EQ(instances("processDefinitionId", text("order")).size(), 2U);
  const auto one = value_of(session->decision_instance(of_instance[0].decision.key));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->decision.position, 1);
  EXPECT_TRUE(one->decision.result.is_null());
  EXPECT_FALSE(value_of(session->decision_instance(DecisionInstanceKey{1})));
}

/// Every way to say which rows are meant, against reading all rows and looking at each.
TEST_P(QueryContract, FindsTheRowsOfSomeInstancesAmongThoseOfOthers) {
  session.reset();
  std::vector<std::unique_ptr<SyntheticInstance>> taking_turns;
  for (int i = 0; i < 6; ++i) {
    taking_turns.push_back(std::make_unique<SyntheticInstance>(keys, SyntheticInstance::Options{.definition = definition, .business_key = "turn-" + std::to_string(i)}));
  }
  for (int turn = 0; turn < 27; ++turn) {
    SyntheticInstance& one = *taking_turns[static_cast<std::size_t>(turn * 5 + turn / 4) % taking_turns.size()];
    if (one.ended()) continue;
    const Transition transition = one.step(noon + Duration::from_seconds(turn));
    write(transition, &one.state());
    one.settle();
  }
  session = value_of(store->read());
  const auto rows = [](auto page) {
    std::vector<std::string> found;
    for (const auto& row : page.items) found.push_back(row.context.instance.text() + ":" + key_of(row));
    return found;
  };
  const auto check = [&](const auto& search, const FieldCondition& condition, const auto& meant) {
    auto all = search({.limit = 10'000});
    std::erase_if(all.items, [&](const auto& row) { return !meant(row); });
    const auto found = search({.where = {condition}, .limit = 10'000});
    EXPECT_EQ(rows(found), rows(all)) << condition.field;
    EXPECT_EQ(found.total, static_cast<std::int64_t>(all.items.size())) << condition.field;
    const auto reversed = search({.where = {condition, {"state", Op::exists, {Value::boolean(true)}}}, .limit = 10'000});
    EXPECT_EQ(rows(reversed), rows(all)) << condition.field << " with another condition";
  };
  const auto elements = [&](const Query& query) { return value_of(session->search_elements(query)); };
  const auto jobs = [&](const Query& query) { return value_of(session->search_jobs(query)); };
  for (const auto& order : taking_turns) {
    const std::string own = order->key().text();
    const std::string other = taking_turns[1]->key().text();
    const auto its = [&](const auto& row) { return row.context.instance.text() == own; };
    const auto of_both = [&](const auto& row) { return its(row) || row.context.instance.text() == other; };
    check(elements, {"processInstanceKey", Op::eq, {text(own)}}, its);
    check(jobs, {"processInstanceKey", Op::eq, {text(own)}}, its);
    check(elements, {"processInstanceKey", Op::in, {text(own), text(other), text("1")}}, of_both);
    check(elements, {"businessId", Op::eq, {text(order->state().instance.business_key)}}, its);
    check(jobs, {"businessId", Op::eq, {text(order->state().instance.business_key)}}, its);
    check(elements, {"elementInstanceScopeKey", Op::eq, {text(own)}}, [&](const ElementRow& row) { return row.element.scope.text() == own; });
    check(elements, {"elementInstanceKey", Op::eq, {text(own)}}, [&](const ElementRow& row) { return row.element.key.text() == own; });
    check(elements, {"elementInstanceKey", Op::in, {text(own), text(other)}},
          [&](const ElementRow& row) { return row.element.key.text() == own || row.element.key.text() == other; });
  }
  for (const JobRow& job : jobs({.limit = 10'000}).items) {
    check(jobs, {"jobKey", Op::eq, {text(job.job.key.text())}}, [&](const JobRow& row) { return row.job.key == job.job.key; });
    check(jobs, {"elementInstanceKey", Op::eq, {text(job.job.element_instance.text())}},
          [&](const JobRow& row) { return row.job.element_instance == job.job.element_instance; });
  }
  // Lists of any length that is allowed, and none at all.
  std::vector<Value> many;
  for (int i = 1; i < 900; ++i) many.push_back(text(std::to_string(i)));
  for (const auto& order : taking_turns) many.push_back(text(order->key().text()));
  const auto takes_turns = [&](const auto& row) {
    return std::any_of(taking_turns.begin(), taking_turns.end(), [&](const auto& order) { return row.context.instance == order->key(); });
  };
  check(elements, {"processInstanceKey", Op::in, many}, takes_turns);
  check(elements, {"elementInstanceScopeKey", Op::in, many}, [&](const ElementRow& row) { return takes_turns(row) && row.element.scope; });
  check(elements, {"businessId", Op::in, many}, [](const ElementRow&) { return false; });
  for (const char* field : {"processInstanceKey", "elementInstanceKey", "businessId"}) {
    check(jobs, {field, Op::in, {}}, [](const JobRow&) { return false; });
  }
  check(elements, {"state", Op::eq, {text("ACTIVE")}}, [](const ElementRow& row) { return is_live(row.element.status); });
  check(jobs, {"state", Op::eq, {text("CREATED")}}, [](const JobRow& row) { return row.job.status <= JobStatus::locked; });
}

TEST_P(QueryContract, FindsAStuckInstance) {
  const SyntheticInstance& order = *orders[0];
  InstanceState state = order.state();
  Transition transition;
  transition.key = keys.make<TransitionKey>();
  transition.previous = state.last_transition;
  transition.instance = state.instance.key;
  transition.at = noon;
  transition.command = "failJob";
  transition.actor = "worker-1";
  const Job job = *state.jobs.begin();
  const auto emit = [&](Event event) {
    fermata::apply(state, event);
    transition.events.push_back(std::move(event));
  };
  const auto incident = keys.make<IncidentKey>();
  emit(JobLocked{job.key, "worker-1", 1, noon});
  emit(JobFailed{job.key, 0, never, "ERP down", "connection refused"});
  emit(IncidentRaised{{.key = incident, .element_instance = job.element_instance, .element_id = "validate", .job = job.key, .message = "ERP down", .created_at = noon}});
  const auto task = keys.make<UserTaskKey>();
  emit(UserTaskCreated{{.key = task, .element_instance = job.element_instance, .element_id = "validate", .name = "Look", .candidate_users = {"ada", "bob"},
                        .candidate_groups = {"sales", "back office"}, .created_at = noon}});
  state.last_transition = transition.key;
  session.reset();
  write(transition, &state);
  session = value_of(store->read());

  EXPECT_EQ(business_keys(where("hasIncident", Op::eq, {Value::boolean(true)})), std::vector<std::string>{"order-0"});
  const auto incidents = value_of(session->search_incidents({.where = {{"state", Op::eq, {text("ACTIVE")}}, {"errorType", Op::eq, {text("JOB_NO_RETRIES")}}}}));
  ASSERT_EQ(incidents.items.size(), 1U);
  EXPECT_EQ(incidents.items[0].incident.message, "ERP down");
  EXPECT_EQ(incidents.items[0].context.instance, order.key());
  EXPECT_EQ(value_of(session->incident(incident))->incident.element_id, "validate");
  EXPECT_EQ(value_of(session->search_jobs({.where = {{"state", Op::eq, {text("FAILED")}}}})).items.size(), 1U);
  EXPECT_EQ(value_of(session->search_jobs({.where = {{"incidentKey", Op::eq, {text(incident.text())}}}})).items.size(), 1U);
  EXPECT_EQ(value_of(session->search_elements({.where = {{"hasIncident", Op::eq, {Value::boolean(true)}}}})).items.size(), 1U);
  const auto tasks_with = [&](const char* field, Op op, const char* operand) {
    return value_of(session->search_user_tasks({.where = {{field, op, {text(operand)}}}})).items.size();
  };
  EXPECT_EQ(tasks_with("candidateUser", Op::eq, "bob"), 1U);
  EXPECT_EQ(tasks_with("candidateUser", Op::neq, "bob"), 0U);
  EXPECT_EQ(tasks_with("candidateUser", Op::eq, "eve"), 0U);
  EXPECT_EQ(tasks_with("candidateGroup", Op::like, "back*"), 1U);
  EXPECT_EQ(tasks_with("candidateGroup", Op::not_in, "sales"), 0U);
  EXPECT_EQ(tasks_with("state", Op::eq, "CREATED"), 1U);
  EXPECT_EQ(value_of(session->search_user_tasks({.where = {{"assignee", Op::exists, {Value::boolean(false)}}}})).items.size(), 1U);
  EXPECT_EQ(value_of(session->user_task(task))->task.name, "Look");

  const auto history = value_of(session->transitions(order.key(), 10));
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].command, "failJob");
  EXPECT_EQ(history[0].actor, "worker-1");
  EXPECT_EQ(history[1].command, "startInstance");
  const auto counts = value_of(session->counts());
  const auto count_of = [&](const std::string& name) {
    const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == name; });
    return found == counts.end() ? -1 : found->second;
  };
  EXPECT_EQ(count_of("instances_active"), 10);
  EXPECT_EQ(count_of("incidents_open"), 1);
  EXPECT_EQ(count_of("user_tasks_open"), 1);
  EXPECT_EQ(count_of("jobs_open.validate"), 2);
  EXPECT_EQ(count_of("jobs_open.ship"), 4);
  EXPECT_EQ(count_of("timers_open"), 2);
}

TEST_P(QueryContract, TellsWhatHappened) {
  const auto history = value_of(session->transitions(orders[5]->key(), 100));
  ASSERT_EQ(history.size(), 6U);
  InstanceState replayed;
  for (auto row = history.rbegin(); row != history.rend(); ++row) {
    const auto events = decode_events(row->events_json);
    ASSERT_TRUE(events) << events.error().message << '\n' << row->events_json;
    for (const Event& event : *events) fermata::apply(replayed, event);
    replayed.forget_ended();
    replayed.last_transition = row->key;
  }
  InstanceState expected = orders[5]->state();
  EXPECT_EQ(replayed.canonical(), expected.canonical()) << "replay equals state";
  EXPECT_EQ(value_of(session->transitions(orders[5]->key(), 2)).size(), 2U);
  EXPECT_TRUE(value_of(session->transitions(ProcessInstanceKey{1}, 2)).empty());
}

TEST_P(QueryContract, ShowsWhatAScopeSees) {
  const auto key = orders[0]->key();
  const auto task = orders[0]->state().jobs.begin()->element_instance;
  EXPECT_EQ(value_of(session->visible_variables(task)).size(), 4U);
  EXPECT_EQ(value_of(session->visible_variables(root_scope(key))).size(), 4U);
  EXPECT_TRUE(value_of(session->visible_variables(ElementInstanceKey{1})).empty());
  EXPECT_TRUE(value_of(session->element(root_scope(key))));
  EXPECT_FALSE(value_of(session->element(ElementInstanceKey{})));
  EXPECT_FALSE(value_of(session->job(JobKey{key.raw()})));
  EXPECT_EQ(value_of(session->instance(key))->process_name, "Order");
  EXPECT_FALSE(value_of(session->instance(ProcessInstanceKey{5})));
}

TEST_P(QueryContract, IsOneSnapshot) {
  const auto before = count({});
  SyntheticInstance more(keys, {.definition = definition});
  const Transition transition = more.step(noon);
  write(transition, &more.state());
  EXPECT_EQ(count({}), before) << "a session keeps the snapshot it was made with";
  session = value_of(store->read());
  EXPECT_EQ(count({}), before + 1) << "a new one sees everything that was committed";
}

INSTANTIATE_TEST_SUITE_P(Stores, QueryContract, ::testing::Values(Kind::memory, Kind::sqlite), [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace fermata::contract
