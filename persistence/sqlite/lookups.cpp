#include "persistence/sqlite/lookups.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace fermata::sqlite {
namespace {

void bind_at(Statement& statement, int position, std::string_view text) { statement.bind(position, text); }
void bind_at(Statement& statement, int position, std::int64_t number) { statement.bind(position, number); }

std::int64_t row_limit(std::size_t limit) { return static_cast<std::int64_t>(std::min<std::size_t>(limit, 1'000'000)); }

template <class Entity>
const std::string& select_live() {
  static const std::string sql = select_text<Entity>(false, "WHERE t.key >= ? AND t.key < ? AND t.instance = ? AND t.ended_at = 0");
  return sql;
}
template <class Entity>
const std::string& select_of_instance() {
  static const std::string sql = select_text<Entity>(false, "WHERE t.instance = ?");
  return sql;
}

/// Ends a query when its scope ends.
class Held {
 public:
  explicit Held(Statement& query) : query_(query) {}
  ~Held() { query_.reset(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  Statement& query_;
};

FoundSubscription read_subscription(const Statement& row, bool& good) {
  Result<Subscription> read = read_row<Subscription>(row, 1);
  good = read.has_value();
  return {ProcessInstanceKey{row.integer(0)}, good ? std::move(*read) : Subscription{}};
}
FoundTimer read_timer(const Statement& row, bool& good) {
  Result<Timer> read = read_row<Timer>(row, 1);
  good = read.has_value();
  return {ProcessInstanceKey{row.integer(0)}, good ? std::move(*read) : Timer{}};
}

}  // namespace

// ---------------------------------------------------------------- the machinery

Result<Statement*> Lookups::statement(const std::string& sql) {
  const auto found = statements_.find(&sql);
  if (found != statements_.end()) return &found->second;
  Result<Statement> made = database_.prepare(sql);
  if (!made) return fail(made.error());
  return &statements_.emplace(&sql, std::move(*made)).first->second;
}

template <class... Arguments>
Result<Statement*> Lookups::bound(const std::string& sql, const Arguments&... arguments) {
  Result<Statement*> query = statement(sql);
  if (!query) return query;
  int position = 0;
  (bind_at(**query, ++position, arguments), ...);
  return query;
}

template <class Entity>
Result<std::optional<Entity>> Lookups::one(Result<Statement*> query) {
  if (!query) return fail(query.error());
  const Result<bool> row = (*query)->next();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<Entity>();
  Result<Entity> entity = read_row<Entity>(**query);
  (*query)->reset();
  if (!entity) return fail(entity.error());
  return std::optional<Entity>(std::move(*entity));
}

template <class Found, class Read>
Result<std::vector<Found>> Lookups::all(Result<Statement*> query, Read read) {
  if (!query) return fail(query.error());
  std::vector<Found> found;
  for (;;) {
    const Result<bool> row = (*query)->next();
    if (!row) return fail(row.error());
    if (!*row) return found;
    bool good = true;
    found.push_back(read(**query, good));
    if (!good) {
      (*query)->reset();
      return fail(unreadable("the store"));
    }
  }
}

Result<std::optional<Timestamp>> Lookups::one_time(Result<Statement*> query) {
  if (!query) return fail(query.error());
  const Result<bool> row = (*query)->next();
  if (!row) return fail(row.error());
  std::optional<Timestamp> found;
  if (*row && !(*query)->is_null(0)) found = Timestamp{(*query)->integer(0)};
  if (*row) (*query)->reset();
  return found;
}

template <class Entity, class Insert, class... Arguments>
Result<void> Lookups::load_rows(const std::string& sql, Insert insert, const Arguments&... arguments) {
  Result<Statement*> query = bound(sql, arguments...);
  if (!query) return fail(query.error());
  for (;;) {
    const Result<bool> row = (*query)->next();
    if (!row) return fail(row.error());
    if (!*row) return {};
    Result<Entity> entity = read_row<Entity>(**query);
    if (!entity) {
      (*query)->reset();
      return fail(entity.error());
    }
    insert(std::move(*entity));
  }
}

// ---------------------------------------------------------------- instances

Result<std::optional<InstanceState>> Lookups::load_instance(ProcessInstanceKey key) {
  static const std::string last = "SELECT last_transition FROM live_instance WHERE key = ?";
  Result<Statement*> live = bound(last, key.raw());
  if (!live) return fail(live.error());
  const Result<bool> is_live = (*live)->next();
  if (!is_live) return fail(is_live.error());
  if (!*is_live) return std::optional<InstanceState>();

  // As long as this query stands on its row, all that follow are in one snapshot: on a connection for reading, each would otherwise
  // take its own, and read every page anew.
  const Held snapshot(**live);
  std::optional<InstanceState> state(std::in_place);
  state->last_transition = TransitionKey{(*live)->integer(0)};
  Result<std::optional<ProcessInstance>> instance = find_instance(key);
  if (!instance) return fail(instance.error());
  if (!*instance) return fail(ErrorCode::data_loss, "live instance " + key.text() + " has no row");
  state->instance = std::move(**instance);

  // Ended rows of the instance lie among the live ones: reading past them is cheaper than an index for every row ever written.
  InstanceState& to = *state;
  const Result<std::vector<KeySpan>> spans = spans_of(key, to.last_transition);
  if (!spans) return fail(spans.error());
  if (auto done = load_live<ElementInstance>(*spans, key, to.elements); !done) return fail(done.error());
  const auto keep_visible = [&to](StoredVariable&& variable) {
    if (to.elements.find(variable.scope) != nullptr) to.variables.set(std::move(variable));
  };
  if (auto done = load_rows<StoredVariable>(select_of_instance<StoredVariable>(), keep_visible, key.raw()); !done) return fail(done.error());
  const auto keep_token = [&to](Token&& token) { to.tokens.insert(std::move(token)); };
  if (auto done = load_rows<Token>(select_of_instance<Token>(), keep_token, key.raw()); !done) return fail(done.error());
  if (auto done = load_live<Job>(*spans, key, to.jobs); !done) return fail(done.error());
  if (auto done = load_live<Timer>(*spans, key, to.timers); !done) return fail(done.error());
  if (auto done = load_live<Subscription>(*spans, key, to.subscriptions); !done) return fail(done.error());
  if (auto done = load_live<UserTask>(*spans, key, to.user_tasks); !done) return fail(done.error());
  if (auto done = load_live<Incident>(*spans, key, to.incidents); !done) return fail(done.error());
  return state;
}

Result<std::vector<Lookups::KeySpan>> Lookups::spans_of(ProcessInstanceKey instance, TransitionKey last) {
  static const std::string transition = "SELECT previous, (SELECT min(n.key) FROM transition AS n WHERE n.key > t.key) FROM transition AS t WHERE t.key = ?";
  std::vector<KeySpan> spans;
  bool has_root = false;
  for (std::int64_t at = last.raw(); at != 0;) {
    Result<Statement*> query = bound(transition, at);
    if (!query) return fail(query.error());
    const Result<bool> row = (*query)->next();
    if (!row) return fail(row.error());
    if (!*row) return fail(ErrorCode::data_loss, "transition " + std::to_string(at) + " of instance " + instance.text() + " is missing");
    const std::int64_t previous = (*query)->integer(0);
    const std::int64_t next = (*query)->is_null(1) ? std::numeric_limits<std::int64_t>::max() : (*query)->integer(1);
    (*query)->reset();
    if (!spans.empty() && spans.back().low == next) {
      spans.back().low = at;  // nobody else did anything in between
    } else {
      spans.push_back({at, next});
    }
    has_root = has_root || (at < instance.raw() && instance.raw() < next);
    if (previous >= at) return fail(ErrorCode::data_loss, "transition " + std::to_string(at) + " of instance " + instance.text() + " follows a later one");
    at = previous;
  }
  // The root element has its instance's key, which may be older than the transition that started it.
  if (!has_root) spans.push_back({instance.raw(), instance.raw() + 1});
  return spans;
}

template <class Entity, class Table>
Result<void> Lookups::load_live(const std::vector<KeySpan>& spans, ProcessInstanceKey instance, Table& table) {
  // From the oldest on: a table is kept in the order of its keys, so each row goes to the end.
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    const auto keep = [&table](Entity&& entity) { table.insert(std::move(entity)); };
    if (auto done = load_rows<Entity>(select_live<Entity>(), keep, span->low, span->high, instance.raw()); !done) return done;
  }
  return {};
}

Result<std::optional<ProcessInstance>> Lookups::find_instance(ProcessInstanceKey key) {
  static const std::string sql = select_text<ProcessInstance>(false, "WHERE t.key = ?");
  return one<ProcessInstance>(bound(sql, key.raw()));
}

Result<std::optional<ProcessInstanceKey>> Lookups::instance_of(std::int64_t any_key) {
  // A process instance may have been numbered before the transition that started it, so its own key is looked up first.
  static const std::string itself = "SELECT key FROM process_instance WHERE key = ?";
  static const std::string maker = "SELECT instance FROM transition WHERE key <= ? ORDER BY key DESC LIMIT 1";
  for (const std::string* sql : {&itself, &maker}) {
    Result<Statement*> query = bound(*sql, any_key);
    if (!query) return fail(query.error());
    const Result<bool> row = (*query)->next();
    if (!row) return fail(row.error());
    if (!*row) continue;
    const ProcessInstanceKey found{(*query)->integer(0)};
    (*query)->reset();
    return found ? std::optional(found) : std::nullopt;
  }
  return std::optional<ProcessInstanceKey>();
}

Result<std::optional<ProcessInstanceKey>> Lookups::instance_started_by(std::string_view process_id, std::string_view correlation_key) {
  static const std::string sql =
      "SELECT key FROM process_instance WHERE process_id = ? AND start_correlation_key = ? AND ended_at = 0 "
      "AND start_correlation_key <> '' ORDER BY key LIMIT 1";
  Result<std::vector<ProcessInstanceKey>> found =
      all<ProcessInstanceKey>(bound(sql, process_id, correlation_key), [](const Statement& row, bool&) { return ProcessInstanceKey{row.integer(0)}; });
  if (!found) return fail(found.error());
  return found->empty() ? std::nullopt : std::optional(found->front());
}

Result<std::vector<ProcessInstanceKey>> Lookups::instances_with_business_key(std::string_view business_key, std::size_t limit) {
  static const std::string sql =
      "SELECT key FROM process_instance WHERE business_key = ? AND business_key <> '' AND ended_at = 0 ORDER BY key LIMIT ?";
  return all<ProcessInstanceKey>(bound(sql, business_key, row_limit(limit)),
                                 [](const Statement& row, bool&) { return ProcessInstanceKey{row.integer(0)}; });
}

// ---------------------------------------------------------------- subscriptions and timers

Result<std::vector<FoundSubscription>> Lookups::find_subscriptions(EventKind kind, std::string_view name,
                                                                   std::optional<std::string_view> correlation_key,
                                                                   std::size_t limit) {
  static const std::string by_name = select_text<Subscription>(
      true, "WHERE t.kind = ? AND t.name = ? AND t.ended_at = 0 AND t.kind <> 6 ORDER BY t.key LIMIT ?");
  static const std::string by_key = select_text<Subscription>(
      true, "WHERE t.kind = ? AND t.name = ? AND t.correlation_key = ? AND t.ended_at = 0 AND t.kind <> 6 ORDER BY t.key LIMIT ?");
  const auto kind_number = static_cast<std::int64_t>(kind);
  return all<FoundSubscription>(correlation_key ? bound(by_key, kind_number, name, *correlation_key, row_limit(limit))
                                                : bound(by_name, kind_number, name, row_limit(limit)),
                                read_subscription);
}

Result<std::vector<FoundSubscription>> Lookups::start_subscriptions_of(std::string_view process_id) {
  static const std::string sql =
      select_text<Subscription>(true, "WHERE t.process_id = ? AND t.ended_at = 0 AND t.instance = 0 ORDER BY t.key");
  return all<FoundSubscription>(bound(sql, process_id), read_subscription);
}

Result<std::vector<FoundSubscription>> Lookups::start_subscriptions_for(EventKind kind, std::string_view name) {
  static const std::string sql = select_text<Subscription>(
      true, "WHERE t.kind = ? AND t.name = ? AND t.ended_at = 0 AND t.instance = 0 ORDER BY t.key");
  return all<FoundSubscription>(bound(sql, static_cast<std::int64_t>(kind), name), read_subscription);
}

Result<std::vector<FoundTimer>> Lookups::start_timers_of(std::string_view process_id) {
  static const std::string sql = select_text<Timer>(
      true, "JOIN definition AS d ON d.key = t.definition WHERE t.instance = 0 AND t.ended_at = 0 AND d.process_id = ? ORDER BY t.key");
  return all<FoundTimer>(bound(sql, process_id), read_timer);
}

Result<std::vector<FoundTimer>> Lookups::due_timers(Timestamp now, std::size_t limit) {
  static const std::string sql = select_text<Timer>(true, "WHERE t.due <= ? AND t.ended_at = 0 ORDER BY t.due, t.key LIMIT ?");
  return all<FoundTimer>(bound(sql, now.ms, row_limit(limit)), read_timer);
}

Result<std::optional<Timestamp>> Lookups::next_timer_due() {
  static const std::string sql = "SELECT due FROM timer WHERE ended_at = 0 ORDER BY due LIMIT 1";
  return one_time(bound(sql));
}

// ---------------------------------------------------------------- jobs

Result<std::vector<FoundJob>> Lookups::available_jobs(std::string_view type, Timestamp now, std::size_t limit) {
  // Ready jobs stand in the index in the order they are wanted. Those whose lease or backoff is over are few: they are sorted.
  static const std::string ready =
      "SELECT instance, key, priority FROM job WHERE type = ? AND available_at = 0 AND status < 4 ORDER BY priority DESC, key LIMIT ?";
  static const std::string again =
      "SELECT instance, key, priority FROM job WHERE type = ? AND available_at > 0 AND available_at <= ? AND status < 4 "
      "ORDER BY priority DESC, key LIMIT ?";
  struct Candidate {
    FoundJob job;
    std::int64_t priority;
  };
  const auto read = [type](const Statement& row, bool&) {
    return Candidate{{ProcessInstanceKey{row.integer(0)}, JobKey{row.integer(1)}, std::string(type)}, row.integer(2)};
  };
  Result<std::vector<Candidate>> first = all<Candidate>(bound(ready, type, row_limit(limit)), read);
  if (!first) return fail(first.error());
  Result<std::vector<Candidate>> second = all<Candidate>(bound(again, type, now.ms, row_limit(limit)), read);
  if (!second) return fail(second.error());
  first->insert(first->end(), std::make_move_iterator(second->begin()), std::make_move_iterator(second->end()));
  if (!second->empty()) {
    std::stable_sort(first->begin(), first->end(), [](const Candidate& a, const Candidate& b) {
      return a.priority != b.priority ? a.priority > b.priority : a.job.job < b.job.job;
    });
  }
  std::vector<FoundJob> found;
  for (Candidate& candidate : *first) {
    if (found.size() == limit) break;
    found.push_back(std::move(candidate.job));
  }
  return found;
}

Result<std::optional<Timestamp>> Lookups::next_job_available(std::string_view type) {
  static const std::string sql =
      "SELECT available_at FROM job WHERE type = ? AND available_at > 0 AND status < 4 ORDER BY available_at LIMIT 1";
  return one_time(bound(sql, type));
}

Result<std::vector<std::string>> Lookups::live_job_types() {
  // One seek per type instead of a scan over all jobs.
  static const std::string available = "SELECT type FROM job WHERE type > ? AND status < 4 ORDER BY type LIMIT 1";
  static const std::string spent = "SELECT type FROM job WHERE type > ? AND status = 4 ORDER BY type LIMIT 1";
  static const std::string first_available = "SELECT type FROM job WHERE type >= ? AND status < 4 ORDER BY type LIMIT 1";
  static const std::string first_spent = "SELECT type FROM job WHERE type >= ? AND status = 4 ORDER BY type LIMIT 1";
  std::vector<std::string> types;
  for (const auto& [first, next] : {std::pair(&first_available, &available), std::pair(&first_spent, &spent)}) {
    std::string after;
    const std::string* sql = first;
    for (;;) {
      auto found = all<std::string>(bound(*sql, std::string_view(after)), [](const Statement& row, bool&) { return std::string(row.text(0)); });
      if (!found) return fail(found.error());
      if (found->empty()) break;
      after = found->front();
      types.push_back(after);
      sql = next;
    }
  }
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

// ---------------------------------------------------------------- messages and requests

Result<std::vector<Message>> Lookups::buffered_messages(std::string_view name, std::string_view correlation_key, MessageKey after,
                                                        Timestamp now, std::size_t limit) {
  static const std::string sql = select_text<Message>(
      false, "WHERE t.name = ? AND t.correlation_key = ? AND t.key > ? AND t.expires_at > ? ORDER BY t.key LIMIT ?");
  return all<Message>(bound(sql, name, correlation_key, after.raw(), now.ms, row_limit(limit)), [](const Statement& row, bool& good) {
    Result<Message> read = read_row<Message>(row);
    good = read.has_value();
    return good ? std::move(*read) : Message{};
  });
}

Result<std::vector<MessageKey>> Lookups::expired_messages(Timestamp now, std::size_t limit) {
  static const std::string sql = "SELECT key FROM message WHERE expires_at <= ? ORDER BY expires_at, key LIMIT ?";
  return all<MessageKey>(bound(sql, now.ms, row_limit(limit)), [](const Statement& row, bool&) { return MessageKey{row.integer(0)}; });
}

Result<std::optional<Timestamp>> Lookups::next_message_expiry() {
  static const std::string sql = "SELECT expires_at FROM message ORDER BY expires_at LIMIT 1";
  return one_time(bound(sql));
}

Result<std::optional<RequestRecord>> Lookups::find_request(std::string_view source, std::string_view id) {
  static const std::string sql = select_text<RequestRecord>(false, "WHERE t.source = ? AND t.id = ?");
  return one<RequestRecord>(bound(sql, source, id));
}

// ---------------------------------------------------------------- definitions and resources

Result<std::optional<Definition>> Lookups::find_definition(DefinitionKey key) {
  static const std::string sql = select_text<Definition>(false, "WHERE t.key = ?");
  return one<Definition>(bound(sql, key.raw()));
}

Result<std::optional<Definition>> Lookups::latest_definition(std::string_view process_id) {
  static const std::string sql = select_text<Definition>(false, "WHERE t.process_id = ? ORDER BY t.version DESC LIMIT 1");
  return one<Definition>(bound(sql, process_id));
}

Result<std::optional<Definition>> Lookups::definition_version(std::string_view process_id, std::int32_t version) {
  static const std::string sql = select_text<Definition>(false, "WHERE t.process_id = ? AND t.version = ?");
  return one<Definition>(bound(sql, process_id, version));
}

Result<std::optional<Definition>> Lookups::definition_tagged(std::string_view process_id, std::string_view version_tag) {
  static const std::string sql =
      select_text<Definition>(false, "WHERE t.process_id = ? AND t.version_tag = ? ORDER BY t.version DESC LIMIT 1");
  return one<Definition>(bound(sql, process_id, version_tag));
}

Result<std::optional<Definition>> Lookups::definition_in_deployment(std::string_view process_id, DeploymentKey deployment) {
  static const std::string sql =
      select_text<Definition>(false, "WHERE t.process_id = ? AND t.deployment = ? ORDER BY t.version DESC LIMIT 1");
  return one<Definition>(bound(sql, process_id, deployment.raw()));
}

Result<std::optional<Resource>> Lookups::find_resource(ResourceKey key) {
  static const std::string sql = select_text<Resource>(false, "WHERE t.key = ?");
  return one<Resource>(bound(sql, key.raw()));
}

Result<std::optional<Resource>> Lookups::latest_form(std::string_view form_id) {
  static const std::string sql = select_text<Resource>(false, "WHERE t.form_id = ? AND t.form_id <> '' ORDER BY t.version DESC LIMIT 1");
  return one<Resource>(bound(sql, form_id));
}

Result<std::optional<DecisionDefinition>> Lookups::find_decision(DecisionDefinitionKey key) {
  static const std::string sql = select_text<DecisionDefinition>(false, "WHERE t.key = ?");
  return one<DecisionDefinition>(bound(sql, key.raw()));
}

Result<std::optional<DecisionDefinition>> Lookups::select_decision(const DecisionSelector& which) {
  // One id has few versions: reading down them is as good as an index for each way of choosing.
  static const std::string sql = select_text<DecisionDefinition>(
      false, "WHERE t.decision_id = ?1 AND (?2 = 0 OR t.version = ?2) AND (?3 = '' OR t.version_tag = ?3) AND (?4 = 0 OR t.deployment = ?4) "
             "ORDER BY t.version DESC LIMIT 1");
  if (which.version && *which.version < 1) return std::optional<DecisionDefinition>();
  return one<DecisionDefinition>(bound(sql, which.decision_id, std::int64_t{which.version.value_or(0)}, which.version_tag, which.deployment.raw()));
}

Result<std::vector<DecisionDefinition>> Lookups::decisions_of(ResourceKey resource) {
  static const std::string sql = select_text<DecisionDefinition>(false, "WHERE t.resource = ? ORDER BY t.key");
  return all<DecisionDefinition>(bound(sql, resource.raw()), [](const Statement& row, bool& good) {
    Result<DecisionDefinition> read = read_row<DecisionDefinition>(row);
    good = read.has_value();
    return good ? std::move(*read) : DecisionDefinition{};
  });
}

Result<std::int32_t> Lookups::latest_requirements_version(std::string_view requirements_id) {
  static const std::string sql = "SELECT max(requirements_version) FROM decision WHERE requirements_id = ?";
  Result<Statement*> query = bound(sql, requirements_id);
  if (!query) return fail(query.error());
  const Result<bool> row = (*query)->next();
  if (!row) return fail(row.error());
  const auto latest = static_cast<std::int32_t>(*row ? (*query)->integer(0) : 0);
  if (*row) (*query)->reset();
  return latest;
}

Result<std::vector<Resource>> Lookups::resources_of(DeploymentKey deployment, std::string_view kind) {
  static const std::string sql = select_text<Resource>(false, "WHERE t.deployment = ? AND t.kind = ? ORDER BY t.key");
  return all<Resource>(bound(sql, deployment.raw(), kind), [](const Statement& row, bool& good) {
    Result<Resource> read = read_row<Resource>(row);
    good = read.has_value();
    return good ? std::move(*read) : Resource{};
  });
}

}  // namespace fermata::sqlite
