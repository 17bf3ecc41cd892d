// ReadSession: what operators, task lists and APIs ask. One consistent snapshot, its own connection, any thread.
//
// Floor 2: an interface. Answers come from rows alone: everything an operator may ask is answerable without the engine.
//
//   Page<InstanceRow> page = *session->search_instances({.where = {{"state", Op::eq, {Value::string("ACTIVE")}}}, .limit = 50});
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/entity.h"
#include "engine/record/event.h"

namespace fermata {

/// One condition on a field of the collection (fields are named as /v2 names them: "processInstanceKey", "state", "elementId" ...).
/// `like` knows * and ? as wildcards. An unknown field, or an operator that it does not have, is refused with invalid_argument.
struct FieldCondition {
  enum class Op { eq, neq, gt, gte, lt, lte, in, not_in, like, exists };
  std::string field;
  Op op = Op::eq;
  std::vector<Value> operands;  ///< keys as decimal strings or numbers, dates as ISO 8601 strings; exists: one boolean
};

/// The instance has a variable (in any scope) of this name that fulfils the condition. Values compare as JSON.
struct VariableCondition {
  std::string name;
  FieldCondition::Op op = FieldCondition::Op::eq;
  std::vector<Value> operands;
};

struct SortField {
  std::string field;
  bool descending = false;
};

struct Query {
  std::vector<FieldCondition> where;               ///< all must hold
  std::vector<std::vector<FieldCondition>> any_of;  ///< if given, at least one group must hold as well ($or)
  std::vector<VariableCondition> variables;
  std::vector<SortField> sort;                      ///< the key is always the last, so pages are stable
  std::size_t limit = 100;                          ///< at most 10,000
  std::size_t offset = 0;
  std::string after;                                ///< cursor: end_cursor of the page before; empty: from the start
  std::string before;                               ///< cursor: start_cursor of the page after
};

template <class Row>
struct Page {
  std::vector<Row> items;
  std::int64_t total = 0;  ///< of all pages, counted up to 10,000
  bool more_than_total = false;
  std::string start_cursor;
  std::string end_cursor;
};

// Rows as they are shown: the entity plus what belongs to it by key.
struct InstanceRow {
  ProcessInstance instance;
  std::string process_name;
  std::string version_tag;
};
struct InstanceContext {  ///< of everything inside an instance
  ProcessInstanceKey instance;
  ProcessInstanceKey root;
  DefinitionKey definition;
  std::string process_id;
  std::string process_name;
  std::int32_t version = 0;
  std::string business_key;
};
struct ElementRow {
  InstanceContext context;
  ElementInstance element;
  std::string element_name;
};
struct VariableRow {
  InstanceContext context;
  StoredVariable variable;
};
struct JobRow {
  InstanceContext context;
  Job job;
};
struct UserTaskRow {
  InstanceContext context;
  UserTask task;
};
struct IncidentRow {
  InstanceContext context;
  Incident incident;
};
struct SubscriptionRow {
  InstanceContext context;
  Subscription subscription;
};
struct TimerRow {
  InstanceContext context;
  Timer timer;
};
struct DecisionInstanceRow {
  InstanceContext context;  ///< instance 0: evaluated by itself
  DecisionInstance decision;
};
struct TransitionRow {
  TransitionKey key;
  ProcessInstanceKey instance;
  Timestamp at;
  std::string command;
  std::string actor;
  std::string events_json;
};

class ReadSession {
 public:
  virtual ~ReadSession() = default;

  [[nodiscard]] virtual Result<Page<InstanceRow>> search_instances(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<ElementRow>> search_elements(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<VariableRow>> search_variables(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<JobRow>> search_jobs(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<UserTaskRow>> search_user_tasks(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<IncidentRow>> search_incidents(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<SubscriptionRow>> search_subscriptions(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<TimerRow>> search_timers(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<Definition>> search_definitions(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<DecisionDefinition>> search_decisions(const Query& query) = 0;
  [[nodiscard]] virtual Result<Page<DecisionInstanceRow>> search_decision_instances(const Query& query) = 0;

  // One thing by key; nullopt: no such thing. Live or ended.
  [[nodiscard]] virtual Result<std::optional<InstanceRow>> instance(ProcessInstanceKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<ElementRow>> element(ElementInstanceKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<VariableRow>> variable(VariableKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<JobRow>> job(JobKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<UserTaskRow>> user_task(UserTaskKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<IncidentRow>> incident(IncidentKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<Definition>> definition(DefinitionKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<Definition>> latest_definition(std::string_view process_id) = 0;
  [[nodiscard]] virtual Result<std::optional<Resource>> resource(ResourceKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<Resource>> latest_form(std::string_view form_id) = 0;
  [[nodiscard]] virtual Result<std::optional<DecisionDefinition>> decision(DecisionDefinitionKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<DecisionDefinition>> latest_decision(std::string_view decision_id) = 0;
  [[nodiscard]] virtual Result<std::vector<DecisionDefinition>> decisions_of(ResourceKey resource) = 0;
  [[nodiscard]] virtual Result<std::optional<DecisionInstanceRow>> decision_instance(DecisionInstanceKey key) = 0;

  /// All variables that a scope sees (inner hide outer), live or ended.
  [[nodiscard]] virtual Result<Variables> visible_variables(ElementInstanceKey scope) = 0;
  /// The commands of one instance, newest first.
  [[nodiscard]] virtual Result<std::vector<TransitionRow>> transitions(ProcessInstanceKey instance, std::size_t limit) = 0;
  /// For metrics: live instances, open incidents, live jobs by type ...; one row per name.
  [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::int64_t>>> counts() = 0;
};

}  // namespace fermata
