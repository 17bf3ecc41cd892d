// The judges are judged: each planted defect of a store must be noticed within a few lives, and no defect must be seen where none is.
//
// Each life runs in a process of its own, because noticing may mean a failed check that ends the process.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulation/mutant_store.h"
#include "tests/simulation/simulation.h"

namespace fermata::simulation {
namespace {

// Of processor time. A defect that makes a life endless is noticed as well: a healthy life takes about a second.
constexpr rlim_t cpu_seconds_max = 20;

bool noticed(const Mutant& mutant, std::uint64_t seed) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{cpu_seconds_max, cpu_seconds_max};
    setrlimit(RLIMIT_CPU, &limit);
    const int silence = open("/dev/null", O_WRONLY);
    dup2(silence, STDERR_FILENO);
    SimulationOptions options{.seed = seed, .steps = 150, .restarts = true};
    options.cached_instances_max = 1;
    options.wrap = [&](std::unique_ptr<Store> inner) { return plant(mutant, std::move(inner)); };
    Simulation simulation(options);
    _exit(simulation.run().empty() ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

TEST(Mutants, AreAllNoticed) {
  constexpr std::uint64_t seeds = 4;
  const std::vector<Mutant> mutants = all_mutants();
  EXPECT_GE(mutants.size(), 25u);
  for (const Mutant& mutant : mutants) {
    bool seen = false;
    for (std::uint64_t seed = 1; seed <= seeds && !seen; ++seed) seen = noticed(mutant, seed);
    EXPECT_TRUE(seen) << "nobody noticed the defect: " << mutant.name;
  }
}

TEST(Mutants, AHealthyStoreIsNotAccused) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) EXPECT_FALSE(noticed(Mutant{}, seed));
}

}  // namespace
}  // namespace fermata::simulation
