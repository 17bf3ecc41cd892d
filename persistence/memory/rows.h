// Rows: everything that the memory store holds, as ordered maps. The reference for what a store is: simple before fast.
//
// Floor 5, persistence/memory only. Copyable: a read session is a copy.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "engine/record/entity.h"
#include "engine/record/event.h"

namespace fermata::memory {

[[nodiscard]] inline bool is_live_row(const Token&) { return true; }
[[nodiscard]] inline bool is_live_row(const StoredVariable&) { return true; }
[[nodiscard]] inline bool is_live_row(const DecisionInstance&) { return false; }
template <class Entity>
[[nodiscard]] bool is_live_row(const Entity& row) {
  return row.ended_at == never;
}

/// Instance (0: a start event) and key.
using RowId = std::pair<std::int64_t, std::int64_t>;

/// The rows of one kind of entity, and which of them are live.
template <class Entity>
class RowTable {
 public:
  [[nodiscard]] const Entity* find(RowId id) const {
    const auto at = rows_.find(id);
    return at == rows_.end() ? nullptr : &at->second;
  }
  void put(RowId id, Entity row) {
    if (is_live_row(row)) {
      live_.insert(id);
    } else {
      live_.erase(id);
    }
    rows_.insert_or_assign(id, std::move(row));
  }
  void erase(RowId id) {
    live_.erase(id);
    rows_.erase(id);
  }
  [[nodiscard]] const std::map<RowId, Entity>& all() const { return rows_; }
  [[nodiscard]] const std::set<RowId>& live() const { return live_; }

  template <class Visitor>
  void each_live(Visitor visit) const {
    for (const RowId& id : live_) visit(id.first, rows_.at(id));
  }
  template <class Visitor>
  void each_live_of(std::int64_t instance, Visitor visit) const {
    for (auto at = live_.lower_bound({instance, INT64_MIN}); at != live_.end() && at->first == instance; ++at) visit(rows_.at(*at));
  }

 private:
  std::map<RowId, Entity> rows_;
  std::set<RowId> live_;
};

struct InstanceEntry {
  ProcessInstance row;
  TransitionKey last_transition;
};

struct Rows {
  std::map<std::int64_t, InstanceEntry> instances;
  std::set<std::int64_t> live_instances;
  RowTable<ElementInstance> elements;
  RowTable<StoredVariable> variables;
  RowTable<Token> tokens;
  RowTable<Job> jobs;
  RowTable<Timer> timers;
  RowTable<Subscription> subscriptions;
  RowTable<UserTask> user_tasks;
  RowTable<Incident> incidents;
  RowTable<DecisionInstance> decision_instances;
  std::map<std::int64_t, Transition> transitions;
  std::map<std::int64_t, Definition> definitions;
  std::map<std::int64_t, Resource> resources;
  std::map<std::int64_t, DecisionDefinition> decisions;
  std::map<std::int64_t, Message> messages;
  std::map<std::pair<std::string, std::string>, RequestRecord> requests;
  std::int64_t next_key = 1;
};

}  // namespace fermata::memory
