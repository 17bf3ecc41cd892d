#include "processes/feel/operators.h"

#include "engine/base/decimal_math.h"

namespace fermata::feel {

std::string_view symbol(ArithmeticOperator op) {
  switch (op) {
    case ArithmeticOperator::add:
      return "+";
    case ArithmeticOperator::subtract:
      return "-";
    case ArithmeticOperator::multiply:
      return "*";
    case ArithmeticOperator::divide:
      return "/";
    case ArithmeticOperator::power:
      return "**";
  }
  return "?";
}

namespace {

// Nullopt: not defined for these types. A null Value inside: defined, but the result is out of range.
using Outcome = std::optional<Value>;

template <class T>
Value boxed_or_null(const std::optional<T>& made) {
  return made ? box(*made) : Value::null();
}

Value number_or_null(const std::optional<Decimal>& made) {
  return made ? Value::number(*made) : Value::null();
}

Value days(Int128 ns) {
  const DaysDuration made{ns};
  return in_range(made) ? box(made) : Value::null();
}

Value months(Int128 count) {
  constexpr Int128 months_max = INT64_MAX / 2;
  if (count > months_max || count < -months_max) return Value::null();
  return box(MonthsDuration{static_cast<std::int64_t>(count)});
}

std::optional<Decimal> compute_numbers(ArithmeticOperator op, const Decimal& a, const Decimal& b) {
  switch (op) {
    case ArithmeticOperator::add:
      return fermata::add(a, b);
    case ArithmeticOperator::subtract:
      return subtract(a, b);
    case ArithmeticOperator::multiply:
      return multiply(a, b);
    case ArithmeticOperator::divide:
      return divide(a, b);
    case ArithmeticOperator::power:
      return power(a, b);
  }
  return std::nullopt;
}

// Nanoseconds as a decimal and back, for durations times numbers. 128 bits of nanoseconds fit into 34 digits within our
// range.
Decimal decimal_of(Int128 value) {
  const auto high = static_cast<std::int64_t>(value / ns_per_second);
  const auto low = static_cast<std::int64_t>(value % ns_per_second);
  return *fermata::add(*multiply(Decimal::from_int64(high), Decimal::from_int64(ns_per_second)),
                       Decimal::from_int64(low));
}

std::optional<Int128> int128_of(const Decimal& value) {
  const std::optional<Decimal> seconds = divide(value, Decimal::from_int64(ns_per_second));
  const std::optional<Decimal> whole = seconds ? round_to(*seconds, 0, Rounding::down) : std::nullopt;
  const std::optional<std::int64_t> high = whole ? to_int64(*whole) : std::nullopt;
  if (!high) return std::nullopt;
  const std::optional<Decimal> rest = subtract(value, *multiply(*whole, Decimal::from_int64(ns_per_second)));
  const std::optional<std::int64_t> low = rest ? to_int64(*round_to(*rest, 0, Rounding::down)) : std::nullopt;
  if (!low) return std::nullopt;
  return static_cast<Int128>(*high) * ns_per_second + *low;
}

Outcome scale_days(const DaysDuration& duration, ArithmeticOperator op, const Decimal& by) {
  const std::optional<Decimal> made = compute_numbers(op, decimal_of(duration.ns), by);
  const std::optional<Int128> ns = made ? int128_of(*made) : std::nullopt;
  return ns ? days(*ns) : Value::null();
}

Outcome scale_months(const MonthsDuration& duration, ArithmeticOperator op, const Decimal& by) {
  const std::optional<Decimal> made = compute_numbers(op, Decimal::from_int64(duration.months), by);
  const std::optional<std::int64_t> count =
      made ? to_int64(round_to(*made, 0, Rounding::down).value_or(*made)) : std::nullopt;
  return count ? months(*count) : Value::null();
}

Outcome scale(const Value& a, ArithmeticOperator op, const Value& b) {
  if (op != ArithmeticOperator::multiply && op != ArithmeticOperator::divide) return std::nullopt;
  if (b.is_number()) {
    if (const auto* length = unbox<DaysDuration>(a)) return scale_days(*length, op, b.as_number());
    if (const auto* length = unbox<MonthsDuration>(a)) return scale_months(*length, op, b.as_number());
  }
  if (a.is_number() && op == ArithmeticOperator::multiply) {
    if (const auto* length = unbox<DaysDuration>(b)) return scale_days(*length, op, a.as_number());
    if (const auto* length = unbox<MonthsDuration>(b)) return scale_months(*length, op, a.as_number());
  }
  if (op == ArithmeticOperator::divide && a.is_boxed() && b.is_boxed()) {
    const auto* x = unbox<DaysDuration>(a);
    const auto* y = unbox<DaysDuration>(b);
    if (x != nullptr && y != nullptr) return number_or_null(divide(decimal_of(x->ns), decimal_of(y->ns)));
    const auto* m = unbox<MonthsDuration>(a);
    const auto* n = unbox<MonthsDuration>(b);
    if (m != nullptr && n != nullptr)
      return number_or_null(divide(Decimal::from_int64(m->months), Decimal::from_int64(n->months)));
  }
  return std::nullopt;
}

DateTime midnight_utc(const Date& date) {
  DateTime time{date, 0, {}};
  time.zone.kind = Zone::Kind::offset;
  return time;
}

// A point in time moved by a duration.
Outcome moved(const Value& point, const Value& length, int direction) {
  if (const auto* by = unbox<DaysDuration>(length)) {
    const DaysDuration span{by->ns * direction};
    if (const auto* time = unbox<DateTime>(point)) return boxed_or_null(add(*time, span));
    if (const auto* time = unbox<TimeOfDay>(point)) return box(add(*time, span));
    if (const auto* date = unbox<Date>(point)) {
      // A date is a midnight; the day on which the sum lies is the result.
      const std::optional<DateTime> sum = add(midnight_utc(*date), span);
      return sum ? box(sum->date) : Value::null();
    }
  }
  if (const auto* by = unbox<MonthsDuration>(length)) {
    const MonthsDuration span{by->months * direction};
    if (const auto* time = unbox<DateTime>(point)) return boxed_or_null(add(*time, span));
    if (const auto* date = unbox<Date>(point)) return boxed_or_null(add_months_checked(*date, span.months));
  }
  return std::nullopt;
}

// The time between two points; nullopt between a local and a zoned one.
Outcome difference(const Value& a, const Value& b) {
  const auto as_time = [](const Value& value) -> std::optional<DateTime> {
    if (const auto* time = unbox<DateTime>(value)) return *time;
    if (const auto* date = unbox<Date>(value)) return midnight_utc(*date);
    return std::nullopt;
  };
  if (const auto* x = unbox<TimeOfDay>(a)) {
    const auto* y = unbox<TimeOfDay>(b);
    if (y == nullptr) return std::nullopt;
    const auto left = offset_of(*x);
    const auto right = offset_of(*y);
    if (left.has_value() != right.has_value()) return std::nullopt;
    return days(static_cast<Int128>(x->ns) - y->ns -
                static_cast<Int128>(left.value_or(0) - right.value_or(0)) * ns_per_second);
  }
  const std::optional<DateTime> x = as_time(a);
  const std::optional<DateTime> y = as_time(b);
  if (!x || !y || (x->zone.kind == Zone::Kind::local) != (y->zone.kind == Zone::Kind::local)) return std::nullopt;
  return days(instant(*x) - instant(*y));
}

Outcome add_or_subtract(const Value& a, ArithmeticOperator op, const Value& b) {
  const int direction = op == ArithmeticOperator::add ? 1 : -1;
  const auto* x = unbox<DaysDuration>(a);
  const auto* y = unbox<DaysDuration>(b);
  if (x != nullptr && y != nullptr) return days(x->ns + direction * y->ns);
  const auto* m = unbox<MonthsDuration>(a);
  const auto* n = unbox<MonthsDuration>(b);
  if (m != nullptr && n != nullptr)
    return months(static_cast<Int128>(m->months) + static_cast<Int128>(n->months) * direction);
  if (Outcome made = moved(a, b, direction)) return made;
  if (op == ArithmeticOperator::add) return moved(b, a, 1);
  return difference(a, b);
}

}  // namespace

Value compute(Evaluation& run, std::uint32_t at, ArithmeticOperator op, const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    constexpr std::uint64_t power_steps = 40;
    if (op == ArithmeticOperator::power) run.step(at, power_steps);
    const std::optional<Decimal> made = compute_numbers(op, a.as_number(), b.as_number());
    if (made) [[likely]]
      return Value::number(*made);
    return run.null_because(at, [&] {
      return to_feel_text(a) + " " + std::string(symbol(op)) + " " + to_feel_text(b) + " is not a finite number";
    });
  }
  if (op == ArithmeticOperator::add && a.is_string() && b.is_string()) {
    run.charge(at, a.as_string().size() + b.as_string().size());
    std::string joined;
    joined.reserve(a.as_string().size() + b.as_string().size());
    joined.append(a.as_string()).append(b.as_string());
    return Value::string(std::move(joined));
  }
  if (a.is_list() && a.as_list().size() == 1 && !b.is_list() && !a.as_list()[0].is_list()) {
    // No implicit conversion: operands of arithmetic are not function parameters. The reason names the way out.
    return run.null_because(at,
                            [&] { return "a list has no " + std::string(symbol(op)) + "; take its item with [1]"; });
  }
  Outcome made;
  if (a.is_boxed() || b.is_boxed()) {
    run.step(at, 6);  // times and zones are taken apart and put together
    made = op == ArithmeticOperator::add || op == ArithmeticOperator::subtract ? add_or_subtract(a, op, b)
                                                                               : scale(a, op, b);
  }
  if (!made) {
    return run.null_because(at, [&] {
      return std::string(type_name(a)) + " " + std::string(symbol(op)) + " " + std::string(type_name(b)) +
             " is not defined";
    });
  }
  if (made->is_null())
    return run.null_because(at, [&] { return std::string("the result is out of the range of its type"); });
  return *std::move(made);
}

Value negated(Evaluation& run, std::uint32_t at, const Value& value) {
  if (value.is_number()) return Value::number(negate(value.as_number()));
  if (const auto* length = unbox<DaysDuration>(value)) return box(DaysDuration{-length->ns});
  if (const auto* length = unbox<MonthsDuration>(value)) return box(MonthsDuration{-length->months});
  return run.null_because(at, [&] { return "there is no negative of a " + std::string(type_name(value)); });
}

}  // namespace fermata::feel
