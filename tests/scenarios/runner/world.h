// A world: an engine with a virtual clock over some store, under some hardship. Every scenario is played in all of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/runtime/engine.h"
#include "persistence/memory/memory_store.h"
#include "processes/bpmn/deploy.h"

namespace fermata::scenarios {

struct WorldKind {
  std::string name;
  bool sqlite = false;
  bool restart_after_each_line = false;
  int fail_every_commit = 0;  ///< every n-th commit fails once; 0: none
  std::size_t batch_commands_max = 64;
  std::size_t cached_instances_max = 20'000;  ///< 1: every command loads its instance from the rows
};

[[nodiscard]] std::vector<WorldKind> all_worlds();

/// A query with these conditions.
[[nodiscard]] Query where(std::vector<FieldCondition> conditions, std::size_t limit = 100);

/// What refused the model: warnings may stand before it.
[[nodiscard]] const bpmn::Problem& first_error(const bpmn::CompileResult& compiled);

/// Owns the store's file (a temporary folder) and the engine. The engine checks the invariants after every transition; the runner
/// checks after every line that the rows of each live instance say just what its stored events, replayed from the beginning, say.
class World {
 public:
  explicit World(WorldKind kind);
  ~World();

  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] const WorldKind& kind() const { return kind_; }
  [[nodiscard]] VirtualClock& clock() { return *clock_; }

  /// Of a world on SQLite.
  [[nodiscard]] std::string database_file() const { return folder_ + "/fermata.db"; }

  void restart();
  /// Lets everything happen that is due.
  void settle();
  /// Where rows and replayed events differ, one text each; empty: nowhere.
  [[nodiscard]] std::vector<std::string> compare_rows_with_replay();

 private:
  void open();

  WorldKind kind_;
  std::string folder_;
  std::shared_ptr<VirtualClock> clock_;
  MemoryRows memory_;
  std::shared_ptr<int> commits_;  ///< counts over restarts, for the failing ones
  Store* store_ = nullptr;        ///< the engine's
  std::unique_ptr<Engine> engine_;
};

}  // namespace fermata::scenarios
