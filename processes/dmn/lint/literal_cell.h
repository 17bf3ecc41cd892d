// A cell of a decision table that can be looked through: what it holds for is decided by its literals alone.
//
//   read_cell("[18..65], not 7")   is not plain
//   read_cell(">= 18").literals    is {18}
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/value.h"

namespace fermata::dmn::lint {

struct CellTests {
  /// Nothing but literals, comparisons, ranges, lists, commas, brackets and not(): between two neighbouring literals
  /// (in the order of their kind) the test gives the same answer for every value.
  bool plain = false;
  std::vector<Value> literals;  ///< scalars, dates and times in no zone, and durations
};

/// `text` is the cell as written; it is valid FEEL already. Texts that are ordered are not plain: what lies between two
/// of them is of no use as an example. Never throws.
[[nodiscard]] CellTests read_cell(std::string_view text);

}  // namespace fermata::dmn::lint
