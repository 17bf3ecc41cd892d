// How a Decimal's 16 bytes are laid out (IEEE 754-2008 decimal128, binary integer significand), for decimal*.cpp only.
//
//   Bits bits = unpack(value);   // value == (negative ? -1 : 1) * coefficient * 10^exponent
#pragma once

#include <cstdint>

#include "engine/base/decimal.h"

namespace fermata::decimal_detail {

__extension__ using UInt128 = unsigned __int128;

inline constexpr int digits_max = 34;
inline constexpr int exponent_bias = 6176;
inline constexpr int exponent_min = -6176;
inline constexpr int exponent_max = 6111;
inline constexpr std::uint64_t sign_bit = 1ULL << 63;
inline constexpr int exponent_shift = 49;
inline constexpr std::uint64_t coefficient_high_mask = (1ULL << exponent_shift) - 1;

inline constexpr std::uint64_t not_canonical = 3ULL << 61;  ///< both bits set: counts as zero

struct Bits {
  bool negative = false;
  int exponent = 0;
  UInt128 coefficient = 0;
};

/// Finite values only, which is all that a Decimal ever holds. Encodings that the standard calls non-canonical count as
/// zero.
constexpr Bits unpack(const Decimal& value) {
  const std::uint64_t high = value.high();
  if ((high & not_canonical) == not_canonical) return Bits{(high & sign_bit) != 0, 0, 0};
  return Bits{(high & sign_bit) != 0, static_cast<int>((high >> exponent_shift) & 0x3fff) - exponent_bias,
              (static_cast<UInt128>(high & coefficient_high_mask) << 64) | value.low()};
}

constexpr Decimal pack(const Bits& bits) {
  const std::uint64_t high = static_cast<std::uint64_t>(bits.coefficient >> 64) |
                             (static_cast<std::uint64_t>(bits.exponent + exponent_bias) << exponent_shift) |
                             (bits.negative ? sign_bit : 0);
  return Decimal(static_cast<std::uint64_t>(bits.coefficient), high);
}

constexpr UInt128 power_of_ten(int exponent) {
  UInt128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace fermata::decimal_detail
