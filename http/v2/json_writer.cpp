#include "http/v2/json_writer.h"

#include "engine/base/json.h"

namespace fermata::http {

// A complete value never ends with one of these, because strings end with their quote: so the last byte tells whether a
// comma is due.
void JsonWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

void JsonWriter::name(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  return *this;
}

JsonWriter& JsonWriter::name_next(std::string_view field) {
  name(field);
  return *this;
}

JsonWriter& JsonWriter::begin_object(std::string_view field) {
  name(field);
  out_ += '{';
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  return *this;
}

JsonWriter& JsonWriter::begin_array(std::string_view field) {
  name(field);
  out_ += '[';
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view field, std::string_view text) {
  name(field);
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::text_or_null(std::string_view field, std::string_view text_or_empty) {
  return text_or_empty.empty() ? null(field) : text(field, text_or_empty);
}

JsonWriter& JsonWriter::number(std::string_view field, std::int64_t number) {
  return raw(field, std::to_string(number));
}

JsonWriter& JsonWriter::flag(std::string_view field, bool flag) {
  return raw(field, flag ? "true" : "false");
}

JsonWriter& JsonWriter::null(std::string_view field) {
  return raw(field, "null");
}

JsonWriter& JsonWriter::time(std::string_view field, Timestamp time) {
  return text(field, format_iso8601(time));
}

JsonWriter& JsonWriter::time_or_null(std::string_view field, Timestamp at) {
  return at.ms == 0 ? null(field) : time(field, at);
}

JsonWriter& JsonWriter::value(std::string_view field, const Value& value) {
  name(field);
  append_json(out_, value);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view field, std::string_view json) {
  name(field);
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::variables(std::string_view field, const Variables& variables) {
  begin_object(field);
  for (const Variable& variable : variables) value(variable.name, variable.value);
  return end_object();
}

JsonWriter& JsonWriter::element(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::raw_element(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace fermata::http
