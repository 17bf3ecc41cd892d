#include "http/v2/object_reader.h"

#include <charconv>
#include <limits>

#include "engine/base/json.h"
#include "engine/base/text.h"

namespace fermata::http {
namespace {

std::string shown(const Value& value) {
  constexpr std::size_t shown_max = 60;
  std::string text = to_json(value);
  if (text.size() <= shown_max) return text;
  return std::string(utf8_prefix(text, shown_max)) + "...";
}

std::optional<std::int64_t> integer_of(const Value& value) {
  if (value.is_number()) return to_int64(value.as_number());
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.as_string();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

}  // namespace

ObjectReader::ObjectReader(const Value& object, std::string path) : object_(object), path_(std::move(path)) {
  if (!object_.is_context()) {
    error_ = (path_.empty() ? std::string("The body") : "The field '" + path_.substr(0, path_.size() - 1) + "'") +
             " must be a JSON object, not " + shown(object_) + ".";
  }
}

void ObjectReader::refuse(std::string message) {
  if (error_.empty()) error_ = std::move(message);
}

void ObjectReader::wrong(std::string_view name, std::string_view expected, const Value& found) {
  refuse("The field '" + path_ + std::string(name) + "' must be " + std::string(expected) + ", not " + shown(found) +
         ".");
}

const Value* ObjectReader::find(std::string_view name) {
  known_.emplace(name);
  const Value* value = object_.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> ObjectReader::text(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return std::string(value->as_string());
  wrong(name, "a string", *value);
  return std::nullopt;
}

std::string ObjectReader::required_text(std::string_view name) {
  std::optional<std::string> value = text(name);
  if (value && !value->empty()) return std::move(*value);
  refuse("The field '" + path_ + std::string(name) + "' is required and must not be empty.");
  return {};
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::int64_t> number = integer_of(*value);
  if (!number) wrong(name, "a whole number", *value);
  return number;
}

std::optional<std::int32_t> ObjectReader::integer32(std::string_view name) {
  const std::optional<std::int64_t> number = integer(name);
  if (!number) return std::nullopt;
  if (*number > std::numeric_limits<std::int32_t>::max() || *number < std::numeric_limits<std::int32_t>::min()) {
    refuse("The field '" + path_ + std::string(name) + "' is out of range: " + std::to_string(*number) + ".");
    return std::nullopt;
  }
  return static_cast<std::int32_t>(*number);
}

std::optional<bool> ObjectReader::flag(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->as_boolean();
  wrong(name, "true or false", *value);
  return std::nullopt;
}

std::optional<Timestamp> ObjectReader::time(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (const Result<Timestamp> parsed = parse_iso8601(value->as_string())) return *parsed;
  }
  wrong(name, "an ISO 8601 date-time with a zone such as \"2026-01-31T12:00:00.000Z\"", *value);
  return std::nullopt;
}

std::optional<std::vector<std::string>> ObjectReader::texts(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::vector<std::string> result;
  if (value->is_list()) {
    for (const Value& item : value->as_list()) {
      if (item.is_string()) result.emplace_back(item.as_string());
    }
    if (result.size() == value->as_list().size()) return result;
  }
  wrong(name, "a list of strings", *value);
  return std::nullopt;
}

Variables ObjectReader::variables(std::string_view name) {
  Variables result;
  if (const Value* value = object(name)) {
    for (const Value::Entry& entry : value->as_context()) result.push_back({entry.key, entry.value});
  }
  return result;
}

const Value* ObjectReader::object(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr || value->is_context()) return value;
  wrong(name, "an object", *value);
  return nullptr;
}

const Value* ObjectReader::list(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr || value->is_list()) return value;
  wrong(name, "a list", *value);
  return nullptr;
}

void ObjectReader::finish() {
  if (!ok()) return;
  for (const Value::Entry& entry : object_.as_context()) {
    if (known_.contains(entry.key)) continue;
    std::string names;
    for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
    refuse("The field '" + path_ + entry.key + "' is not known here. Known are: " + (names.empty() ? "none" : names) +
           ".");
    return;
  }
}

}  // namespace fermata::http
