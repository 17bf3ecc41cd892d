// Columns: between the fields() of an entity and the columns of its table, in the same order.
//
// Floor 5, persistence/sqlite only. Times, keys, numbers, flags and enums are INTEGER; texts are TEXT; lists are JSON text with ''
// for an empty one; a Value is JSON text with NULL for null.
//
//   ColumnWriter writer(statement);
//   writer.bind(instance_key);
//   Job::fields(job, writer);            // binds each field at the next position
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "engine/record/codec.h"
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

/// JSON texts that must outlive the step of a statement. Keeps its memory from one use to the next.
class Scratch {
 public:
  void clear() { used_ = 0; }
  [[nodiscard]] std::string& next() {
    if (used_ == buffers_.size()) buffers_.push_back(std::make_unique<std::string>());
    std::string& buffer = *buffers_[used_++];
    buffer.clear();
    return buffer;
  }

 private:
  std::vector<std::unique_ptr<std::string>> buffers_;
  std::size_t used_ = 0;
};

/// Binds one value after the other. With a mask only those fields whose bit is set (bit 0: the first field).
class ColumnWriter {
 public:
  ColumnWriter(Statement& statement, Scratch& scratch, std::uint64_t mask = ~0ULL)
      : statement_(statement), scratch_(scratch), mask_(mask) {
    scratch_.clear();
  }

  template <class T>
  void operator()(std::string_view, const T& field) {
    const bool wanted = (mask_ & 1) != 0;
    mask_ >>= 1;
    if (wanted) bind(field);
  }

  template <class T>
  void bind(const T& field) {
    const int position = ++position_;
    if constexpr (KeyField<T>) {
      statement_.bind(position, field.raw());
    } else if constexpr (std::same_as<T, Timestamp>) {
      statement_.bind(position, field.ms);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      statement_.bind(position, static_cast<std::int64_t>(field));
    } else if constexpr (std::same_as<T, std::string>) {
      statement_.bind(position, std::string_view(field));
    } else if constexpr (std::same_as<T, Value>) {
      if (field.is_null()) return statement_.bind_null(position);
      std::string& text = scratch_.next();
      append_json(text, field);
      statement_.bind(position, std::string_view(text));
    } else {
      if (field.empty()) return statement_.bind(position, std::string_view());
      std::string& text = scratch_.next();
      append_list(text, field);
      statement_.bind(position, std::string_view(text));
    }
  }

 private:
  Statement& statement_;
  Scratch& scratch_;
  std::uint64_t mask_;
  int position_ = 0;
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
      field = std::string(statement_.text(column));
    } else if constexpr (std::same_as<T, Value>) {
      field = Value{};
      if (!statement_.is_null(column)) read_value(statement_.text(column), field);
    } else {
      field.clear();
      const std::string_view json = statement_.text(column);
      if (!json.empty()) good_ = read_list(json, field) && good_;
    }
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] int next_column() const { return column_; }

 private:
  void read_value(std::string_view json, Value& field);

  const Statement& statement_;
  int column_;
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
