// Many short lives from many seeds. FERMATA_SIMULATION_SEED runs one seed again; FERMATA_SIMULATION_RUNS runs more of them.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/sanitized.h"
#include "tests/simulation/simulation.h"

namespace fermata::simulation {
namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void run_many(SimulationOptions options, std::uint64_t runs) {
  const std::uint64_t first = number_from("FERMATA_SIMULATION_SEED", 1);
  const bool one_seed = std::getenv("FERMATA_SIMULATION_SEED") != nullptr;
  runs = one_seed ? 1 : number_from("FERMATA_SIMULATION_RUNS", tests::fewer(runs));
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    options.seed = seed;
    Simulation simulation(options);
    ASSERT_EQ(simulation.run(), "") << "run again with FERMATA_SIMULATION_SEED=" << seed << "; " << simulation.statistics();
    if (seed == first) std::puts(simulation.statistics().c_str());
  }
}

TEST(Simulation, FairWeather) { run_many({.seed = 1, .steps = 250}, 5); }

TEST(Simulation, OneCommandABatchAndNoCache) {
  run_many({.seed = 1, .steps = 150, .batch_commands_max = 1, .cached_instances_max = 1}, 3);
}

TEST(Simulation, Restarts) { run_many({.seed = 1, .steps = 250, .restarts = true}, 4); }

TEST(Simulation, AFailingStore) { run_many({.seed = 1, .steps = 250, .fault_probability = 0.05}, 5); }

TEST(Simulation, AFailingStoreAndRestarts) { run_many({.seed = 1, .steps = 250, .fault_probability = 0.2, .restarts = true}, 5); }

// I15: the same seed makes the same history, byte for byte.
TEST(Simulation, IsRepeatable) {
  for (const std::uint64_t seed : {1u, 2u}) {
    const SimulationOptions options{.seed = seed, .steps = 120, .fault_probability = 0.05, .restarts = true};
    Simulation first(options);
    Simulation second(options);
    EXPECT_EQ(first.run(), "");
    EXPECT_EQ(second.run(), "");
    EXPECT_EQ(first.digest(), second.digest()) << seed;
  }
}

}  // namespace
}  // namespace fermata::simulation
