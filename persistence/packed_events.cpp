#include "persistence/packed_events.h"

#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/base/json.h"
#include "persistence/packed_names.h"

namespace fermata {
namespace {

// What follows a name. 0x00 to 0x7f: a number of that value, nothing follows.
enum Type : unsigned char {
  type_integer = 0x80,   // zigzag varint
  type_key = 0x81,       // zigzag varint, counted from the transition's key
  type_time = 0x82,      // zigzag varint, counted from the transition's time
  type_same_time = 0x83,
  type_true = 0x84,
  type_false = 0x85,
  type_null = 0x86,
  type_number = 0x87,    // decimal text: varint length, bytes
  type_string = 0x88,    // varint length, bytes
  type_list = 0x89,      // varint count, values without names
  type_object = 0x8a,    // fields, then name_end
  type_context = 0x8b,   // varint count, then (varint length, bytes, value) each
};
constexpr unsigned char name_spelled = 0;  // varint length and the bytes of the name follow
constexpr unsigned char name_end = 255;

template <class T>
concept KeyField = requires(T id) { id.raw(); };
template <class T>
concept HasFields = requires(T& entity) { T::fields(entity, [](std::string_view, auto&) {}); };
using TextPairs = std::vector<std::pair<std::string, std::string>>;

unsigned char number_of(std::string_view name) {
  for (std::size_t i = 0; i < packed_names.size(); ++i) {
    if (packed_names[i] == name) return static_cast<unsigned char>(i + 1);
  }
  return name_spelled;
}

// Distances between any two numbers, and back: wrapping around, because damaged bytes may say anything.
std::int64_t minus(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }
std::int64_t plus(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }

constexpr std::size_t fields_max = 24;

/// The name numbers of a struct's fields, looked up once.
template <class T>
const std::array<unsigned char, fields_max>& numbers_of() {
  static const std::array<unsigned char, fields_max> numbers = [] {
    std::array<unsigned char, fields_max> made{};
    std::size_t count = 0;
    T blank{};
    T::fields(blank, [&](std::string_view name, const auto&) { made.at(count++) = number_of(name); });
    return made;
  }();
  return numbers;
}

// ---------------------------------------------------------------- writing

class Packer {
 public:
  Packer(std::string& out, const Transition& transition) : out_(out), key_(transition.key.raw()), at_(transition.at.ms) {}

  template <class Fact>
  void event(const Fact& fact) {
    static const unsigned char number = number_of(Fact::event_name);
    name(number, Fact::event_name);
    fields(fact);
  }

 private:
  void byte(unsigned char value) { out_ += static_cast<char>(value); }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<unsigned char>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<unsigned char>(value));
  }
  void signed_varint(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view bytes) {
    varint(bytes.size());
    out_ += bytes;
  }
  void name(unsigned char number, std::string_view spelled) {
    byte(number);
    if (number == name_spelled) text(spelled);
  }
  void integer(std::int64_t number) {
    if (number >= 0 && number < 0x80) return byte(static_cast<unsigned char>(number));
    byte(type_integer);
    signed_varint(number);
  }

  template <class Struct>
  void fields(const Struct& entity) {
    static const Struct blank{};
    const auto& numbers = numbers_of<Struct>();
    std::size_t index = 0;
    // The defaults are visited in step with the fields, to leave out those that are equal.
    std::array<const void*, fields_max> defaults{};
    Struct::fields(blank, [&](std::string_view, const auto& field) { defaults[index++] = &field; });
    index = 0;
    Struct::fields(entity, [&](std::string_view spelled, const auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      const std::size_t at = index++;
      if (is_default(field, *static_cast<const Field*>(defaults[at]))) return;
      name(numbers[at], spelled);
      value(field);
    });
    byte(name_end);
  }

  template <class T>
  static bool is_default(const T& field, const T& blank) {
    if constexpr (std::same_as<T, Value>) {
      return field.is_null();
    } else if constexpr (HasFields<T>) {
      return false;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || KeyField<T> || std::same_as<T, Timestamp>) {
      return field == blank;
    } else {
      return field.empty();
    }
  }

  template <class T>
  void value(const T& field) {
    if constexpr (std::same_as<T, Value>) {
      json(field);
    } else if constexpr (KeyField<T>) {
      byte(type_key);
      signed_varint(minus(field.raw(), key_));
    } else if constexpr (std::same_as<T, Timestamp>) {
      if (field.ms == at_) return byte(type_same_time);
      byte(type_time);
      signed_varint(minus(field.ms, at_));
    } else if constexpr (std::same_as<T, bool>) {
      byte(field ? type_true : type_false);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      integer(static_cast<std::int64_t>(field));
    } else if constexpr (std::same_as<T, std::string>) {
      byte(type_string);
      text(field);
    } else if constexpr (HasFields<T>) {
      byte(type_object);
      fields(field);
    } else if constexpr (std::same_as<T, Variables>) {
      byte(type_context);
      varint(field.size());
      for (const Variable& variable : field) {
        text(variable.name);
        json(variable.value);
      }
    } else if constexpr (std::same_as<T, TextPairs>) {
      byte(type_context);
      varint(field.size());
      for (const auto& [key, content] : field) {
        text(key);
        value(content);
      }
    } else {
      byte(type_list);
      varint(field.size());
      for (const auto& item : field) value(item);
    }
  }

  void json(const Value& value) {
    switch (value.kind()) {
      case ValueKind::null: return byte(type_null);
      case ValueKind::boolean: return byte(value.as_boolean() ? type_true : type_false);
      case ValueKind::number: return number(value.as_number());
      case ValueKind::string: byte(type_string); return text(value.as_string());
      case ValueKind::list:
        byte(type_list);
        varint(value.as_list().size());
        for (const Value& item : value.as_list()) json(item);
        return;
      case ValueKind::context:
        byte(type_context);
        varint(value.as_context().size());
        for (const Value::Entry& entry : value.as_context()) {
          text(entry.key);
          json(entry.value);
        }
        return;
      case ValueKind::boxed: return json(value.as_boxed().stored_form());
    }
  }
  void number(const Decimal& decimal) {
    if (const std::optional<std::int64_t> whole = to_int64(decimal)) return integer(*whole);
    byte(type_number);
    text(to_string(decimal));
  }

  std::string& out_;
  const std::int64_t key_;
  const std::int64_t at_;
};

// ---------------------------------------------------------------- reading

/// Reads the bytes and writes JSON. Every length and count is checked against what is there.
class Unpacker {
 public:
  Unpacker(std::string_view bytes, TransitionKey key, Timestamp at) : bytes_(bytes), key_(key.raw()), at_(at.ms) {}

  bool events(std::string& out) {
    out += '[';
    bool first = true;
    while (read_ < bytes_.size()) {
      if (!std::exchange(first, false)) out += ',';
      std::string_view event_name;
      if (!name(event_name) || event_name.empty()) return false;
      out += "{\"e\":";
      append_json_string(out, event_name);
      if (!fields(out, false, 0)) return false;
      out += '}';
    }
    out += ']';
    return true;
  }

 private:
  static constexpr int depth_max = 400;

  bool byte(unsigned char& value) {
    if (read_ >= bytes_.size()) return false;
    value = static_cast<unsigned char>(bytes_[read_++]);
    return true;
  }
  bool varint(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      unsigned char part = 0;
      if (!byte(part)) return false;
      value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
      if ((part & 0x80) == 0) return true;
    }
    return false;
  }
  bool signed_varint(std::int64_t& value) {
    std::uint64_t zigzag = 0;
    if (!varint(zigzag)) return false;
    value = static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
    return true;
  }
  bool text(std::string_view& out) {
    std::uint64_t size = 0;
    if (!varint(size) || size > bytes_.size() - read_) return false;
    out = bytes_.substr(read_, size);
    read_ += size;
    return true;
  }
  /// Empty: the end of an object.
  bool name(std::string_view& out) {
    unsigned char number = 0;
    if (!byte(number)) return false;
    out = {};
    if (number == name_end) return true;
    if (number == name_spelled) return text(out) && !out.empty();
    if (number > packed_names.size()) return false;
    out = packed_names[number - 1];
    return true;
  }

  bool fields(std::string& out, bool first, int depth) {
    if (depth > depth_max) return false;
    for (;;) {
      std::string_view field;
      if (!name(field)) return false;
      if (field.empty()) return true;
      if (!std::exchange(first, false)) out += ',';
      append_json_string(out, field);
      out += ':';
      if (!value(out, depth)) return false;
    }
  }

  bool value(std::string& out, int depth) {
    unsigned char type = 0;
    if (depth > depth_max || !byte(type)) return false;
    if (type < 0x80) return append(out, type);
    std::int64_t number = 0;
    std::string_view bytes;
    switch (type) {
      case type_integer: return signed_varint(number) && append(out, number);
      case type_key: return signed_varint(number) && append(out, plus(number, key_));
      case type_time: return signed_varint(number) && append(out, plus(number, at_));
      case type_same_time: return append(out, at_);
      case type_true: out += "true"; return true;
      case type_false: out += "false"; return true;
      case type_null: out += "null"; return true;
      case type_number:
        if (!text(bytes)) return false;
        out += bytes;
        return true;
      case type_string:
        if (!text(bytes)) return false;
        append_json_string(out, bytes);
        return true;
      case type_list: return list(out, depth + 1);
      case type_context: return context(out, depth + 1);
      case type_object:
        out += '{';
        if (!fields(out, true, depth + 1)) return false;
        out += '}';
        return true;
      default: return false;
    }
  }
  static bool append(std::string& out, std::int64_t number) {
    out += std::to_string(number);
    return true;
  }

  bool list(std::string& out, int depth) {
    std::uint64_t count = 0;
    if (!varint(count)) return false;
    out += '[';
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      if (!value(out, depth)) return false;
    }
    out += ']';
    return true;
  }
  bool context(std::string& out, int depth) {
    std::uint64_t count = 0;
    if (!varint(count)) return false;
    out += '{';
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      std::string_view key;
      if (!text(key)) return false;
      append_json_string(out, key);
      out += ':';
      if (!value(out, depth)) return false;
    }
    out += '}';
    return true;
  }

  std::string_view bytes_;
  std::size_t read_ = 0;
  const std::int64_t key_;
  const std::int64_t at_;
};

}  // namespace

void pack_events(std::string& out, const Transition& transition) {
  Packer packer(out, transition);
  for (const Event& event : transition.events) {
    std::visit([&packer](const auto& fact) { packer.event(fact); }, event);
  }
}

Result<std::string> unpack_events(std::string_view bytes, TransitionKey key, Timestamp at) {
  std::string json;
  if (Unpacker(bytes, key, at).events(json)) return json;
  return fail(ErrorCode::data_loss, "the events of transition " + key.text() + " cannot be read: their bytes are damaged");
}

}  // namespace fermata
