#include "engine/base/decimal.h"

#include <algorithm>
#include <limits>

#include "engine/base/decimal_bits.h"
#include "engine/base/decimal_intel.h"

namespace fermata {

using namespace decimal_detail;

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The digits of a number as they are read: the first 34 are kept, of the rest only what rounding needs to know.
struct Digits {
  UInt128 coefficient = 0;
  int kept = 0;
  std::int64_t dropped = 0;  // digits of the integer part or fraction that did not fit
  int first_dropped = 0;
  bool more_dropped = false;  // any non-zero digit after the first dropped one

  void take(char c) {
    const int digit = c - '0';
    if (kept < digits_max) {
      if (digit != 0 || kept != 0) ++kept;
      coefficient = coefficient * 10 + static_cast<unsigned>(digit);
      return;
    }
    if (dropped++ == 0) {
      first_dropped = digit;
    } else {
      more_dropped = more_dropped || digit != 0;
    }
  }

  // Half-even on what was dropped. A carry out of 34 digits makes one more dropped digit, which is a zero.
  void round() {
    if (dropped == 0) return;
    const bool up = first_dropped > 5 || (first_dropped == 5 && (more_dropped || (coefficient & 1) != 0));
    if (!up) return;
    ++coefficient;
    if (coefficient == power_of_ten(digits_max)) {
      coefficient /= 10;
      ++dropped;
    }
  }
};

// Brings an exponent into the range of the format. Too large: nullopt. Too small: rounded half-even, at last to zero.
std::optional<Decimal> fit(bool negative, UInt128 coefficient, std::int64_t exponent) {
  if (coefficient == 0) {
    return pack({negative, static_cast<int>(std::clamp<std::int64_t>(exponent, exponent_min, exponent_max)), 0});
  }
  while (exponent > exponent_max) {
    if (coefficient >= power_of_ten(digits_max - 1)) return std::nullopt;
    coefficient *= 10;
    --exponent;
  }
  if (exponent < exponent_min) {
    const std::int64_t lost = exponent_min - exponent;
    if (lost > digits_max) return pack({negative, exponent_min, 0});
    const UInt128 unit = power_of_ten(static_cast<int>(lost));
    const UInt128 rest = coefficient % unit;
    coefficient /= unit;
    if (rest > unit / 2 || (rest == unit / 2 && (coefficient & 1) != 0)) ++coefficient;
    exponent = exponent_min;
  }
  return pack({negative, static_cast<int>(exponent), coefficient});
}

std::string digits_of(UInt128 coefficient) {
  char buffer[40];
  char* at = buffer + sizeof buffer;
  do {
    *--at = static_cast<char>('0' + static_cast<int>(coefficient % 10));
    coefficient /= 10;
  } while (coefficient != 0);
  return std::string(at, buffer + sizeof buffer);
}

}  // namespace

Decimal Decimal::from_int64(std::int64_t value) {
  const bool negative = value < 0;
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  return pack({negative, 0, magnitude});
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) at = 1;
  Digits digits;
  std::int64_t fraction_digits = 0;
  bool any = false;
  for (; at < text.size() && is_digit(text[at]); ++at, any = true) digits.take(text[at]);
  if (at < text.size() && text[at] == '.') {
    const std::size_t point = at++;
    for (; at < text.size() && is_digit(text[at]); ++at, any = true) digits.take(text[at]);
    fraction_digits = static_cast<std::int64_t>(at - point) - 1;
    if (fraction_digits == 0) return std::nullopt;
  }
  if (!any) return std::nullopt;
  std::int64_t exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool down = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size()) return std::nullopt;
    // Saturates far beyond the format's range, and far beyond what the length of any text can make up for.
    for (; at < text.size() && is_digit(text[at]); ++at)
      exponent = std::min<std::int64_t>(exponent * 10 + (text[at] - '0'), 1LL << 50);
    if (down) exponent = -exponent;
  }
  if (at != text.size()) return std::nullopt;
  digits.round();
  return fit(negative, digits.coefficient, exponent - fraction_digits + digits.dropped);
}

std::string to_string(const Decimal& value) {
  Bits bits = unpack(value);
  if (bits.coefficient == 0) return "0";
  while (bits.coefficient % 10 == 0) {
    bits.coefficient /= 10;
    ++bits.exponent;
  }
  std::string digits = digits_of(bits.coefficient);
  const int count = static_cast<int>(digits.size());
  const int before_point = count + bits.exponent;  // digits in front of the point; may be negative
  const std::string sign = bits.negative ? "-" : "";
  if (bits.exponent >= 0 && before_point <= digits_max)
    return sign + digits + std::string(static_cast<std::size_t>(bits.exponent), '0');
  if (bits.exponent < 0 && before_point > 0) {
    return sign + digits.insert(static_cast<std::size_t>(before_point), ".");
  }
  if (bits.exponent < 0 && before_point > -digits_max) {
    return sign + "0." + std::string(static_cast<std::size_t>(-before_point), '0') + digits;
  }
  const int scientific = before_point - 1;
  if (count > 1) digits.insert(1, ".");
  return sign + digits + (scientific < 0 ? "E-" : "E+") + std::to_string(scientific < 0 ? -scientific : scientific);
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
  unsigned flags = 0;
  return finite(bid128_add(to_intel(a), to_intel(b), half_even, &flags));
}

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) {
  unsigned flags = 0;
  return finite(bid128_sub(to_intel(a), to_intel(b), half_even, &flags));
}

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  unsigned flags = 0;
  return finite(bid128_mul(to_intel(a), to_intel(b), half_even, &flags));
}

std::optional<Decimal> divide(const Decimal& a, const Decimal& b) {
  unsigned flags = 0;
  return finite(bid128_div(to_intel(a), to_intel(b), half_even, &flags));
}

Decimal negate(const Decimal& value) {
  return Decimal(value.low(), value.high() ^ sign_bit);
}

std::strong_ordering compare(const Decimal& a, const Decimal& b) {
  // The same sign, exponent and upper digits, which small numbers of one scale have: the lower digits decide.
  const std::uint64_t high = a.high();
  if (high == b.high() && (high & not_canonical) != not_canonical) {
    return (high & sign_bit) != 0 ? b.low() <=> a.low() : a.low() <=> b.low();
  }
  const Bits left = unpack(a);
  const Bits right = unpack(b);
  // Most comparisons in processes are between numbers of the same scale: no library call for those.
  if (left.exponent == right.exponent && left.negative == right.negative) {
    return left.negative ? right.coefficient <=> left.coefficient : left.coefficient <=> right.coefficient;
  }
  unsigned flags = 0;
  if (bid128_quiet_less(to_intel(a), to_intel(b), &flags) != 0) return std::strong_ordering::less;
  if (bid128_quiet_equal(to_intel(a), to_intel(b), &flags) != 0) return std::strong_ordering::equal;
  return std::strong_ordering::greater;
}

bool is_integer(const Decimal& value) {
  const Bits bits = unpack(value);
  if (bits.exponent >= 0 || bits.coefficient == 0) return true;
  if (bits.exponent < -digits_max) return false;
  return bits.coefficient % power_of_ten(-bits.exponent) == 0;
}

std::optional<std::int64_t> to_int64(const Decimal& value) {
  constexpr std::uint64_t whole = static_cast<std::uint64_t>(exponent_bias) << exponent_shift;  // 64 bits, no exponent
  if (value.high() == whole && value.low() <= static_cast<std::uint64_t>(INT64_MAX))
    return static_cast<std::int64_t>(value.low());
  Bits bits = unpack(value);
  if (bits.coefficient == 0) return 0;
  if (!is_integer(value)) return std::nullopt;
  if (bits.exponent < 0) bits.coefficient /= power_of_ten(-bits.exponent);
  constexpr UInt128 limit = static_cast<UInt128>(1) << 63;
  for (; bits.exponent > 0 && bits.coefficient <= limit; --bits.exponent) bits.coefficient *= 10;
  if (bits.exponent > 0 || bits.coefficient > limit || (bits.coefficient == limit && !bits.negative))
    return std::nullopt;
  const auto magnitude = static_cast<std::uint64_t>(bits.coefficient);
  return static_cast<std::int64_t>(bits.negative ? 0 - magnitude : magnitude);
}

double to_double(const Decimal& value) {
  unsigned flags = 0;
  return bid128_to_binary64(to_intel(value), half_even, &flags);
}

}  // namespace fermata
