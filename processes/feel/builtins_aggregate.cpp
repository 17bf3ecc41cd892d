// Aggregates over lists (DMN 1.5, table 77): called with one list or with the items themselves.
#include <algorithm>

#include "engine/base/decimal_math.h"
#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

// The items: those of the one list, or the arguments.
std::optional<std::span<const Value>> items_of(const Call& call, Value& storage) {
  if (call.arguments.size() == 1) {
    const auto items = call.list(0, storage);
    if (items) call.step(items->size());
    return items;
  }
  call.step(call.arguments.size());
  return call.arguments;
}

Value empty_list(const Call& call) {
  return call.null_with("the list is empty");
}

Value extreme(const Call& call, bool largest) {
  Value storage;
  const auto items = items_of(call, storage);
  if (!items) return Value::null();
  if (items->empty()) return empty_list(call);
  const Value* best = &(*items)[0];
  for (const Value& item : *items) {
    call.run.step_through(call.at, item);
    const auto ordering = order(item, *best);
    if (!ordering) return call.null_with("the items cannot be compared with each other");
    if (largest ? *ordering > 0 : *ordering < 0) best = &item;
  }
  return *best;
}

Value min_of(const Call& call) {
  return extreme(call, false);
}
Value max_of(const Call& call) {
  return extreme(call, true);
}

// All items as numbers; nothing, with a warning, if one is none.
std::optional<std::vector<Decimal>> numbers_of(const Call& call) {
  Value storage;
  const auto items = items_of(call, storage);
  if (!items) return std::nullopt;
  call.charge(items->size() * sizeof(Decimal));
  call.step(3 * items->size());  // what is done with each costs more than to look at it
  std::vector<Decimal> numbers;
  numbers.reserve(items->size());
  for (const Value& item : *items) {
    if (!item.is_number()) {
      (void)call.null_with("the list may hold numbers only");
      return std::nullopt;
    }
    numbers.push_back(item.as_number());
  }
  return numbers;
}

void sort_numbers(const Call& call, std::vector<Decimal>& numbers) {
  constexpr std::uint64_t comparisons_an_item = 4;  // as many as a list has that fits into the steps, in steps
  call.step(comparisons_an_item * numbers.size());
  std::sort(numbers.begin(), numbers.end());
}

std::optional<Decimal> total(std::span<const Decimal> numbers) {
  std::optional<Decimal> sum = Decimal{};
  for (const Decimal& number : numbers) sum = sum ? add(*sum, number) : sum;
  return sum;
}

std::optional<Decimal> average(std::span<const Decimal> numbers) {
  const std::optional<Decimal> sum = total(numbers);
  return sum ? divide(*sum, Decimal::from_int64(static_cast<std::int64_t>(numbers.size()))) : std::nullopt;
}

Value number_or_null(const Call& call, const std::optional<Decimal>& made) {
  return made ? Value::number(*made) : call.null_with("the result is not a finite number");
}

// sum and mean also take durations of one kind.
template <class T, class Field>
std::optional<Value> total_of_durations(const Call& call, bool mean, Field&& field) {
  Value storage;
  const auto items = items_of(call, storage);
  if (!items || items->empty() || unbox<T>((*items)[0]) == nullptr) return std::nullopt;
  Int128 sum = 0;
  for (const Value& item : *items) {
    const T* duration = unbox<T>(item);
    if (duration == nullptr) return call.null_with("the list may hold durations of one kind only");
    sum += field(*duration);
  }
  if (mean) sum /= static_cast<Int128>(items->size());
  if constexpr (std::is_same_v<T, DaysDuration>) {
    const DaysDuration made{sum};
    return in_range(made) ? box(made) : call.null_with("the result is out of the range of a duration");
  } else {
    if (sum > INT64_MAX / 2 || sum < -(INT64_MAX / 2))
      return call.null_with("the result is out of the range of a duration");
    return box(MonthsDuration{static_cast<std::int64_t>(sum)});
  }
}

std::optional<Value> of_durations(const Call& call, bool mean) {
  if (auto made = total_of_durations<DaysDuration>(call, mean, [](const DaysDuration& d) { return d.ns; })) return made;
  return total_of_durations<MonthsDuration>(call, mean,
                                            [](const MonthsDuration& d) { return static_cast<Int128>(d.months); });
}

// Without a copy of the numbers; nothing if there are others, or too much of them, or none.
std::optional<std::int64_t> sum_of_whole_numbers(const Call& call) {
  const bool one_list = call.arguments.size() == 1 && call.arguments[0].is_list();
  const std::span<const Value> items = one_list ? call.arguments[0].as_list() : call.arguments;
  call.step(items.size());
  std::int64_t sum = 0;
  for (const Value& item : items) {
    const std::optional<std::int64_t> whole = item.is_number() ? to_int64(item.as_number()) : std::nullopt;
    if (!whole || __builtin_add_overflow(sum, *whole, &sum)) return std::nullopt;
  }
  if (items.empty()) return std::nullopt;
  return sum;
}

Value sum(const Call& call) {
  if (auto made = of_durations(call, false)) return *std::move(made);
  if (const auto whole = sum_of_whole_numbers(call)) return Value::integer(*whole);
  const auto numbers = numbers_of(call);
  if (!numbers) return Value::null();
  if (numbers->empty()) return empty_list(call);
  return number_or_null(call, total(*numbers));
}

Value mean(const Call& call) {
  if (auto made = of_durations(call, true)) return *std::move(made);
  const auto numbers = numbers_of(call);
  if (!numbers) return Value::null();
  if (numbers->empty()) return empty_list(call);
  return number_or_null(call, average(*numbers));
}

Value product(const Call& call) {
  const auto numbers = numbers_of(call);
  if (!numbers) return Value::null();
  if (numbers->empty()) return empty_list(call);
  std::optional<Decimal> made = Decimal::from_int64(1);
  for (const Decimal& number : *numbers) made = made ? multiply(*made, number) : made;
  return number_or_null(call, made);
}

Value median(const Call& call) {
  auto numbers = numbers_of(call);
  if (!numbers) return Value::null();
  if (numbers->empty()) return empty_list(call);
  sort_numbers(call, *numbers);
  const std::size_t middle = numbers->size() / 2;
  if (numbers->size() % 2 == 1) return Value::number((*numbers)[middle]);
  const Decimal two[] = {(*numbers)[middle - 1], (*numbers)[middle]};
  return number_or_null(call, average(two));
}

// The standard deviation of a sample.
Value stddev(const Call& call) {
  const auto numbers = numbers_of(call);
  if (!numbers) return Value::null();
  if (numbers->size() < 2) return call.null_with("needs at least two numbers");
  const std::optional<Decimal> middle = average(*numbers);
  std::optional<Decimal> squares = Decimal{};
  for (const Decimal& number : *numbers) {
    const std::optional<Decimal> distance = middle ? subtract(number, *middle) : std::nullopt;
    const std::optional<Decimal> square = distance ? multiply(*distance, *distance) : std::nullopt;
    squares = squares && square ? add(*squares, *square) : std::nullopt;
  }
  const std::optional<Decimal> variance =
      squares ? divide(*squares, Decimal::from_int64(static_cast<std::int64_t>(numbers->size()) - 1)) : std::nullopt;
  return number_or_null(call, variance ? square_root(*variance) : std::nullopt);
}

// The most frequent numbers, ascending.
Value mode(const Call& call) {
  auto numbers = numbers_of(call);
  if (!numbers) return Value::null();
  sort_numbers(call, *numbers);
  std::size_t most = 0;
  Value::List made;
  for (std::size_t i = 0; i < numbers->size();) {
    std::size_t end = i;
    while (end < numbers->size() && (*numbers)[end] == (*numbers)[i]) ++end;
    if (end - i > most) {
      most = end - i;
      made.clear();
    }
    if (end - i == most) made.push_back(Value::number((*numbers)[i]));
    i = end;
  }
  return call.made_list(std::move(made));
}

// all() and any(): one item decides, otherwise an item that is no boolean makes it null.
Value decide(const Call& call, bool deciding) {
  Value storage;
  const auto items = items_of(call, storage);
  if (!items) return Value::null();
  bool unknown = false;
  for (const Value& item : *items) {
    if (item.is_boolean() && item.as_boolean() == deciding) return item;
    unknown = unknown || !item.is_boolean();
  }
  return unknown ? call.null_with("the list holds what is no boolean") : Value::boolean(!deciding);
}

Value all(const Call& call) {
  return decide(call, false);
}
Value any(const Call& call) {
  return decide(call, true);
}

}  // namespace

void add_aggregate_builtins(BuiltinTable& table) {
  table.push_back({"min", {{{"list"}, 1, min_of, true}}});
  table.push_back({"max", {{{"list"}, 1, max_of, true}}});
  table.push_back({"sum", {{{"list"}, 1, sum, true}}});
  table.push_back({"mean", {{{"list"}, 1, mean, true}}});
  table.push_back({"product", {{{"list"}, 1, product, true}}});
  table.push_back({"median", {{{"list"}, 1, median, true}}});
  table.push_back({"stddev", {{{"list"}, 1, stddev, true}}});
  table.push_back({"mode", {{{"list"}, 1, mode, true}}});
  table.push_back({"all", {{{"list"}, 1, all, true}}});
  table.push_back({"any", {{{"list"}, 1, any, true}}});
}

}  // namespace fermata::feel
