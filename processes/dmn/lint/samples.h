// Samples: for the boundaries that the cells of a column name, values that stand for all others: the boundaries
// themselves, and one value below, between and above them.
//
//   ordered_samples({10, 18})   is {9, 10, 11, 18, 19}
#pragma once

#include <vector>

#include "engine/base/value.h"
#include "processes/feel/types.h"

namespace fermata::dmn::lint {

/// Numbers, dates, times, dates and times, durations: kinds whose values lie on a line.
[[nodiscard]] bool is_ordered(feel::Type::Kind kind);

/// Adds what else divides the line at this literal: FEEL's "=" does not see the fractions of a second (values.h).
void add_boundaries(const Value& literal, std::vector<Value>& boundaries);

/// A number that grows with the value, though not always where the value does: sorting by it first is quick.
[[nodiscard]] double rough_place(const Value& value);

/// `boundaries` are sorted, each once, of one kind and in no zone; so is the result. What lies between two boundaries
/// is a round value where there is one; nothing where nothing lies between them. `complete` is false when something
/// lies there that cannot be written (numbers beyond 34 digits, the end of time). Without boundaries any value of the
/// kind stands for all.
[[nodiscard]] std::vector<Value> ordered_samples(feel::Type::Kind kind, const std::vector<Value>& boundaries,
                                                 bool& complete);

}  // namespace fermata::dmn::lint
