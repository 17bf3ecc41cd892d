// Simulation: one engine, virtual time, a random but repeatable life: commands of all kinds in batches, stale answers, store
// failures, restarts, clocks that advance. After every step the committed events of every touched instance are replayed.
//
// What must hold after each step:
//   replay(events) == loaded rows, and no broken invariant            (I2, I12)
//   nothing happens to an ended instance                              (I10)
//   a timer never fires early, and each occurrence once               (I25, I26)
//   what is due has fired, unless the store failed
//   a job ends once, its leases rise, and an answered completion holds (I18)
//   a decision stands in the history as it was made
// At the end:
//   what was acknowledged is there, what was answered with an error is not (I1)
//   with faults over and everybody working, every instance comes to its end (I17)
//
//   EXPECT_EQ(Simulation({.seed = 7}).run(), "");
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/runtime/engine.h"
#include "persistence/memory/memory_store.h"
#include "tests/simulation/faulty_store.h"

namespace fermata::simulation {

struct SimulationOptions {
  std::uint64_t seed = 1;
  int steps = 250;
  double fault_probability = 0;
  bool restarts = false;
  std::size_t batch_commands_max = 64;
  std::size_t cached_instances_max = 20'000;
  std::function<std::unique_ptr<Store>(std::unique_ptr<Store>)> wrap = {};  ///< puts something between engine and store (mutants)
};

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options);

  /// "" or what went wrong, with the seed and the last events.
  [[nodiscard]] std::string run();
  /// Of all committed events: the same for the same options, whatever else happens on the machine.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  [[nodiscard]] std::string statistics() const;

 private:
  struct Shadow {  ///< an instance, rebuilt from its committed events
    InstanceState state;
    TransitionKey last;
    bool ended = false;
  };

  void open();
  void step();
  void submit(ClientCommand command);
  void handle(const ClientCommand& command, const Result<Outcome>& outcome);

  // One random command each
  void create();
  void poll();
  void answer_job();
  void publish();
  void touch_user_task();
  void ask_decision();
  void operate();
  void go_close_to_a_timer();

  void check_step();
  void check_instance(ProcessInstanceKey key);
  void check_event(ProcessInstanceKey key, Shadow& shadow, const Event& event);
  void check_acknowledged();
  void check_decision(const DecisionInstance& made, const std::string& where);
  void finish_everything();
  void broken(const std::string& what);

  [[nodiscard]] int pick(int min, int max) { return std::uniform_int_distribution<int>(min, max)(random_); }
  [[nodiscard]] bool chance(int percent) { return pick(1, 100) <= percent; }
  template <class List>
  [[nodiscard]] auto any_of(const List& list) {
    return list[static_cast<std::size_t>(pick(0, static_cast<int>(list.size()) - 1))];
  }

  SimulationOptions options_;
  std::mt19937_64 random_;
  std::shared_ptr<VirtualClock> clock_;
  std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
  MemoryRows rows_ = make_memory_rows();
  Store* store_ = nullptr;  ///< the engine's
  std::unique_ptr<Engine> engine_;

  // What clients know
  std::vector<ActivatedJob> leased_;
  std::vector<ProcessInstanceKey> created_;
  std::set<JobKey> completed_;  ///< acknowledged
  std::vector<UserTaskKey> user_tasks_;
  std::vector<IncidentKey> incidents_;
  std::vector<DecisionInstance> evaluated_;  ///< as answered

  // What the committed events say
  std::set<ProcessInstanceKey> touched_;
  std::map<ProcessInstanceKey, Shadow> shadows_;
  std::map<TimerKey, Timestamp> timers_;
  std::set<std::pair<TimerKey, std::int32_t>> fired_;
  std::set<JobKey> ended_jobs_;
  std::map<JobKey, std::int64_t> leases_;
  std::deque<std::string> recent_;
  std::uint64_t digest_ = 14695981039346656037ULL;
  std::string trouble_;
  int step_ = 0;
  int answered_well_ = 0, rejected_ = 0, failed_ = 0, restarts_ = 0;
};

}  // namespace fermata::simulation
