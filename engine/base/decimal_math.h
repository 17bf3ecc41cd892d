// The decimal functions beyond the four operations: powers, roots, rounding. Used by FEEL's number built-ins.
//
// Floor 0, pure. As in decimal.h, a result that is not a finite number is nullopt.
//
//   round_to(*parse_decimal("2.345"), 2, Rounding::half_even)  ->  2.34
#pragma once

#include <optional>

#include "engine/base/decimal.h"

namespace fermata {

enum class Rounding {
  half_even,
  half_up,
  half_down,
  up,
  down,
  floor,
  ceiling
};  ///< half_up, up: away from zero; down: toward zero

/// Rounds to `scale` digits after the point; a negative scale rounds before the point. Scales out of -6111..6176:
/// nullopt.
[[nodiscard]] std::optional<Decimal> round_to(const Decimal& value, int scale, Rounding mode);

[[nodiscard]] std::optional<Decimal> power(const Decimal& base, const Decimal& exponent);
[[nodiscard]] std::optional<Decimal> square_root(const Decimal& value);
[[nodiscard]] std::optional<Decimal> exponential(const Decimal& value);
[[nodiscard]] std::optional<Decimal> natural_logarithm(const Decimal& value);
/// DMN's modulo: dividend - divisor * floor(dividend / divisor); the result has the divisor's sign. Divisor zero:
/// nullopt.
[[nodiscard]] std::optional<Decimal> modulo(const Decimal& dividend, const Decimal& divisor);
[[nodiscard]] Decimal absolute(const Decimal& value);
[[nodiscard]] bool is_negative(const Decimal& value);  ///< false for zero of either sign
[[nodiscard]] bool is_zero(const Decimal& value);
/// The nearest decimal of a binary floating point number; NaN and infinity: nullopt.
[[nodiscard]] std::optional<Decimal> from_double(double value);

}  // namespace fermata
