// InstanceState: one process instance as it is now: what decide() reads and apply() changes.
//
// Floor 2. Plain tables, each sorted by key. Only live things are kept, plus what ended within the current transition: the store
// still has to write its last row; forget_ended() drops those afterwards. Owned by the engine thread; behaviours see it const.
//
//   const ElementInstance* task = state.find(key);
//   for (const Job& job : state.jobs) ...
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/entity.h"
#include "engine/record/event.h"

namespace fermata {

/// A vector of entities sorted by key. New keys are larger than old ones, so inserting appends; small and cache-friendly.
template <class Entity>
class Table {
 public:
  using Key = decltype(Entity::key);

  [[nodiscard]] const Entity* find(Key key) const {
    const auto at = lower(key);
    return at == rows_.end() || at->key != key ? nullptr : &*at;
  }
  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  // For apply() and for loading only.
  [[nodiscard]] Entity* find_mutable(Key key) { return const_cast<Entity*>(find(key)); }
  void insert(Entity entity) {
    if (rows_.empty() || rows_.back().key < entity.key) {
      rows_.push_back(std::move(entity));
    } else {
      rows_.insert(rows_.begin() + (lower(entity.key) - rows_.cbegin()), std::move(entity));
    }
  }
  template <class Predicate>
  void erase_if(Predicate&& drop) {
    std::erase_if(rows_, drop);
  }

 private:
  [[nodiscard]] auto lower(Key key) const {
    return std::lower_bound(rows_.begin(), rows_.end(), key, [](const Entity& entity, Key wanted) { return entity.key < wanted; });
  }
  std::vector<Entity> rows_;
};

/// Variables sorted by scope and name, so that those of one scope lie together.
class VariableTable {
 public:
  [[nodiscard]] const StoredVariable* find(ElementInstanceKey scope, std::string_view name) const;
  [[nodiscard]] std::span<const StoredVariable> of_scope(ElementInstanceKey scope) const;
  [[nodiscard]] auto begin() const { return rows_.begin(); }
  [[nodiscard]] auto end() const { return rows_.end(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  // For apply() and for loading only.
  void set(StoredVariable variable);  ///< inserts, or replaces the value of the same scope and name
  template <class Predicate>
  void erase_if(Predicate&& drop) {
    std::erase_if(rows_, drop);
  }

 private:
  std::vector<StoredVariable> rows_;
};

class InstanceState {
 public:
  ProcessInstance instance;
  Table<ElementInstance> elements;
  VariableTable variables;
  Table<Token> tokens;  ///< waiting at joins
  Table<Job> jobs;
  Table<Timer> timers;
  Table<Subscription> subscriptions;
  Table<UserTask> user_tasks;
  Table<Incident> incidents;
  TransitionKey last_transition;

  [[nodiscard]] const ElementInstance& root() const;
  [[nodiscard]] const StoredVariable* find_variable(ElementInstanceKey scope, std::string_view name) const;
  /// The nearest scope outwards from `scope` that has the variable; nullptr if none has.
  [[nodiscard]] const StoredVariable* find_visible_variable(ElementInstanceKey scope, std::string_view name) const;
  [[nodiscard]] Variables variables_of(ElementInstanceKey scope) const;
  /// Everything visible from a scope; inner values hide outer ones.
  [[nodiscard]] Variables visible_variables(ElementInstanceKey scope) const;
  [[nodiscard]] bool has_live_children(ElementInstanceKey scope) const;

  /// Drops what has ended. Called once per transition, after its rows were handed to the store.
  void forget_ended();

  /// Canonical text of all live rows: two states are equal if and only if their texts are (tests, `replay --verify`).
  [[nodiscard]] std::string canonical() const;
};

/// The only mutator. An event that does not fit the state is a defect and fails a check.
void apply(InstanceState& state, const Event& event);

/// Every broken invariant, one line each; empty: none. See docs/ARCHITECTURE.md for the list.
[[nodiscard]] std::vector<std::string> broken_invariants(const InstanceState& state);

}  // namespace fermata
