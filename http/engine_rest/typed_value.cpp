#include "http/engine_rest/typed_value.h"

#include <array>
#include <cstdint>
#include <limits>

#include "engine/base/json.h"
#include "http/auth/crypto.h"
#include "http/server/headers.h"

namespace fermata::http::engine_rest {
namespace {

// The mark of a File or Bytes among our untyped values.
constexpr std::string_view binary_mark = "camundaType";

struct NumberType {
  std::string_view name;       // as it arrives, in lower case
  std::string_view type;       // as Camunda names it
  std::string_view java_type;  // for its error text
  std::int64_t min;
  std::int64_t max;
};
constexpr std::array number_types{
    NumberType{"short", "Short", "java.lang.Short", std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()},
    NumberType{"integer", "Integer", "java.lang.Integer", std::numeric_limits<std::int32_t>::min(),
               std::numeric_limits<std::int32_t>::max()},
    NumberType{"long", "Long", "java.lang.Long", std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}};

tl::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

std::string plain(const Value& value) { return value.is_string() ? std::string(value.as_string()) : to_json(value); }

tl::unexpected<Error> cannot_convert(const Value& value, std::string_view type, std::string_view java_type) {
  return refuse("Cannot convert value '" + plain(value) + "' of type '" + std::string(type) + "' to java type " +
                std::string(java_type));
}

std::optional<Decimal> decimal_of(const Value& value) {
  if (value.is_number()) return value.as_number();
  return value.is_string() ? parse_decimal(value.as_string()) : std::nullopt;
}

Result<Value> read_number(const Value& value, const NumberType& type) {
  const std::optional<Decimal> number = decimal_of(value);
  const std::optional<std::int64_t> whole = number ? to_int64(*number) : std::nullopt;
  if (!whole || *whole < type.min || *whole > type.max) return cannot_convert(value, type.type, type.java_type);
  return Value::integer(*whole);
}

Result<Value> read_serialized(const Value& value, std::string_view type) {
  if (!value.is_string()) {
    return refuse("Cannot convert value '" + plain(value) + "' of type '" + std::string(type) +
                  "': the value must be a string that holds it in serialized form");
  }
  if (type == "Xml") return value;
  Result<Value> parsed = parse_json(value.as_string());
  if (!parsed) return refuse("The value of type '" + std::string(type) + "' is not valid JSON: " + parsed.error().message);
  return parsed;
}

std::string info_text(const Value* info, std::string_view name) {
  const Value* value = info == nullptr ? nullptr : info->find(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<Value> read_binary(const Value& value, std::string_view type, const Value* info) {
  if (!value.is_string() || !from_base64(value.as_string())) {
    return refuse("Cannot convert value of type '" + std::string(type) + "': the value must be the content in base64");
  }
  Value::Entries entries{{std::string(binary_mark), Value::string(type)}, {"content", value}};
  if (type == "File") {
    const std::string filename = info_text(info, "filename");
    if (filename.empty()) return refuse("A value of type 'File' needs valueInfo.filename");
    std::string mime = info_text(info, "mimeType");
    if (mime.empty()) mime = info_text(info, "mimetype");
    entries.push_back({"filename", Value::string(filename)});
    entries.push_back({"mimeType", Value::string(mime)});
    entries.push_back({"encoding", Value::string(info_text(info, "encoding"))});
  }
  return Value::context(std::move(entries));
}

Result<Value> read_object(const Value& value, const Value* info) {
  const std::string format = info_text(info, "serializationDataFormat");
  if (!format.empty() && format != "application/json") {
    return refuse("Objects are understood in the serialization format application/json only, not in " + format);
  }
  return read_serialized(value, "Object");
}

Result<Value> read_named(const Value& value, const std::string& type, const Value* info) {
  for (const NumberType& number : number_types) {
    if (number.name == type) return read_number(value, number);
  }
  if (type == "string") {
    if (value.is_string()) return value;
    return Value::string(to_json(value));
  }
  if (type == "boolean") {
    if (value.is_boolean()) return value;
    const std::string text = value.is_string() ? to_lower_ascii(value.as_string()) : "";
    if (text == "true" || text == "false") return Value::boolean(text == "true");
    return cannot_convert(value, "Boolean", "java.lang.Boolean");
  }
  if (type == "double" || type == "number") {
    if (const std::optional<Decimal> number = decimal_of(value)) return Value::number(*number);
    return cannot_convert(value, "Double", "java.lang.Double");
  }
  if (type == "date") {
    const Result<Timestamp> time = value.is_string() ? parse_iso8601(value.as_string()) : Result<Timestamp>(refuse("no text"));
    if (time) return Value::string(format_iso8601(*time));
    return cannot_convert(value, "Date", "java.util.Date");
  }
  if (type == "json") return read_serialized(value, "Json");
  if (type == "xml") return read_serialized(value, "Xml");
  if (type == "object") return read_object(value, info);
  if (type == "file") return read_binary(value, "File", info);
  if (type == "bytes") return read_binary(value, "Bytes", info);
  return refuse("Unsupported value type '" + type + "'");
}

std::string_view number_type(const Decimal& number) {
  const std::optional<std::int64_t> whole = to_int64(number);
  if (!whole) return "Double";
  return *whole >= std::numeric_limits<std::int32_t>::min() && *whole <= std::numeric_limits<std::int32_t>::max() ? "Integer" : "Long";
}

std::string_view binary_type(const Value& value) {
  const Value* mark = value.find(binary_mark);
  if (mark == nullptr || !mark->is_string() || value.find("content") == nullptr) return {};
  return mark->as_string() == "File" || mark->as_string() == "Bytes" ? mark->as_string() : std::string_view{};
}

void write_composite(JsonWriter& json, const Value& value) {
  const std::string_view binary = binary_type(value);
  if (binary.empty()) {
    json.text("type", "Json").text("value", to_json(value)).begin_object("valueInfo").end_object();
    return;
  }
  json.text("type", binary);
  if (binary == "Bytes") {
    json.value("value", *value.find("content")).begin_object("valueInfo").end_object();
    return;
  }
  // The content of a File is never inlined: it has an address of its own.
  json.null("value").begin_object("valueInfo").text("filename", info_text(&value, "filename"));
  json.text_or_null("mimeType", info_text(&value, "mimeType")).text_or_null("encoding", info_text(&value, "encoding")).end_object();
}

}  // namespace

Result<Value> read_typed_value(const Value& typed) {
  if (!typed.is_context()) return refuse("A variable must be an object {\"value\", \"type\"}, not " + to_json(typed));
  const Value* value = typed.find("value");
  const Value* type = typed.find("type");
  const Value* info = typed.find("valueInfo");
  if (value == nullptr || value->is_null()) return Value::null();
  if (type == nullptr || type->is_null()) return *value;
  if (!type->is_string()) return refuse("The type of a variable must be a string");
  const std::string name = to_lower_ascii(type->as_string());
  if (name == "null") return Value::null();
  return read_named(*value, name, info);
}

Result<Variables> read_typed_variables(const Value& map) {
  if (!map.is_context()) return refuse("Variables must be an object of {name: {\"value\", \"type\"}}");
  Variables variables;
  for (const Value::Entry& entry : map.as_context()) {
    Result<Value> value = read_typed_value(entry.value);
    if (!value) return refuse("Variable '" + entry.key + "': " + value.error().message);
    const Value* info = entry.value.find("valueInfo");
    const Value* transient = info == nullptr ? nullptr : info->find("transient");
    if (transient != nullptr && transient->is_boolean() && transient->as_boolean()) continue;
    variables.push_back({entry.key, std::move(*value)});
  }
  return variables;
}

void write_typed_value(JsonWriter& json, const Value& value) {
  json.begin_object();
  switch (value.kind()) {
    case ValueKind::null: json.text("type", "Null").null("value").begin_object("valueInfo").end_object(); break;
    case ValueKind::boolean: json.text("type", "Boolean").value("value", value).begin_object("valueInfo").end_object(); break;
    case ValueKind::number:
      json.text("type", number_type(value.as_number())).value("value", value).begin_object("valueInfo").end_object();
      break;
    case ValueKind::string:
    case ValueKind::boxed: json.text("type", "String").value("value", value).begin_object("valueInfo").end_object(); break;
    case ValueKind::list:
    case ValueKind::context: write_composite(json, value); break;
  }
  json.end_object();
}

void write_typed_variables(JsonWriter& json, std::string_view name, const Variables& variables) {
  json.begin_object(name);
  for (const Variable& variable : variables) {
    json.name_next(variable.name);
    write_typed_value(json, variable.value);
  }
  json.end_object();
}

std::optional<BinaryContent> binary_content(const Value& value) {
  const std::string_view type = binary_type(value);
  if (type.empty()) return std::nullopt;
  std::optional<std::string> bytes = from_base64(info_text(&value, "content"));
  if (!bytes) return std::nullopt;
  BinaryContent content{"application/octet-stream", std::move(*bytes), info_text(&value, "filename")};
  if (const std::string mime = info_text(&value, "mimeType"); !mime.empty()) content.content_type = mime;
  return content;
}

std::string c7_date(Timestamp time) {
  std::string text = format_iso8601(time);
  text.pop_back();  // the Z
  return text + "+0000";
}

void write_c7_date(JsonWriter& json, std::string_view name, Timestamp time) {
  if (time.ms == 0) {
    json.null(name);
  } else {
    json.text(name, c7_date(time));
  }
}

}  // namespace fermata::http::engine_rest
