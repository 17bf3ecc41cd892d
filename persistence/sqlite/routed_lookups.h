// RoutedLookups: the lookups of the engine thread. While the writer is busy with earlier transactions, a question that none of the
// pending changes touches is answered from a second connection; every other question waits until the writing connection has it all.
//
// Floor 5, persistence/sqlite only; engine thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <type_traits>

#include "persistence/sqlite/pending_changes.h"
#include "persistence/sqlite/recent_transitions.h"
#include "persistence/sqlite/write_queue.h"

namespace fermata::sqlite {

class RoutedLookups final : public StoreLookups {
 public:
  RoutedLookups(WriteQueue& queue, Writer& writer, PendingChanges& pending, RecentTransitions& recent, Database::Options reader)
      : queue_(queue), writer_(writer), pending_(pending), recent_(recent), options_(std::move(reader)) {}

  Result<std::optional<InstanceState>> load_instance(ProcessInstanceKey key) override;
  Result<std::optional<ProcessInstance>> find_instance(ProcessInstanceKey key) override;
  Result<std::optional<ProcessInstanceKey>> instance_of(std::int64_t any_key) override;
  Result<std::vector<FoundSubscription>> find_subscriptions(EventKind kind, std::string_view name,
                                                            std::optional<std::string_view> correlation_key,
                                                            std::size_t limit) override;
  Result<std::vector<FoundSubscription>> start_subscriptions_of(std::string_view process_id) override;
  Result<std::vector<FoundSubscription>> start_subscriptions_for(EventKind kind, std::string_view name) override;
  Result<std::vector<FoundTimer>> start_timers_of(std::string_view process_id) override;
  Result<std::vector<FoundTimer>> due_timers(Timestamp now, std::size_t limit) override;
  Result<std::optional<Timestamp>> next_timer_due() override;
  Result<std::vector<FoundJob>> available_jobs(std::string_view type, Timestamp now, std::size_t limit) override;
  Result<std::optional<Timestamp>> next_job_available(std::string_view type) override;
  Result<std::vector<std::string>> live_job_types() override;
  Result<std::vector<Message>> buffered_messages(std::string_view name, std::string_view correlation_key, MessageKey after,
                                                 Timestamp now, std::size_t limit) override;
  Result<std::vector<MessageKey>> expired_messages(Timestamp now, std::size_t limit) override;
  Result<std::optional<Timestamp>> next_message_expiry() override;
  Result<std::optional<ProcessInstanceKey>> instance_started_by(std::string_view process_id,
                                                                std::string_view correlation_key) override;
  Result<std::vector<ProcessInstanceKey>> instances_with_business_key(std::string_view business_key, std::size_t limit) override;
  Result<std::optional<RequestRecord>> find_request(std::string_view source, std::string_view id) override;
  Result<std::optional<Definition>> find_definition(DefinitionKey key) override;
  Result<std::optional<Definition>> latest_definition(std::string_view process_id) override;
  Result<std::optional<Definition>> definition_version(std::string_view process_id, std::int32_t version) override;
  Result<std::optional<Definition>> definition_tagged(std::string_view process_id, std::string_view version_tag) override;
  Result<std::optional<Definition>> definition_in_deployment(std::string_view process_id, DeploymentKey deployment) override;
  Result<std::optional<Resource>> find_resource(ResourceKey key) override;
  Result<std::optional<Resource>> latest_form(std::string_view form_id) override;
  Result<std::optional<DecisionDefinition>> find_decision(DecisionDefinitionKey key) override;
  Result<std::optional<DecisionDefinition>> select_decision(const DecisionSelector& which) override;
  Result<std::vector<DecisionDefinition>> decisions_of(ResourceKey resource) override;
  Result<std::int32_t> latest_requirements_version(std::string_view requirements_id) override;
  Result<std::vector<Resource>> resources_of(DeploymentKey deployment, std::string_view kind) override;

 private:
  struct Reader {
    explicit Reader(Database opened) : database(std::move(opened)), lookups(database) {}
    Database database;
    Lookups lookups;
  };
  /// Who answers a question about these topics.
  [[nodiscard]] Result<StoreLookups*> about(std::initializer_list<PendingChanges::Topic> topics);
  template <class Answer, class... Parameters>
  [[nodiscard]] Answer ask(std::initializer_list<PendingChanges::Topic> topics, Answer (StoreLookups::*question)(Parameters...),
                           std::type_identity_t<Parameters>... arguments);
  [[nodiscard]] Result<StoreLookups*> writer();
  [[nodiscard]] Result<StoreLookups*> reader();

  WriteQueue& queue_;
  Writer& writer_;
  PendingChanges& pending_;
  RecentTransitions& recent_;
  const Database::Options options_;
  std::unique_ptr<Reader> reader_;  // opened when it is first needed
};

}  // namespace fermata::sqlite
