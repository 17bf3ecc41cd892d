#include "processes/dmn/lint/samples.h"

#include <algorithm>
#include <optional>
#include <span>

namespace fermata::dmn::lint {
namespace {

using feel::Int128;
using feel::kind_of;
using feel::ns_per_day;
using feel::ns_per_second;
using Kind = feel::Type::Kind;

constexpr Int128 hour = 3'600 * Int128{ns_per_second};
constexpr Int128 minute = 60 * Int128{ns_per_second};

// Dates, times and durations are counted in the smallest unit that they have.
Int128 ticks_of(const Value& value) {
  if (const auto* date = feel::unbox<feel::Date>(value)) return calendar::days_from_civil(*date);
  if (const auto* time = feel::unbox<feel::TimeOfDay>(value)) return time->ns;
  if (const auto* time = feel::unbox<feel::DateTime>(value)) return feel::instant(*time);
  if (const auto* length = feel::unbox<feel::DaysDuration>(value)) return length->ns;
  if (const auto* length = feel::unbox<feel::MonthsDuration>(value)) return length->months;
  return 0;
}

Value value_of(Kind kind, Int128 ticks) {
  switch (kind) {
    case Kind::date:
      return feel::box(calendar::civil_from_days(static_cast<std::int64_t>(ticks)));
    case Kind::time:
      return feel::box(feel::TimeOfDay{static_cast<std::int64_t>(ticks), {}});
    case Kind::date_time:
      return feel::box(feel::from_instant(ticks, {}));
    case Kind::days_duration:
      return feel::box(feel::DaysDuration{ticks});
    default:
      return feel::box(feel::MonthsDuration{static_cast<std::int64_t>(ticks)});
  }
}

// The largest first: a sample is as far from its neighbour as a round step leads.
std::span<const Int128> steps_of(Kind kind) {
  static constexpr Int128 moments[] = {ns_per_day, hour, minute, ns_per_second, 1};
  static constexpr Int128 times[] = {hour, minute, ns_per_second, 1};
  static constexpr Int128 units[] = {1};
  if (kind == Kind::time) return times;
  return kind == Kind::date || kind == Kind::months_duration ? std::span<const Int128>(units) : moments;
}

struct Reach {
  Int128 least;
  Int128 greatest;
};

Reach reach_of(Kind kind) {
  // A year short of FEEL's own range, so that no sample has to be checked against it.
  constexpr Int128 days = calendar::days_from_civil({feel::year_max - 1, 1, 1});
  constexpr Int128 months = INT64_MAX / 2;
  switch (kind) {
    case Kind::date:
      return {-days, days};
    case Kind::time:
      return {0, Int128{ns_per_day} - 1};
    case Kind::date_time:
      return {-days * ns_per_day, days * ns_per_day};
    case Kind::days_duration:
      return {-feel::duration_ns_max, feel::duration_ns_max};
    default:
      return {-months, months};
  }
}

std::optional<Value> tick_between(Kind kind, const Value& low, const Value& high) {
  for (const Int128 step : steps_of(kind)) {
    if (ticks_of(low) + step < ticks_of(high)) return value_of(kind, ticks_of(low) + step);
  }
  return std::nullopt;
}

std::optional<Value> tick_beyond(Kind kind, const Value& boundary, bool above) {
  const Reach reach = reach_of(kind);
  for (const Int128 step : steps_of(kind)) {
    const Int128 ticks = ticks_of(boundary) + (above ? step : -step);
    if (ticks >= reach.least && ticks <= reach.greatest) return value_of(kind, ticks);
  }
  return std::nullopt;
}

std::optional<Value> number_between(const Decimal& low, const Decimal& high) {
  const Decimal one = Decimal::from_int64(1);
  const auto inside = [&](const std::optional<Decimal>& made) { return made && *made > low && *made < high; };
  if (const auto next = add(low, one); is_integer(low) && inside(next)) return Value::number(*next);
  if (const auto before = subtract(high, one); is_integer(high) && inside(before)) return Value::number(*before);
  const auto distance = subtract(high, low);
  const auto half = distance ? divide(*distance, Decimal::from_int64(2)) : std::nullopt;
  const auto middle = half ? add(low, *half) : std::nullopt;
  return inside(middle) ? std::optional(Value::number(*middle)) : std::nullopt;
}

std::optional<Value> number_beyond(const Decimal& boundary, bool above) {
  const Decimal one = Decimal::from_int64(1);
  const auto made = above ? add(boundary, one) : subtract(boundary, one);
  if (!made || (above ? *made <= boundary : *made >= boundary)) return std::nullopt;
  return Value::number(*made);
}

}  // namespace

bool is_ordered(Kind kind) {
  return kind == Kind::number || kind == Kind::date || kind == Kind::time || kind == Kind::date_time ||
         kind == Kind::days_duration || kind == Kind::months_duration;
}

void add_boundaries(const Value& literal, std::vector<Value>& boundaries) {
  boundaries.push_back(literal);
  const Kind kind = kind_of(literal);
  if (kind != Kind::time && kind != Kind::date_time) return;
  const Int128 ticks = ticks_of(literal);
  const Int128 fraction = ((ticks % ns_per_second) + ns_per_second) % ns_per_second;
  for (const Int128 second : {ticks - fraction, ticks - fraction + ns_per_second}) {
    const Reach reach = reach_of(kind);
    if (second != ticks && second >= reach.least && second <= reach.greatest)
      boundaries.push_back(value_of(kind, second));
  }
}

double rough_place(const Value& value) {
  if (value.is_number()) return to_double(value.as_number());
  return is_ordered(kind_of(value)) ? static_cast<double>(ticks_of(value)) : 0;
}

std::vector<Value> ordered_samples(Kind kind, const std::vector<Value>& boundaries, bool& complete) {
  const bool numbers = kind == Kind::number;
  if (boundaries.empty()) return {numbers ? Value::integer(1) : value_of(kind, 0)};
  const auto beyond = [&](const Value& boundary, bool above) {
    return numbers ? number_beyond(boundary.as_number(), above) : tick_beyond(kind, boundary, above);
  };
  std::vector<Value> samples;
  const auto add_if = [&samples](std::optional<Value> made) {
    if (made) samples.push_back(*std::move(made));
    return made.has_value();
  };
  // Nothing is earlier than midnight, nor later than the last moment of a day.
  const bool has_ends = kind == Kind::time;
  complete = add_if(beyond(boundaries.front(), false)) || has_ends;
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    if (i > 0) {
      add_if(numbers ? number_between(boundaries[i - 1].as_number(), boundaries[i].as_number())
                     : tick_between(kind, boundaries[i - 1], boundaries[i]));
    }
    samples.push_back(boundaries[i]);
  }
  complete = (add_if(beyond(boundaries.back(), true)) || has_ends) && complete;
  return samples;
}

}  // namespace fermata::dmn::lint
