// Lists (DMN 1.5, table 77): taking apart and putting together.
#include <algorithm>

#include "processes/feel/builtins.h"
#include "processes/feel/function.h"

namespace fermata::feel {
namespace {

bool same(const Call& call, const Value& a, const Value& b) {
  call.step();
  if (a.kind() == b.kind()) call.run.step_through(call.at, a);
  return equal(a, b).value_or(false);
}

bool holds(const Call& call, std::span<const Value> items, const Value& wanted) {
  return std::any_of(items.begin(), items.end(), [&](const Value& item) { return same(call, item, wanted); });
}

Value list_contains(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  return items ? Value::boolean(holds(call, *items, call.argument(1))) : Value::null();
}

Value count(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  return items ? Value::integer(static_cast<std::int64_t>(items->size())) : Value::null();
}

// The index of a 1-based or negative position in a list, or nothing.
std::optional<std::size_t> index_in(const Call& call, std::size_t argument, std::size_t size) {
  const auto position = call.integer(argument);
  if (!position) return std::nullopt;
  const auto count_of_items = static_cast<std::int64_t>(size);
  if (*position >= 1 && *position <= count_of_items) return static_cast<std::size_t>(*position - 1);
  if (*position <= -1 && *position >= -count_of_items) return static_cast<std::size_t>(count_of_items + *position);
  (void)call.null_with("the position is outside of the list");
  return std::nullopt;
}

Value sublist(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  const auto first = index_in(call, 1, items->size());
  if (!first) return Value::null();
  std::size_t length = items->size() - *first;
  if (call.given(2)) {
    const auto wanted = call.integer(2);
    if (!wanted) return Value::null();
    if (*wanted < 0 || static_cast<std::size_t>(*wanted) > length)
      return call.null_with("the length reaches beyond the list");
    length = static_cast<std::size_t>(*wanted);
  }
  const auto part = items->subspan(*first, length);
  return call.made_list({part.begin(), part.end()});
}

Value append(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  Value::List made(items->begin(), items->end());
  for (std::size_t i = 1; i < call.arguments.size(); ++i) made.push_back(call.argument(i));
  return call.made_list(std::move(made));
}

Value concatenate(const Call& call) {
  Value::List made;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    Value storage;
    const auto items = call.list(i, storage);
    if (!items) return Value::null();
    call.charge(items->size() * sizeof(Value));
    made.insert(made.end(), items->begin(), items->end());
  }
  return call.made_list(std::move(made));
}

Value insert_before(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  const auto at = index_in(call, 1, items->size());
  if (!at) return Value::null();
  Value::List made(items->begin(), items->end());
  made.insert(made.begin() + static_cast<std::ptrdiff_t>(*at), call.argument(2));
  return call.made_list(std::move(made));
}

Value remove_at(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  const auto at = index_in(call, 1, items->size());
  if (!at) return Value::null();
  Value::List made(items->begin(), items->end());
  made.erase(made.begin() + static_cast<std::ptrdiff_t>(*at));
  return call.made_list(std::move(made));
}

// list replace(list, position, newItem), or with a function (item, newItem) that says which items to replace.
Value list_replace(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  Value::List made(items->begin(), items->end());
  const Function* match = as_function(call.single(1));
  if (match == nullptr) {
    const auto at = index_in(call, 1, items->size());
    if (!at) return Value::null();
    made[*at] = call.argument(2);
    return call.made_list(std::move(made));
  }
  for (Value& item : made) {
    const Value arguments[] = {item, call.argument(2)};
    const Value hit = match->call(call.run, call.at, arguments);
    if (!hit.is_boolean()) return call.null_with("the function must answer true or false");
    if (hit.as_boolean()) item = call.argument(2);
  }
  return call.made_list(std::move(made));
}

Value reverse(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  return items ? call.made_list({items->rbegin(), items->rend()}) : Value::null();
}

Value index_of(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  Value::List made;
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (same(call, (*items)[i], call.argument(1))) made.push_back(Value::integer(static_cast<std::int64_t>(i) + 1));
  }
  return call.made_list(std::move(made));
}

void add_distinct(const Call& call, Value::List& made, std::span<const Value> items) {
  for (const Value& item : items) {
    if (holds(call, made, item)) continue;
    call.charge(sizeof(Value));
    made.push_back(item);
  }
}

Value union_of(const Call& call) {
  Value::List made;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    Value storage;
    const auto items = call.list(i, storage);
    if (!items) return Value::null();
    add_distinct(call, made, *items);
  }
  return call.made_list(std::move(made));
}

Value distinct_values(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  Value::List made;
  add_distinct(call, made, *items);
  return call.made_list(std::move(made));
}

Value duplicate_values(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  Value::List seen;
  Value::List made;
  for (const Value& item : *items) {
    if (!holds(call, seen, item)) {
      seen.push_back(item);
    } else if (!holds(call, made, item)) {
      made.push_back(item);
    }
  }
  return call.made_list(std::move(made));
}

// Nesting is bounded by the depth of values.
void flatten_into(const Call& call, Value::List& made, std::span<const Value> items) {
  for (const Value& item : items) {
    call.step();
    if (item.is_list()) {
      flatten_into(call, made, item.as_list());
    } else {
      call.charge(sizeof(Value));
      made.push_back(item);
    }
  }
}

Value flatten(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  Value::List made;
  flatten_into(call, made, *items);
  return call.made_list(std::move(made));
}

// Merge sort of our own: it is stable, and a function that contradicts itself cannot lead it astray.
template <class Precedes>
bool merge_sort(Value::List& items, Precedes&& precedes) {
  Value::List sorted(items.size());
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t low = 0; low < items.size(); low += 2 * width) {
      const std::size_t middle = std::min(low + width, items.size());
      const std::size_t high = std::min(low + 2 * width, items.size());
      std::size_t left = low;
      std::size_t right = middle;
      for (std::size_t out = low; out < high; ++out) {
        bool take_right = left == middle;
        if (!take_right && right < high) {
          const std::optional<bool> before = precedes(items[right], items[left]);
          if (!before) return false;
          take_right = *before;
        }
        sorted[out] = take_right ? items[right++] : items[left++];
      }
    }
    items.swap(sorted);
  }
  return true;
}

Value sort(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  call.charge(2 * items->size() * sizeof(Value));
  Value::List made(items->begin(), items->end());
  bool sorted = false;
  if (call.argument(1).is_null()) {
    sorted = merge_sort(made, [&call](const Value& a, const Value& b) -> std::optional<bool> {
      call.step();
      call.run.step_through(call.at, a);
      const auto ordering = order(a, b);
      if (!ordering) return std::nullopt;
      return *ordering < 0;
    });
  } else {
    const Function* precedes = as_function(call.argument(1));
    if (precedes == nullptr) return call.wrong_type(1, "function");
    sorted = merge_sort(made, [&](const Value& a, const Value& b) -> std::optional<bool> {
      const Value arguments[] = {a, b};
      const Value before = precedes->call(call.run, call.at, arguments);
      if (!before.is_boolean()) return std::nullopt;
      return before.as_boolean();
    });
  }
  return sorted ? call.made_list(std::move(made)) : call.null_with("the items cannot be ordered");
}

Value is_empty(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  return items ? Value::boolean(items->empty()) : Value::null();
}

Value partition(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  const auto size = call.integer(1);
  if (!items || !size) return Value::null();
  if (*size < 1) return call.null_with("the size must be at least 1");
  Value::List made;
  for (std::size_t i = 0; i < items->size();) {
    const std::size_t length = std::min(items->size() - i, static_cast<std::size_t>(*size));
    const auto part = items->subspan(i, length);
    made.push_back(call.made_list({part.begin(), part.end()}));
    i += length;
  }
  return call.made_list(std::move(made));
}

}  // namespace

void add_list_builtins(BuiltinTable& table) {
  table.push_back({"list contains", {{{"list", "element"}, 2, list_contains}}});
  table.push_back({"count", {{{"list"}, 1, count}}});
  table.push_back({"sublist", {{{"list", "start position", "length"}, 2, sublist}}});
  table.push_back({"append", {{{"list", "item"}, 1, append, true}}});
  table.push_back({"concatenate", {{{"list"}, 1, concatenate, true}}});
  table.push_back({"insert before", {{{"list", "position", "newItem"}, 3, insert_before}}});
  table.push_back({"remove", {{{"list", "position"}, 2, remove_at}}});
  table.push_back(
      {"list replace",
       {{{"list", "position", "newItem"}, 3, list_replace}, {{"list", "match", "newItem"}, 3, list_replace}}});
  table.push_back({"reverse", {{{"list"}, 1, reverse}}});
  table.push_back({"index of", {{{"list", "match"}, 2, index_of}}});
  table.push_back({"union", {{{"list"}, 1, union_of, true}}});
  table.push_back({"distinct values", {{{"list"}, 1, distinct_values}}});
  table.push_back({"duplicate values", {{{"list"}, 1, duplicate_values}}});
  table.push_back({"flatten", {{{"list"}, 1, flatten}}});
  table.push_back({"sort", {{{"list", "precedes"}, 1, sort}}});
  table.push_back({"is empty", {{{"list"}, 1, is_empty}}});
  table.push_back({"partition", {{{"list", "size"}, 2, partition}}});
}

}  // namespace fermata::feel
