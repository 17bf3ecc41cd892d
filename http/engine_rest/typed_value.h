// Typed values of the Camunda 7 API: {"type": "Integer", "value": 5, "valueInfo": {}} and back to our untyped values.
//
// Floor 7, pure. Our variables are JSON: a Date is kept as its ISO text and comes back as String; Json, Xml and Object arrive as
// text (Json and Object are parsed); File and Bytes are kept as a context that remembers what they are, their content in base64.
//
//   Result<Variables> variables = read_typed_variables(*body.find("variables"), "variables");
//   write_typed_variables(json, "variables", variables);
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/base/value.h"
#include "http/v2/json_writer.h"

namespace fermata::http::engine_rest {

/// `map` is {name: {type, value, valueInfo}}. Transient variables are checked and left out. invalid_argument carries Camunda's text.
[[nodiscard]] Result<Variables> read_typed_variables(const Value& map);
[[nodiscard]] Result<Value> read_typed_value(const Value& typed);

void write_typed_value(JsonWriter& json, const Value& value);
void write_typed_variables(JsonWriter& json, std::string_view name, const Variables& variables);

/// What GET .../data answers for File and Bytes.
struct BinaryContent {
  std::string content_type;
  std::string bytes;
  std::string filename;  ///< of a File; may be empty
};
/// nullopt when the value is neither File nor Bytes.
[[nodiscard]] std::optional<BinaryContent> binary_content(const Value& value);

/// "2026-01-01T00:00:00.000+0000": what Java's SimpleDateFormat and Go's layout read.
[[nodiscard]] std::string c7_date(Timestamp time);
/// Null for 0 ("never").
void write_c7_date(JsonWriter& json, std::string_view name, Timestamp time);

}  // namespace fermata::http::engine_rest
