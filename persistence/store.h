// Store: the only door to durable state. One writer (the engine thread), any number of readers.
//
// Floor 2: an interface. persistence/sqlite is the real one, persistence/memory the reference; tests/contract holds both to this
// text. Rows are the durable truth; there is no global in-memory truth above it, so every lookup that decides something goes
// through the open Transaction, which sees its own uncommitted writes.
//
//   auto transaction = store.begin();               // Result<std::unique_ptr<StoreTransaction>>
//   transaction->append(transition, state_after);   // rows of one command
//   if (auto done = transaction->commit(); !done) stop_engine(done.error());
//
// A commit may be handed over instead of waited for, so that the next transaction is decided while the disk is still busy with this one:
//
//   const auto number = transaction->hand_over();   // 0: durable already
//   ... begin() the next one ...
//   if (store.progress().durable >= *number) answer();
//
// Failure: an Error of a write or of commit() means that nothing of this transaction is durable; the caller drops it together with
// every InstanceState it touched. After a failed sync the store is poisoned: every later call answers data_loss, and the process
// must exit (a failed fsync is never retried as if nothing had happened). resource_exhausted means disk full: reads still work,
// and a later transaction may succeed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/entity.h"
#include "engine/record/event.h"
#include "engine/state/instance_state.h"

namespace fermata {

/// An open subscription together with the instance that waits (0: a start event of a process).
struct FoundSubscription {
  ProcessInstanceKey instance;
  Subscription subscription;
};
struct FoundTimer {
  ProcessInstanceKey instance;  ///< 0: a start event of a process
  Timer timer;
};
struct FoundJob {
  ProcessInstanceKey instance;
  JobKey job;
  std::string type;
};

/// Which version of a decision: of those that fit all that is given the highest.
struct DecisionSelector {
  std::string_view decision_id;
  std::optional<std::int32_t> version;
  std::string_view version_tag;  ///< empty: any
  DeploymentKey deployment;      ///< 0: any
};

/// Reads that the engine needs to decide. All answer live (not ended) things only, in ascending key order unless said otherwise.
class StoreLookups {
 public:
  virtual ~StoreLookups() = default;

  /// The live rows of one instance; nullopt when there is no such instance or it has ended.
  [[nodiscard]] virtual Result<std::optional<InstanceState>> load_instance(ProcessInstanceKey key) = 0;
  /// The row of an instance, live or ended.
  [[nodiscard]] virtual Result<std::optional<ProcessInstance>> find_instance(ProcessInstanceKey key) = 0;
  /// The instance whose transition made this key (job, user task, element instance, incident, timer ...), or nullopt. The answer
  /// holds for ended things too, and may name an instance that does not hold the key: look there and see.
  [[nodiscard]] virtual Result<std::optional<ProcessInstanceKey>> instance_of(std::int64_t any_key) = 0;

  /// Open subscriptions for a message or signal name. With a key: those with just this key. Of instances and of start events.
  [[nodiscard]] virtual Result<std::vector<FoundSubscription>> find_subscriptions(EventKind kind, std::string_view name,
                                                                                  std::optional<std::string_view> correlation_key,
                                                                                  std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<FoundSubscription>> start_subscriptions_of(std::string_view process_id) = 0;
  /// Of start events alone, of all processes: reads all open start subscriptions.
  [[nodiscard]] virtual Result<std::vector<FoundSubscription>> start_subscriptions_for(EventKind kind, std::string_view name) = 0;
  [[nodiscard]] virtual Result<std::vector<FoundTimer>> start_timers_of(std::string_view process_id) = 0;
  /// Timers due at or before `now`, earliest first.
  [[nodiscard]] virtual Result<std::vector<FoundTimer>> due_timers(Timestamp now, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Timestamp>> next_timer_due() = 0;
  /// Jobs that may be locked at `now`: highest priority first, then oldest.
  [[nodiscard]] virtual Result<std::vector<FoundJob>> available_jobs(std::string_view type, Timestamp now, std::size_t limit) = 0;
  /// When the next job of this type becomes available again (end of a lease or of a backoff); nullopt: none is pending.
  [[nodiscard]] virtual Result<std::optional<Timestamp>> next_job_available(std::string_view type) = 0;
  /// Types that have live jobs.
  [[nodiscard]] virtual Result<std::vector<std::string>> live_job_types() = 0;

  /// Messages in the buffer that are not expired at `now`, oldest first: of those with keys above `after`.
  [[nodiscard]] virtual Result<std::vector<Message>> buffered_messages(std::string_view name, std::string_view correlation_key,
                                                                       MessageKey after, Timestamp now, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<MessageKey>> expired_messages(Timestamp now, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Timestamp>> next_message_expiry() = 0;
  /// A live instance of the process that a message with this key has started; at most one exists.
  [[nodiscard]] virtual Result<std::optional<ProcessInstanceKey>> instance_started_by(std::string_view process_id,
                                                                                      std::string_view correlation_key) = 0;
  /// Live instances with this business key (any process), oldest first.
  [[nodiscard]] virtual Result<std::vector<ProcessInstanceKey>> instances_with_business_key(std::string_view business_key,
                                                                                            std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<RequestRecord>> find_request(std::string_view source, std::string_view id) = 0;

  [[nodiscard]] virtual Result<std::optional<Definition>> find_definition(DefinitionKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<Definition>> latest_definition(std::string_view process_id) = 0;
  [[nodiscard]] virtual Result<std::optional<Definition>> definition_version(std::string_view process_id, std::int32_t version) = 0;
  [[nodiscard]] virtual Result<std::optional<Definition>> definition_tagged(std::string_view process_id, std::string_view version_tag) = 0;
  [[nodiscard]] virtual Result<std::optional<Definition>> definition_in_deployment(std::string_view process_id, DeploymentKey deployment) = 0;
  [[nodiscard]] virtual Result<std::optional<Resource>> find_resource(ResourceKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<Resource>> latest_form(std::string_view form_id) = 0;
  [[nodiscard]] virtual Result<std::optional<DecisionDefinition>> find_decision(DecisionDefinitionKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<DecisionDefinition>> select_decision(const DecisionSelector& which) = 0;
  /// All decisions of one file, by key.
  [[nodiscard]] virtual Result<std::vector<DecisionDefinition>> decisions_of(ResourceKey resource) = 0;
  /// The highest version that a requirements graph has had; 0: none is deployed.
  [[nodiscard]] virtual Result<std::int32_t> latest_requirements_version(std::string_view requirements_id) = 0;
  /// The files of one deployment that are of this kind, by key.
  [[nodiscard]] virtual Result<std::vector<Resource>> resources_of(DeploymentKey deployment, std::string_view kind) = 0;
};

/// The number of a commit that was handed over; they count up in their order. 0: durable already.
using CommitNumber = std::uint64_t;

struct CommitProgress {
  CommitNumber durable = 0;      ///< everything that was handed over up to this number is durable
  std::optional<Error> failure;  ///< what was handed over after `durable` is lost, all of it. begin() refuses until this was told
};

/// One write transaction; the only one at a time. Destroyed without commit(): rolled back.
class StoreTransaction : public StoreLookups {
 public:
  /// Writes the rows of one transition: each thing that its events touch, once, as it is in `after` (ended things included: call
  /// forget_ended() only afterwards). For a partition transition (instance 0) `after` is nullptr. A store may write later: then a row
  /// that cannot be written is an error of the next lookup or of the commit.
  [[nodiscard]] virtual Result<void> append(const Transition& transition, const InstanceState* after) = 0;
  /// Every key handed out so far is below this; kept so that no key is ever used twice.
  [[nodiscard]] virtual Result<void> set_next_key(std::int64_t next_key) = 0;
  /// Durable when it returns without error: synced, not only written.
  [[nodiscard]] virtual Result<void> commit() = 0;
  /// Like commit(), but may return before the transaction is durable. From then on lookups and later transactions see it;
  /// Store::progress() says when it is durable, and nobody may be answered before. A store that cannot do this commits and answers 0.
  [[nodiscard]] virtual Result<CommitNumber> hand_over() {
    if (auto done = commit(); !done) return tl::unexpected(done.error());
    return CommitNumber{0};
  }
};

class ReadSession;

class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual Result<std::unique_ptr<StoreTransaction>> begin() = 0;
  /// How far the commits are that were handed over. Engine thread; the next three likewise.
  [[nodiscard]] virtual CommitProgress progress() { return {}; }
  /// The same, once `number` is durable or lost.
  [[nodiscard]] virtual CommitProgress wait_for(CommitNumber number) { return {number, std::nullopt}; }
  /// `changed` is called, from any thread, whenever progress() may say something new. Set before the first hand_over().
  virtual void on_progress(std::function<void()> changed) { (void)changed; }
  /// For lookups outside a transaction by the engine thread (start-up). Sees what is committed.
  [[nodiscard]] virtual StoreLookups& lookups() = 0;
  /// Where the key counter goes on.
  [[nodiscard]] virtual Result<std::int64_t> next_key() = 0;
  /// Housekeeping between batches (checkpoints): cheap, may do nothing.
  virtual void idle() {}
  /// A reader for another thread; sees every transaction that was committed before it was made. Never blocks the writer.
  [[nodiscard]] virtual Result<std::unique_ptr<ReadSession>> read() = 0;
};

}  // namespace fermata
