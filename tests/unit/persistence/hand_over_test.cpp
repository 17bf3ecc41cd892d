// Transactions that are handed over to the SQLite store: what the engine sees meanwhile, what a full disk and a power loss leave.
#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <thread>

#include "engine/record/codec.h"
#include "persistence/memory/memory_store.h"
#include "persistence/read_session.h"
#include "persistence/sqlite/sqlite_store.h"
#include "persistence/testing/fault_vfs.h"
#include "persistence/testing/synthetic.h"
#include "tests/sanitized.h"

namespace fermata {
namespace {

using testing::CountingKeys;
using testing::DiskFault;
using testing::FaultVfs;
using testing::SimulatedDisk;
using testing::SyntheticInstance;

constexpr Timestamp noon{1'780'000'000'000};

class HandOver : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path memory = "/dev/shm";
    const auto base = ::access("/dev/shm", W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    directory = base / ("fermata-hand-over-" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    path = (directory / "store.db").string();
  }
  void TearDown() override {
    store.reset();
    std::filesystem::remove_all(directory);
  }
  void open() {
    store.reset();
    auto opened = open_sqlite_store({.path = path, .vfs = vfs.name(), .checkpoint_every_pages = 0, .log_pages_max = 200});
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }

  std::filesystem::path directory;
  std::string path;
  SimulatedDisk disk;
  FaultVfs vfs{disk};
  std::unique_ptr<Store> store;
};

// ---------------------------------------------------------------- lookups

std::string text_of(const Result<std::optional<InstanceState>>& state) { return !state ? "error" : *state ? (*state)->canonical() : "none"; }
template <class Key>
std::string text_of(const Result<std::optional<Key>>& key) {
  return !key ? "error: " + key.error().message : *key ? (*key)->text() : "none";
}
std::string text_of(const Result<std::vector<FoundSubscription>>& found) {
  std::string text = found ? "" : "error";
  if (found) for (const FoundSubscription& one : *found) text += one.instance.text() + ":" + one.subscription.key.text() + " ";
  return text;
}
std::string text_of(const Result<std::vector<FoundTimer>>& found) {
  std::string text = found ? "" : "error";
  if (found) for (const FoundTimer& one : *found) text += one.instance.text() + ":" + one.timer.key.text() + " ";
  return text;
}
std::string text_of(const Result<std::vector<FoundJob>>& found) {
  std::string text = found ? "" : "error";
  if (found) for (const FoundJob& one : *found) text += one.instance.text() + ":" + one.job.text() + " ";
  return text;
}
std::string text_of(const Result<std::vector<ProcessInstanceKey>>& found) {
  std::string text = found ? "" : "error";
  if (found) for (const ProcessInstanceKey& one : *found) text += one.text() + " ";
  return text;
}
std::string text_of(const Result<std::vector<Message>>& found) {
  std::string text = found ? "" : "error";
  if (found) for (const Message& one : *found) text += one.key.text() + "/" + std::to_string(one.correlated_processes.size()) + " ";
  return text;
}

/// Everything that a lookup can say about these things, as one text. `first`: which question comes first, because one that waits for the
/// writer makes the rest easy.
std::string answers(StoreLookups& lookups, ProcessInstanceKey instance, std::int64_t some_key, const std::string& order, std::size_t first) {
  const std::string subject = "order-" + std::to_string(some_key % 10);  // of the messages and requests
  std::vector<std::function<std::string()>> questions{
      [&] { return "instance " + text_of(lookups.load_instance(instance)); },
      [&] { return "instance_of " + text_of(lookups.instance_of(some_key)) + " " + text_of(lookups.instance_of(instance.raw())); },
      [&] { return "business key " + text_of(lookups.instances_with_business_key(order, 10)); },
      [&] { return "payment " + text_of(lookups.find_subscriptions(EventKind::message, "payment", order, 10)); },
      [&] { return "payments " + text_of(lookups.find_subscriptions(EventKind::message, "payment", std::nullopt, 1'000)); },
      [&] { return "timers " + text_of(lookups.due_timers(Timestamp{noon.ms * 2}, 1'000)); },
      [&] { return "messages " + text_of(lookups.buffered_messages("ping", subject, MessageKey{}, noon, 100)); },
      [&] {
        const auto request = lookups.find_request("client", subject);
        return "request " + (!request ? "error" : *request ? (*request)->reply : std::string("none"));
      },
      [&] {
        const auto definition = lookups.latest_definition("order");
        return "definition " + (!definition ? "error" : *definition ? std::to_string((*definition)->version) : std::string("none"));
      },
  };
  for (const char* type : {"validate", "reserve", "invoice", "ship"}) {
    questions.emplace_back([&lookups, type] { return std::string(type) + " " + text_of(lookups.available_jobs(type, noon, 1'000)); });
  }
  std::string all;
  for (std::size_t i = 0; i < questions.size(); ++i) all += questions[(first + i) % questions.size()]() + "\n";
  return all;
}

// Whatever is on its way to the file, the engine sees what it has decided: at every moment the answers are those of the reference
// store, where each transaction is complete when it is over.
TEST_F(HandOver, LookupsEqualTheReferenceWhileCommitsAreOnTheirWay) {
  open();
  std::mt19937 random(11);
  const MemoryRows rows = make_memory_rows();
  auto reference = open_memory_store(rows).value();
  CountingKeys keys;
  DefinitionKey definition;
  std::deque<std::unique_ptr<SyntheticInstance>> living;
  std::vector<std::string> orders;
  std::map<std::int64_t, std::string> order_of;
  std::vector<Message> buffered;

  const auto append_both = [&](StoreTransaction& transaction, StoreTransaction& expected, const Transition& transition, const InstanceState* after) {
    ASSERT_TRUE(transaction.append(transition, after));
    ASSERT_TRUE(expected.append(transition, after));
  };
  int compared = 0;
  for (std::uint64_t batch = 0; batch < tests::fewer(1'000) && !HasFailure(); ++batch) {
    auto transaction = store->begin();
    ASSERT_TRUE(transaction) << transaction.error().message;
    auto expected = reference->begin();
    ASSERT_TRUE(expected);
    if (batch == 0) append_both(**transaction, **expected, testing::deploy_order(keys, noon, definition), nullptr);
    const bool abandoned = batch > 0 && random() % 20 == 0;
    const int works = static_cast<int>(random() % 12);
    for (int work = 0; work < works && !abandoned; ++work) {
      if (random() % 4 == 0) {
        // A transition of the partition: a message that is buffered, or one of them that was correlated or has expired, and a request.
        Transition transition;
        transition.key = keys.make<TransitionKey>();
        transition.at = noon;
        transition.command = "test";
        if (buffered.empty() || random() % 3 != 0) {
          Message message;
          message.key = keys.make<MessageKey>();
          message.name = "ping";
          message.correlation_key = "order-" + std::to_string(random() % 10);
          message.published_at = noon;
          message.expires_at = Timestamp{noon.ms + 1'000'000};
          transition.events.push_back(MessagePublished{message});
          buffered.push_back(message);
        } else if (random() % 2 == 0) {
          MessageCorrelated event;
          event.message = buffered[random() % buffered.size()].key;
          event.process_id = "p" + std::to_string(keys.peek());
          transition.events.push_back(event);
        } else {
          transition.events.push_back(MessageExpired{buffered.back().key});
          buffered.pop_back();
        }
        RequestRecord request;
        request.source = "client";
        request.id = "order-" + std::to_string(random() % 10);
        request.reply = std::to_string(transition.key.raw());
        request.expires_at = Timestamp{noon.ms + 1'000'000};
        transition.events.push_back(RequestRemembered{request});
        append_both(**transaction, **expected, transition, nullptr);
      } else {
        if (living.size() < 10 || random() % 3 == 0) {
          const std::string order = "order-" + std::to_string(orders.size());
          orders.push_back(order);
          living.push_back(std::make_unique<SyntheticInstance>(keys, SyntheticInstance::Options{.definition = definition, .business_key = order}));
        }
        SyntheticInstance& instance = *living[random() % living.size()];
        const Transition transition = instance.step(noon);
        if (!order_of.contains(instance.key().raw())) order_of[instance.key().raw()] = orders.back();
        append_both(**transaction, **expected, transition, &instance.state());
        instance.settle();
        if (instance.ended()) std::erase_if(living, [](const auto& one) { return one->ended(); });
      }
      if (HasFatalFailure()) return;
      if (random() % 2 == 0 && !order_of.empty()) {
        auto some = order_of.begin();
        std::advance(some, static_cast<long>(random() % order_of.size()));
        if (random() % 2 == 0) some = std::prev(order_of.end());
        const std::int64_t key = (1LL << key_counter_bits) + 1 + static_cast<std::int64_t>(random()) % (keys.peek() - (1LL << key_counter_bits));
        const std::size_t first = random();
        ASSERT_EQ(answers(**transaction, ProcessInstanceKey{some->first}, key, some->second, first),
                  answers(**expected, ProcessInstanceKey{some->first}, key, some->second, first))
            << "batch " << batch << ", key " << key;
        ++compared;
      }
    }
    if (abandoned) continue;
    ASSERT_TRUE((*expected)->commit());
    if (random() % 5 == 0) {
      ASSERT_TRUE((*transaction)->commit());
    } else {
      const auto number = (*transaction)->hand_over();
      ASSERT_TRUE(number);
      if (random() % 6 == 0) {
        const CommitProgress progress = store->wait_for(*number);
        EXPECT_FALSE(progress.failure);
        EXPECT_GE(progress.durable, *number);
      }
    }
    if (random() % 3 == 0 && !order_of.empty()) {
      transaction->reset();
      const auto last = std::prev(order_of.end());
      ASSERT_EQ(answers(store->lookups(), ProcessInstanceKey{last->first}, keys.peek() - 3, last->second, 0),
                answers(reference->lookups(), ProcessInstanceKey{last->first}, keys.peek() - 3, last->second, 0))
          << "between transactions, batch " << batch;
    }
    // A reader sees what was answered, and nothing that is not durable.
    if (random() % 10 == 0) {
      const auto session = store->read();
      ASSERT_TRUE(session);
      EXPECT_GT(store->progress().durable, 0U);
    }
    if (random() % 10 == 0) store->idle();
  }
  EXPECT_GT(compared, static_cast<int>(200 / tests::sanitizer_factor));
}

// A correlation names its message by key alone; the next look into the buffer, in the same transaction, must know of it.
TEST_F(HandOver, WhatTheOpenTransactionDidToABufferedMessageIsSeen) {
  open();
  CountingKeys keys;
  const auto partition = [&](Event event) {
    Transition transition;
    transition.key = keys.make<TransitionKey>();
    transition.at = noon;
    transition.command = "test";
    transition.events.push_back(std::move(event));
    return transition;
  };
  Message message;
  message.key = keys.make<MessageKey>();
  message.name = "ping";
  message.correlation_key = "order-1";
  message.expires_at = Timestamp{noon.ms + 1'000'000};
  {
    auto transaction = store->begin();
    ASSERT_TRUE((*transaction)->append(partition(MessagePublished{message}), nullptr));
    ASSERT_TRUE((*transaction)->commit());
  }
  auto transaction = store->begin();
  ASSERT_TRUE(transaction);
  MessageCorrelated correlated;
  correlated.message = message.key;
  correlated.process_id = "p";
  ASSERT_TRUE((*transaction)->append(partition(correlated), nullptr));
  const auto found = (*transaction)->buffered_messages("ping", "order-1", MessageKey{}, noon, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().correlated_processes, std::vector<std::string>{"p"});
  ASSERT_TRUE((*transaction)->append(partition(MessageExpired{message.key}), nullptr));
  EXPECT_TRUE((*transaction)->buffered_messages("ping", "order-1", MessageKey{}, noon, 10).value().empty());
}

// ---------------------------------------------------------------- trouble

Result<CommitNumber> hand_over_step(Store& store, SyntheticInstance& instance) {
  auto transaction = store.begin();
  if (!transaction) return fail(transaction.error());
  const Transition transition = instance.step(noon);
  if (auto done = (*transaction)->append(transition, &instance.state()); !done) return fail(done.error());
  instance.settle();
  return (*transaction)->hand_over();
}

TEST_F(HandOver, AFullDiskTakesWhatWasDecidedAfterItAndTheStoreGoesOnOnceThatWasTold) {
  open();
  CountingKeys keys;
  SyntheticInstance first(keys, {});
  const auto durable = hand_over_step(*store, first);
  ASSERT_TRUE(durable);
  ASSERT_EQ(store->wait_for(*durable).durable, *durable);
  const std::string kept = first.state().canonical();

  disk.set_fault({.kind = DiskFault::Kind::full, .at_operation = 1, .persistent = true});
  CommitNumber last = 0;
  for (int step = 0; step < 3; ++step) {
    const auto number = hand_over_step(*store, first);
    if (!number) break;  // told already
    last = *number;
  }
  ASSERT_GT(last, 0U);
  // Nothing may be begun on top of a loss that nobody has looked at.
  CommitProgress progress = store->progress();
  while (!progress.failure) progress = store->wait_for(last);
  EXPECT_EQ(progress.failure->code, ErrorCode::resource_exhausted) << progress.failure->message;
  EXPECT_EQ(progress.durable, *durable);
  EXPECT_TRUE(store->read()) << "reads go on";

  disk.clear_fault();
  auto transaction = store->begin();
  ASSERT_TRUE(transaction) << transaction.error().message;
  const auto state = (*transaction)->load_instance(first.key());
  ASSERT_TRUE(state && *state);
  EXPECT_EQ((*state)->canonical(), kept) << "as it was before the loss";
  SyntheticInstance again(keys, std::move(**state), 1);
  const Transition transition = again.step(noon);
  ASSERT_TRUE((*transaction)->append(transition, &again.state()));
  again.settle();
  const auto number = (*transaction)->hand_over();
  ASSERT_TRUE(number);
  EXPECT_FALSE(store->wait_for(*number).failure);
  EXPECT_GE(store->progress().durable, *number);
  const auto found = store->lookups().load_instance(first.key());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->canonical(), again.state().canonical());
}

// A lookup writes what was appended so far. When that fails half way, the other half must not be committed by somebody who did not care.
TEST_F(HandOver, WhatFailedHalfWayIsNotCommitted) {
  open();
  for (const bool hand_over : {false, true}) {
    CountingKeys keys;
    SyntheticInstance good(keys, {});
    SyntheticInstance unknown(keys, {});
    (void)unknown.step(noon);  // the store never hears of this one
    unknown.settle();
    {
      auto transaction = store->begin();
      ASSERT_TRUE(transaction);
      const Transition first = good.step(noon);
      ASSERT_TRUE((*transaction)->append(first, &good.state()));
      const Transition second = unknown.step(noon);
      ASSERT_TRUE((*transaction)->append(second, &unknown.state()));
      EXPECT_FALSE((*transaction)->load_instance(good.key()));
      if (hand_over) {
        EXPECT_FALSE((*transaction)->hand_over());
      } else {
        EXPECT_FALSE((*transaction)->commit());
      }
    }
    const auto found = store->lookups().load_instance(good.key());
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found) << "half a transaction";
  }
}

TEST_F(HandOver, ALossIsNotPassedOverByTheNextTransaction) {
  open();
  CountingKeys keys;
  SyntheticInstance instance(keys, {});
  disk.set_fault({.kind = DiskFault::Kind::full, .at_operation = 1, .persistent = true});
  auto busy = hand_over_step(*store, instance);
  ASSERT_TRUE(busy);
  // Until progress() has told it, begin() may answer the loss or open a transaction that is lost as well: never one that counts.
  bool refused = false;
  for (int tries = 0; tries < 10'000 && !refused; ++tries) {
    const auto transaction = store->begin();
    refused = !transaction;
    std::this_thread::sleep_for(std::chrono::microseconds(100));  // for the writer's thread
  }
  EXPECT_TRUE(refused);
  const CommitProgress progress = store->wait_for(*busy);
  ASSERT_TRUE(progress.failure);
  EXPECT_LT(progress.durable, *busy);
  disk.clear_fault();
  EXPECT_TRUE(store->begin()) << "told";
}

// What progress() called durable is there after a power loss; of the rest there is a beginning, whole steps only.
TEST_F(HandOver, APowerLossTakesNothingThatWasCalledDurable) {
  constexpr int instances_count = 5;
  int lost_something = 0;
  for (std::uint64_t run = 0; run < 150 && !HasFailure(); run += tests::sanitizer_factor) {
    SCOPED_TRACE("run " + std::to_string(run));
    for (const char* suffix : {"", "-wal", "-shm", ".owner"}) std::filesystem::remove(path + suffix);
    disk.clear_fault();
    disk.forget_files();
    open();
    disk.set_fault({.kind = DiskFault::Kind::stop, .at_operation = 1 + run / 3, .eighths = run % 8});
    CountingKeys keys;
    std::vector<std::unique_ptr<SyntheticInstance>> instances;
    for (int i = 0; i < instances_count; ++i) instances.push_back(std::make_unique<SyntheticInstance>(keys, SyntheticInstance::Options{}));
    std::vector<std::vector<std::string>> states(instances_count);
    std::deque<std::pair<CommitNumber, std::vector<int>>> on_their_way;
    std::vector<int> durable(instances_count, 0);
    const auto settle = [&](const CommitProgress& progress) {
      while (!on_their_way.empty() && on_their_way.front().first <= progress.durable) {
        durable = on_their_way.front().second;
        on_their_way.pop_front();
      }
    };
    for (int step = 0; step < instances_count * SyntheticInstance::steps_total; ++step) {
      const auto which = static_cast<std::size_t>(step % instances_count);
      SyntheticInstance& instance = *instances[which];
      auto transaction = store->begin();
      if (!transaction) break;
      const Transition transition = instance.step(noon);
      ASSERT_TRUE((*transaction)->append(transition, &instance.state()));
      instance.settle();
      states[which].push_back(instance.ended() ? "ended" : instance.state().canonical());
      const auto number = (*transaction)->hand_over();
      if (!number) break;
      std::vector<int> steps;
      for (const auto& one : instances) steps.push_back(one->steps_done());
      on_their_way.emplace_back(*number, std::move(steps));
      settle(store->progress());
      if (step % 7 == 6) settle(store->wait_for(*number));
    }
    if (!on_their_way.empty()) settle(store->wait_for(on_their_way.back().first));
    if (!on_their_way.empty()) ++lost_something;
    store.reset();
    disk.lose_power(run);
    disk.clear_fault();
    open();
    const auto session = store->read();
    ASSERT_TRUE(session);
    for (std::size_t i = 0; i < instances_count; ++i) {
      if (states[i].empty()) continue;
      const auto history = (*session)->transitions(instances[i]->key(), 100);
      ASSERT_TRUE(history);
      const std::size_t steps = history->size();
      EXPECT_GE(static_cast<int>(steps), durable[i]) << "something that was called durable is lost";
      ASSERT_LE(steps, states[i].size());
      if (steps == 0) continue;
      const auto state = store->lookups().load_instance(instances[i]->key());
      EXPECT_EQ(state && *state ? (*state)->canonical() : "ended", states[i][steps - 1]);
    }
  }
  EXPECT_GT(lost_something, static_cast<int>(20 / tests::sanitizer_factor));
}

}  // namespace
}  // namespace fermata
