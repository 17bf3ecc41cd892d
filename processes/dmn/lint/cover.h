// The search for inputs that no rule of a decision table matches, by splitting the columns one after another.
//
// Bounded: a search that runs out of its budget says so, and what it has found by then is true all the same.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "processes/dmn/lint/column.h"

namespace fermata::dmn::lint {

/// How much work a search may still do: its own share of what is left for the whole file. A step is a nanosecond or
/// two.
class Budget {
 public:
  Budget(std::uint64_t& left_for_all, std::uint64_t steps_max)
      : left_for_all_(left_for_all), left_(std::min(left_for_all, steps_max)) {}
  /// False when it is spent.
  bool take(std::uint64_t steps) {
    const std::uint64_t taken = std::min(left_, steps);
    left_ -= taken;
    left_for_all_ -= taken;
    return left_ > 0;
  }
  [[nodiscard]] bool allows(std::uint64_t steps) const { return steps < left_; }
  [[nodiscard]] bool spent() const { return left_ == 0; }

 private:
  std::uint64_t& left_for_all_;
  std::uint64_t left_;
};

/// For each column the place of a sample.
using Point = std::vector<std::size_t>;

/// Which rules match each sample of a column.
using Matching = std::vector<Bits>;

/// nullopt when the budget does not allow it.
[[nodiscard]] std::optional<Matching> matching_rules(const Column& column, Budget& budget);

struct CoverQuestion {
  struct Part {
    std::size_t column = 0;
    const Matching* matching = nullptr;
    const Bits* samples = nullptr;  ///< that are asked for
  };
  std::vector<Part> parts;  ///< in the order in which they are split
  Bits rules;               ///< that may cover
  std::size_t columns = 0;  ///< of the table
  std::size_t points_max = 1;
};

struct Cover {
  std::vector<Point> uncovered;  ///< at most points_max, far from each other where there are many
  bool complete = false;         ///< the search went to its end: none uncovered means all is covered
};

[[nodiscard]] Cover find_uncovered(const CoverQuestion& question, Budget& budget);

}  // namespace fermata::dmn::lint
