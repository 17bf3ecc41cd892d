#include "tests/scenarios/runner/world.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/serve/models.h"
#include "engine/base/check.h"
#include "engine/record/codec.h"
#include "persistence/lookup_forwarder.h"
#include "persistence/sqlite/sqlite_store.h"
#include "processes/bpmn/deploy.h"

namespace fermata::scenarios {

Query where(std::vector<FieldCondition> conditions, std::size_t limit) {
  Query query;
  query.where = std::move(conditions);
  query.limit = limit;
  return query;
}

const bpmn::Problem& first_error(const bpmn::CompileResult& compiled) {
  const auto found = std::find_if(compiled.problems.begin(), compiled.problems.end(),
                                  [](const bpmn::Problem& problem) { return problem.severity == bpmn::Severity::error; });
  return found == compiled.problems.end() ? compiled.problems.front() : *found;
}

std::vector<WorldKind> all_worlds() {
  return {
      {.name = "memory"},
      {.name = "memory_no_cache", .batch_commands_max = 1, .cached_instances_max = 1},
      {.name = "memory_restart", .restart_after_each_line = true},
      {.name = "memory_failing_commits", .fail_every_commit = 3},
      {.name = "sqlite", .sqlite = true},
      {.name = "sqlite_restart", .sqlite = true, .restart_after_each_line = true},
      {.name = "sqlite_failing_commits", .sqlite = true, .fail_every_commit = 3},
  };
}

namespace {

// A commit that fails before anything of it is durable: what a full disk does.
class FlakyTransaction final : public LookupForwarder {
 public:
  FlakyTransaction(std::unique_ptr<StoreTransaction> inner, bool fails)
      : LookupForwarder(*inner), inner_(std::move(inner)), fails_(fails) {}
  Result<void> append(const Transition& transition, const InstanceState* after) override { return inner_->append(transition, after); }
  Result<void> set_next_key(std::int64_t next_key) override { return inner_->set_next_key(next_key); }
  Result<void> commit() override {
    if (fails_) return fail(ErrorCode::resource_exhausted, "the world lets this commit fail");
    return inner_->commit();
  }

 private:
  std::unique_ptr<StoreTransaction> inner_;
  bool fails_;
};

class FlakyStore final : public Store {
 public:
  FlakyStore(std::unique_ptr<Store> inner, std::shared_ptr<int> commits, int every)
      : inner_(std::move(inner)), commits_(std::move(commits)), every_(every) {}
  Result<std::unique_ptr<StoreTransaction>> begin() override {
    auto transaction = inner_->begin();
    if (!transaction) return transaction;
    const bool fails = every_ > 0 && ++*commits_ % every_ == 0;
    return std::unique_ptr<StoreTransaction>(std::make_unique<FlakyTransaction>(std::move(*transaction), fails));
  }
  StoreLookups& lookups() override { return inner_->lookups(); }
  Result<std::int64_t> next_key() override { return inner_->next_key(); }
  void idle() override { inner_->idle(); }
  Result<std::unique_ptr<ReadSession>> read() override { return inner_->read(); }

 private:
  std::unique_ptr<Store> inner_;
  std::shared_ptr<int> commits_;
  int every_;
};

std::string make_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "fermata-world-XXXXXX").string();
  FERMATA_CHECK(mkdtemp(pattern.data()) != nullptr, "a temporary folder can be made");
  return pattern;
}

}  // namespace

World::World(WorldKind kind)
    : kind_(std::move(kind)),
      folder_(kind_.sqlite ? make_folder() : std::string()),
      clock_(std::make_shared<VirtualClock>(*parse_iso8601("2026-03-01T12:00:00Z"))),
      memory_(make_memory_rows()),
      commits_(std::make_shared<int>(0)) {
  open();
}

World::~World() {
  engine_.reset();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

void World::open() {
  SqliteStoreOptions file;
  file.path = folder_ + "/fermata.db";
  auto store = kind_.sqlite ? open_sqlite_store(file) : open_memory_store(memory_);
  FERMATA_CHECK(store.has_value(), "the store of a world opens");
  auto flaky = std::make_unique<FlakyStore>(std::move(*store), commits_, kind_.fail_every_commit);
  store_ = flaky.get();
  EngineOptions options;
  options.store = std::move(flaky);
  options.clock = clock_;
  options.compile = cli::recompile;
  options.compile_decisions = cli::recompile_decisions;
  options.partition.cached_instances_max = kind_.cached_instances_max;
  options.partition.check_invariants = true;
  options.batch_commands_max = kind_.batch_commands_max;
  options.own_thread = false;
  auto engine = Engine::open(std::move(options));
  FERMATA_CHECK(engine.has_value(), "the engine of a world opens");
  engine_ = std::move(*engine);
}

void World::restart() {
  engine_.reset();
  open();
}

void World::settle() {
  engine_->clock_changed();
  engine_->run_until_idle();
}

std::vector<std::string> World::compare_rows_with_replay() {
  std::vector<std::string> differences;
  auto session = engine_->read();
  FERMATA_CHECK(session.has_value(), "a world can be read");
  const auto live = (*session)->search_instances(where({{"state", FieldCondition::Op::eq, {Value::string("ACTIVE")}}}, 1'000));
  FERMATA_CHECK(live.has_value(), "live instances can be listed");
  for (const InstanceRow& row : live->items) {
    const ProcessInstanceKey key = row.instance.key;
    const auto loaded = store_->lookups().load_instance(key);
    const auto transitions = (*session)->transitions(key, 10'000);
    if (!loaded || !*loaded || !transitions) {
      differences.push_back("instance " + key.text() + " cannot be loaded");
      continue;
    }
    InstanceState replayed;
    for (auto transition = transitions->rbegin(); transition != transitions->rend(); ++transition) {
      const auto events = decode_events(transition->events_json);
      if (!events) {
        differences.push_back("instance " + key.text() + ": " + events.error().message);
        break;
      }
      for (const Event& event : *events) fermata::apply(replayed, event);
      replayed.forget_ended();
      replayed.last_transition = transition->key;
    }
    if (replayed.canonical() != (*loaded)->canonical()) {
      differences.push_back("instance " + key.text() + ": rows\n" + (*loaded)->canonical() + "replayed events\n" + replayed.canonical());
    }
  }
  return differences;
}

}  // namespace fermata::scenarios
