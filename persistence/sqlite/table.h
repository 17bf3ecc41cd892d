// Table: how one kind of entity is inserted, updated and read. One specialisation of TableSpec per entity says what is special.
//
// Floor 5, persistence/sqlite only.
//
//   insert_text<Job>("instance")                              // "INSERT INTO job (instance, key, ...) VALUES (?, ?, ...)"
//   select_text<Job>(true, "WHERE instance = ? AND ended_at = 0")   // a SELECT whose columns read_row() understands
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/record/entity.h"
#include "persistence/project.h"
#include "persistence/sqlite/columns.h"
#include "persistence/sqlite/database.h"

namespace fermata::sqlite {

/// `name`: of the table. `changing`: the columns that an update writes; none: rows never change. `ending`: the few that change when a
/// thing ends and nothing else happens to it (RowChange::only_ended): the most frequent of all updates. `plain`: columns that most new
/// rows leave at their defaults; an INSERT of its own writes these as literals instead of binding them.
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
  static constexpr std::array<std::string_view, 2> ending{"status", "ended_at"};
  static constexpr std::array<std::string_view, 9> plain{
      "loop_counter", "instances_total", "instances_completed", "instances_terminated", "items", "outputs", "called", "compensates", "incident"};
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
  static constexpr std::array<std::string_view, 3> ending{"status", "available_at", "ended_at"};
  static constexpr std::array<std::string_view, 9> plain{"attempt",    "worker",        "lease",         "available_at", "error_code",
                                                         "error_message", "error_details", "incident", "ended_at"};
};
template <>
struct TableSpec<Timer> {
  static constexpr std::string_view name = "timer";
  static constexpr std::array<std::string_view, 4> changing{"due", "repetitions_left", "occurrence", "ended_at"};
  static constexpr std::array<std::string_view, 1> ending{"ended_at"};
};
template <>
struct TableSpec<Subscription> {
  static constexpr std::string_view name = "subscription";
  static constexpr std::array<std::string_view, 4> changing{"element_instance", "snapshot", "enclosing", "ended_at"};
  static constexpr std::array<std::string_view, 1> ending{"ended_at"};
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
struct TableSpec<DecisionDefinition> {
  static constexpr std::string_view name = "decision";
};
template <>
struct TableSpec<DecisionInstance> {
  static constexpr std::string_view name = "decision_instance";
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

/// insert_text() for rows whose `plain` columns have their defaults.
template <class Entity>
[[nodiscard]] std::string insert_plain_text(std::string_view first) {
  constexpr auto& plain = TableSpec<Entity>::plain;
  std::string columns(first);
  std::string marks = "?";
  Entity blank;
  Entity::fields(blank, [&](std::string_view name, const auto& field) {
    const std::string column = snake_case(name);
    columns += ", " + column;
    marks += std::find(plain.begin(), plain.end(), column) == plain.end() ? ", ?" : ", " + std::string(literal_of_default(field));
  });
  return "INSERT INTO " + std::string(TableSpec<Entity>::name) + " (" + columns + ") VALUES (" + marks + ")";
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

/// "UPDATE job SET status = ?, ... WHERE instance = ? AND key = ?", of these columns.
template <class Entity>
[[nodiscard]] std::string update_text(std::span<const std::string_view> columns) {
  std::string sql = "UPDATE " + std::string(TableSpec<Entity>::name) + " SET ";
  for (const std::string& name : column_names<Entity>()) {
    if (std::find(columns.begin(), columns.end(), name) != columns.end()) sql += name + " = ?, ";
  }
  sql.resize(sql.size() - 2);
  return sql + " WHERE instance = ? AND key = ?";
}

/// The fields that update_text() sets: bit 0 is the first field.
template <class Entity>
[[nodiscard]] std::uint64_t mask_of(std::span<const std::string_view> columns) {
  std::uint64_t mask = 0;
  std::uint64_t bit = 1;
  for (const std::string& name : column_names<Entity>()) {
    if (std::find(columns.begin(), columns.end(), name) != columns.end()) mask |= bit;
    bit <<= 1;
  }
  return mask;
}

}  // namespace fermata::sqlite
