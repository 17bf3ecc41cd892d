// match: whether a value fulfils a condition. What these say is the meaning of a query; SQLite calls the same functions where its own
// comparison would differ.
//
// Floor 2, pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "persistence/query/normalize.h"

namespace fermata::query {

inline constexpr std::size_t like_steps_max = 50'000'000;  // for one text, about a tenth of a second: nothing interrupts a comparison

/// What one comparison may cost, and whether one was given up. What that one has answered means nothing: the search ends with too_costly().
struct Effort {
  std::size_t like_steps = like_steps_max;
  bool spent = false;
};

/// limit_exceeded: what to say when the effort is spent.
[[nodiscard]] Error too_costly();

/// * stands for any number of characters, ? for one (of UTF-8), a backslash makes the next character plain. At most text times pattern
/// steps, and no more than the effort allows.
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern, Effort& effort);

/// A field value. Absent (null) fulfils neq, not_in and exists:false, nothing else.
[[nodiscard]] bool fulfils(const Field& field, const Scalar& actual, const Condition& condition, Effort& effort);

/// A variable. Numbers compare by value, exactly; strings by their bytes; gt, gte, lt and lte only among numbers or among strings;
/// anything else only for equality. `like` needs a string. A variable that is there exists, also when it is null.
[[nodiscard]] bool fulfils(const Value& actual, FieldCondition::Op op, const std::vector<Value>& operands, Effort& effort);

}  // namespace fermata::query
