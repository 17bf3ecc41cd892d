// Lookups: StoreLookups as SQL on the writing connection, so that an open transaction sees its own rows.
//
// Floor 5, persistence/sqlite only; used by the engine thread. Statements are prepared when they are first needed and kept.
#pragma once

#include <unordered_map>

#include "persistence/sqlite/table.h"
#include "persistence/store.h"

namespace fermata::sqlite {

class Lookups final : public StoreLookups {
 public:
  explicit Lookups(Database& database) : database_(database) {}

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
  /// The prepared statement of a query text; texts are constants and known by their address, so each is prepared once.
  [[nodiscard]] Result<Statement*> statement(const std::string& sql);

  template <class... Arguments>
  [[nodiscard]] Result<Statement*> bound(const std::string& sql, const Arguments&... arguments);
  template <class Entity>
  [[nodiscard]] Result<std::optional<Entity>> one(Result<Statement*> query);
  template <class Found, class Read>
  [[nodiscard]] Result<std::vector<Found>> all(Result<Statement*> query, Read read);
  [[nodiscard]] Result<std::optional<Timestamp>> one_time(Result<Statement*> query);
  template <class Entity, class Insert, class... Arguments>
  [[nodiscard]] Result<void> load_rows(const std::string& sql, Insert insert, const Arguments&... arguments);
  /// Keys from `low` to below `high`.
  struct KeySpan {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };
  /// Where the rows of an instance lie: from each of its transitions to the next one, whosever that is. Disjoint, youngest first.
  [[nodiscard]] Result<std::vector<KeySpan>> spans_of(ProcessInstanceKey instance, TransitionKey last);
  template <class Entity, class Table>
  [[nodiscard]] Result<void> load_live(const std::vector<KeySpan>& spans, ProcessInstanceKey instance, Table& table);

  Database& database_;
  std::unordered_map<const std::string*, Statement> statements_;
};

}  // namespace fermata::sqlite
