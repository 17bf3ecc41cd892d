// The arithmetic operators over all types they are defined for (DMN 1.5, tables 55 to 60). Null with a reason
// otherwise.
#pragma once

#include "processes/feel/evaluation.h"
#include "processes/feel/values.h"

namespace fermata::feel {

enum class ArithmeticOperator : std::uint8_t { add, subtract, multiply, divide, power };

[[nodiscard]] Value compute(Evaluation& run, std::uint32_t at, ArithmeticOperator op, const Value& a, const Value& b);
[[nodiscard]] Value negated(Evaluation& run, std::uint32_t at, const Value& value);
[[nodiscard]] std::string_view symbol(ArithmeticOperator op);

}  // namespace fermata::feel
