// Columns: between the fields() of an entity and the columns of its table, in the same order.
//
// Floor 5, persistence/sqlite only. Times, keys, numbers, flags and enums are INTEGER; texts are TEXT; lists are JSON text with ''
// for an empty one; a Value is JSON text with NULL for null.
//
//   ColumnWriter writer(ops);
//   writer.value(instance_key);
//   Job::fields(job, writer);            // appends each field
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "engine/record/codec.h"
#include "persistence/sqlite/row_ops.h"
#include "persistence/sqlite/statement.h"

namespace fermata::sqlite {

template <class T>
concept KeyField = requires(T id) {
  id.raw();
};

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// Encoded and decoded lists; in columns.cpp.
void append_list(std::string& out, const std::vector<std::string>& list);
void append_list(std::string& out, const std::vector<std::uint32_t>& list);
void append_list(std::string& out, const TextPairs& list);
void append_list(std::string& out, const Variables& list);
[[nodiscard]] bool read_list(std::string_view json, std::vector<std::string>& list);
[[nodiscard]] bool read_list(std::string_view json, std::vector<std::uint32_t>& list);
[[nodiscard]] bool read_list(std::string_view json, TextPairs& list);
[[nodiscard]] bool read_list(std::string_view json, Variables& list);

/// Appends one value after the other to a statement of RowOps. With a mask only those fields whose bit is set (bit 0: the first field).
class ColumnWriter {
 public:
  explicit ColumnWriter(RowOps& ops, std::uint64_t mask = ~0ULL) : ops_(ops), mask_(mask) {}

  template <class T>
  void operator()(std::string_view, const T& field) {
    const bool wanted = (mask_ & 1) != 0;
    mask_ >>= 1;
    if (wanted) value(field);
  }

  template <class T>
  void value(const T& field) {
    if constexpr (KeyField<T>) {
      ops_.value(field.raw());
    } else if constexpr (std::same_as<T, Timestamp>) {
      ops_.value(field.ms);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      ops_.value(static_cast<std::int64_t>(field));
    } else if constexpr (std::same_as<T, std::string>) {
      ops_.value(std::string_view(field));
    } else if constexpr (std::same_as<T, Value>) {
      if (field.is_null()) return ops_.value_null();
      ops_.written(RowOps::Tag::text, [&](std::string& out) { append_json(out, field); });
    } else {
      if (field.empty()) return ops_.value(std::string_view());
      ops_.written(RowOps::Tag::text, [&](std::string& out) { append_list(out, field); });
    }
  }

 private:
  RowOps& ops_;
  std::uint64_t mask_;
};

/// How a field at its default lies in a row.
template <class T>
[[nodiscard]] constexpr std::string_view literal_of_default(const T&) {
  if constexpr (KeyField<T> || std::same_as<T, Timestamp> || std::is_arithmetic_v<T> || std::is_enum_v<T>) {
    return "0";
  } else {
    return std::same_as<T, Value> ? "NULL" : "''";
  }
}

/// Visits fields: whether those whose bit is set (bit 0: the first field) all lie in a row as literal_of_default() says.
class DefaultCheck {
 public:
  explicit DefaultCheck(std::uint64_t mask) : mask_(mask) {}

  template <class T>
  void operator()(std::string_view, const T& field) {
    if ((mask_ & 1) != 0) holds_ = holds_ && is_default(field);
    mask_ >>= 1;
  }
  [[nodiscard]] bool holds() const { return holds_; }

 private:
  template <class T>
  static bool is_default(const T& field) {
    if constexpr (KeyField<T>) {
      return field.raw() == 0;
    } else if constexpr (std::same_as<T, Timestamp>) {
      return field.ms == 0;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      return static_cast<std::int64_t>(field) == 0;
    } else if constexpr (std::same_as<T, Value>) {
      return field.is_null();
    } else {
      return field.empty();
    }
  }

  std::uint64_t mask_;
  bool holds_ = true;
};

/// Reads the columns of the current row one after the other. good() is false after something that cannot have been written by us.
class ColumnReader {
 public:
  explicit ColumnReader(const Statement& statement, int first_column = 0) : statement_(statement), column_(first_column) {}

  template <class T>
  void operator()(std::string_view, T& field) {
    read(field);
  }

  template <class T>
  void read(T& field) {
    const int column = column_++;
    if constexpr (KeyField<T>) {
      field = T{statement_.integer(column)};
    } else if constexpr (std::same_as<T, Timestamp>) {
      field.ms = statement_.integer(column);
    } else if constexpr (std::same_as<T, bool>) {
      field = statement_.integer(column) != 0;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      field = static_cast<T>(statement_.integer(column));
    } else if constexpr (std::same_as<T, std::string>) {
      field = std::string(text(column));
    } else if constexpr (std::same_as<T, Value>) {
      field = Value{};
      if (!statement_.is_null(column)) read_value(text(column), field);
    } else {
      field.clear();
      const std::string_view json = text(column);
      if (!json.empty()) good_ = read_list(json, field) && good_;
    }
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] int next_column() const { return column_; }
  /// Of the texts that were read so far; numbers do not count.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::string_view text(int column) {
    const std::string_view found = statement_.text(column);
    bytes_ += found.size();
    return found;
  }
  void read_value(std::string_view json, Value& field);

  const Statement& statement_;
  int column_;
  std::size_t bytes_ = 0;
  bool good_ = true;
};

/// Columns of an entity: "key, definition, process_id, ..." with an optional prefix "t." before each.
template <class Entity>
[[nodiscard]] std::vector<std::string> column_names();

/// "processId" -> "process_id"
[[nodiscard]] std::string snake_case(std::string_view camel_case);

template <class Entity>
std::vector<std::string> column_names() {
  std::vector<std::string> names;
  Entity blank;
  Entity::fields(blank, [&](std::string_view name, const auto&) { names.push_back(snake_case(name)); });
  return names;
}

}  // namespace fermata::sqlite
