// Chain: everything that one client command sets in motion, in one transaction: the command itself, called instances, thrown messages
// and signals, buffered messages that a new subscription was waiting for.
//
// Floor 4, engine thread only, lives as long as one Partition::execute(). Store trouble is an Error and ends the whole transaction.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/client_command.h"
#include "engine/core/correlation.h"
#include "engine/core/definition_cache.h"
#include "engine/core/instance_cache.h"
#include "engine/core/partition.h"

namespace fermata {

/// A partition's parts, shared by its chains.
struct PartitionParts {
  const PartitionOptions& options;
  KeySource& keys;
  InstanceCache& instances;
  DefinitionCache& definitions;
  DecisionCache& decisions;
  const std::function<void(const Transition&, const InstanceState*)>& observer;
};

class Chain {
 public:
  Chain(PartitionParts parts, StoreTransaction& transaction, CommandContext context);

  [[nodiscard]] Result<Outcome> execute(const ClientCommand& command);
  /// Follow-up commands until none is left. That one is for something that has ended meanwhile is no trouble; any other rejection of one
  /// ends the whole transaction, since the event that asks for it was left already.
  [[nodiscard]] Result<void> run_follow_ups();
  [[nodiscard]] std::vector<Effect> take_effects() { return std::move(effects_); }

  /// Writes one partition transition; nothing without events. `key` was reserved before any key of the events was taken.
  [[nodiscard]] Result<void> record(TransitionKey key, std::string_view command, std::vector<Event> events);
  [[nodiscard]] TransitionKey reserve() { return parts_.keys.make<TransitionKey>(); }

 private:
  // Instance commands: chain.cpp
  struct Loaded {
    InstanceState* state = nullptr;  ///< nullptr: the instance does not live
    const DefinitionCache::Target* target = nullptr;
  };
  Result<Loaded> load(ProcessInstanceKey key);
  Result<Outcome> to_instance(ProcessInstanceKey key, const InstanceCommand& command);
  Result<Outcome> to_instance_of(std::int64_t any_key, std::string_view what, const InstanceCommand& command);
  Result<Outcome> decide_and_append(InstanceState& state, const DefinitionCache::Target& target, const InstanceCommand& command);
  Result<void> after_append(InstanceState& state, const Transition& transition);
  Result<Outcome> on(const SetVariables& command);
  Result<Outcome> start(const StartInstance& command);

  // Client commands of the partition: deploy.cpp, create_instance.cpp, evaluate_decision.cpp, activate_jobs.cpp, messages.cpp, start_timers.cpp
  Result<Outcome> on(const Deploy& command);
  Result<Outcome> on(const CreateInstance& command);
  Result<Outcome> on(const EvaluateDecision& command);
  Result<const DefinitionCache::Target*> definition_of(const CreateInstance& command);
  Result<Outcome> on(const ActivateJobs& command);
  Result<Outcome> on(const PublishMessage& command) { return publish(command, false); }
  /// `thrown`: by an event of a process, which can no more be told that it is refused.
  Result<Outcome> publish(const PublishMessage& command, bool thrown);
  Result<Outcome> on(const CorrelateMessage& command);
  Result<Outcome> on(const BroadcastSignal& command) { return broadcast(command, {}); }
  /// To all that wait, but for the instance that threw the signal: that one it has reached already, when it was thrown.
  Result<Outcome> broadcast(const BroadcastSignal& command, ProcessInstanceKey thrower);
  Result<Outcome> on(const FireTimer& command);

  /// What is deployed already of that which one file defines, in step with it.
  struct Latest {
    std::vector<std::optional<Definition>> processes;
    std::vector<std::optional<DecisionDefinition>> decisions;
    std::optional<Resource> form;
    bool is_unchanged = false;  ///< all of it
  };
  Result<std::vector<Latest>> latest_of(const Deploy& command);
  static std::vector<bool> renewed_by(const Deploy& command, const std::vector<Latest>& latest);
  static void keep(const Latest& latest, Deployed& reply);
  Result<void> deploy_resource(const DeployResource& resource, const Latest& latest, Deployed& reply, std::vector<Event>& events);
  Result<void> deploy_processes(const DeployResource& resource, const Resource& row, const Latest& latest, Deployed& reply,
                                std::vector<Event>& events);
  void deploy_decisions(const DeployResource& resource, const Resource& row, const Latest& latest, Deployed& reply, std::vector<Event>& events);
  Result<void> replace_start_waits(const Definition& definition, const ProcessGraph& graph, std::vector<Event>& events);
  Result<Outcome> fire_start_timer(const FireTimer& command);

  Result<Outcome> deliver(const std::vector<Correlation>& matches, Message message, bool buffer, const std::string& business_key);
  Result<ProcessInstanceKey> deliver_to(const Correlation& match, const Message& message, const std::string& business_key);
  Result<bool> fits(const FoundSubscription& found, const CorrelateMessage& command);
  Result<std::vector<FoundSubscription>> candidates(const CorrelateMessage& command, std::optional<Rejection>& refused);
  /// To a subscription that has opened: a message that is in the buffer, if there is one.
  struct BufferedDelivery {
    SubscriptionKey subscription;
    MessageKey after;           ///< the last one that it got from there
    std::size_t delivered = 0;  ///< how many it got
  };
  /// An instance of the process, by a message with this key that has waited for the end of the one before.
  struct BufferedStart {
    std::string process_id;
    std::string correlation_key;
  };
  /// Asks for a BufferedDelivery, if the subscription is open.
  void look_into_buffer(const InstanceState& state, SubscriptionKey subscription);
  // What is to be done after the command, when its turn comes. False: there was nothing to do.
  Result<bool> take_up(ProcessInstanceKey source, const FollowUp& command);
  Result<bool> take_up(ProcessInstanceKey instance, const BufferedDelivery& wanted);
  Result<bool> take_up(ProcessInstanceKey ended, const BufferedStart& wanted);
  Result<std::optional<Message>> oldest_buffered(std::string_view name, std::string_view key, std::string_view process_id, MessageKey after);

  PartitionParts parts_;
  StoreTransaction& transaction_;
  CommandContext context_;
  std::deque<std::pair<ProcessInstanceKey, std::variant<FollowUp, BufferedDelivery, BufferedStart>>> follow_ups_;  ///< with the instance that asks for it
  std::vector<Effect> effects_;
  std::size_t bytes_ = 0;  ///< of the values that all of it wrote
};

}  // namespace fermata
