#include "tests/simulation/mutant_store.h"

#include <algorithm>
#include <utility>

#include "engine/record/codec.h"
#include "persistence/lookup_forwarder.h"
#include "persistence/read_session.h"

namespace fermata::simulation {
namespace {

struct Planted {
  Mutant mutant;
  int chances = 0;

  [[nodiscard]] bool strikes() { return ++chances % mutant.every == 0; }
};

// Lookups with the defect; as a transaction it hands on the writes with the defect.
class MutantTransaction final : public LookupForwarder {
 public:
  MutantTransaction(StoreLookups& lookups, std::unique_ptr<StoreTransaction> inner, std::shared_ptr<Planted> planted)
      : LookupForwarder(lookups), lookups_(lookups), inner_(std::move(inner)), planted_(std::move(planted)) {}

  Result<std::optional<InstanceState>> load_instance(ProcessInstanceKey key) override {
    auto loaded = lookups_.load_instance(key);
    if (loaded && *loaded && planted_->mutant.on_load && planted_->strikes()) planted_->mutant.on_load(**loaded);
    return loaded;
  }
  Result<std::vector<FoundTimer>> due_timers(Timestamp now, std::size_t limit) override {
    if (planted_->mutant.hides_due_timers && planted_->strikes()) return std::vector<FoundTimer>{};
    return lookups_.due_timers(now + planted_->mutant.timers_early, limit);
  }
  Result<std::optional<Timestamp>> next_timer_due() override {
    auto next = lookups_.next_timer_due();
    if (next && *next) **next = **next - planted_->mutant.timers_early;
    return next;
  }

  Result<void> append(const Transition& transition, const InstanceState* after) override {
    const Mutant& mutant = planted_->mutant;
    if (mutant.skips_append && planted_->strikes()) return {};
    Transition written = transition;
    if (mutant.on_append) mutant.on_append(written);
    return inner_->append(written, after);
  }
  Result<void> set_next_key(std::int64_t next_key) override {
    return planted_->mutant.drops_next_key ? Result<void>{} : inner_->set_next_key(next_key);
  }
  Result<void> commit() override {
    const Mutant& mutant = planted_->mutant;
    if (mutant.commit_lies && planted_->strikes()) return {};
    if (mutant.commit_denies && planted_->strikes()) {
      (void)inner_->commit();
      return fail(ErrorCode::unavailable, "the mutant denies");
    }
    return inner_->commit();
  }

 private:
  StoreLookups& lookups_;
  std::unique_ptr<StoreTransaction> inner_;
  std::shared_ptr<Planted> planted_;
};

class MutantStore final : public Store {
 public:
  MutantStore(std::unique_ptr<Store> inner, const Mutant& mutant)
      : inner_(std::move(inner)), planted_(std::make_shared<Planted>(Planted{mutant})), lookups_(inner_->lookups(), nullptr, planted_) {}

  Result<std::unique_ptr<StoreTransaction>> begin() override {
    auto transaction = inner_->begin();
    if (!transaction) return transaction;
    StoreLookups& lookups = **transaction;
    return std::unique_ptr<StoreTransaction>(std::make_unique<MutantTransaction>(lookups, std::move(*transaction), planted_));
  }
  StoreLookups& lookups() override { return lookups_; }
  Result<std::int64_t> next_key() override { return inner_->next_key(); }
  Result<std::unique_ptr<ReadSession>> read() override { return inner_->read(); }

 private:
  std::unique_ptr<Store> inner_;
  std::shared_ptr<Planted> planted_;
  MutantTransaction lookups_;
};

// The history loses every event of one kind.
Mutant without_event(std::string event) {
  Mutant made;
  made.name = "history without " + event;
  made.on_append = [event](Transition& transition) {
    std::erase_if(transition.events, [&](const Event& candidate) { return name_of(candidate) == event; });
  };
  return made;
}

template <class Table>
void drop_all(Table& table) {
  table.erase_if([](const auto&) { return true; });
}

Mutant loading(std::string name, std::function<void(InstanceState&)> change) {
  Mutant made;
  made.name = "loads " + std::move(name);
  made.on_load = std::move(change);
  return made;
}

template <class Change>
Mutant writing(std::string name, Change change) {
  Mutant made;
  made.name = "writes " + std::move(name);
  made.on_append = [change](Transition& transition) {
    for (Event& event : transition.events) change(event);
  };
  return made;
}

void add_durability(std::vector<Mutant>& all) {
  Mutant made;
  made.name = "commit lies";
  made.commit_lies = true;
  made.every = 9;
  all.push_back(std::exchange(made, {}));
  made.name = "commit denies";
  made.commit_denies = true;
  made.every = 9;
  all.push_back(std::exchange(made, {}));
  made.name = "skips every 13th transition";
  made.skips_append = true;
  made.every = 13;
  all.push_back(std::exchange(made, {}));
  made.name = "forgets which keys were used";
  made.drops_next_key = true;
  all.push_back(std::exchange(made, {}));
  made.name = "timers a minute early";
  made.timers_early = Duration::from_seconds(60);
  all.push_back(std::exchange(made, {}));
  made.name = "timers a millisecond early";
  made.timers_early = Duration{1};
  all.push_back(std::exchange(made, {}));
  made.name = "hides due timers";
  made.hides_due_timers = true;
  made.every = 2;
  all.push_back(std::exchange(made, {}));
}

void add_history(std::vector<Mutant>& all) {
  for (const char* event : {"elementEntered", "elementStatusChanged", "tokenParked", "tokenConsumed", "variableSet", "jobLocked", "jobFailed",
                            "jobEnded", "timerSet", "timerFired", "timerCanceled", "subscriptionOpened", "subscriptionClosed",
                            "userTaskEnded", "incidentRaised", "incidentResolved", "decisionEvaluated", "instanceEnded"}) {
    all.push_back(without_event(event));
  }
  all.push_back(writing("leases that do not rise", [](Event& event) {
    if (auto* locked = std::get_if<JobLocked>(&event)) locked->lease = 1;
  }));
  all.push_back(writing("completed instances as terminated", [](Event& event) {
    if (auto* ended = std::get_if<InstanceEnded>(&event)) ended->status = InstanceStatus::terminated;
  }));
  all.push_back(writing("decisions that came out otherwise", [](Event& event) {
    if (auto* evaluated = std::get_if<DecisionEvaluated>(&event)) evaluated->decision.result = Value::string("medium");
  }));
  Mutant backwards;
  backwards.name = "writes events backwards";
  backwards.on_append = [](Transition& transition) { std::reverse(transition.events.begin(), transition.events.end()); };
  all.push_back(std::move(backwards));
}

void add_loading(std::vector<Mutant>& all) {
  all.push_back(loading("no tokens", [](InstanceState& state) { drop_all(state.tokens); }));
  all.push_back(loading("no timers", [](InstanceState& state) { drop_all(state.timers); }));
  all.push_back(loading("no jobs", [](InstanceState& state) { drop_all(state.jobs); }));
  all.push_back(loading("no subscriptions", [](InstanceState& state) { drop_all(state.subscriptions); }));
  all.push_back(loading("no variables", [](InstanceState& state) { drop_all(state.variables); }));
  all.push_back(loading("no user tasks", [](InstanceState& state) { drop_all(state.user_tasks); }));
  all.push_back(loading("no incidents", [](InstanceState& state) { drop_all(state.incidents); }));
  all.push_back(loading("one incident too many", [](InstanceState& state) { state.instance.incidents += 1; }));
}

}  // namespace

std::vector<Mutant> all_mutants() {
  std::vector<Mutant> all;
  add_durability(all);
  add_history(all);
  add_loading(all);
  return all;
}

std::unique_ptr<Store> plant(const Mutant& mutant, std::unique_ptr<Store> inner) {
  return std::make_unique<MutantStore>(std::move(inner), mutant);
}

}  // namespace fermata::simulation
