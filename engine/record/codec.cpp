#include "engine/record/codec.h"

#include <charconv>
#include <type_traits>
#include <utility>

#include "engine/base/json.h"

namespace fermata {
namespace {

template <class T>
concept IsStrongId = requires(T id) {
  id.raw();
};
template <class T>
concept IsTimestamp = std::is_same_v<T, Timestamp>;
template <class T>
concept HasFields = requires(T& entity) {
  T::fields(entity, [](std::string_view, auto&) {});
};

void append_number(std::string& out, std::int64_t number) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  out.append(buffer, end.ptr);
}

template <class T>
bool is_default(const T& value) {
  if constexpr (std::is_same_v<T, Value>) {
    return value.is_null();
  } else if constexpr (IsStrongId<T>) {
    return value.raw() == 0;
  } else if constexpr (IsTimestamp<T>) {
    return value.ms == 0;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return false;
  } else if constexpr (std::is_enum_v<T>) {
    return false;
  } else if constexpr (HasFields<T>) {
    return false;
  } else {
    return value.empty();
  }
}

// ---- writing ----

template <class T>
void write(std::string& out, const T& value);

void write_variables(std::string& out, const Variables& variables) {
  out += '{';
  bool first = true;
  for (const Variable& variable : variables) {
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, variable.name);
    out += ':';
    append_json(out, variable.value);
  }
  out += '}';
}

template <class T>
void write_fields(std::string& out, const T& entity, bool first) {
  T::fields(entity, [&](std::string_view name, const auto& field) {
    if (is_default(field)) return;
    if (!std::exchange(first, false)) out += ',';
    out += '"';
    out += name;
    out += "\":";
    write(out, field);
  });
}

template <class T>
void write(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, Value>) {
    append_json(out, value);
  } else if constexpr (IsStrongId<T>) {
    append_number(out, value.raw());
  } else if constexpr (IsTimestamp<T>) {
    append_number(out, value.ms);
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    append_number(out, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_arithmetic_v<T>) {
    append_number(out, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, std::string>) {
    append_json_string(out, value);
  } else if constexpr (std::is_same_v<T, Variables>) {
    write_variables(out, value);
  } else if constexpr (HasFields<T>) {
    out += '{';
    write_fields(out, value, true);
    out += '}';
  } else if constexpr (std::is_same_v<T, std::vector<std::pair<std::string, std::string>>>) {
    out += '{';
    bool first = true;
    for (const auto& [key, text] : value) {
      if (!std::exchange(first, false)) out += ',';
      append_json_string(out, key);
      out += ':';
      append_json_string(out, text);
    }
    out += '}';
  } else {
    out += '[';
    bool first = true;
    for (const auto& item : value) {
      if (!std::exchange(first, false)) out += ',';
      write(out, item);
    }
    out += ']';
  }
}

// ---- reading ----

template <class T>
bool read(const Value& json, T& out);

bool read_number(const Value& json, std::int64_t& out) {
  if (!json.is_number()) return false;
  const std::optional<std::int64_t> number = to_int64(json.as_number());
  if (number) out = *number;
  return number.has_value();
}

template <class T>
bool read_fields(const Value& json, T& entity) {
  if (!json.is_context()) return false;
  bool good = true;
  T::fields(entity, [&](std::string_view name, auto& field) {
    const Value* found = json.find(name);
    using Field = std::remove_reference_t<decltype(field)>;
    if (found == nullptr) {
      // Left out because it had no content; numbers, enums and flags are always written.
      if constexpr (!std::is_arithmetic_v<Field> && !std::is_enum_v<Field>) field = Field{};
      return;
    }
    good = read(*found, field) && good;
  });
  return good;
}

template <class T>
bool read(const Value& json, T& out) {
  std::int64_t number = 0;
  if constexpr (std::is_same_v<T, Value>) {
    out = json;
    return true;
  } else if constexpr (IsStrongId<T>) {
    if (!read_number(json, number)) return false;
    out = T{number};
    return true;
  } else if constexpr (IsTimestamp<T>) {
    return read_number(json, out.ms);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) return false;
    out = json.as_boolean();
    return true;
  } else if constexpr (std::is_enum_v<T> || std::is_arithmetic_v<T>) {
    if (!read_number(json, number)) return false;
    out = static_cast<T>(number);
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) return false;
    out = std::string(json.as_string());
    return true;
  } else if constexpr (std::is_same_v<T, Variables>) {
    if (!json.is_context()) return false;
    out.clear();
    for (const Value::Entry& entry : json.as_context()) out.push_back({entry.key, entry.value});
    return true;
  } else if constexpr (HasFields<T>) {
    return read_fields(json, out);
  } else if constexpr (std::is_same_v<T, std::vector<std::pair<std::string, std::string>>>) {
    if (!json.is_context()) return false;
    out.clear();
    for (const Value::Entry& entry : json.as_context()) {
      if (!entry.value.is_string()) return false;
      out.emplace_back(entry.key, std::string(entry.value.as_string()));
    }
    return true;
  } else {
    if (!json.is_list()) return false;
    out.clear();
    for (const Value& item : json.as_list()) {
      typename T::value_type made{};
      if (!read(item, made)) return false;
      out.push_back(std::move(made));
    }
    return true;
  }
}

template <std::size_t Index = 0>
bool read_event(std::string_view name, const Value& json, Event& out) {
  if constexpr (Index == std::variant_size_v<Event>) {
    return false;
  } else {
    using Kind = std::variant_alternative_t<Index, Event>;
    if (name != Kind::event_name) return read_event<Index + 1>(name, json, out);
    Kind event{};
    if (!read_fields(json, event)) return false;
    out = std::move(event);
    return true;
  }
}

}  // namespace

void append_event(std::string& out, const Event& event) {
  std::visit(
      [&out](const auto& fact) {
        out += "{\"e\":\"";
        out += std::remove_cvref_t<decltype(fact)>::event_name;
        out += '"';
        write_fields(out, fact, false);
        out += '}';
      },
      event);
}

std::string encode_events(const std::vector<Event>& events) {
  std::string out = "[";
  for (const Event& event : events) {
    if (out.size() > 1) out += ',';
    append_event(out, event);
  }
  out += ']';
  return out;
}

Result<std::vector<Event>> decode_events(std::string_view json) {
  const Result<Value> list = parse_json(json, limits::value_depth_max + 10);
  if (!list) return fail(list.error());
  if (!list->is_list()) return fail(ErrorCode::data_loss, "stored events are not a list");
  std::vector<Event> events;
  for (const Value& item : list->as_list()) {
    const Value* name = item.find("e");
    Event event;
    if (name == nullptr || !name->is_string() || !read_event(name->as_string(), item, event)) {
      return fail(ErrorCode::data_loss, "a stored event cannot be read: " + to_json(item).substr(0, 200));
    }
    events.push_back(std::move(event));
  }
  return events;
}

std::string_view name_of(const Event& event) {
  return std::visit([](const auto& fact) { return std::remove_cvref_t<decltype(fact)>::event_name; }, event);
}

template <class Entity>
std::string encode_entity(const Entity& entity) {
  std::string out;
  write(out, entity);
  return out;
}

template <class Entity>
std::optional<Entity> decode_entity(const Value& json) {
  Entity entity;
  if (!read(json, entity)) return std::nullopt;
  return entity;
}

template std::optional<Definition> decode_entity(const Value&);
template std::optional<DecisionDefinition> decode_entity(const Value&);
template std::optional<DecisionInstance> decode_entity(const Value&);

template std::string encode_entity(const ProcessInstance&);
template std::string encode_entity(const ElementInstance&);
template std::string encode_entity(const StoredVariable&);
template std::string encode_entity(const Token&);
template std::string encode_entity(const Job&);
template std::string encode_entity(const Timer&);
template std::string encode_entity(const Subscription&);
template std::string encode_entity(const UserTask&);
template std::string encode_entity(const Incident&);
template std::string encode_entity(const Definition&);
template std::string encode_entity(const Resource&);
template std::string encode_entity(const DecisionDefinition&);
template std::string encode_entity(const DecisionInstance&);
template std::string encode_entity(const Message&);
template std::string encode_entity(const RequestRecord&);

std::string encode_strings(const std::vector<std::string>& list) {
  std::string out;
  write(out, list);
  return out;
}

std::string encode_variables(const Variables& variables) {
  std::string out;
  write_variables(out, variables);
  return out;
}

Result<Variables> decode_variables(std::string_view json_object) {
  const Result<Value> json = parse_json(json_object);
  if (!json) return fail(json.error());
  Variables variables;
  if (!read(*json, variables)) return fail(ErrorCode::invalid_argument, "variables must be a JSON object");
  return variables;
}

}  // namespace fermata
