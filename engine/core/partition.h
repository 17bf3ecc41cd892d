// Partition: executes one client command from beginning to end inside an open store transaction.
//
// Floor 4, one thread. It finds the instance a command belongs to, loads it or takes it from the cache, calls decide(), hands the
// transition to the store, and goes on with the follow-up commands (called instances, thrown messages and signals) until none is
// left. Everything of one client command lands in the same transaction. No clock, no I/O but the store it is given.
//
//   Partition partition(options, keys, compiler);
//   Result<Executed> done = partition.execute(request, now, *transaction);
//   // after commit: grant done->effects, answer done->outcome; if the commit failed: partition.forget_everything()
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "engine/core/client_command.h"
#include "engine/core/decision_cache.h"
#include "engine/core/decide.h"
#include "engine/record/effect.h"
#include "persistence/store.h"

namespace fermata {

/// Turns a deployed resource back into graphs after a restart. Wired to processes/bpmn by the composition root.
using ResourceCompiler = std::function<Result<std::vector<DeployResource::Process>>(const Resource&)>;

struct PartitionOptions {
  std::size_t cached_instances_max = 20'000;  ///< live instances kept in memory; the oldest unused leave first
  DecideOptions decide;
  bool check_invariants = false;              ///< after every transition; tests and debug builds
};

/// The answer to the caller, or why the command may not be.
using Outcome = tl::expected<Reply, Rejection>;

struct Executed {
  Outcome outcome;
  std::vector<Effect> effects;  ///< to be granted after the commit
};

class Partition {
 public:
  Partition(PartitionOptions options, KeySource& keys, ResourceCompiler processes, DecisionCompiler decisions);
  ~Partition();

  /// A Rejection is inside the Executed and has written nothing. An Error means that the store failed in the middle: the whole
  /// transaction must be rolled back and forget_everything() called.
  [[nodiscard]] Result<Executed> execute(const ClientRequest& request, Timestamp now, StoreTransaction& transaction);

  /// Drops expired messages from the buffer; answers how many.
  [[nodiscard]] Result<std::size_t> expire_messages(Timestamp now, StoreTransaction& transaction, std::size_t limit);

  /// After a failed commit nothing in memory may be trusted.
  void forget_everything();

  /// For tests: sees every transition with the state after it, before it is forgotten.
  std::function<void(const Transition&, const InstanceState*)> observer;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fermata
