// JSON text <-> Value. Numbers keep their decimal text exactly up to 34 digits; key order is kept; depth is bounded.
//
//   Result<Value> v = parse_json(R"({"amount": 10.50})");
//   to_json(*v)  ->  {"amount":10.5}
#pragma once

#include <string>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/base/result.h"
#include "engine/base/value.h"

namespace fermata {

/// Reads one JSON document (RFC 8259). Refused with invalid_argument and the byte position: syntax errors, invalid UTF-8, nesting
/// beyond `depth_max`, numbers that decimal128 cannot hold. Duplicate keys: the last one wins.
[[nodiscard]] Result<Value> parse_json(std::string_view text, std::size_t depth_max = limits::value_depth_max);

/// Compact JSON; boxed values are written in their stored form. Never fails.
[[nodiscard]] std::string to_json(const Value& value);
void append_json(std::string& out, const Value& value);
/// Appends `text` as a JSON string with quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace fermata
