#include "persistence/sqlite/session.h"

#include <algorithm>
#include <utility>

#include "persistence/packed_events.h"
#include "persistence/sqlite/query_compiler.h"

namespace fermata::sqlite {
namespace {

// The columns of a row that is shown: those of the entity, then those of its instance, then the values it was ordered by.
constexpr std::string_view context_columns =
    ", t.instance, coalesce(i.root, 0), coalesce(i.definition, d.key, 0), coalesce(i.process_id, d.process_id, ''), coalesce(d.name, ''), "
    "coalesce(i.version, d.version, 0), coalesce(i.business_key, '')";

template <class Entity>
std::string entity_columns() {
  std::string columns;
  for (const std::string& name : column_names<Entity>()) columns += (columns.empty() ? "t." : ", t.") + name;
  return columns;
}

/// Per kind of row: the columns to select, and how to read them.
template <class Row, class Entity>
struct InsideRow {
  Entity Row::*member;
  [[nodiscard]] std::string columns() const { return entity_columns<Entity>() + std::string(context_columns); }
  Row read(ColumnReader& reader) const {
    Row row;
    Entity::fields(row.*member, reader);
    InstanceContext& context = row.context;
    reader.read(context.instance);
    reader.read(context.root);
    reader.read(context.definition);
    reader.read(context.process_id);
    reader.read(context.process_name);
    reader.read(context.version);
    reader.read(context.business_key);
    return row;
  }
};
struct ShownInstance {
  [[nodiscard]] std::string columns() const { return entity_columns<ProcessInstance>() + ", coalesce(d.name, ''), coalesce(d.version_tag, '')"; }
  InstanceRow read(ColumnReader& reader) const {
    InstanceRow row;
    ProcessInstance::fields(row.instance, reader);
    reader.read(row.process_name);
    reader.read(row.version_tag);
    return row;
  }
};
struct ShownDefinition {
  [[nodiscard]] std::string columns() const { return entity_columns<Definition>(); }
  query::DefinitionRow read(ColumnReader& reader) const {
    query::DefinitionRow row;
    Definition::fields(row.definition, reader);
    return row;
  }
};

struct ShownDecision {
  [[nodiscard]] std::string columns() const { return entity_columns<DecisionDefinition>(); }
  query::DecisionDefinitionRow read(ColumnReader& reader) const {
    query::DecisionDefinitionRow row;
    DecisionDefinition::fields(row.decision, reader);
    return row;
  }
};

constexpr InsideRow<ElementRow, ElementInstance> shown_element{&ElementRow::element};
constexpr InsideRow<VariableRow, StoredVariable> shown_variable{&VariableRow::variable};
constexpr InsideRow<JobRow, Job> shown_job{&JobRow::job};
constexpr InsideRow<UserTaskRow, UserTask> shown_task{&UserTaskRow::task};
constexpr InsideRow<IncidentRow, Incident> shown_incident{&IncidentRow::incident};
constexpr InsideRow<SubscriptionRow, Subscription> shown_subscription{&SubscriptionRow::subscription};
constexpr InsideRow<TimerRow, Timer> shown_timer{&TimerRow::timer};
constexpr InsideRow<DecisionInstanceRow, DecisionInstance> shown_decision_instance{&DecisionInstanceRow::decision};

class SqliteSession final : public ReadSession {
 public:
  SqliteSession(std::shared_ptr<ReadPool> pool, std::unique_ptr<Reader> reader, std::size_t page_bytes_max)
      : pool_(std::move(pool)), reader_(std::move(reader)), page_bytes_max_(page_bytes_max) {}
  ~SqliteSession() override { pool_->give_back(std::move(reader_)); }

  Result<Page<InstanceRow>> search_instances(const Query& query) override { return search<InstanceRow>(query, ShownInstance{}); }
  Result<Page<ElementRow>> search_elements(const Query& query) override { return search<ElementRow>(query, shown_element); }
  Result<Page<VariableRow>> search_variables(const Query& query) override { return search<VariableRow>(query, shown_variable); }
  Result<Page<JobRow>> search_jobs(const Query& query) override { return search<JobRow>(query, shown_job); }
  Result<Page<UserTaskRow>> search_user_tasks(const Query& query) override { return search<UserTaskRow>(query, shown_task); }
  Result<Page<IncidentRow>> search_incidents(const Query& query) override { return search<IncidentRow>(query, shown_incident); }
  Result<Page<SubscriptionRow>> search_subscriptions(const Query& query) override { return search<SubscriptionRow>(query, shown_subscription); }
  Result<Page<TimerRow>> search_timers(const Query& query) override { return search<TimerRow>(query, shown_timer); }
  Result<Page<Definition>> search_definitions(const Query& query) override {
    return query::only(search<query::DefinitionRow>(query, ShownDefinition{}), &query::DefinitionRow::definition);
  }
  Result<Page<DecisionDefinition>> search_decisions(const Query& query) override {
    return query::only(search<query::DecisionDefinitionRow>(query, ShownDecision{}), &query::DecisionDefinitionRow::decision);
  }
  Result<Page<DecisionInstanceRow>> search_decision_instances(const Query& query) override {
    return search<DecisionInstanceRow>(query, shown_decision_instance);
  }

  Result<std::optional<InstanceRow>> instance(ProcessInstanceKey key) override {
    return one<InstanceRow>("processInstanceKey", key.raw(), ShownInstance{});
  }
  Result<std::optional<ElementRow>> element(ElementInstanceKey key) override { return one<ElementRow>("elementInstanceKey", key.raw(), shown_element); }
  Result<std::optional<VariableRow>> variable(VariableKey key) override { return one<VariableRow>("variableKey", key.raw(), shown_variable); }
  Result<std::optional<JobRow>> job(JobKey key) override { return one<JobRow>("jobKey", key.raw(), shown_job); }
  Result<std::optional<UserTaskRow>> user_task(UserTaskKey key) override { return one<UserTaskRow>("userTaskKey", key.raw(), shown_task); }
  Result<std::optional<IncidentRow>> incident(IncidentKey key) override { return one<IncidentRow>("incidentKey", key.raw(), shown_incident); }
  Result<std::optional<Definition>> definition(DefinitionKey key) override { return reader_->lookups.find_definition(key); }
  Result<std::optional<Definition>> latest_definition(std::string_view process_id) override { return reader_->lookups.latest_definition(process_id); }
  Result<std::optional<Resource>> resource(ResourceKey key) override { return reader_->lookups.find_resource(key); }
  Result<std::optional<Resource>> latest_form(std::string_view form_id) override { return reader_->lookups.latest_form(form_id); }
  Result<std::optional<DecisionDefinition>> decision(DecisionDefinitionKey key) override { return reader_->lookups.find_decision(key); }
  Result<std::optional<DecisionDefinition>> latest_decision(std::string_view decision_id) override {
    return reader_->lookups.select_decision({.decision_id = decision_id, .version = {}, .version_tag = {}, .deployment = {}});
  }
  Result<std::vector<DecisionDefinition>> decisions_of(ResourceKey resource) override { return reader_->lookups.decisions_of(resource); }
  Result<std::optional<DecisionInstanceRow>> decision_instance(DecisionInstanceKey key) override {
    return one<DecisionInstanceRow>("decisionInstanceKey", key.raw(), shown_decision_instance);
  }

  Result<Variables> visible_variables(ElementInstanceKey scope) override;
  Result<std::vector<TransitionRow>> transitions(ProcessInstanceKey instance, std::size_t limit) override;
  Result<std::vector<std::pair<std::string, std::int64_t>>> counts() override;

 private:
  template <class Row, class Shown>
  Result<Page<Row>> search(const Query& asked, const Shown& shown);
  template <class Row>
  Result<void> count(const CompiledQuery& compiled, Page<Row>& page);
  template <class Row, class Shown>
  Result<std::optional<Row>> one(const char* key_field, std::int64_t key, const Shown& shown);

  std::shared_ptr<ReadPool> pool_;
  std::unique_ptr<Reader> reader_;
  const std::size_t page_bytes_max_;
};

// ---------------------------------------------------------------- searches

/// The values that a row was ordered by: they follow its columns.
std::vector<query::Scalar> position_of(const Statement& row, int first_column, const query::Normalized& normalized, const query::CollectionInfo& info) {
  std::vector<query::Scalar> position;
  for (std::size_t i = 0; i < normalized.order.size(); ++i) {
    const int column = first_column + static_cast<int>(i);
    const query::FieldType type = info.fields[normalized.order[i].field].type;
    const bool is_text = type == query::FieldType::text || type == query::FieldType::json;
    if (row.is_null(column)) {
      position.push_back({});
    } else if (is_text) {
      position.push_back({query::Scalar::Kind::text, 0, std::string(row.text(column))});
    } else {
      position.push_back(query::Scalar::of(row.integer(column)));
    }
  }
  return position;
}

Error too_large(std::string_view collection, std::size_t bytes_max) {
  return {ErrorCode::limit_exceeded, "this page of " + std::string(collection) + " has more than " + std::to_string(bytes_max) +
                                         " bytes: ask for fewer rows with page.limit, and for the rest with the cursor of the page before"};
}

template <class Row>
Result<void> SqliteSession::count(const CompiledQuery& compiled, Page<Row>& page) {
  Result<Statement> statement = reader_->database.prepare(compiled.count_sql);
  if (!statement) return fail(statement.error());
  bind_all(*statement, compiled.count_parameters);
  const Result<bool> row = statement->next();
  if (!row) return fail(row.error());
  const std::int64_t counted = statement->integer(0);
  constexpr auto bound = static_cast<std::int64_t>(query::total_counted_max);
  page.total = std::min(counted, bound);
  page.more_than_total = counted > bound;
  return {};
}

template <class Row, class Shown>
Result<Page<Row>> SqliteSession::search(const Query& asked, const Shown& shown) {
  const query::Collection<Row>& collection = query::collection<Row>();
  const Result<query::Normalized> normalized = query::normalize(asked, collection);
  if (!normalized) return fail(normalized.error());
  const CompiledQuery compiled = compile(*normalized, collection, shown.columns());

  Page<Row> page;
  if (auto done = count(compiled, page); !done) return fail(done.error());
  Result<Statement> statement = reader_->database.prepare(compiled.page_sql);
  if (!statement) return fail(statement.error());
  bind_all(*statement, compiled.page_parameters);
  std::vector<query::Scalar> first, last;
  std::size_t bytes = 0;
  for (;;) {
    const Result<bool> row = statement->next();
    if (!row) return fail(row.error());
    if (!*row) break;
    ColumnReader reader(*statement);
    page.items.push_back(shown.read(reader));
    if (!reader.good()) return fail(unreadable(collection.name));
    bytes += reader.bytes();
    if (bytes > page_bytes_max_ && page.items.size() > 1) return fail(too_large(collection.name, page_bytes_max_));
    last = position_of(*statement, reader.next_column(), *normalized, collection);
    if (first.empty()) first = last;
  }
  if (compiled.reversed) {
    std::reverse(page.items.begin(), page.items.end());
    std::swap(first, last);
  }
  if (!page.items.empty()) {
    page.start_cursor = query::encode_cursor(*normalized, first);
    page.end_cursor = query::encode_cursor(*normalized, last);
  }
  return page;
}

template <class Row, class Shown>
Result<std::optional<Row>> SqliteSession::one(const char* key_field, std::int64_t key, const Shown& shown) {
  if (key == 0) return std::optional<Row>();
  Result<Page<Row>> page = search<Row>({.where = {{key_field, FieldCondition::Op::eq, {Value::integer(key)}}}, .any_of = {}, .variables = {}, .sort = {}, .limit = 1, .offset = 0, .after = {}, .before = {}}, shown);
  if (!page) return fail(page.error());
  return page->items.empty() ? std::nullopt : std::optional<Row>(std::move(page->items.front()));
}

// ---------------------------------------------------------------- the rest

Result<Variables> SqliteSession::visible_variables(ElementInstanceKey scope) {
  Variables found;
  const Result<std::optional<ElementRow>> innermost = element(scope);
  if (!innermost) return fail(innermost.error());
  if (!*innermost) return found;
  const std::int64_t instance = (*innermost)->context.instance.raw();
  Result<Statement> outer = reader_->database.prepare("SELECT scope FROM element WHERE instance = ? AND key = ?");
  if (!outer) return fail(outer.error());
  Result<Statement> names = reader_->database.prepare(select_text<StoredVariable>(false, "WHERE t.instance = ? AND t.scope = ? ORDER BY t.key"));
  if (!names) return fail(names.error());
  for (std::int64_t at = scope.raw(); at != 0;) {
    names->bind(1, instance);
    names->bind(2, at);
    for (;;) {
      const Result<bool> row = names->next();
      if (!row) return fail(row.error());
      if (!*row) break;
      Result<StoredVariable> variable = read_row<StoredVariable>(*names);
      if (!variable) return fail(variable.error());
      const bool hidden = std::any_of(found.begin(), found.end(), [&](const Variable& seen) { return seen.name == variable->name; });
      if (!hidden) found.push_back({std::move(variable->name), std::move(variable->value)});
    }
    outer->bind(1, instance);
    outer->bind(2, at);
    const Result<bool> row = outer->next();
    if (!row) return fail(row.error());
    at = *row ? outer->integer(0) : 0;
    outer->reset();
  }
  return found;
}

Result<std::vector<TransitionRow>> SqliteSession::transitions(ProcessInstanceKey instance, std::size_t limit) {
  std::vector<TransitionRow> found;
  Result<Statement> last = reader_->database.prepare(
      "SELECT coalesce(l.last_transition, i.last_transition) FROM process_instance AS i LEFT JOIN live_instance AS l ON l.key = i.key WHERE i.key = ?");
  if (!last) return fail(last.error());
  last->bind(1, instance.raw());
  const Result<bool> known = last->next();
  if (!known) return fail(known.error());
  if (!*known) return found;

  Result<Statement> step = reader_->database.prepare("SELECT previous, at, command, actor, format, events FROM transition WHERE key = ?");
  if (!step) return fail(step.error());
  for (std::int64_t at = last->integer(0); at != 0 && found.size() < limit;) {
    step->bind(1, at);
    const Result<bool> row = step->next();
    if (!row) return fail(row.error());
    if (!*row) return fail(ErrorCode::data_loss, "transition " + std::to_string(at) + " of instance " + instance.text() + " is missing");
    TransitionRow made{TransitionKey{at}, instance, Timestamp{step->integer(1)}, std::string(step->text(2)), std::string(step->text(3)), {}};
    if (step->integer(4) != packed_event_format) return fail(ErrorCode::data_loss, "transition " + std::to_string(at) + " is in an unknown format");
    Result<std::string> events = unpack_events(step->bytes(5), made.key, made.at);
    if (!events) return fail(events.error());
    made.events_json = std::move(*events);
    found.push_back(std::move(made));
    at = step->integer(0);
    step->reset();
  }
  return found;
}

Result<std::vector<std::pair<std::string, std::int64_t>>> SqliteSession::counts() {
  // Each counts live rows only, through a partial index or a narrow table.
  static constexpr std::pair<const char*, const char*> wanted[] = {
      {"instances_active", "SELECT count(*) FROM live_instance"},
      {"incidents_open", "SELECT count(*) FROM incident WHERE ended_at = 0"},
      {"timers_open", "SELECT count(*) FROM timer WHERE ended_at = 0"},
      {"user_tasks_open", "SELECT count(*) FROM user_task WHERE ended_at = 0"},
      {"messages_buffered", "SELECT count(*) FROM message"},
      {"subscriptions_open", "SELECT count(*) FROM subscription WHERE ended_at = 0 AND kind <> 6"},
  };
  std::vector<std::pair<std::string, std::int64_t>> found;
  for (const auto& [name, sql] : wanted) {
    const Result<std::int64_t> number = reader_->database.integer(sql);
    if (!number) return fail(number.error());
    found.emplace_back(name, *number);
  }
  Result<Statement> jobs = reader_->database.prepare(
      "SELECT type, sum(n) FROM (SELECT type, count(*) AS n FROM job WHERE status < 4 GROUP BY type "
      "UNION ALL SELECT type, count(*) FROM job WHERE status = 4 GROUP BY type) GROUP BY type ORDER BY type");
  if (!jobs) return fail(jobs.error());
  for (;;) {
    const Result<bool> row = jobs->next();
    if (!row) return fail(row.error());
    if (!*row) return found;
    found.emplace_back("jobs_open." + std::string(jobs->text(0)), jobs->integer(1));
  }
}

}  // namespace

Result<std::unique_ptr<ReadSession>> make_session(std::shared_ptr<ReadPool> pool, std::size_t page_bytes_max) {
  Result<std::unique_ptr<Reader>> reader = pool->take();
  if (!reader) return fail(reader.error());
  return std::unique_ptr<ReadSession>(std::make_unique<SqliteSession>(std::move(pool), std::move(*reader), page_bytes_max));
}

}  // namespace fermata::sqlite
