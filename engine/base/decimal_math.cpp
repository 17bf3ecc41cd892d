#include "engine/base/decimal_math.h"

#include <charconv>

#include "engine/base/decimal_bits.h"
#include "engine/base/decimal_intel.h"

namespace fermata {

using namespace decimal_detail;

namespace {

// Whether the magnitude grows by one unit after truncation, given what was cut off.
bool rounds_away(Rounding mode, bool negative, bool odd, UInt128 rest, UInt128 unit) {
  const UInt128 half = unit / 2;
  switch (mode) {
    case Rounding::half_even:
      return rest > half || (rest == half && odd);
    case Rounding::half_up:
      return rest >= half;
    case Rounding::half_down:
      return rest > half;
    case Rounding::up:
      return rest != 0;
    case Rounding::down:
      return false;
    case Rounding::floor:
      return rest != 0 && negative;
    case Rounding::ceiling:
      return rest != 0 && !negative;
  }
  return false;
}

}  // namespace

std::optional<Decimal> round_to(const Decimal& value, int scale, Rounding mode) {
  if (scale < -exponent_max || scale > -exponent_min) return std::nullopt;
  Bits bits = unpack(value);
  const int target = -scale;  // the exponent of the last digit that stays
  if (bits.exponent >= target) return value;
  const int cut = target - bits.exponent;
  if (cut > digits_max) {
    // Everything is cut off and is less than half a unit.
    const bool away = bits.coefficient != 0 && rounds_away(mode, bits.negative, false, 1, 1000);
    return pack({bits.negative, target, away ? UInt128{1} : UInt128{0}});
  }
  const UInt128 unit = power_of_ten(cut);
  const UInt128 rest = bits.coefficient % unit;
  bits.coefficient /= unit;
  if (rounds_away(mode, bits.negative, (bits.coefficient & 1) != 0, rest, unit)) ++bits.coefficient;
  bits.exponent = target;
  return pack(bits);
}

std::optional<Decimal> power(const Decimal& base, const Decimal& exponent) {
  unsigned flags = 0;
  // Small whole exponents by multiplication: exact where the result is exact, which the library's logarithms are not
  // always.
  if (const std::optional<std::int64_t> whole = to_int64(exponent); whole && *whole >= -64 && *whole <= 64) {
    const auto count = static_cast<unsigned>(*whole < 0 ? -*whole : *whole);
    std::optional<Decimal> result = Decimal::from_int64(1);
    std::optional<Decimal> square = base;
    for (unsigned rest = count; rest != 0; rest >>= 1) {
      if ((rest & 1) != 0) result = result && square ? multiply(*result, *square) : std::nullopt;
      if (rest > 1) square = square ? multiply(*square, *square) : std::nullopt;
    }
    if (result && *whole < 0) return divide(Decimal::from_int64(1), *result);
    return result;
  }
  return finite(bid128_pow(to_intel(base), to_intel(exponent), half_even, &flags));
}

std::optional<Decimal> square_root(const Decimal& value) {
  unsigned flags = 0;
  return finite(bid128_sqrt(to_intel(value), half_even, &flags));
}

std::optional<Decimal> exponential(const Decimal& value) {
  unsigned flags = 0;
  return finite(bid128_exp(to_intel(value), half_even, &flags));
}

std::optional<Decimal> natural_logarithm(const Decimal& value) {
  unsigned flags = 0;
  return finite(bid128_log(to_intel(value), half_even, &flags));
}

std::optional<Decimal> modulo(const Decimal& dividend, const Decimal& divisor) {
  if (is_zero(divisor)) return std::nullopt;
  unsigned flags = 0;
  // fmod is exact and has the dividend's sign; one addition brings it to the divisor's.
  const std::optional<Decimal> rest = finite(bid128_fmod(to_intel(dividend), to_intel(divisor), &flags));
  if (!rest || is_zero(*rest) || is_negative(*rest) == is_negative(divisor)) return rest;
  return add(*rest, divisor);
}

Decimal absolute(const Decimal& value) {
  return Decimal(value.low(), value.high() & ~sign_bit);
}

bool is_zero(const Decimal& value) {
  return unpack(value).coefficient == 0;
}

bool is_negative(const Decimal& value) {
  return (value.high() & sign_bit) != 0 && !is_zero(value);
}

std::optional<Decimal> from_double(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return parse_decimal(std::string_view(text, static_cast<std::size_t>(end.ptr - text)));
}

}  // namespace fermata
