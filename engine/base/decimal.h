// Decimal: IEEE 754 decimal128 (34 digits), the number of FEEL and DMN, and of every variable.
//
// Floor 0. A trivially copyable 16-byte value; arithmetic lives in decimal.cpp over Intel's library.
// Results that are not finite (overflow, division by zero) are nullopt: no infinity or NaN is ever stored.
//
//   Decimal total = *add(price, *parse_decimal("0.10"));
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fermata {

class Decimal {
 public:
  constexpr Decimal() = default;  ///< zero
  constexpr Decimal(std::uint64_t low, std::uint64_t high) : low_(low), high_(high) {}

  static Decimal from_int64(std::int64_t value);

  [[nodiscard]] constexpr std::uint64_t low() const { return low_; }    ///< raw bits, for storage
  [[nodiscard]] constexpr std::uint64_t high() const { return high_; }

 private:
  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0x3040000000000000ULL;  // exponent 0, coefficient 0
};

/// Reads JSON and FEEL number syntax with optional sign and exponent; rounds half-even to 34 digits. Not a finite number: nullopt.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// The shortest plain text that JSON accepts: no trailing zeros after the point ("1.10" -> "1.1"), exponent only beyond 34 digits.
[[nodiscard]] std::string to_string(const Decimal& value);

[[nodiscard]] std::optional<Decimal> add(const Decimal& a, const Decimal& b);
[[nodiscard]] std::optional<Decimal> subtract(const Decimal& a, const Decimal& b);
[[nodiscard]] std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);
[[nodiscard]] std::optional<Decimal> divide(const Decimal& a, const Decimal& b);
[[nodiscard]] Decimal negate(const Decimal& value);

/// By value: 1.0 equals 1.
[[nodiscard]] std::strong_ordering compare(const Decimal& a, const Decimal& b);
inline bool operator==(const Decimal& a, const Decimal& b) { return compare(a, b) == std::strong_ordering::equal; }
inline std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) { return compare(a, b); }

[[nodiscard]] bool is_integer(const Decimal& value);
/// The value as int64, when it is an integer that fits; otherwise nullopt.
[[nodiscard]] std::optional<std::int64_t> to_int64(const Decimal& value);
[[nodiscard]] double to_double(const Decimal& value);

}  // namespace fermata
