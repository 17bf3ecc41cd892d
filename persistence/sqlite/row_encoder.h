// RowEncoder: from transitions to the statements that write their rows. The hot path of every command on the engine thread.
//
// Floor 5, persistence/sqlite only; engine thread.
//
//   RowEncoder encoder;
//   encoder.encode(transition, after, ops);       // appends to ops
//   encoder.changes()                             // what was projected, until the next encode()
#pragma once

#include "persistence/project.h"
#include "persistence/sqlite/row_ops.h"
#include "persistence/sqlite/row_statements.h"

namespace fermata::sqlite {

class RowEncoder {
 public:
  /// internal when the events do not fit the state; `ops` then holds nothing of this transition.
  [[nodiscard]] Result<void> encode(const Transition& transition, const InstanceState* after, RowOps& ops);
  static void encode_next_key(std::int64_t next_key, RowOps& ops);
  [[nodiscard]] const RowChanges& changes() const { return changes_; }

 private:
  void encode_instance(const Transition& transition, RowOps& ops) const;
  void encode_tokens(std::int64_t instance, RowOps& ops) const;
  void encode_start_events(RowOps& ops) const;
  void encode_partition(const Transition& transition, RowOps& ops) const;

  RowChanges changes_;
};

}  // namespace fermata::sqlite
