// The one door to Intel's decimal library, included by decimal*.cpp only.
//
// The three macros must be set before its headers and must match the archive that is linked (libbidgcc000: arguments by
// value, rounding mode and status flags as parameters). A wrong pairing links and returns garbage, so nobody else
// includes these headers.
#pragma once

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include <bid_conf.h>
#include <bid_functions.h>
}
#pragma GCC diagnostic pop

#include <optional>

#include "engine/base/decimal.h"

namespace fermata::decimal_detail {

inline constexpr unsigned half_even = 0;  // the library's numbers for rounding directions
inline constexpr unsigned toward_negative = 1;
inline constexpr unsigned toward_positive = 2;
inline constexpr unsigned toward_zero = 3;
inline constexpr unsigned half_away = 4;

inline BID_UINT128 to_intel(const Decimal& value) {
  BID_UINT128 made;
  made.w[0] = value.low();
  made.w[1] = value.high();
  return made;
}

inline Decimal from_intel(const BID_UINT128& value) {
  return Decimal(value.w[0], value.w[1]);
}

/// Infinity and NaN have the two bits after the first two of the exponent field set: they become nullopt.
inline std::optional<Decimal> finite(const BID_UINT128& value) {
  if ((value.w[1] & 0x7800000000000000ULL) == 0x7800000000000000ULL) return std::nullopt;
  return from_intel(value);
}

}  // namespace fermata::decimal_detail
