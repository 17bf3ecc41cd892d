// Fields: what may be asked of each collection. One table per collection, next to each other in collections.cpp; the memory store reads
// rows through the getters, the SQLite store compiles the same tables to SQL. What is not in a table cannot be asked.
//
// Floor 2, pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::query {

/// What a field yields and what it is compared with. Null is "not there": key 0, time never, the empty text.
struct Scalar {
  enum class Kind : std::uint8_t { null, integer, text };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string text;

  static Scalar of(std::int64_t number) { return {Kind::integer, number, {}}; }
  static Scalar of(std::string_view text) { return text.empty() ? Scalar{} : Scalar{Kind::text, 0, std::string(text)}; }
  static Scalar of_optional(std::int64_t number) { return number == 0 ? Scalar{} : of(number); }
  friend bool operator==(const Scalar&, const Scalar&) = default;
  /// Null first.
  friend bool operator<(const Scalar& a, const Scalar& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.kind == Kind::integer ? a.integer < b.integer : a.text < b.text;
  }
};

enum class FieldType : std::uint8_t {
  key,          ///< 64-bit number or decimal text; 0: null
  integer,
  text,         ///< '': null
  boolean,
  time,         ///< ISO 8601; 0: null
  enumeration,  ///< one of `names`
  text_list,    ///< a condition holds if it holds for one of the texts
  json,         ///< JSON text of a value; compared as canonical text
};

using EnumNames = std::span<const std::pair<std::string_view, std::int64_t>>;

/// What follows from "field = value" and lets SQLite find the rows without reading all of them.
struct IndexHint {
  std::int64_t value = 0;
  std::string_view sql;             ///< an extra condition that an index answers; empty: none
  std::string_view instances = {};  ///< a SELECT of the keys of all instances that can have such rows; empty: none
};

/// Where the value of a field leads to.
enum class LeadsTo : std::uint8_t {
  nothing,
  instance,        ///< it is the key of the instance
  part,            ///< it is the key of something inside the instance, and so leads to it through its transition
  business_key,    ///< the instance's business key
};

struct Field {
  std::string_view name;
  FieldType type = FieldType::text;
  std::string_view sql;  ///< never NULL: joined columns are wrapped in coalesce()
  EnumNames names = {};
  IndexHint hint = {};
  LeadsTo leads_to = LeadsTo::nothing;
};

}  // namespace fermata::query
