// MutantStore: a store with one planted defect. The judges of the simulation must notice each of them.
//
//   for (const Mutant& mutant : all_mutants()) options.wrap = [&](auto inner) { return plant(mutant, std::move(inner)); };
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "persistence/store.h"

namespace fermata::simulation {

/// What is broken. Each hook that is set is the defect; the others leave everything as it is.
struct Mutant {
  std::string name;
  std::function<void(Transition&)> on_append;         ///< changes what is written into the history
  std::function<void(InstanceState&)> on_load;        ///< changes what is read
  int every = 1;                                      ///< the defect strikes only each n-th time it could
  bool commit_lies = false;                           ///< says yes, but nothing is kept
  bool commit_denies = false;                         ///< says no, but everything is kept
  bool skips_append = false;
  bool drops_next_key = false;
  Duration timers_early;                              ///< due_timers() answers what is due this much later
  bool hides_due_timers = false;
};

[[nodiscard]] std::vector<Mutant> all_mutants();
[[nodiscard]] std::unique_ptr<Store> plant(const Mutant& mutant, std::unique_ptr<Store> inner);

}  // namespace fermata::simulation
