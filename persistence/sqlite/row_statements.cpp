#include "persistence/sqlite/row_statements.h"

namespace fermata::sqlite {
namespace {

std::string text_of(RowStatement which) {
  switch (which) {
    case RowStatement::insert_transition:
      return "INSERT INTO transition (key, instance, previous, at, command, actor, format, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    case RowStatement::insert_instance: return insert_text<ProcessInstance>("last_transition");
    case RowStatement::update_instance:
      return "UPDATE process_instance SET status = ?, incidents = ?, ended_at = ?, last_transition = ? WHERE key = ?";
    case RowStatement::insert_live: return "INSERT INTO live_instance (last_transition, key) VALUES (?, ?)";
    case RowStatement::update_live: return "UPDATE live_instance SET last_transition = ? WHERE key = ?";
    case RowStatement::delete_live: return "DELETE FROM live_instance WHERE key = ?";
    case RowStatement::insert_element: return insert_text<ElementInstance>("instance");
    case RowStatement::insert_plain_element: return insert_plain_text<ElementInstance>("instance");
    case RowStatement::update_element: return update_text<ElementInstance>(TableSpec<ElementInstance>::changing);
    case RowStatement::end_element: return update_text<ElementInstance>(TableSpec<ElementInstance>::ending);
    case RowStatement::insert_variable: return insert_text<StoredVariable>("instance");
    case RowStatement::update_variable: return update_text<StoredVariable>(TableSpec<StoredVariable>::changing);
    case RowStatement::insert_token: return insert_text<Token>("instance");
    case RowStatement::delete_token: return "DELETE FROM token WHERE instance = ? AND key = ?";
    case RowStatement::insert_job: return insert_text<Job>("instance");
    case RowStatement::insert_plain_job: return insert_plain_text<Job>("instance");
    case RowStatement::update_job: return update_text<Job>(TableSpec<Job>::changing);
    case RowStatement::end_job: return update_text<Job>(TableSpec<Job>::ending);
    case RowStatement::insert_timer: return insert_text<Timer>("instance");
    case RowStatement::update_timer: return update_text<Timer>(TableSpec<Timer>::changing);
    case RowStatement::end_timer: return update_text<Timer>(TableSpec<Timer>::ending);
    case RowStatement::insert_subscription: return insert_text<Subscription>("instance");
    case RowStatement::update_subscription: return update_text<Subscription>(TableSpec<Subscription>::changing);
    case RowStatement::end_subscription: return update_text<Subscription>(TableSpec<Subscription>::ending);
    case RowStatement::insert_user_task: return insert_text<UserTask>("instance");
    case RowStatement::update_user_task: return update_text<UserTask>(TableSpec<UserTask>::changing);
    case RowStatement::insert_incident: return insert_text<Incident>("instance");
    case RowStatement::update_incident: return update_text<Incident>(TableSpec<Incident>::changing);
    case RowStatement::fire_start_timer:
      return "UPDATE timer SET due = ?, occurrence = occurrence + 1, repetitions_left = repetitions_left - (repetitions_left > 0) "
             "WHERE instance = 0 AND occurrence = ? AND key = ?";
    case RowStatement::end_start_timer: return "UPDATE timer SET ended_at = ? WHERE instance = 0 AND key = ?";
    case RowStatement::end_start_subscription: return "UPDATE subscription SET ended_at = ? WHERE instance = 0 AND key = ?";
    case RowStatement::insert_resource: return insert_text<Resource>("");
    case RowStatement::insert_definition: return insert_text<Definition>("");
    case RowStatement::insert_decision: return insert_text<DecisionDefinition>("");
    case RowStatement::insert_decision_instance: return insert_text<DecisionInstance>("instance");
    case RowStatement::insert_message: return insert_text<Message>("");
    case RowStatement::add_correlated:
      return "UPDATE message SET correlated_processes = CASE correlated_processes WHEN '' THEN json_array(?1) "
             "ELSE json_insert(correlated_processes, '$[#]', ?1) END WHERE key = ?2";
    case RowStatement::delete_message: return "DELETE FROM message WHERE key = ?";
    case RowStatement::forget_requests:
      return "DELETE FROM request WHERE (source, id) IN (SELECT source, id FROM request WHERE expires_at <= ? ORDER BY expires_at LIMIT 2)";
    case RowStatement::replace_request: return insert_text<RequestRecord>("", "INSERT OR REPLACE");
    case RowStatement::next_key: return "UPDATE counter SET next_key = ? WHERE id = 1";
    case RowStatement::count_: break;
  }
  return {};
}

constexpr std::size_t rows_at_once = 8;

// New rows of these kinds come one after the other in most transactions.
constexpr std::array inserted_first{
    RowStatement::insert_transition, RowStatement::insert_instance, RowStatement::insert_live,  RowStatement::insert_element,
    RowStatement::insert_plain_element, RowStatement::insert_variable, RowStatement::insert_token, RowStatement::insert_job,
    RowStatement::insert_plain_job, RowStatement::insert_timer,    RowStatement::insert_subscription};

// A table each, so that what is done to a row stays in order; what is not named here goes last, as it came.
constexpr std::array<std::pair<RowStatement, RowStatement>, 8> tables{{{RowStatement::update_instance, RowStatement::update_instance},
                                                                       {RowStatement::delete_token, RowStatement::delete_token},
                                                                       {RowStatement::update_live, RowStatement::delete_live},
                                                                       {RowStatement::update_element, RowStatement::end_element},
                                                                       {RowStatement::update_variable, RowStatement::update_variable},
                                                                       {RowStatement::update_job, RowStatement::end_job},
                                                                       {RowStatement::update_timer, RowStatement::end_timer},
                                                                       {RowStatement::update_subscription, RowStatement::end_subscription}}};
constexpr std::size_t groups_count = inserted_first.size() + tables.size() + 1;

constexpr std::array<std::uint8_t, static_cast<std::size_t>(RowStatement::count_)> group_of = [] {
  std::array<std::uint8_t, static_cast<std::size_t>(RowStatement::count_)> made{};
  made.fill(static_cast<std::uint8_t>(groups_count - 1));
  std::uint8_t group = 0;
  for (const RowStatement each : inserted_first) made[static_cast<std::size_t>(each)] = group++;
  for (const auto& [first, last] : tables) {
    for (auto each = static_cast<std::size_t>(first); each <= static_cast<std::size_t>(last); ++each) made[each] = group;
    ++group;
  }
  return made;
}();

// "INSERT INTO t (a) VALUES (?)" for many rows. What is inserted before an error need not be taken back by the statement (OR FAIL): the
// transaction is rolled back.
std::string text_of_many(RowStatement which) {
  std::string text = text_of(which);
  constexpr std::string_view values = " VALUES ";
  const std::string row = text.substr(text.rfind(values) + values.size());
  for (std::size_t i = 1; i < rows_at_once; ++i) text += ", " + row;
  return text.replace(0, std::string_view("INSERT").size(), "INSERT OR FAIL");
}

// Answers the position after the last value, and the last number.
std::pair<int, std::int64_t> bind_values(Statement& statement, const RowOps& ops, const RowOps::Op& op, int position) {
  RowOps::Reader reader(ops, op);
  for (; reader.next(); ++position) {
    switch (reader.tag) {
      case RowOps::Tag::null: statement.bind_null(position); break;
      case RowOps::Tag::integer: statement.bind(position, reader.integer); break;
      case RowOps::Tag::text: statement.bind(position, reader.content); break;
      case RowOps::Tag::bytes: statement.bind_bytes(position, reader.content); break;
    }
  }
  return {position, reader.integer};
}

}  // namespace

Result<void> RowStatements::prepare(Database& database) {
  const auto prepare = [&](Statement& into, const std::string& text) -> Result<void> {
    Result<Statement> statement = database.prepare(text);
    if (!statement) return fail(statement.error());
    into = std::move(*statement);
    return {};
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (auto done = prepare(statements_[i], text_of(static_cast<RowStatement>(i))); !done) return done;
  }
  for (const RowStatement each : inserted_first) {
    if (auto done = prepare(many_[static_cast<std::size_t>(each)], text_of_many(each)); !done) return done;
  }
  groups_.resize(groups_count);
  return {};
}

Result<void> RowStatements::execute(const RowOps& ops) {
  for (auto& group : groups_) group.clear();
  for (const RowOps::Op& op : ops.all()) groups_[group_of[static_cast<std::size_t>(op.statement)]].push_back(&op);
  for (std::size_t group = 0; group < groups_count; ++group) {
    auto done = group < inserted_first.size() ? insert_many(ops, groups_[group]) : execute_each(ops, groups_[group]);
    if (!done) return done;
  }
  return {};
}

Result<void> RowStatements::insert_many(const RowOps& ops, Ops rows) {
  for (; rows.size() >= rows_at_once; rows = rows.subspan(rows_at_once)) {
    Statement& statement = many_[static_cast<std::size_t>(rows.front()->statement)];
    int position = 1;
    for (const RowOps::Op* row : rows.first(rows_at_once)) position = bind_values(statement, ops, *row, position).first;
    if (auto done = statement.run(); !done) return done;
  }
  return execute_each(ops, rows);
}

Result<void> RowStatements::execute_each(const RowOps& ops, Ops some) {
  for (const RowOps::Op* op : some) {
    Statement& statement = statements_[static_cast<std::size_t>(op->statement)];
    const std::int64_t last_number = bind_values(statement, ops, *op, 1).second;
    if (auto done = statement.run(); !done) return done;
    if (op->must == RowOps::Must::nothing || statement.changes() == 1) [[likely]] continue;
    return fail(ErrorCode::internal, "there is no row " + std::to_string(last_number) + " for: " + text_of(op->statement));
  }
  return {};
}

}  // namespace fermata::sqlite
