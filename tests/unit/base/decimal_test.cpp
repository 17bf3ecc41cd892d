#include "engine/base/decimal.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/base/decimal_math.h"

namespace fermata {
namespace {

std::string text(const std::optional<Decimal>& value) {
  return value ? to_string(*value) : "nullopt";
}
std::string reread(std::string_view number) {
  return text(parse_decimal(number));
}
Decimal dec(std::string_view number) {
  return *parse_decimal(number);
}

TEST(DecimalText, PlainAndShort) {
  EXPECT_EQ(reread("0"), "0");
  EXPECT_EQ(reread("-0.00"), "0");
  EXPECT_EQ(reread("1.10"), "1.1");
  EXPECT_EQ(reread("-12.50"), "-12.5");
  EXPECT_EQ(reread("100"), "100");
  EXPECT_EQ(reread("1e3"), "1000");
  EXPECT_EQ(reread("1E-3"), "0.001");
  EXPECT_EQ(reread(".5"), "0.5");
  EXPECT_EQ(reread("007"), "7");
  EXPECT_EQ(reread("1e33"), "1" + std::string(33, '0'));
  EXPECT_EQ(reread("1e34"), "1E+34");
  EXPECT_EQ(reread("-2.5e-50"), "-2.5E-50");
  EXPECT_EQ(to_string(Decimal{}), "0");
}

TEST(DecimalText, RoundsHalfEvenTo34Digits) {
  EXPECT_EQ(reread("12345678901234567890123456789012345"), "1.234567890123456789012345678901234E+34");
  EXPECT_EQ(reread("12345678901234567890123456789012355"), "1.234567890123456789012345678901236E+34");
  EXPECT_EQ(reread("1.0000000000000000000000000000000005"), "1");
  EXPECT_EQ(reread("1.00000000000000000000000000000000050000001"), "1.000000000000000000000000000000001");
  EXPECT_EQ(reread("9999999999999999999999999999999999.5"), "1E+34");
  EXPECT_EQ(reread("0." + std::string(40, '0') + "1"), "1E-41");
}

TEST(DecimalText, RefusesWhatIsNoNumber) {
  for (const char* bad :
       {"", "-", "+", ".", "1.", "1e", "1e+", "e5", "1.2.3", "0x10", "NaN", "Infinity", "1 ", " 1", "--1", "1_000"}) {
    EXPECT_FALSE(parse_decimal(bad)) << bad;
  }
}

TEST(DecimalText, EndsOfTheRange) {
  EXPECT_EQ(reread("9.999999999999999999999999999999999E+6144"), "9.999999999999999999999999999999999E+6144");
  EXPECT_EQ(reread("1E+6145"), "nullopt");
  EXPECT_EQ(reread("1E+99999999999999999999"), "nullopt");
  EXPECT_EQ(reread("0E+99999999999999999999"), "0");
  EXPECT_EQ(reread("1E-6176"), "1E-6176");
  EXPECT_EQ(reread("1E-99999999999999999999"), "0");
  EXPECT_EQ(reread(std::string(100'000, '9')), "nullopt");
  EXPECT_EQ(reread("1" + std::string(6'000, '0')), "1E+6000");
}

TEST(Decimal, FourOperations) {
  EXPECT_EQ(text(add(dec("0.1"), dec("0.2"))), "0.3");
  EXPECT_EQ(text(subtract(dec("1"), dec("0.9"))), "0.1");
  EXPECT_EQ(text(multiply(dec("1.5"), dec("-2"))), "-3");
  EXPECT_EQ(text(divide(dec("1"), dec("3"))), "0." + std::string(34, '3'));
  EXPECT_EQ(text(divide(dec("1"), dec("0"))), "nullopt");
  EXPECT_EQ(text(multiply(dec("1e6144"), dec("10"))), "nullopt");
  EXPECT_EQ(to_string(negate(dec("3"))), "-3");
}

TEST(Decimal, ComparesByValue) {
  EXPECT_EQ(dec("1.0"), dec("1"));
  EXPECT_EQ(dec("-0"), dec("0"));
  EXPECT_LT(dec("-2"), dec("-1"));
  EXPECT_LT(dec("9.99"), dec("10"));
  EXPECT_GT(dec("1e30"), dec("999"));
}

TEST(Decimal, WholeNumbers) {
  EXPECT_EQ(to_int64(dec("9223372036854775807")), INT64_MAX);
  EXPECT_EQ(to_int64(dec("-9223372036854775808")), INT64_MIN);
  EXPECT_FALSE(to_int64(dec("9223372036854775808")));
  EXPECT_FALSE(to_int64(dec("1e6000")));
  EXPECT_FALSE(to_int64(dec("1.5")));
  EXPECT_EQ(to_int64(dec("1.50e1")), 15);
  EXPECT_EQ(to_int64(Decimal::from_int64(INT64_MIN)), INT64_MIN);
  EXPECT_TRUE(is_integer(dec("10.00")));
  EXPECT_FALSE(is_integer(dec("1e-6000")));
  EXPECT_DOUBLE_EQ(to_double(dec("2.5")), 2.5);
}

TEST(DecimalMath, Rounding) {
  const auto rounded = [](const char* value, int scale, Rounding mode) {
    return text(round_to(dec(value), scale, mode));
  };
  EXPECT_EQ(rounded("2.345", 2, Rounding::half_even), "2.34");
  EXPECT_EQ(rounded("2.345", 2, Rounding::half_up), "2.35");
  EXPECT_EQ(rounded("2.345", 2, Rounding::half_down), "2.34");
  EXPECT_EQ(rounded("-1.5", 0, Rounding::floor), "-2");
  EXPECT_EQ(rounded("-1.5", 0, Rounding::ceiling), "-1");
  EXPECT_EQ(rounded("1.1", 0, Rounding::up), "2");
  EXPECT_EQ(rounded("1250", -2, Rounding::half_even), "1200");
  EXPECT_EQ(rounded("1e-100", 3, Rounding::up), "0.001");
  EXPECT_EQ(rounded("1", 7000, Rounding::up), "nullopt");
  EXPECT_EQ(rounded("123", 6176, Rounding::up), "123");
}

TEST(DecimalMath, PowersRootsLogarithms) {
  EXPECT_EQ(text(power(dec("10"), dec("5"))), "100000");
  EXPECT_EQ(text(power(dec("2"), dec("-2"))), "0.25");
  EXPECT_EQ(text(power(dec("0"), dec("-1"))), "nullopt");
  EXPECT_EQ(text(power(dec("4"), dec("0.5"))), "2");
  EXPECT_EQ(text(power(dec("10"), dec("1e9"))), "nullopt");
  EXPECT_EQ(text(square_root(dec("16"))), "4");
  EXPECT_EQ(text(square_root(dec("-1"))), "nullopt");
  EXPECT_EQ(text(natural_logarithm(dec("0"))), "nullopt");
  EXPECT_EQ(text(exponential(dec("0"))), "1");
}

TEST(DecimalMath, ModuloHasTheSignOfTheDivisor) {
  EXPECT_EQ(text(modulo(dec("10"), dec("4"))), "2");
  EXPECT_EQ(text(modulo(dec("-10"), dec("4"))), "2");
  EXPECT_EQ(text(modulo(dec("10"), dec("-4"))), "-2");
  EXPECT_EQ(text(modulo(dec("10.1"), dec("4.5"))), "1.1");
  EXPECT_EQ(text(modulo(dec("1"), dec("0"))), "nullopt");
}

TEST(DecimalProperty, TextRoundTripsAndAgreesWithIntegers) {
  std::mt19937_64 random(20261121);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = static_cast<std::int64_t>(random()) >> (random() % 40);
    const auto b = static_cast<std::int64_t>(random()) >> (random() % 60 + 2);
    const Decimal x = Decimal::from_int64(a);
    const Decimal y = Decimal::from_int64(b);
    ASSERT_EQ(to_string(x), std::to_string(a));
    ASSERT_EQ(parse_decimal(to_string(x)), x);
    ASSERT_EQ(compare(x, y) < 0, a < b);
    __extension__ const auto sum = static_cast<__int128>(a) + b;
    if (sum >= INT64_MIN && sum <= INT64_MAX) {
      ASSERT_EQ(to_int64(*add(x, y)), static_cast<std::int64_t>(sum));
    }
    const int scale = static_cast<int>(random() % 12);
    const std::string shifted = std::to_string(a) + "e-" + std::to_string(scale);
    ASSERT_EQ(parse_decimal(to_string(dec(shifted))), dec(shifted)) << shifted;
  }
}

}  // namespace
}  // namespace fermata
