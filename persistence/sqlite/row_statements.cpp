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

}  // namespace

Result<void> RowStatements::prepare(Database& database) {
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    Result<Statement> statement = database.prepare(text_of(static_cast<RowStatement>(i)));
    if (!statement) return fail(statement.error());
    statements_[i] = std::move(*statement);
  }
  return {};
}

Result<void> RowStatements::execute(const RowOps& ops) {
  RowOps::Reader reader(ops);
  while (reader.next()) {
    Statement& statement = statements_[static_cast<std::size_t>(reader.statement)];
    for (int position = 1; reader.next_value(); ++position) {
      switch (reader.tag) {
        case RowOps::Tag::null: statement.bind_null(position); break;
        case RowOps::Tag::integer: statement.bind(position, reader.integer); break;
        case RowOps::Tag::text: statement.bind(position, reader.content); break;
        case RowOps::Tag::bytes: statement.bind_bytes(position, reader.content); break;
      }
    }
    if (auto done = statement.run(); !done) return done;
    if (reader.must == RowOps::Must::nothing || statement.changes() == 1) [[likely]] continue;
    return fail(ErrorCode::internal, "there is no row " + std::to_string(reader.integer) + " for: " + text_of(reader.statement));
  }
  return {};
}

}  // namespace fermata::sqlite
