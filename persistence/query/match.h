// match: whether a value fulfils a condition. What these say is the meaning of a query; SQLite calls the same functions where its own
// comparison would differ.
//
// Floor 2, pure.
#pragma once

#include <string_view>

#include "persistence/query/normalize.h"

namespace fermata::query {

/// * stands for any number of characters, ? for one (of UTF-8), a backslash makes the next character plain. At most text times pattern steps.
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern);

/// A field value. Absent (null) fulfils neq, not_in and exists:false, nothing else.
[[nodiscard]] bool fulfils(const Field& field, const Scalar& actual, const Condition& condition);

/// A variable. Numbers compare by value, exactly; strings by their bytes; gt, gte, lt and lte only among numbers or among strings;
/// anything else only for equality. `like` needs a string. A variable that is there exists, also when it is null.
[[nodiscard]] bool fulfils(const Value& actual, FieldCondition::Op op, const std::vector<Value>& operands);

}  // namespace fermata::query
