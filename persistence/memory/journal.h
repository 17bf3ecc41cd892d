// Journal: how to take back, step by step, what an open transaction has done to Rows. Works on any copy of them, so that a read
// session made in the middle of a transaction sees what is committed.
//
// Floor 5, persistence/memory only.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "persistence/memory/rows.h"

namespace fermata::memory {

class Journal {
 public:
  void add(std::function<void(Rows&)> undo) { undos_.push_back(std::move(undo)); }
  void undo_in(Rows& rows) const {
    for (auto undo = undos_.rbegin(); undo != undos_.rend(); ++undo) (*undo)(rows);
  }
  void clear() { undos_.clear(); }

 private:
  std::vector<std::function<void(Rows&)>> undos_;
};

/// Sets `(rows.*table)[id]` and remembers what was there.
template <class Entity>
void put(Rows& rows, RowTable<Entity> Rows::*table, RowId id, const Entity& row, Journal& journal) {
  if (const Entity* before = (rows.*table).find(id)) {
    journal.add([table, id, old = *before](Rows& in) { (in.*table).put(id, old); });
  } else {
    journal.add([table, id](Rows& in) { (in.*table).erase(id); });
  }
  (rows.*table).put(id, row);
}

template <class Entity>
void erase(Rows& rows, RowTable<Entity> Rows::*table, RowId id, Journal& journal) {
  const Entity* before = (rows.*table).find(id);
  if (before == nullptr) return;
  journal.add([table, id, old = *before](Rows& in) { (in.*table).put(id, old); });
  (rows.*table).erase(id);
}

template <class Key, class Row>
void put(Rows& rows, std::map<Key, Row> Rows::*map, const Key& key, Row row, Journal& journal) {
  const auto before = (rows.*map).find(key);
  if (before != (rows.*map).end()) {
    journal.add([map, key, old = before->second](Rows& in) { (in.*map).insert_or_assign(key, old); });
  } else {
    journal.add([map, key](Rows& in) { (in.*map).erase(key); });
  }
  (rows.*map).insert_or_assign(key, std::move(row));
}

template <class Key, class Row>
void erase(Rows& rows, std::map<Key, Row> Rows::*map, const Key& key, Journal& journal) {
  const auto before = (rows.*map).find(key);
  if (before == (rows.*map).end()) return;
  journal.add([map, key, old = before->second](Rows& in) { (in.*map).insert_or_assign(key, old); });
  (rows.*map).erase(before);
}

}  // namespace fermata::memory
