// Json: a small JSON tree for plugins that keeps numbers as the exact decimal text they came as.
//
// Header-only, depends on the standard library alone. A double would turn 12345678901234567890.10 into something else,
// and an order amount must not change on its way through a connector.
//
//   Json input = Json::parse(R"({"amount": 10.50, "lines": [1, 2]})");
//   input.at("amount").number_text()      ->  "10.50"
//   Json::object({{"ok", true}}).dump()   ->  {"ok":true}
#pragma once

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::sdk {

namespace detail {
class JsonReader;
}

/// Thrown by Json::parse and by the typed accessors. The fence at the door turns it into a failure that is not retried.
class JsonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Json {
 public:
  enum class Kind { null, boolean, number, string, array, object };
  using Member = std::pair<std::string, Json>;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : kind_(Kind::boolean), boolean_(value) {}
  Json(int value) : Json(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : kind_(Kind::number), text_(std::to_string(value)) {}
  Json(const char* value) : kind_(Kind::string), text_(value) {}
  Json(std::string_view value) : kind_(Kind::string), text_(value) {}
  Json(std::string value) : kind_(Kind::string), text_(std::move(value)) {}

  /// A number from its JSON text. Throws JsonError if `text` is not exactly one JSON number.
  static Json number(std::string_view text);
  static Json array(std::vector<Json> items = {});
  static Json object(std::initializer_list<Member> members = {});
  /// An object of any size in linear time, where set() would look through all members each time. Of a key given twice
  /// the last value is kept, at the place of the first.
  static Json object_of(std::vector<Member> members);
  /// Reads one document (RFC 8259). Throws JsonError with the byte position: syntax, nesting beyond `depth_max`. Of a
  /// key given twice the last value is kept.
  static Json parse(std::string_view text, int depth_max = 100);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_null() const noexcept { return kind_ == Kind::null; }
  [[nodiscard]] bool is_bool() const noexcept { return kind_ == Kind::boolean; }
  [[nodiscard]] bool is_number() const noexcept { return kind_ == Kind::number; }
  [[nodiscard]] bool is_string() const noexcept { return kind_ == Kind::string; }
  [[nodiscard]] bool is_array() const noexcept { return kind_ == Kind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind_ == Kind::object; }

  /// Typed access; each throws JsonError if this is of another kind.
  [[nodiscard]] bool as_bool() const { return expect(Kind::boolean), boolean_; }
  [[nodiscard]] const std::string& as_string() const { return expect(Kind::string), text_; }
  [[nodiscard]] const std::string& number_text() const { return expect(Kind::number), text_; }
  /// A whole number in the range of int64; throws JsonError otherwise (1.5 is no integer, 2.0 and 1e3 are).
  [[nodiscard]] std::int64_t as_int() const;
  [[nodiscard]] const std::vector<Json>& items() const { return expect(Kind::array), items_; }
  [[nodiscard]] const std::vector<Member>& members() const { return expect(Kind::object), members_; }

  /// The member `key`, or null if this is no object or has none. The pointer lives until this object is changed.
  [[nodiscard]] const Json* find(std::string_view key) const noexcept;
  /// The member `key`; throws JsonError naming it if it is missing.
  [[nodiscard]] const Json& at(std::string_view key) const;
  /// The string member `key`, or `fallback` if it is missing or null; throws JsonError if it is something else.
  [[nodiscard]] std::string string_or(std::string_view key, std::string_view fallback) const;
  [[nodiscard]] std::int64_t int_or(std::string_view key, std::int64_t fallback) const;
  [[nodiscard]] bool bool_or(std::string_view key, bool fallback) const;

  /// Sets or replaces a member; a null becomes an object first. Returns the member. For many members see object_of.
  Json& set(std::string key, Json value);
  /// Appends; a null becomes an array first. Returns the new item.
  Json& push(Json value);

  [[nodiscard]] std::string dump() const {
    std::string out;
    append_to(out);
    return out;
  }
  void append_to(std::string& out) const;
  /// Appends `text` as a JSON string with quotes. Invalid UTF-8 is replaced by U+FFFD, so that the result is always
  /// valid.
  static void append_string(std::string& out, std::string_view text);

  /// Same tree, where numbers are compared by text and members without regard to their order.
  [[nodiscard]] bool operator==(const Json& other) const;

 private:
  friend class detail::JsonReader;
  void expect(Kind kind) const {
    if (kind_ != kind) throw JsonError(std::string("expected ") + name_of(kind) + ", found " + name_of(kind_));
  }
  static const char* name_of(Kind kind) noexcept {
    constexpr const char* names[] = {"null", "a boolean", "a number", "a string", "an array", "an object"};
    return names[static_cast<int>(kind)];
  }

  Kind kind_ = Kind::null;
  bool boolean_ = false;
  std::string text_;
  std::vector<Json> items_;
  std::vector<Member> members_;
};

}  // namespace fermata::sdk

#include "activities/sdk/json_impl.h"
