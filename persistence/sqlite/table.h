// Table: how one kind of entity is inserted, updated and read. One specialisation of TableSpec per entity says what is special.
//
// Floor 5, persistence/sqlite only.
//
//   Table<Job> jobs;
//   jobs.prepare(database);
//   jobs.write({&job, true}, instance);                       // INSERT
//   jobs.select("WHERE instance = ? AND ended_at = 0")        // the text of a SELECT whose columns read_row() understands
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/record/entity.h"
#include "persistence/project.h"
#include "persistence/sqlite/columns.h"
#include "persistence/sqlite/database.h"

namespace fermata::sqlite {

/// `name`: of the table. `changing`: the columns that an update writes; none: rows never change.
template <class Entity>
struct TableSpec;

template <>
struct TableSpec<ProcessInstance> {
  static constexpr std::string_view name = "process_instance";
  static constexpr std::array<std::string_view, 3> changing{"status", "incidents", "ended_at"};
};
template <>
struct TableSpec<ElementInstance> {
  static constexpr std::string_view name = "element";
  static constexpr std::array<std::string_view, 10> changing{
      "status", "loop_counter", "instances_total", "instances_completed", "instances_terminated", "items", "outputs", "called",
      "incident", "ended_at"};
};
template <>
struct TableSpec<StoredVariable> {
  static constexpr std::string_view name = "variable";
  static constexpr std::array<std::string_view, 1> changing{"value"};
};
template <>
struct TableSpec<Token> {
  static constexpr std::string_view name = "token";
  static constexpr std::array<std::string_view, 0> changing{};
};
template <>
struct TableSpec<Job> {
  static constexpr std::string_view name = "job";
  static constexpr std::array<std::string_view, 12> changing{"status",        "retries",       "attempt",  "priority",
                                                             "worker",        "lease",         "available_at", "error_code",
                                                             "error_message", "error_details", "incident", "ended_at"};
};
template <>
struct TableSpec<Timer> {
  static constexpr std::string_view name = "timer";
  static constexpr std::array<std::string_view, 4> changing{"due", "repetitions_left", "occurrence", "ended_at"};
};
template <>
struct TableSpec<Subscription> {
  static constexpr std::string_view name = "subscription";
  static constexpr std::array<std::string_view, 4> changing{"element_instance", "snapshot", "enclosing", "ended_at"};
};
template <>
struct TableSpec<UserTask> {
  static constexpr std::string_view name = "user_task";
  static constexpr std::array<std::string_view, 9> changing{"status",       "assignee", "candidate_users", "candidate_groups",
                                                            "priority",     "due_at",   "follow_up_at",    "completed_by",
                                                            "ended_at"};
};
template <>
struct TableSpec<Incident> {
  static constexpr std::string_view name = "incident";
  static constexpr std::array<std::string_view, 2> changing{"status", "ended_at"};
};
template <>
struct TableSpec<Definition> {
  static constexpr std::string_view name = "definition";
};
template <>
struct TableSpec<Resource> {
  static constexpr std::string_view name = "resource";
};
template <>
struct TableSpec<Message> {
  static constexpr std::string_view name = "message";
};
template <>
struct TableSpec<RequestRecord> {
  static constexpr std::string_view name = "request";
};

/// "SELECT t.instance, t.key, ... FROM job AS t " and the rest as given. Without `instance` for things of the partition.
template <class Entity>
[[nodiscard]] std::string select_text(bool with_instance, std::string_view rest) {
  std::string sql = "SELECT ";
  if (with_instance) sql += "t.instance, ";
  for (const std::string& name : column_names<Entity>()) sql += "t." + name + ", ";
  sql.resize(sql.size() - 2);
  sql += " FROM " + std::string(TableSpec<Entity>::name) + " AS t ";
  sql += rest;
  return sql;
}

/// "INSERT INTO job (instance, key, ...) VALUES (?, ?, ...)"; `first` is a column before those of the entity, or empty.
template <class Entity>
[[nodiscard]] std::string insert_text(std::string_view first, std::string_view verb = "INSERT") {
  std::string columns = first.empty() ? "" : std::string(first) + ", ";
  std::string marks = first.empty() ? "" : "?, ";
  for (const std::string& name : column_names<Entity>()) {
    columns += name + ", ";
    marks += "?, ";
  }
  columns.resize(columns.size() - 2);
  marks.resize(marks.size() - 2);
  return std::string(verb) + " INTO " + std::string(TableSpec<Entity>::name) + " (" + columns + ") VALUES (" + marks + ")";
}

[[nodiscard]] inline Error unreadable(std::string_view table) {
  return Error{ErrorCode::data_loss, "a row of table " + std::string(table) + " cannot be read: it was not written by this program"};
}

/// The current row of a select_text() statement.
template <class Entity>
[[nodiscard]] Result<Entity> read_row(const Statement& statement, int first_column = 0) {
  Entity entity;
  ColumnReader reader(statement, first_column);
  Entity::fields(entity, reader);
  if (!reader.good()) return fail(unreadable(TableSpec<Entity>::name));
  return entity;
}

/// INSERT and UPDATE of the rows of one instance.
template <class Entity>
class TableWriter {
 public:
  [[nodiscard]] Result<void> prepare(Database& database) {
    Result<Statement> insert = database.prepare(insert_text<Entity>("instance"));
    if (!insert) return fail(insert.error());
    insert_ = std::move(*insert);
    if constexpr (TableSpec<Entity>::changing.size() > 0) {
      Result<Statement> update = database.prepare(update_text());
      if (!update) return fail(update.error());
      update_ = std::move(*update);
    }
    return {};
  }

  [[nodiscard]] Result<void> write(const RowChange<Entity>& change, std::int64_t instance, Scratch& scratch) {
    return change.is_new ? insert(*change.row, instance, scratch) : update(*change.row, instance, scratch);
  }

  [[nodiscard]] Result<void> insert(const Entity& row, std::int64_t instance, Scratch& scratch) {
    ColumnWriter writer(insert_, scratch);
    writer.bind(instance);
    Entity::fields(row, writer);
    return insert_.run();
  }

  /// internal when there is no such row.
  [[nodiscard]] Result<void> update(const Entity& row, std::int64_t instance, Scratch& scratch) {
    ColumnWriter writer(update_, scratch, changing_mask_);
    Entity::fields(row, writer);
    writer.bind(instance);
    writer.bind(row.key);
    if (auto done = update_.run(); !done) return done;
    if (update_.changes() == 1) [[likely]] return {};
    return fail(ErrorCode::internal, "there is no row " + row.key.text() + " of instance " + std::to_string(instance) +
                                         " in table " + std::string(TableSpec<Entity>::name) + " to update");
  }

 private:
  [[nodiscard]] std::string update_text() {
    const auto& changing = TableSpec<Entity>::changing;
    std::string sql = "UPDATE " + std::string(TableSpec<Entity>::name) + " SET ";
    std::uint64_t bit = 1;
    for (const std::string& name : column_names<Entity>()) {
      if (std::find(changing.begin(), changing.end(), name) != changing.end()) {
        sql += name + " = ?, ";
        changing_mask_ |= bit;
      }
      bit <<= 1;
    }
    sql.resize(sql.size() - 2);
    return sql + " WHERE instance = ? AND key = ?";
  }

  Statement insert_;
  Statement update_;
  std::uint64_t changing_mask_ = 0;
};

}  // namespace fermata::sqlite
