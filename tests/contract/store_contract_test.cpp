// What every Store promises to the engine: rows come back as they were written, lookups see live things only and one's own writes,
// a transaction is all or nothing, and there is one owner.
#include <unistd.h>

#include "engine/base/json.h"
#include "engine/record/codec.h"
#include "persistence/testing/synthetic.h"
#include "tests/contract/world.h"

namespace fermata::contract {
namespace {

using testing::CountingKeys;
using testing::SyntheticInstance;

constexpr Timestamp noon{1'780'000'000'000};

class StoreContract : public ContractTest {
 protected:
  /// An instance with nothing but a root element, applied and written.
  InstanceState start(const std::string& business_key = "", const std::string& start_correlation_key = "") {
    InstanceState state;
    Transition transition = next(state, "startInstance");
    const auto key = keys.make<ProcessInstanceKey>();
    emit(state, transition,
         InstanceStarted{{.key = key, .definition = definition, .process_id = "order", .version = 1, .business_key = business_key,
                          .start_correlation_key = start_correlation_key, .root = key, .tags = {"vip", "grün"}, .started_at = noon}});
    emit(state, transition, ElementEntered{{.key = root_scope(key), .element_id = "order", .kind = ElementKind::process,
                                            .status = ElementStatus::active, .started_at = noon}});
    finish(state, transition);
    return state;
  }
  Transition next(const InstanceState& state, const std::string& command) {
    Transition transition;
    transition.key = keys.make<TransitionKey>();
    transition.previous = state.last_transition;
    transition.at = noon;
    transition.command = command;
    transition.actor = "tester";
    return transition;
  }
  static void emit(InstanceState& state, Transition& transition, Event event) {
    fermata::apply(state, event);
    transition.events.push_back(std::move(event));
  }
  void finish(InstanceState& state, Transition& transition) {
    transition.instance = state.instance.key;
    state.last_transition = transition.key;
    write(transition, &state);
    state.forget_ended();
  }
  ElementInstanceKey enter(InstanceState& state, Transition& transition, ElementKind kind = ElementKind::service_task) {
    const auto key = keys.make<ElementInstanceKey>();
    emit(state, transition, ElementEntered{{.key = key, .scope = root_scope(state.instance.key), .element = 3, .element_id = "task",
                                            .kind = kind, .status = ElementStatus::active, .started_at = noon}});
    return key;
  }
  std::string loaded(ProcessInstanceKey key) {
    const auto state = value_of(store->lookups().load_instance(key));
    return state ? state->canonical() : "not live";
  }
  void write_partition(std::vector<Event> events) {
    Transition transition;
    transition.key = TransitionKey{partition_key.raw()};
    partition_key = TransitionKey{};
    transition.at = noon;
    transition.command = "test";
    transition.events = std::move(events);
    write(transition, nullptr);
  }
  void begin_partition() { partition_key = keys.make<TransitionKey>(); }

  CountingKeys keys;
  DefinitionKey definition{77};
  TransitionKey partition_key;
};

// ---------------------------------------------------------------- round trips

TEST_P(StoreContract, LoadsAfterEveryStepWhatTheEngineHolds) {
  write(testing::deploy_order(keys, noon, definition), nullptr);
  SyntheticInstance instance(keys, {.definition = definition, .business_key = "order-7"});
  while (!instance.ended()) {
    const Transition transition = instance.step(noon);
    write(transition, &instance.state());
    instance.settle();
    if (instance.ended()) break;
    ASSERT_EQ(loaded(instance.key()), instance.state().canonical()) << "after step " << instance.steps_done();
    reopen();
    ASSERT_EQ(loaded(instance.key()), instance.state().canonical()) << "after reopening at step " << instance.steps_done();
  }
  EXPECT_EQ(loaded(instance.key()), "not live");
  const auto row = value_of(store->lookups().find_instance(instance.key()));
  ASSERT_TRUE(row);
  EXPECT_EQ(encode_entity(*row), encode_entity(instance.state().instance));
}

TEST_P(StoreContract, TellsInstancesApartThatTakeTurns) {
  write(testing::deploy_order(keys, noon, definition), nullptr);
  std::vector<std::unique_ptr<SyntheticInstance>> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(std::make_unique<SyntheticInstance>(keys, SyntheticInstance::Options{.definition = definition, .business_key = std::to_string(i)}));
  }
  // Two steps of the one, one of the next: what an instance makes lies between what others make, and sometimes one after the other.
  for (std::size_t turn = 0; turn < 5 * SyntheticInstance::steps_total; ++turn) {
    SyntheticInstance& instance = *all[(turn / 2 + turn) % all.size()];
    if (instance.ended()) continue;
    const Transition transition = instance.step(noon);
    write(transition, &instance.state());
    instance.settle();
    if (turn % 7 == 0) reopen();
    for (const auto& other : all) {
      if (other->steps_done() == 0) continue;
      ASSERT_EQ(loaded(other->key()), other->ended() ? "not live" : other->state().canonical()) << "in turn " << turn;
    }
  }
}

TEST_P(StoreContract, KeepsEveryFieldOfEveryEntity) {
  InstanceState state = start("Bestellung Nr. 7 – \xF0\x9F\x98\x80", "k");
  Transition transition = next(state, "everything");
  const auto body = keys.make<ElementInstanceKey>();
  emit(state, transition,
       ElementEntered{{.key = body, .scope = root_scope(state.instance.key), .element = 4'000'000'000U, .element_id = "mi",
                       .kind = ElementKind::call_activity, .role = ElementRole::multi_instance_body, .status = ElementStatus::activating,
                       .loop_counter = 3, .instances_total = 10, .instances_completed = 2, .instances_terminated = 1,
                       .items = Value::list({Value::integer(1), Value::null(), Value::string("x")}),
                       .outputs = Value::list({}), .called = ProcessInstanceKey{99}, .compensates = ElementInstanceKey{98}, .started_at = noon}});
  const auto job = keys.make<JobKey>();
  emit(state, transition,
       JobCreated{{.key = job, .element_instance = body, .element_id = "mi", .type = "pay \"now\"", .retries = 7, .attempt = 2,
                   .priority = -5, .worker = "w", .lease = 9, .headers = {{"a", "1"}, {"b", "ü\n"}}, .error_code = "E", .error_message = "m",
                   .error_details = "d", .created_at = noon}});
  emit(state, transition,
       TimerSet{{.key = keys.make<TimerKey>(), .element_instance = body, .element = 5, .element_id = "t", .due = noon, .repetitions_left = -1,
                 .cycle = "R/PT1H", .occurrence = 4}});
  emit(state, transition,
       SubscriptionOpened{{.key = keys.make<SubscriptionKey>(), .kind = EventKind::compensation, .element_instance = body, .process_id = "order",
                           .element = 6, .element_id = "s", .name = "n", .correlation_key = "c", .interrupting = false,
                           .snapshot = Value::context({{"deep", Value::context({{"null", Value::null()}})}}), .enclosing = {1, 2, 4'000'000'000U},
                           .created_at = noon}});
  emit(state, transition,
       UserTaskCreated{{.key = keys.make<UserTaskKey>(), .element_instance = body, .element_id = "u", .name = "Prüfen",
                        .status = UserTaskStatus::assigned, .assignee = "ada", .candidate_users = {"a", "b,c"}, .candidate_groups = {"g"},
                        .priority = 1, .form_id = "f", .form_key = "k", .due_at = noon, .follow_up_at = noon + Duration::from_ms(1),
                        .created_at = noon}});
  emit(state, transition,
       IncidentRaised{{.key = keys.make<IncidentKey>(), .element_instance = body, .element_id = "mi", .job = job,
                       .type = IncidentType::ambiguous_outcome, .message = "what\nnow", .created_at = noon}});
  emit(state, transition, TokenParked{{.key = keys.make<TokenKey>(), .scope = body, .flow = 7, .gateway = 8, .arrived_at = noon}});
  finish(state, transition);
  EXPECT_EQ(loaded(state.instance.key), state.canonical());
}

TEST_P(StoreContract, KeepsVariablesByteForByte) {
  const std::vector<std::string> values{
      "null", "true", "0", "-0.5", "12345678901234567890123", "0.1", "1e300", "9223372036854775808", "1234567890123456789012345678901234",
      R"("")", R"("Zürich NFC")", "\"Zu\xCC\x88rich NFD\"", "\"\xF0\x9F\x98\x80\"", R"("a\u0000b")", R"("quote \" backslash \\ \n")",
      R"({"present":null})", R"({})", R"([])", R"([[[]],{"a":[null]}])", R"({"b":1,"a":2})", R"({"":""})"};
  InstanceState state = start();
  Transition transition = next(state, "setVariables");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Result<Value> value = parse_json(values[i]);
    ASSERT_TRUE(value) << values[i];
    emit(state, transition, VariableSet{{.key = keys.make<VariableKey>(), .scope = root_scope(state.instance.key),
                                         .name = "v" + std::to_string(i), .value = *value}});
  }
  finish(state, transition);
  const auto back = value_of(store->lookups().load_instance(state.instance.key));
  ASSERT_TRUE(back);
  for (const StoredVariable& variable : state.variables) {
    const StoredVariable* found = back->find_variable(variable.scope, variable.name);
    ASSERT_NE(found, nullptr) << variable.name;
    EXPECT_EQ(to_json(found->value), to_json(variable.value)) << variable.name;
  }
  EXPECT_EQ(back->canonical(), state.canonical());
}

TEST_P(StoreContract, ReplacesAVariableAndDropsThoseOfEndedScopes) {
  InstanceState state = start();
  Transition first = next(state, "first");
  const ElementInstanceKey task = enter(state, first);
  const auto outer = keys.make<VariableKey>(), inner = keys.make<VariableKey>();
  emit(state, first, VariableSet{{.key = outer, .scope = root_scope(state.instance.key), .name = "x", .value = Value::integer(1)}});
  emit(state, first, VariableSet{{.key = outer, .scope = root_scope(state.instance.key), .name = "x", .value = Value::integer(2)}});
  emit(state, first, VariableSet{{.key = inner, .scope = task, .name = "x", .value = Value::string("inner")}});
  finish(state, first);
  EXPECT_EQ(loaded(state.instance.key), state.canonical());

  Transition second = next(state, "second");
  emit(state, second, VariableSet{{.key = outer, .scope = root_scope(state.instance.key), .name = "x", .value = Value::null()}});
  emit(state, second, ElementStatusChanged{task, ElementStatus::terminated, noon});
  finish(state, second);
  EXPECT_EQ(state.variables.size(), 1U);
  EXPECT_EQ(loaded(state.instance.key), state.canonical());
}

TEST_P(StoreContract, AnElementThatComesAndGoesWithinOneCommandIsHistory) {
  InstanceState state = start();
  Transition transition = next(state, "pass");
  const ElementInstanceKey task = enter(state, transition);
  const auto token = keys.make<TokenKey>();
  emit(state, transition, TokenParked{{.key = token, .scope = root_scope(state.instance.key), .flow = 1, .gateway = 2, .arrived_at = noon}});
  emit(state, transition, TokenConsumed{token});
  emit(state, transition, ElementStatusChanged{task, ElementStatus::completing, noon});
  emit(state, transition, ElementStatusChanged{task, ElementStatus::completed, noon});
  finish(state, transition);
  EXPECT_EQ(loaded(state.instance.key), state.canonical());
  auto session = value_of(store->read());
  const auto row = value_of(session->element(task));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->element.status, ElementStatus::completed);
  EXPECT_EQ(row->element.ended_at, noon);
  EXPECT_EQ(row->context.instance, state.instance.key);
}

// ---------------------------------------------------------------- transactions

TEST_P(StoreContract, SeesItsOwnWritesAndForgetsThemOnRollback) {
  InstanceState state = start();
  const std::string before = state.canonical();
  {
    auto transaction = value_of(store->begin());
    InstanceState changed = state;
    Transition transition = next(changed, "change");
    const ElementInstanceKey task = enter(changed, transition);
    const auto job = keys.make<JobKey>();
    emit(changed, transition, JobCreated{{.key = job, .element_instance = task, .element_id = "task", .type = "pay", .created_at = noon}});
    transition.instance = changed.instance.key;
    changed.last_transition = transition.key;
    ASSERT_TRUE(transaction->append(transition, &changed));
    ASSERT_TRUE(transaction->set_next_key(5'000));
    EXPECT_EQ(value_of(transaction->available_jobs("pay", noon, 10)).size(), 1U);
    EXPECT_EQ(value_of(transaction->load_instance(state.instance.key))->canonical(), changed.canonical());
    EXPECT_EQ(value_of(transaction->instance_of(job.raw())), state.instance.key);
    // A reader on the side neither waits nor sees it.
    auto session = value_of(store->read());
    EXPECT_TRUE(value_of(session->search_jobs({})).items.empty());
  }
  EXPECT_EQ(loaded(state.instance.key), before);
  EXPECT_TRUE(value_of(store->lookups().available_jobs("pay", noon, 10)).empty());
  EXPECT_NE(value_of(store->next_key()), 5'000);
  reopen();
  EXPECT_EQ(loaded(state.instance.key), before);
}

TEST_P(StoreContract, RefusesRowsThatCannotBe) {
  InstanceState state = start();
  const std::string before = loaded(state.instance.key);
  const auto refused = [&](const Transition& transition, const InstanceState* after) {
    auto transaction = value_of(store->begin());
    const auto appended = transaction->append(transition, after);
    const auto committed = transaction->commit();
    ASSERT_FALSE(committed) << "a transaction with a failed write must not become durable";
    EXPECT_EQ(appended ? committed.error().code : appended.error().code, ErrorCode::internal);
  };
  Transition again = next(state, "startAgain");
  again.instance = state.instance.key;
  again.events.push_back(InstanceStarted{state.instance});
  refused(again, &state);

  Transition unknown = next(state, "unknownJob");
  unknown.instance = state.instance.key;
  unknown.events.push_back(JobLocked{JobKey{4711}, "w", 1, noon});
  refused(unknown, &state);

  Transition stateless = next(state, "stateless");
  stateless.instance = state.instance.key;
  refused(stateless, nullptr);
  EXPECT_EQ(loaded(state.instance.key), before);
}

TEST_P(StoreContract, AnEndedInstanceTakesNoMoreTransitions) {
  InstanceState state = start();
  Transition end = next(state, "cancel");
  emit(state, end, ElementStatusChanged{root_scope(state.instance.key), ElementStatus::terminated, noon});
  emit(state, end, InstanceEnded{InstanceStatus::terminated, noon});
  finish(state, end);
  EXPECT_EQ(loaded(state.instance.key), "not live");
  auto transaction = value_of(store->begin());
  Transition late = next(state, "late");
  late.instance = state.instance.key;
  const auto appended = transaction->append(late, &state);
  EXPECT_FALSE(appended && transaction->commit());
}

TEST_P(StoreContract, KeepsTheKeyCounter) {
  EXPECT_GE(value_of(store->next_key()), 1);
  auto transaction = value_of(store->begin());
  ASSERT_TRUE(transaction->set_next_key(123'456'789'012));
  ASSERT_TRUE(transaction->commit());
  transaction.reset();
  EXPECT_EQ(value_of(store->next_key()), 123'456'789'012);
  reopen();
  EXPECT_EQ(value_of(store->next_key()), 123'456'789'012);
}

TEST_P(StoreContract, HasOneOwner) {
  const auto second = world->open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos) << second.error().message;
  reopen();
}

// ---------------------------------------------------------------- lookups

TEST_P(StoreContract, FindsTheInstanceOfAnyKey) {
  InstanceState one = start(), two = start();
  Transition transition = next(one, "more");
  const ElementInstanceKey task = enter(one, transition);
  const auto job = keys.make<JobKey>();
  emit(one, transition, JobCreated{{.key = job, .element_instance = task, .element_id = "task", .type = "t", .created_at = noon}});
  finish(one, transition);
  StoreLookups& lookups = store->lookups();
  EXPECT_EQ(value_of(lookups.instance_of(one.instance.key.raw())), one.instance.key);
  EXPECT_EQ(value_of(lookups.instance_of(two.instance.key.raw())), two.instance.key);
  EXPECT_EQ(value_of(lookups.instance_of(task.raw())), one.instance.key);
  EXPECT_EQ(value_of(lookups.instance_of(job.raw())), one.instance.key);
  EXPECT_EQ(value_of(lookups.instance_of(5)), std::nullopt);
}

TEST_P(StoreContract, HandsOutJobsByPriorityThenAge) {
  InstanceState state = start();
  Transition transition = next(state, "jobs");
  const ElementInstanceKey task = enter(state, transition);
  std::vector<JobKey> made;
  for (const std::int64_t priority : {0, 5, 0, 9, 5, 0}) {
    made.push_back(keys.make<JobKey>());
    emit(state, transition, JobCreated{{.key = made.back(), .element_instance = task, .element_id = "task", .type = "t", .priority = priority, .created_at = noon}});
  }
  finish(state, transition);
  const auto order = [&](Timestamp now, std::size_t limit) {
    std::vector<JobKey> keys_found;
    for (const FoundJob& found : value_of(store->lookups().available_jobs("t", now, limit))) keys_found.push_back(found.job);
    return keys_found;
  };
  EXPECT_EQ(order(noon, 10), (std::vector{made[3], made[1], made[4], made[0], made[2], made[5]}));
  EXPECT_EQ(order(noon, 2), (std::vector{made[3], made[1]}));
  EXPECT_EQ(value_of(store->lookups().next_job_available("t")), std::nullopt);

  // Locked, backing off and out of retries: back when their time has come, or not at all.
  const auto later = [](std::int64_t seconds) { return noon + Duration::from_seconds(seconds); };
  Transition locks = next(state, "lock");
  for (const JobKey job : {made[3], made[1], made[0]}) emit(state, locks, JobLocked{job, "w", 1, later(30)});
  emit(state, locks, JobFailed{made[1], 2, later(10), "e", ""});
  emit(state, locks, JobFailed{made[0], 0, never, "e", ""});
  finish(state, locks);
  EXPECT_EQ(order(noon, 10), (std::vector{made[4], made[2], made[5]}));
  EXPECT_EQ(order(later(9), 10).size(), 3U);
  EXPECT_EQ(order(later(10), 10), (std::vector{made[1], made[4], made[2], made[5]}));
  EXPECT_EQ(order(later(30), 10), (std::vector{made[3], made[1], made[4], made[2], made[5]}));
  EXPECT_EQ(order(later(30), 2), (std::vector{made[3], made[1]}));
  EXPECT_EQ(value_of(store->lookups().next_job_available("t")), later(10));
  EXPECT_EQ(value_of(store->lookups().live_job_types()), (std::vector<std::string>{"t"}));
  EXPECT_TRUE(value_of(store->lookups().available_jobs("other", later(99), 10)).empty());
  EXPECT_EQ(loaded(state.instance.key), state.canonical());
}

TEST_P(StoreContract, ListsTypesThatHaveLiveJobs) {
  InstanceState state = start();
  Transition transition = next(state, "jobs");
  const ElementInstanceKey task = enter(state, transition);
  JobKey last;
  for (const char* type : {"b", "a", "", "c", "a"}) {
    last = keys.make<JobKey>();
    emit(state, transition, JobCreated{{.key = last, .element_instance = task, .element_id = "task", .type = type, .created_at = noon}});
  }
  emit(state, transition, JobLocked{last, "w", 1, noon});
  emit(state, transition, JobFailed{last, 0, never, "", ""});
  finish(state, transition);
  EXPECT_EQ(value_of(store->lookups().live_job_types()), (std::vector<std::string>{"", "a", "b", "c"}));
}

TEST_P(StoreContract, FiresTimersInOrderAndNeverTwice) {
  InstanceState state = start();
  EXPECT_EQ(value_of(store->lookups().next_timer_due()), std::nullopt);
  Transition transition = next(state, "timers");
  const ElementInstanceKey task = enter(state, transition);
  std::vector<TimerKey> made;
  for (const int seconds : {30, 10, 20}) {
    made.push_back(keys.make<TimerKey>());
    emit(state, transition, TimerSet{{.key = made.back(), .element_instance = task, .element = 1, .element_id = "t",
                                      .due = noon + Duration::from_seconds(seconds), .repetitions_left = 1, .cycle = "R2/PT1M"}});
  }
  finish(state, transition);
  const auto due = [&](int seconds, std::size_t limit = 10) {
    std::vector<TimerKey> found;
    for (const FoundTimer& timer : value_of(store->lookups().due_timers(noon + Duration::from_seconds(seconds), limit))) {
      EXPECT_EQ(timer.instance, state.instance.key);
      found.push_back(timer.timer.key);
    }
    return found;
  };
  EXPECT_EQ(due(9), std::vector<TimerKey>{});
  EXPECT_EQ(due(10), std::vector{made[1]});
  EXPECT_EQ(due(60), (std::vector{made[1], made[2], made[0]}));
  EXPECT_EQ(due(60, 2), (std::vector{made[1], made[2]}));
  EXPECT_EQ(value_of(store->lookups().next_timer_due()), noon + Duration::from_seconds(10));

  Transition fire = next(state, "fire");
  emit(state, fire, TimerFired{made[1], 1, noon, noon + Duration::from_seconds(70)});
  emit(state, fire, TimerCanceled{made[2], noon});
  emit(state, fire, TimerFired{made[0], 1, noon, never});
  finish(state, fire);
  EXPECT_EQ(due(69), std::vector<TimerKey>{});
  EXPECT_EQ(due(70), std::vector{made[1]});
  EXPECT_EQ(loaded(state.instance.key), state.canonical());
}

TEST_P(StoreContract, FindsOpenSubscriptionsOnly) {
  InstanceState state = start();
  Transition transition = next(state, "wait");
  const ElementInstanceKey task = enter(state, transition, ElementKind::receive_task);
  const auto open = [&](EventKind kind, const char* name, const char* correlation_key) {
    const auto key = keys.make<SubscriptionKey>();
    emit(state, transition, SubscriptionOpened{{.key = key, .kind = kind, .element_instance = task, .process_id = "order", .element = 1,
                                                .element_id = "task", .name = name, .correlation_key = correlation_key, .created_at = noon}});
    return key;
  };
  const auto a = open(EventKind::message, "paid", "7"), b = open(EventKind::message, "paid", "8"), c = open(EventKind::signal, "paid", "");
  open(EventKind::compensation, "paid", "7");
  finish(state, transition);
  const auto found = [&](EventKind kind, std::optional<std::string_view> key, std::size_t limit = 10) {
    std::vector<SubscriptionKey> subscriptions;
    for (const FoundSubscription& one : value_of(store->lookups().find_subscriptions(kind, "paid", key, limit))) subscriptions.push_back(one.subscription.key);
    return subscriptions;
  };
  EXPECT_EQ(found(EventKind::message, "7"), std::vector{a});
  EXPECT_EQ(found(EventKind::message, std::nullopt), (std::vector{a, b}));
  EXPECT_EQ(found(EventKind::message, std::nullopt, 1), std::vector{a});
  EXPECT_EQ(found(EventKind::message, ""), std::vector<SubscriptionKey>{});
  EXPECT_EQ(found(EventKind::signal, std::nullopt), std::vector{c});
  EXPECT_EQ(found(EventKind::compensation, std::nullopt), std::vector<SubscriptionKey>{});
  Transition close = next(state, "close");
  emit(state, close, SubscriptionClosed{a, true, noon});
  finish(state, close);
  EXPECT_EQ(found(EventKind::message, "7"), std::vector<SubscriptionKey>{});
  EXPECT_EQ(loaded(state.instance.key), state.canonical());
}

TEST_P(StoreContract, FindsLiveInstancesByTheirBusinessKeys) {
  InstanceState one = start("b-1", "c-1"), two = start("b-1"), other = start("b-2");
  StoreLookups& lookups = store->lookups();
  EXPECT_EQ(value_of(lookups.instances_with_business_key("b-1", 10)), (std::vector{one.instance.key, two.instance.key}));
  EXPECT_EQ(value_of(lookups.instances_with_business_key("b-1", 1)), std::vector{one.instance.key});
  EXPECT_TRUE(value_of(lookups.instances_with_business_key("", 10)).empty());
  EXPECT_EQ(value_of(lookups.instance_started_by("order", "c-1")), one.instance.key);
  EXPECT_EQ(value_of(lookups.instance_started_by("other", "c-1")), std::nullopt);
  EXPECT_EQ(value_of(lookups.instance_started_by("order", "")), std::nullopt);
  Transition end = next(one, "end");
  emit(one, end, ElementStatusChanged{root_scope(one.instance.key), ElementStatus::terminated, noon});
  emit(one, end, InstanceEnded{InstanceStatus::terminated, noon});
  finish(one, end);
  EXPECT_EQ(value_of(lookups.instances_with_business_key("b-1", 10)), std::vector{two.instance.key});
  EXPECT_EQ(value_of(lookups.instance_started_by("order", "c-1")), std::nullopt);
}

// ---------------------------------------------------------------- the partition

TEST_P(StoreContract, KeepsDefinitionsAndResources) {
  begin_partition();
  const auto deployment = keys.make<DeploymentKey>();
  const auto resource = keys.make<ResourceKey>(), form = keys.make<ResourceKey>();
  const auto v1 = keys.make<DefinitionKey>(), v2 = keys.make<DefinitionKey>();
  const Resource file{.key = resource, .deployment = deployment, .name = "ä.bpmn", .kind = "bpmn", .checksum = "x", .content = std::string("<a>\0</a>", 8)};
  const Definition first{.key = v1, .deployment = deployment, .resource = resource, .process_id = "p", .name = "P", .version = 1, .version_tag = "stable",
                         .resource_name = "ä.bpmn", .checksum = "x", .deployed_at = noon};
  Definition second = first;
  second.key = v2;
  second.version = 2;
  second.version_tag = "";
  second.deployment = DeploymentKey{9};
  write_partition({ResourceDeployed{file},
                   ResourceDeployed{{.key = form, .deployment = deployment, .name = "f.form", .kind = "form", .form_id = "f", .version = 3, .checksum = "y", .content = "{}"}},
                   DefinitionDeployed{first}, DefinitionDeployed{second}});
  reopen();
  StoreLookups& lookups = store->lookups();
  const auto same = [](const std::optional<Definition>& found, const Definition& wanted) {
    ASSERT_TRUE(found);
    EXPECT_EQ(encode_entity(*found), encode_entity(wanted));
  };
  same(value_of(lookups.find_definition(v1)), first);
  same(value_of(lookups.latest_definition("p")), second);
  same(value_of(lookups.definition_version("p", 1)), first);
  same(value_of(lookups.definition_tagged("p", "stable")), first);
  same(value_of(lookups.definition_in_deployment("p", deployment)), first);
  EXPECT_FALSE(value_of(lookups.latest_definition("q")));
  EXPECT_FALSE(value_of(lookups.definition_version("p", 3)));
  EXPECT_EQ(value_of(lookups.find_resource(resource))->content, file.content);
  EXPECT_EQ(value_of(lookups.latest_form("f"))->key, form);
  EXPECT_FALSE(value_of(lookups.latest_form("")));
}

TEST_P(StoreContract, KeepsDecisionsAndTheirVersions) {
  begin_partition();
  const auto deployment = keys.make<DeploymentKey>(), later = keys.make<DeploymentKey>();
  const auto resource = keys.make<ResourceKey>(), other = keys.make<ResourceKey>();
  const Resource file{.key = resource, .deployment = deployment, .name = "d.dmn", .kind = "dmn", .checksum = "x", .content = "<definitions/>"};
  const Resource second_file{.key = other, .deployment = later, .name = "d.dmn", .kind = "dmn", .version = 2, .checksum = "y", .content = "<definitions />"};
  DecisionDefinition first{.key = keys.make<DecisionDefinitionKey>(), .deployment = deployment, .resource = resource, .decision_id = "d", .name = "D", .version = 1,
                           .version_tag = "agreed", .requirements_id = "g", .requirements_name = "G", .requirements_version = 1, .resource_name = "d.dmn",
                           .checksum = "x", .deployed_at = noon};
  DecisionDefinition beside = first;
  beside.key = keys.make<DecisionDefinitionKey>();
  beside.decision_id = "e";
  beside.version_tag = "";
  DecisionDefinition second = first;
  second.key = keys.make<DecisionDefinitionKey>();
  second.deployment = later;
  second.resource = other;
  second.version = 2;
  second.version_tag = "";
  second.requirements_version = 2;
  write_partition({ResourceDeployed{file}, DecisionDeployed{first}, DecisionDeployed{beside}, ResourceDeployed{second_file}, DecisionDeployed{second}});
  for (const bool reopened : {false, true}) {
    if (reopened) reopen();
    StoreLookups& lookups = store->lookups();
    const auto same = [](const std::optional<DecisionDefinition>& found, const DecisionDefinition& wanted) {
      ASSERT_TRUE(found);
      EXPECT_EQ(encode_entity(*found), encode_entity(wanted));
    };
    const auto selected = [&](const DecisionSelector& which) { return value_of(lookups.select_decision(which)); };
    same(value_of(lookups.find_decision(first.key)), first);
    same(selected({.decision_id = "d"}), second);
    same(selected({.decision_id = "d", .version = 1}), first);
    same(selected({.decision_id = "d", .version_tag = "agreed"}), first);
    same(selected({.decision_id = "d", .deployment = deployment}), first);
    same(selected({.decision_id = "e"}), beside);
    EXPECT_FALSE(selected({.decision_id = "d", .version = 3}));
    EXPECT_FALSE(selected({.decision_id = "d", .version = 0})) << "no version is 0";
    EXPECT_FALSE(selected({.decision_id = "d", .version_tag = "x"}));
    EXPECT_FALSE(selected({.decision_id = "e", .deployment = later}));
    EXPECT_FALSE(selected({.decision_id = ""}));
    EXPECT_FALSE(value_of(lookups.find_decision(DecisionDefinitionKey{1})));
    EXPECT_EQ(value_of(lookups.decisions_of(resource)).size(), 2U);
    EXPECT_EQ(value_of(lookups.latest_requirements_version("g")), 2);
    EXPECT_EQ(value_of(lookups.latest_requirements_version("h")), 0);
    const auto files = value_of(lookups.resources_of(later, "dmn"));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].content, second_file.content);
    EXPECT_TRUE(value_of(lookups.resources_of(later, "bpmn")).empty());
  }
}

TEST_P(StoreContract, KeepsStartEventsOfProcesses) {
  write(testing::deploy_order(keys, noon, definition), nullptr);
  begin_partition();
  const auto timer = keys.make<TimerKey>(), once = keys.make<TimerKey>();
  const auto subscription = keys.make<SubscriptionKey>();
  write_partition({TimerSet{{.key = timer, .definition = definition, .element = 1, .element_id = "start", .due = noon, .repetitions_left = 1, .cycle = "R2/PT1H"}},
                   TimerSet{{.key = once, .definition = definition, .element = 2, .element_id = "once", .due = noon + Duration::from_seconds(1)}},
                   SubscriptionOpened{{.key = subscription, .kind = EventKind::message, .definition = definition, .process_id = "order", .element = 2,
                                       .element_id = "ordered", .name = "order placed", .created_at = noon}}});
  StoreLookups& lookups = store->lookups();
  EXPECT_EQ(value_of(lookups.start_timers_of("order")).size(), 2U);
  EXPECT_EQ(value_of(lookups.start_subscriptions_of("order")).size(), 1U);
  ASSERT_EQ(value_of(lookups.start_subscriptions_for(EventKind::message, "order placed")).size(), 1U);
  EXPECT_EQ(value_of(lookups.start_subscriptions_for(EventKind::message, "order placed"))[0].subscription.key, subscription);
  EXPECT_TRUE(value_of(lookups.start_subscriptions_for(EventKind::signal, "order placed")).empty());
  EXPECT_TRUE(value_of(lookups.start_subscriptions_for(EventKind::message, "paid")).empty());
  EXPECT_TRUE(value_of(lookups.start_timers_of("other")).empty());
  const auto found = value_of(lookups.find_subscriptions(EventKind::message, "order placed", std::nullopt, 5));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].instance);
  EXPECT_EQ(found[0].subscription.key, subscription);
  EXPECT_EQ(value_of(lookups.instance_of(timer.raw())), std::nullopt);

  begin_partition();
  write_partition({TimerFired{timer, 1, noon, noon + Duration::from_seconds(3600)}, TimerFired{once, 1, noon, never}, SubscriptionClosed{subscription, false, noon}});
  const auto timers = value_of(lookups.start_timers_of("order"));
  ASSERT_EQ(timers.size(), 1U);
  EXPECT_EQ(timers[0].timer.occurrence, 2);
  EXPECT_EQ(timers[0].timer.repetitions_left, 0);
  EXPECT_EQ(timers[0].timer.due, noon + Duration::from_seconds(3600));
  EXPECT_TRUE(value_of(lookups.start_subscriptions_of("order")).empty());
  EXPECT_TRUE(value_of(lookups.start_subscriptions_for(EventKind::message, "order placed")).empty());
  begin_partition();
  write_partition({TimerCanceled{timer, noon}});
  EXPECT_TRUE(value_of(lookups.start_timers_of("order")).empty());
  EXPECT_EQ(value_of(lookups.next_timer_due()), std::nullopt);
}

TEST_P(StoreContract, BuffersMessagesUntilTheyExpire) {
  begin_partition();
  const auto first = keys.make<MessageKey>(), second = keys.make<MessageKey>();
  const auto later = [](int seconds) { return noon + Duration::from_seconds(seconds); };
  write_partition({MessagePublished{{.key = first, .name = "paid", .correlation_key = "7", .message_id = "m1",
                                     .variables = {{"amount", Value::number(*parse_decimal("10.50"))}}, .published_at = noon, .expires_at = later(20)}},
                   MessagePublished{{.key = second, .name = "paid", .correlation_key = "7", .published_at = noon, .expires_at = later(10)}}});
  begin_partition();
  write_partition({MessageCorrelated{first, "order", ProcessInstanceKey{3}}, MessageCorrelated{first, "billing", ProcessInstanceKey{4}},
                   MessageCorrelated{MessageKey{1}, "order", ProcessInstanceKey{3}}});
  StoreLookups& lookups = store->lookups();
  auto buffered = value_of(lookups.buffered_messages("paid", "7", MessageKey{}, noon, 10));
  ASSERT_EQ(buffered.size(), 2U);
  EXPECT_EQ(buffered[0].key, first);
  EXPECT_EQ(buffered[0].correlated_processes, (std::vector<std::string>{"order", "billing"}));
  EXPECT_EQ(encode_variables(buffered[0].variables), R"({"amount":10.5})");
  EXPECT_EQ(value_of(lookups.buffered_messages("paid", "7", MessageKey{}, noon, 1)).size(), 1U);
  EXPECT_EQ(value_of(lookups.buffered_messages("paid", "7", first, noon, 10)).at(0).key, second);
  EXPECT_TRUE(value_of(lookups.buffered_messages("paid", "7", second, noon, 10)).empty());
  EXPECT_TRUE(value_of(lookups.buffered_messages("paid", "8", MessageKey{}, noon, 10)).empty());
  EXPECT_EQ(value_of(lookups.buffered_messages("paid", "7", MessageKey{}, later(10), 10)).size(), 1U);
  EXPECT_EQ(value_of(lookups.next_message_expiry()), later(10));
  EXPECT_EQ(value_of(lookups.expired_messages(later(10), 10)), std::vector{second});
  EXPECT_EQ(value_of(lookups.expired_messages(later(99), 10)), (std::vector{second, first}));
  begin_partition();
  write_partition({MessageExpired{second}});
  EXPECT_EQ(value_of(lookups.next_message_expiry()), later(20));
}

TEST_P(StoreContract, RemembersAnswers) {
  begin_partition();
  RequestRecord record{.source = "webhook:shop", .id = "d-1", .fingerprint = "f", .reply = R"({"ok":true})", .created_at = noon, .expires_at = noon + Duration::from_seconds(60)};
  write_partition({RequestRemembered{record}});
  const auto found = value_of(store->lookups().find_request("webhook:shop", "d-1"));
  ASSERT_TRUE(found);
  EXPECT_EQ(encode_entity(*found), encode_entity(record));
  EXPECT_FALSE(value_of(store->lookups().find_request("api", "d-1")));
  begin_partition();
  record.fingerprint = "g";
  write_partition({RequestRemembered{record}});
  EXPECT_EQ(value_of(store->lookups().find_request("webhook:shop", "d-1"))->fingerprint, "g");
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::Values(Kind::memory, Kind::sqlite), [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace fermata::contract
