// Numbers (DMN 1.5, table 78).
#include "engine/base/decimal_math.h"
#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

Value number_or_null(const Call& call, const std::optional<Decimal>& made) {
  return made ? Value::number(*made) : call.null_with("the result is not a finite number");
}

// f(n, scale); without a scale, 0 if `scale_optional`.
Value rounded(const Call& call, Rounding mode) {
  const auto number = call.number(0);
  if (!number) return Value::null();
  std::int64_t scale = 0;
  if (call.given(1)) {
    const auto wanted = call.number(1);
    if (!wanted) return Value::null();
    const auto whole = to_int64(round_to(*wanted, 0, Rounding::down).value_or(*wanted));
    if (!whole || *whole < -6111 || *whole > 6176) return call.null_with("the scale must be between -6111 and 6176");
    scale = *whole;
  }
  return number_or_null(call, round_to(*number, static_cast<int>(scale), mode));
}

Value decimal(const Call& call) {
  return rounded(call, Rounding::half_even);
}
Value floor_of(const Call& call) {
  return rounded(call, Rounding::floor);
}
Value ceiling_of(const Call& call) {
  return rounded(call, Rounding::ceiling);
}
Value round_up(const Call& call) {
  return rounded(call, Rounding::up);
}
Value round_down(const Call& call) {
  return rounded(call, Rounding::down);
}
Value round_half_up(const Call& call) {
  return rounded(call, Rounding::half_up);
}
Value round_half_down(const Call& call) {
  return rounded(call, Rounding::half_down);
}

Value abs_of(const Call& call) {
  const Value& value = call.single(0);
  if (const auto* length = unbox<DaysDuration>(value))
    return box(DaysDuration{length->ns < 0 ? -length->ns : length->ns});
  if (const auto* length = unbox<MonthsDuration>(value))
    return box(MonthsDuration{length->months < 0 ? -length->months : length->months});
  const auto number = call.number(0);
  return number ? Value::number(absolute(*number)) : Value::null();
}

// The remainder is found digit by digit: numbers that are far apart take their time.
void step_for_remainder(const Call& call, const Decimal& dividend, const Decimal& divisor) {
  constexpr std::uint64_t steps_when_far = 2'000;
  const auto quotient = divide(absolute(dividend), absolute(divisor));
  if (!quotient || compare(*quotient, *parse_decimal("1e40")) > 0) call.step(steps_when_far);
}

Value modulo_of(const Call& call) {
  const auto dividend = call.number(0);
  const auto divisor = call.number(1);
  if (!dividend || !divisor) return Value::null();
  if (is_zero(*divisor)) return call.null_with("the divisor is 0");
  step_for_remainder(call, *dividend, *divisor);
  return number_or_null(call, modulo(*dividend, *divisor));
}

template <class Code>
Value of_number(const Call& call, Code&& code) {
  call.step(12);
  const auto number = call.number(0);
  return number ? number_or_null(call, code(*number)) : Value::null();
}

Value sqrt_of(const Call& call) {
  return of_number(call, square_root);
}
Value log_of(const Call& call) {
  return of_number(call, natural_logarithm);
}
Value exp_of(const Call& call) {
  return of_number(call, exponential);
}

Value parity(const Call& call, bool wanted_odd) {
  const auto number = call.number(0);
  if (!number) return Value::null();
  step_for_remainder(call, *number, Decimal::from_int64(2));
  const auto rest = modulo(*number, Decimal::from_int64(2));
  if (!rest || !is_integer(*number)) return call.null_with("the argument must be a whole number");
  return Value::boolean(is_zero(*rest) != wanted_odd);
}

Value odd(const Call& call) {
  return parity(call, true);
}
Value even(const Call& call) {
  return parity(call, false);
}

}  // namespace

void add_number_builtins(BuiltinTable& table) {
  table.push_back({"decimal", {{{"n", "scale"}, 2, decimal}}});
  table.push_back({"floor", {{{"n", "scale"}, 1, floor_of}}});
  table.push_back({"ceiling", {{{"n", "scale"}, 1, ceiling_of}}});
  table.push_back({"round up", {{{"n", "scale"}, 2, round_up}}});
  table.push_back({"round down", {{{"n", "scale"}, 2, round_down}}});
  table.push_back({"round half up", {{{"n", "scale"}, 2, round_half_up}}});
  table.push_back({"round half down", {{{"n", "scale"}, 2, round_half_down}}});
  table.push_back({"abs", {{{"n"}, 1, abs_of}}});
  table.push_back({"modulo", {{{"dividend", "divisor"}, 2, modulo_of}}});
  table.push_back({"sqrt", {{{"number"}, 1, sqrt_of}}});
  table.push_back({"log", {{{"number"}, 1, log_of}}});
  table.push_back({"exp", {{{"number"}, 1, exp_of}}});
  table.push_back({"odd", {{{"number"}, 1, odd}}});
  table.push_back({"even", {{{"number"}, 1, even}}});
}

}  // namespace fermata::feel
