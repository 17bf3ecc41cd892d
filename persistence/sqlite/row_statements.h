// RowStatements: the statements that change rows, prepared on the writing connection, and the execution of RowOps with
// them. Tables know nothing of each other (no triggers; the rows with a foreign key stay in order), so a transaction is executed
// table by table: first its new rows, many with one statement, then what changes rows. What is done to one row keeps its order.
//
// Floor 5, persistence/sqlite only; belongs to whoever holds the connection. Must not outlive the Database.
//
//   RowStatements statements;
//   statements.prepare(database);
//   statements.execute(ops);             // inside an open transaction
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "persistence/sqlite/database.h"
#include "persistence/sqlite/row_ops.h"
#include "persistence/sqlite/table.h"

namespace fermata::sqlite {

enum class RowStatement : std::uint8_t {
  insert_transition,
  insert_instance,
  update_instance,
  insert_live,
  update_live,
  delete_live,
  insert_element,
  insert_plain_element,
  update_element,
  end_element,
  insert_variable,
  update_variable,
  insert_token,
  delete_token,
  insert_job,
  insert_plain_job,
  update_job,
  end_job,
  insert_timer,
  update_timer,
  end_timer,
  insert_subscription,
  update_subscription,
  end_subscription,
  insert_user_task,
  update_user_task,
  insert_incident,
  update_incident,
  fire_start_timer,
  end_start_timer,
  end_start_subscription,
  insert_resource,
  insert_definition,
  insert_decision,
  insert_decision_instance,
  insert_message,
  add_correlated,
  delete_message,
  forget_requests,
  replace_request,
  next_key,
  count_,
};

/// The statements of the rows of one instance.
template <class Entity>
struct EntityStatements;
template <>
struct EntityStatements<ElementInstance> {
  static constexpr RowStatement insert = RowStatement::insert_element,
                                insert_plain = RowStatement::insert_plain_element,
                                update = RowStatement::update_element, end = RowStatement::end_element;
};
template <>
struct EntityStatements<StoredVariable> {
  static constexpr RowStatement insert = RowStatement::insert_variable, update = RowStatement::update_variable;
};
template <>
struct EntityStatements<Job> {
  static constexpr RowStatement insert = RowStatement::insert_job, insert_plain = RowStatement::insert_plain_job,
                                update = RowStatement::update_job, end = RowStatement::end_job;
};
template <>
struct EntityStatements<Timer> {
  static constexpr RowStatement insert = RowStatement::insert_timer, update = RowStatement::update_timer,
                                end = RowStatement::end_timer;
};
template <>
struct EntityStatements<Subscription> {
  static constexpr RowStatement insert = RowStatement::insert_subscription, update = RowStatement::update_subscription,
                                end = RowStatement::end_subscription;
};
template <>
struct EntityStatements<UserTask> {
  static constexpr RowStatement insert = RowStatement::insert_user_task, update = RowStatement::update_user_task;
};
template <>
struct EntityStatements<Incident> {
  static constexpr RowStatement insert = RowStatement::insert_incident, update = RowStatement::update_incident;
};

class RowStatements {
 public:
  [[nodiscard]] Result<void> prepare(Database& database);
  /// Stops at the first error: the transaction must then be rolled back. internal when a row that must be there is not.
  [[nodiscard]] Result<void> execute(const RowOps& ops);

 private:
  using Ops = std::span<const RowOps::Op* const>;
  [[nodiscard]] Result<void> insert_many(const RowOps& ops, Ops rows);
  [[nodiscard]] Result<void> execute_each(const RowOps& ops, Ops some);

  static constexpr auto count = static_cast<std::size_t>(RowStatement::count_);
  std::array<Statement, count> statements_;
  std::array<Statement, count> many_;  ///< of those that have a group of their own: rows_at_once rows each
  std::vector<std::vector<const RowOps::Op*>> groups_;  ///< of execute(): kept for their memory
};

}  // namespace fermata::sqlite
