// Contexts (DMN 1.5, table 83).
#include <algorithm>

#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

// The value at a path of keys; nothing when a step is missing.
Value get_value(const Call& call) {
  const Value* context = call.context(0);
  if (context == nullptr) return Value::null();
  const Value& keys = call.argument(1);
  const std::span<const Value> path = keys.is_list() ? keys.as_list() : std::span<const Value>(&keys, 1);
  const Value* at = context;
  for (const Value& key : path) {
    call.step();
    if (!key.is_string()) return call.wrong_type(1, "string or list of strings");
    at = at->find(key.as_string());
    if (at == nullptr) return call.null_with("the context has no such entry");
  }
  return path.empty() ? call.null_with("the list of keys is empty") : *at;
}

Value get_entries(const Call& call) {
  const Value* context = call.context(0);
  if (context == nullptr) return Value::null();
  Value::List made;
  for (const Value::Entry& entry : context->as_context()) {
    made.push_back(call.made_context({{"key", Value::string(entry.key)}, {"value", entry.value}}));
  }
  return call.made_list(std::move(made));
}

Value context_of(const Call& call) {
  Value storage;
  const auto entries = call.list(0, storage);
  if (!entries) return Value::null();
  Value::Entries made;
  for (const Value& entry : *entries) {
    call.step();
    const Value* key = entry.find("key");
    const Value* value = entry.find("value");
    if (key == nullptr || value == nullptr || !key->is_string())
      return call.null_with("each entry needs a key, which is a string, and a value");
    const bool seen = std::any_of(made.begin(), made.end(), [&](const Value::Entry& other) {
      call.step();
      return other.key == key->as_string();
    });
    if (seen) return call.null_with("two entries have the same key");
    call.charge(key->as_string().size());
    made.push_back({std::string(key->as_string()), *value});
  }
  return call.made_context(std::move(made));
}

// A copy of the context with the value at the path of keys.
std::optional<Value> put(const Call& call, const Value& context, std::span<const Value> path, const Value& value) {
  if (path.empty() || !path[0].is_string() || !context.is_context()) return std::nullopt;
  const std::string_view key = path[0].as_string();
  Value placed = value;
  if (path.size() > 1) {
    const Value* inner = context.find(key);
    if (inner == nullptr) return std::nullopt;
    std::optional<Value> changed = put(call, *inner, path.subspan(1), value);
    if (!changed) return std::nullopt;
    placed = *std::move(changed);
  }
  Value::Entries entries;
  bool replaced = false;
  for (const Value::Entry& entry : context.as_context()) {
    call.charge(entry.key.size() + sizeof(Value::Entry));
    const bool hit = entry.key == key;
    replaced = replaced || hit;
    entries.push_back({entry.key, hit ? placed : entry.value});
  }
  if (!replaced) entries.push_back({std::string(key), std::move(placed)});
  return call.made_context(std::move(entries));
}

Value context_put(const Call& call) {
  const Value* context = call.context(0);
  if (context == nullptr) return Value::null();
  const Value& keys = call.argument(1);
  const std::span<const Value> path = keys.is_list() ? keys.as_list() : std::span<const Value>(&keys, 1);
  if (path.size() > fermata::limits::value_depth_max) return call.null_with("there are too many keys");
  std::optional<Value> made = put(call, *context, path, call.argument(2));
  return made ? *std::move(made) : call.null_with("the keys must be strings that lead from context to context");
}

Value context_put_one(const Call& call) {
  if (!call.single(1).is_string()) return call.wrong_type(1, "string");
  return context_put(call);
}

Value context_merge(const Call& call) {
  Value storage;
  const auto contexts = call.list(0, storage);
  if (!contexts) return Value::null();
  Value::Entries made;
  for (const Value& context : *contexts) {
    if (!context.is_context()) return call.null_with("the list may hold contexts only");
    for (const Value::Entry& entry : context.as_context()) {
      call.step(1 + made.size());
      call.charge(entry.key.size() + sizeof(Value::Entry));
      const auto seen = std::find_if(made.begin(), made.end(),
                                     [&entry](const Value::Entry& other) { return other.key == entry.key; });
      if (seen != made.end()) {
        seen->value = entry.value;
      } else {
        made.push_back(entry);
      }
    }
  }
  return call.made_context(std::move(made));
}

}  // namespace

void add_context_builtins(BuiltinTable& table) {
  table.push_back(
      {"get value",
       {{{"m", "key"}, 2, get_value}, {{"context", "key"}, 2, get_value}, {{"context", "keys"}, 2, get_value}}});
  table.push_back({"get entries", {{{"m"}, 1, get_entries}, {{"context"}, 1, get_entries}}});
  table.push_back({"context", {{{"entries"}, 1, context_of}}});
  table.push_back(
      {"context put",
       {{{"context", "keys", "value"}, 3, context_put}, {{"context", "key", "value"}, 3, context_put_one}}});
  table.push_back({"context merge", {{{"contexts"}, 1, context_merge}}});
}

}  // namespace fermata::feel
