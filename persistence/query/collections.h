// Collections: for each kind of row its fields, its SQL tables, and how a memory row yields a field.
//
// Floor 2.
//
//   const Collection<JobRow>& jobs = collection<JobRow>();
//   jobs.fields[3].name; jobs.getters[3](row);
#pragma once

#include <string_view>
#include <vector>

#include "persistence/query/field.h"
#include "persistence/read_session.h"

namespace fermata::query {

/// A Definition as it is searched: whether it is the newest of its process is asked of the row.
struct DefinitionRow {
  Definition definition;
  bool is_latest = false;
};

struct DecisionDefinitionRow {
  DecisionDefinition decision;
  bool is_latest = false;
};

/// The same page without what was asked of its rows.
template <class Row, class Entity>
[[nodiscard]] Result<Page<Entity>> only(Result<Page<Row>> found, Entity Row::*member) {
  if (!found) return fail(found.error());
  Page<Entity> page{{}, found->total, found->more_than_total, std::move(found->start_cursor), std::move(found->end_cursor)};
  for (Row& row : found->items) page.items.push_back(std::move(row.*member));
  return page;
}

/// What the normaliser and the SQL compiler need to know of a collection, without its row type.
struct CollectionInfo {
  std::string_view name;           ///< for messages: "jobs"
  std::string_view from;           ///< SQL FROM clause; t: the thing, i: its instance, d: the definition
  std::string_view instance_sql;   ///< column of the instance; empty: things of the partition, which have no variables
  bool clustered_by_key = false;   ///< the rows of an instance lie where its transitions made them, not together
  std::vector<Field> fields;
  std::vector<std::size_t> order;  ///< the fields that every order ends with, and the default order: the columns that the table is clustered by
};

template <class Row>
struct Collection : CollectionInfo {
  using Getter = Scalar (*)(const Row&);
  std::vector<Getter> getters;  ///< in step with `fields`; of a text_list: its JSON text
  ProcessInstanceKey (*instance)(const Row&) = nullptr;  ///< whose variables count; nullptr: none
};

template <class Row>
[[nodiscard]] const Collection<Row>& collection();

template <> const Collection<InstanceRow>& collection<InstanceRow>();
template <> const Collection<ElementRow>& collection<ElementRow>();
template <> const Collection<VariableRow>& collection<VariableRow>();
template <> const Collection<JobRow>& collection<JobRow>();
template <> const Collection<UserTaskRow>& collection<UserTaskRow>();
template <> const Collection<IncidentRow>& collection<IncidentRow>();
template <> const Collection<SubscriptionRow>& collection<SubscriptionRow>();
template <> const Collection<TimerRow>& collection<TimerRow>();
template <> const Collection<DefinitionRow>& collection<DefinitionRow>();
template <> const Collection<DecisionDefinitionRow>& collection<DecisionDefinitionRow>();
template <> const Collection<DecisionInstanceRow>& collection<DecisionInstanceRow>();

}  // namespace fermata::query
