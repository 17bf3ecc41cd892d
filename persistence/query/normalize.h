// normalize: a Query against the fields of its collection: names looked up, operands converted, bounds checked, cursors opened.
//
// Floor 2, pure. Both stores work on the result, so they refuse the same queries with the same words.
//
//   Result<Normalized> query = normalize(asked, collection<JobRow>());
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "persistence/query/collections.h"

namespace fermata::query {

using Op = FieldCondition::Op;

struct Condition {
  std::size_t field = 0;
  Op op = Op::eq;
  std::vector<Scalar> operands;  ///< of exists: one integer, 0 or 1
};

struct Ordering {
  std::size_t field = 0;
  bool descending = false;
};

struct Normalized {
  std::vector<Condition> where;
  std::vector<std::vector<Condition>> any_of;
  std::vector<VariableCondition> variables;
  std::vector<Ordering> order;  ///< ends with the keys, so that no two rows are equal in it
  std::size_t limit = 0;
  std::size_t offset = 0;
  std::optional<std::vector<Scalar>> after;   ///< in step with `order`
  std::optional<std::vector<Scalar>> before;
  std::uint64_t order_print = 0;  ///< of collection and order: a cursor belongs to one of them
};

inline constexpr std::size_t page_items_max = 10'000;
inline constexpr std::size_t total_counted_max = 10'000;
inline constexpr std::size_t conditions_max = 200;
inline constexpr std::size_t operands_max = 1'000;         // of one condition
inline constexpr std::size_t operands_total_max = 5'000;   // below SQLite's 32,766 parameters of a statement
inline constexpr std::size_t sort_fields_max = 10;
inline constexpr std::size_t like_pattern_bytes_max = 1'024;

/// invalid_argument names what is wrong: an unknown field (with those that exist), an operator that a field does not have, an operand
/// of the wrong type, too many or too much of anything, a cursor that was not made for this query.
[[nodiscard]] Result<Normalized> normalize(const Query& query, const CollectionInfo& collection);

/// The cursor of a row: opaque to clients. `position`: its values in step with `order`.
[[nodiscard]] std::string encode_cursor(const Normalized& query, const std::vector<Scalar>& position);

}  // namespace fermata::query
