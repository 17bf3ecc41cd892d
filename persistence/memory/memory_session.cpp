#include "persistence/memory/memory_session.h"

#include <algorithm>
#include <utility>

#include "engine/record/codec.h"
#include "persistence/memory/lookups.h"
#include "persistence/query/search.h"

namespace fermata::memory {
namespace {

class MemorySession final : public ReadSession {
 public:
  explicit MemorySession(Rows rows) : rows_(std::move(rows)), lookups_(rows_) {}

  Result<Page<InstanceRow>> search_instances(const Query& query) override {
    std::vector<InstanceRow> rows;
    for (const auto& [key, entry] : rows_.instances) rows.push_back(shown(entry.row));
    return search(query, rows);
  }
  Result<Page<ElementRow>> search_elements(const Query& query) override {
    return search_rows<ElementRow>(query, rows_.elements, &ElementRow::element);
  }
  Result<Page<VariableRow>> search_variables(const Query& query) override {
    return search_rows<VariableRow>(query, rows_.variables, &VariableRow::variable);
  }
  Result<Page<JobRow>> search_jobs(const Query& query) override { return search_rows<JobRow>(query, rows_.jobs, &JobRow::job); }
  Result<Page<UserTaskRow>> search_user_tasks(const Query& query) override {
    return search_rows<UserTaskRow>(query, rows_.user_tasks, &UserTaskRow::task);
  }
  Result<Page<IncidentRow>> search_incidents(const Query& query) override {
    return search_rows<IncidentRow>(query, rows_.incidents, &IncidentRow::incident);
  }
  Result<Page<SubscriptionRow>> search_subscriptions(const Query& query) override {
    return search_rows<SubscriptionRow>(query, rows_.subscriptions, &SubscriptionRow::subscription);
  }
  Result<Page<TimerRow>> search_timers(const Query& query) override { return search_rows<TimerRow>(query, rows_.timers, &TimerRow::timer); }

  Result<Page<Definition>> search_definitions(const Query& query) override {
    std::vector<query::DefinitionRow> rows;
    for (const auto& [key, definition] : rows_.definitions) {
      const auto latest = lookups_.latest_definition(definition.process_id);
      rows.push_back({definition, latest && *latest && (*latest)->key == definition.key});
    }
    return query::only(search(query, rows), &query::DefinitionRow::definition);
  }
  Result<Page<DecisionDefinition>> search_decisions(const Query& query) override {
    std::vector<query::DecisionDefinitionRow> rows;
    for (const auto& [key, decision] : rows_.decisions) {
      const auto latest = latest_decision(decision.decision_id);
      rows.push_back({decision, latest && *latest && (*latest)->key == decision.key});
    }
    return query::only(search(query, rows), &query::DecisionDefinitionRow::decision);
  }
  Result<Page<DecisionInstanceRow>> search_decision_instances(const Query& query) override {
    return search_rows<DecisionInstanceRow>(query, rows_.decision_instances, &DecisionInstanceRow::decision);
  }

  Result<std::optional<InstanceRow>> instance(ProcessInstanceKey key) override {
    const auto found = rows_.instances.find(key.raw());
    return found == rows_.instances.end() ? std::nullopt : std::optional(shown(found->second.row));
  }
  Result<std::optional<ElementRow>> element(ElementInstanceKey key) override {
    return find<ElementRow>(rows_.elements, &ElementRow::element, key.raw());
  }
  Result<std::optional<VariableRow>> variable(VariableKey key) override {
    return find<VariableRow>(rows_.variables, &VariableRow::variable, key.raw());
  }
  Result<std::optional<JobRow>> job(JobKey key) override { return find<JobRow>(rows_.jobs, &JobRow::job, key.raw()); }
  Result<std::optional<UserTaskRow>> user_task(UserTaskKey key) override {
    return find<UserTaskRow>(rows_.user_tasks, &UserTaskRow::task, key.raw());
  }
  Result<std::optional<IncidentRow>> incident(IncidentKey key) override {
    return find<IncidentRow>(rows_.incidents, &IncidentRow::incident, key.raw());
  }
  Result<std::optional<Definition>> definition(DefinitionKey key) override { return lookups_.find_definition(key); }
  Result<std::optional<Definition>> latest_definition(std::string_view process_id) override { return lookups_.latest_definition(process_id); }
  Result<std::optional<Resource>> resource(ResourceKey key) override { return lookups_.find_resource(key); }
  Result<std::optional<Resource>> latest_form(std::string_view form_id) override { return lookups_.latest_form(form_id); }
  Result<std::optional<DecisionDefinition>> decision(DecisionDefinitionKey key) override { return lookups_.find_decision(key); }
  Result<std::optional<DecisionDefinition>> latest_decision(std::string_view decision_id) override {
    return lookups_.select_decision({.decision_id = decision_id, .version = {}, .version_tag = {}, .deployment = {}});
  }
  Result<std::vector<DecisionDefinition>> decisions_of(ResourceKey resource) override { return lookups_.decisions_of(resource); }
  Result<std::optional<DecisionInstanceRow>> decision_instance(DecisionInstanceKey key) override {
    return find<DecisionInstanceRow>(rows_.decision_instances, &DecisionInstanceRow::decision, key.raw());
  }

  Result<Variables> visible_variables(ElementInstanceKey scope) override;
  Result<std::vector<TransitionRow>> transitions(ProcessInstanceKey instance, std::size_t limit) override;
  Result<std::vector<std::pair<std::string, std::int64_t>>> counts() override;

 private:
  template <class Row>
  Result<Page<Row>> search(const Query& asked, const std::vector<Row>& rows) {
    const query::Collection<Row>& collection = query::collection<Row>();
    const Result<query::Normalized> normalized = query::normalize(asked, collection);
    if (!normalized) return fail(normalized.error());
    const query::VariablesOf variables = [this](ProcessInstanceKey instance, const std::string& name) {
      std::vector<Value> values;
      const auto& all = rows_.variables.all();
      for (auto at = all.lower_bound({instance.raw(), INT64_MIN}); at != all.end() && at->first.first == instance.raw(); ++at) {
        if (at->second.name == name) values.push_back(at->second.value);
      }
      return values;
    };
    return query::Search<Row>(*normalized, collection, variables).run(rows);
  }

  template <class Row, class Entity>
  Result<Page<Row>> search_rows(const Query& query, const RowTable<Entity>& table, Entity Row::*member) {
    std::vector<Row> rows;
    for (const auto& [id, entity] : table.all()) rows.push_back(in_context<Row>(id, entity, member));
    return search(query, rows);
  }

  template <class Row, class Entity>
  Result<std::optional<Row>> find(const RowTable<Entity>& table, Entity Row::*member, std::int64_t key) {
    for (const auto& [id, entity] : table.all()) {
      if (id.second == key) return std::optional(in_context<Row>(id, entity, member));
    }
    return std::optional<Row>();
  }

  const Definition* definition_of(DefinitionKey key) const {
    const auto found = rows_.definitions.find(key.raw());
    return found == rows_.definitions.end() ? nullptr : &found->second;
  }

  InstanceRow shown(const ProcessInstance& instance) const {
    const Definition* definition = definition_of(instance.definition);
    return {instance, definition != nullptr ? definition->name : "", definition != nullptr ? definition->version_tag : ""};
  }

  template <class Row, class Entity>
  Row in_context(RowId id, const Entity& entity, Entity Row::*member) const {
    Row row;
    row.*member = entity;
    InstanceContext& context = row.context;
    context.instance = ProcessInstanceKey{id.first};
    DefinitionKey definition_key;
    if constexpr (requires { entity.definition; }) definition_key = entity.definition;
    if (const auto found = rows_.instances.find(id.first); found != rows_.instances.end()) {
      const ProcessInstance& instance = found->second.row;
      context.root = instance.root;
      context.process_id = instance.process_id;
      context.version = instance.version;
      context.business_key = instance.business_key;
      context.definition = instance.definition;
      definition_key = instance.definition;
    }
    if (const Definition* definition = definition_of(definition_key)) {
      context.definition = definition->key;
      context.process_name = definition->name;
      if (context.process_id.empty()) context.process_id = definition->process_id;
      if (context.version == 0) context.version = definition->version;
    }
    return row;
  }

  Rows rows_;
  Lookups lookups_;
};

Result<Variables> MemorySession::visible_variables(ElementInstanceKey scope) {
  Variables found;
  const Result<std::optional<ElementRow>> innermost = element(scope);
  if (!innermost || !*innermost) return found;
  const std::int64_t instance = (*innermost)->context.instance.raw();
  for (ElementInstanceKey at = scope; at;) {
    for (const auto& [id, variable] : rows_.variables.all()) {
      if (id.first != instance || variable.scope != at) continue;
      const bool hidden = std::any_of(found.begin(), found.end(), [&](const Variable& seen) { return seen.name == variable.name; });
      if (!hidden) found.push_back({variable.name, variable.value});
    }
    const ElementInstance* element = rows_.elements.find({instance, at.raw()});
    at = element == nullptr ? ElementInstanceKey{} : element->scope;
  }
  return found;
}

Result<std::vector<TransitionRow>> MemorySession::transitions(ProcessInstanceKey instance, std::size_t limit) {
  std::vector<TransitionRow> found;
  for (auto at = rows_.transitions.rbegin(); at != rows_.transitions.rend() && found.size() < limit; ++at) {
    const Transition& row = at->second;
    if (row.instance == instance) found.push_back({row.key, row.instance, row.at, row.command, row.actor, encode_events(row.events)});
  }
  return found;
}

Result<std::vector<std::pair<std::string, std::int64_t>>> MemorySession::counts() {
  std::vector<std::pair<std::string, std::int64_t>> found{
      {"instances_active", static_cast<std::int64_t>(rows_.live_instances.size())},
      {"incidents_open", static_cast<std::int64_t>(rows_.incidents.live().size())},
      {"timers_open", static_cast<std::int64_t>(rows_.timers.live().size())},
      {"user_tasks_open", static_cast<std::int64_t>(rows_.user_tasks.live().size())},
      {"messages_buffered", static_cast<std::int64_t>(rows_.messages.size())}};
  std::int64_t subscriptions = 0;
  rows_.subscriptions.each_live([&](std::int64_t, const Subscription& row) { subscriptions += row.kind != EventKind::compensation ? 1 : 0; });
  found.emplace_back("subscriptions_open", subscriptions);
  std::map<std::string, std::int64_t> jobs;
  rows_.jobs.each_live([&](std::int64_t, const Job& row) { ++jobs["jobs_open." + row.type]; });
  found.insert(found.end(), jobs.begin(), jobs.end());
  return found;
}

}  // namespace

Result<std::unique_ptr<ReadSession>> make_memory_session(Rows rows) {
  return std::unique_ptr<ReadSession>(std::make_unique<MemorySession>(std::move(rows)));
}

}  // namespace fermata::memory
