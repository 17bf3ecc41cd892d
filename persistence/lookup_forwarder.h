// LookupForwarder: a StoreTransaction whose lookups are answered by somebody else. Transactions of stores derive from it.
//
// Floor 2.
//
//   class MyTransaction final : public LookupForwarder {
//    public:
//     explicit MyTransaction(StoreLookups& lookups) : LookupForwarder(lookups) {}
//     Result<void> append(...) override; ...
//   };
#pragma once

#include "persistence/store.h"

namespace fermata {

class LookupForwarder : public StoreTransaction {
 public:
  /// `to` must outlive this object.
  explicit LookupForwarder(StoreLookups& to) : to_(to) {}

  Result<std::optional<InstanceState>> load_instance(ProcessInstanceKey key) override { return to_.load_instance(key); }
  Result<std::optional<ProcessInstance>> find_instance(ProcessInstanceKey key) override { return to_.find_instance(key); }
  Result<std::optional<ProcessInstanceKey>> instance_of(std::int64_t any_key) override { return to_.instance_of(any_key); }
  Result<std::vector<FoundSubscription>> find_subscriptions(EventKind kind, std::string_view name,
                                                            std::optional<std::string_view> correlation_key,
                                                            std::size_t limit) override {
    return to_.find_subscriptions(kind, name, correlation_key, limit);
  }
  Result<std::vector<FoundSubscription>> start_subscriptions_of(std::string_view process_id) override {
    return to_.start_subscriptions_of(process_id);
  }
  Result<std::vector<FoundSubscription>> start_subscriptions_for(EventKind kind, std::string_view name) override {
    return to_.start_subscriptions_for(kind, name);
  }
  Result<std::vector<FoundTimer>> start_timers_of(std::string_view process_id) override { return to_.start_timers_of(process_id); }
  Result<std::vector<FoundTimer>> due_timers(Timestamp now, std::size_t limit) override { return to_.due_timers(now, limit); }
  Result<std::optional<Timestamp>> next_timer_due() override { return to_.next_timer_due(); }
  Result<std::vector<FoundJob>> available_jobs(std::string_view type, Timestamp now, std::size_t limit) override {
    return to_.available_jobs(type, now, limit);
  }
  Result<std::optional<Timestamp>> next_job_available(std::string_view type) override { return to_.next_job_available(type); }
  Result<std::vector<std::string>> live_job_types() override { return to_.live_job_types(); }
  Result<std::vector<Message>> buffered_messages(std::string_view name, std::string_view correlation_key, MessageKey after,
                                                 Timestamp now, std::size_t limit) override {
    return to_.buffered_messages(name, correlation_key, after, now, limit);
  }
  Result<std::vector<MessageKey>> expired_messages(Timestamp now, std::size_t limit) override {
    return to_.expired_messages(now, limit);
  }
  Result<std::optional<Timestamp>> next_message_expiry() override { return to_.next_message_expiry(); }
  Result<std::optional<ProcessInstanceKey>> instance_started_by(std::string_view process_id, std::string_view correlation_key) override {
    return to_.instance_started_by(process_id, correlation_key);
  }
  Result<std::vector<ProcessInstanceKey>> instances_with_business_key(std::string_view business_key, std::size_t limit) override {
    return to_.instances_with_business_key(business_key, limit);
  }
  Result<std::optional<RequestRecord>> find_request(std::string_view source, std::string_view id) override {
    return to_.find_request(source, id);
  }
  Result<std::optional<Definition>> find_definition(DefinitionKey key) override { return to_.find_definition(key); }
  Result<std::optional<Definition>> latest_definition(std::string_view process_id) override { return to_.latest_definition(process_id); }
  Result<std::optional<Definition>> definition_version(std::string_view process_id, std::int32_t version) override {
    return to_.definition_version(process_id, version);
  }
  Result<std::optional<Definition>> definition_tagged(std::string_view process_id, std::string_view version_tag) override {
    return to_.definition_tagged(process_id, version_tag);
  }
  Result<std::optional<Definition>> definition_in_deployment(std::string_view process_id, DeploymentKey deployment) override {
    return to_.definition_in_deployment(process_id, deployment);
  }
  Result<std::optional<Resource>> find_resource(ResourceKey key) override { return to_.find_resource(key); }
  Result<std::optional<Resource>> latest_form(std::string_view form_id) override { return to_.latest_form(form_id); }
  Result<std::optional<DecisionDefinition>> find_decision(DecisionDefinitionKey key) override { return to_.find_decision(key); }
  Result<std::optional<DecisionDefinition>> select_decision(const DecisionSelector& which) override { return to_.select_decision(which); }
  Result<std::vector<DecisionDefinition>> decisions_of(ResourceKey resource) override { return to_.decisions_of(resource); }
  Result<std::int32_t> latest_requirements_version(std::string_view requirements_id) override {
    return to_.latest_requirements_version(requirements_id);
  }
  Result<std::vector<Resource>> resources_of(DeploymentKey deployment, std::string_view kind) override {
    return to_.resources_of(deployment, kind);
  }

 private:
  StoreLookups& to_;
};

}  // namespace fermata
