// JsonWriter: writes one JSON text from the front to the back, without building a tree first.
//
// Floor 7. Answers of /v2 and /engine-rest name every field, also the empty ones (strict clients reject a missing
// field), so the writer has a word for each way a field can be empty.
//
//   JsonWriter json;
//   json.begin_object().key("jobKey", job.key).text_or_null("errorCode", job.error_code).time("creationTime",
//   job.created_at).end_object(); return Response::json(200, json.take());
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/strong_id.h"
#include "engine/base/time.h"
#include "engine/base/value.h"

namespace fermata::http {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  /// The next object that is begun becomes the field `name`.
  JsonWriter& name_next(std::string_view name);
  JsonWriter& begin_object(std::string_view name);
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& begin_array(std::string_view name);
  JsonWriter& end_array();

  // Fields of an object.
  JsonWriter& text(std::string_view name, std::string_view text);
  JsonWriter& text_or_null(std::string_view name, std::string_view text);  ///< "" becomes null
  JsonWriter& number(std::string_view name, std::int64_t number);
  JsonWriter& flag(std::string_view name, bool flag);
  JsonWriter& null(std::string_view name);
  JsonWriter& time(std::string_view name, Timestamp time);          ///< ISO 8601 in UTC
  JsonWriter& time_or_null(std::string_view name, Timestamp time);  ///< 0 ("never") becomes null
  JsonWriter& value(std::string_view name, const Value& value);
  JsonWriter& raw(std::string_view name, std::string_view json);  ///< `json` must be JSON
  /// A 64-bit key as a decimal string.
  template <class Tag>
  JsonWriter& key(std::string_view name, StrongId<Tag> key) {
    return text(name, key.text());
  }
  template <class Tag>
  JsonWriter& key_or_null(std::string_view name, StrongId<Tag> key) {
    return key ? text(name, key.text()) : null(name);
  }
  template <class Strings>
  JsonWriter& texts(std::string_view name, const Strings& strings) {
    begin_array(name);
    for (const auto& item : strings) element(item);
    return end_array();
  }
  /// An object whose fields are these variables.
  JsonWriter& variables(std::string_view name, const Variables& variables);

  // Items of an array.
  JsonWriter& element(std::string_view text);
  JsonWriter& element(const std::string& text) { return element(std::string_view(text)); }
  JsonWriter& element(const char* text) { return element(std::string_view(text)); }
  JsonWriter& raw_element(std::string_view json);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void separate();
  void name(std::string_view name);
  std::string out_;
};

}  // namespace fermata::http
