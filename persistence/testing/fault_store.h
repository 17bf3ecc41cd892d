// FaultStore: a Store that fails on demand: the Nth append or commit, once or every Nth, with an error of your choice.
//
// Floor 5, for tests only. A failed commit has not become durable, as the contract says, unless `durable_anyway` is set: then the rows
// are there although the caller was told otherwise (a lost answer, an unknown outcome).
//
//   FaultPlan plan;
//   plan.commit_every = 3;                          // the 3rd, 6th, 9th ... commit fails
//   std::unique_ptr<Store> store = make_fault_store(std::move(inner), plan_ptr);
#pragma once

#include <cstdint>
#include <memory>

#include "persistence/store.h"

namespace fermata::testing {

/// Counted from the moment the plan is set; 0 is never. Shared with the store, so that a test can change it between steps.
struct FaultPlan {
  std::uint64_t append_at = 0;      ///< this append fails, once
  std::uint64_t commit_at = 0;      ///< this commit fails, once
  std::uint64_t append_every = 0;
  std::uint64_t commit_every = 0;
  std::uint64_t begin_every = 0;
  bool durable_anyway = false;      ///< a failing commit commits before it fails
  Error error{ErrorCode::resource_exhausted, "injected: the disk is full"};

  std::uint64_t appends = 0, commits = 0, begins = 0;  ///< so far
  std::uint64_t failures = 0;                          ///< injected so far
};

[[nodiscard]] std::unique_ptr<Store> make_fault_store(std::unique_ptr<Store> inner, std::shared_ptr<FaultPlan> plan);

}  // namespace fermata::testing
