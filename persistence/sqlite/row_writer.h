// RowWriter: writes the rows of one transition through prepared statements. The hot path of every command.
//
// Floor 5, persistence/sqlite only; belongs to the writing connection and its thread. Must not outlive the Database.
//
//   RowWriter rows;
//   rows.prepare(database);
//   rows.write(transition, after);       // inside an open transaction
#pragma once

#include "persistence/project.h"
#include "persistence/sqlite/table.h"

namespace fermata::sqlite {

class RowWriter {
 public:
  [[nodiscard]] Result<void> prepare(Database& database);
  [[nodiscard]] Result<void> write(const Transition& transition, const InstanceState* after);
  [[nodiscard]] Result<void> write_next_key(std::int64_t next_key);

 private:
  [[nodiscard]] Result<void> write_transition(const Transition& transition);
  [[nodiscard]] Result<void> write_instance(const Transition& transition);
  [[nodiscard]] Result<void> write_tokens(std::int64_t instance);
  [[nodiscard]] Result<void> write_start_events();
  [[nodiscard]] Result<void> write_partition(const Transition& transition);

  template <class Entity>
  [[nodiscard]] Result<void> write_all(TableWriter<Entity>& table, const std::vector<RowChange<Entity>>& rows, std::int64_t instance) {
    for (const RowChange<Entity>& change : rows) {
      if (auto done = table.write(change, instance, scratch_); !done) return done;
    }
    return {};
  }
  template <class Entity>
  [[nodiscard]] Result<void> insert(Statement& statement, const Entity& row) {
    ColumnWriter writer(statement, scratch_);
    Entity::fields(row, writer);
    return statement.run();
  }

  RowChanges changes_;
  Scratch scratch_;
  std::string events_;

  Statement insert_transition_, insert_instance_, update_instance_;
  Statement insert_live_, update_live_, delete_live_;
  Statement delete_token_, next_key_;
  TableWriter<ElementInstance> elements_;
  TableWriter<StoredVariable> variables_;
  TableWriter<Token> tokens_;
  TableWriter<Job> jobs_;
  TableWriter<Timer> timers_;
  TableWriter<Subscription> subscriptions_;
  TableWriter<UserTask> user_tasks_;
  TableWriter<Incident> incidents_;
  Statement fire_start_timer_, end_start_timer_, end_start_subscription_;
  Statement insert_resource_, insert_definition_, insert_message_, delete_message_, replace_request_, forget_requests_;
  Statement find_correlated_, set_correlated_;
};

}  // namespace fermata::sqlite
