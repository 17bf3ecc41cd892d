#include "persistence/sqlite/columns.h"

#include <utility>

namespace fermata::sqlite {
namespace {

/// A stored value may be a little deeper than what a client may send: expressions wrap values.
constexpr std::size_t stored_depth_max = limits::value_depth_max + 50;

}  // namespace

void append_list(std::string& out, const std::vector<std::string>& list) {
  char separator = '[';
  for (const std::string& text : list) {
    out += std::exchange(separator, ',');
    append_json_string(out, text);
  }
  out += ']';
}

void append_list(std::string& out, const std::vector<std::uint32_t>& list) {
  char separator = '[';
  for (const std::uint32_t number : list) {
    out += std::exchange(separator, ',');
    out += std::to_string(number);
  }
  out += ']';
}

void append_list(std::string& out, const TextPairs& list) {
  char separator = '{';
  for (const auto& [name, text] : list) {
    out += std::exchange(separator, ',');
    append_json_string(out, name);
    out += ':';
    append_json_string(out, text);
  }
  out += '}';
}

void append_list(std::string& out, const Variables& list) { out += encode_variables(list); }

bool read_list(std::string_view json, std::vector<std::string>& list) {
  const Result<Value> value = parse_json(json);
  if (!value || !value->is_list()) return false;
  for (const Value& item : value->as_list()) {
    if (!item.is_string()) return false;
    list.emplace_back(item.as_string());
  }
  return true;
}

bool read_list(std::string_view json, std::vector<std::uint32_t>& list) {
  const Result<Value> value = parse_json(json);
  if (!value || !value->is_list()) return false;
  for (const Value& item : value->as_list()) {
    const auto number = item.is_number() ? to_int64(item.as_number()) : std::nullopt;
    if (!number || *number < 0 || *number > UINT32_MAX) return false;
    list.push_back(static_cast<std::uint32_t>(*number));
  }
  return true;
}

bool read_list(std::string_view json, TextPairs& list) {
  const Result<Value> value = parse_json(json);
  if (!value || !value->is_context()) return false;
  for (const Value::Entry& entry : value->as_context()) {
    if (!entry.value.is_string()) return false;
    list.emplace_back(entry.key, std::string(entry.value.as_string()));
  }
  return true;
}

bool read_list(std::string_view json, Variables& list) {
  Result<Value> value = parse_json(json, stored_depth_max);
  if (!value || !value->is_context()) return false;
  for (const Value::Entry& entry : value->as_context()) list.push_back({entry.key, entry.value});
  return true;
}

void ColumnReader::read_value(std::string_view json, Value& field) {
  Result<Value> value = parse_json(json, stored_depth_max);
  if (value) {
    field = std::move(*value);
  } else {
    good_ = false;
  }
}

std::string snake_case(std::string_view camel_case) {
  std::string made;
  for (const char c : camel_case) {
    if (c >= 'A' && c <= 'Z') made += '_';
    made += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return made;
}

}  // namespace fermata::sqlite
