// Lookups: StoreLookups as plain loops over Rows.
//
// Floor 5, persistence/memory only.
#pragma once

#include "persistence/memory/rows.h"
#include "persistence/store.h"

namespace fermata::memory {

class Lookups final : public StoreLookups {
 public:
  explicit Lookups(const Rows& rows) : rows_(rows) {}

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
  /// Of the definitions that match, the one with the highest version.
  template <class Matches>
  [[nodiscard]] std::optional<Definition> highest(Matches matches) const;

  const Rows& rows_;
};

}  // namespace fermata::memory
