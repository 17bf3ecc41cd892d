// What a command prints: JSON as it came, or a table that fits a terminal. Data goes to stdout, everything else to stderr.
//
//   print_table({{"KEY", "processInstanceKey"}, {"STATE", "state"}}, items, std::cout);
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.h"

namespace fermata::cli {

struct Column {
  std::string_view title;
  std::string_view field;  ///< a path with dots: "page.totalItems"
};

/// The text of a field in a table: strings as they are, null as "-", everything else as JSON; one line, no control characters.
[[nodiscard]] std::string cell_text(const Value& row, std::string_view field);

/// One line per row, columns as wide as their content but at most `cell_width_max` (longer text ends in "..."). The last column is
/// not cut.
void print_table(std::span<const Column> columns, std::span<const Value> rows, std::ostream& out);

/// "name: value" for each field of an object.
void print_fields(const Value& object, std::ostream& out);

/// Two-space indented JSON.
[[nodiscard]] std::string pretty_json(const Value& value);

inline constexpr std::size_t cell_width_max = 40;

}  // namespace fermata::cli
