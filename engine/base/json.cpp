#include "engine/base/json.h"

#include <nlohmann/json.hpp>

namespace fermata {
namespace {

using Json = nlohmann::json;

// Builds a Value from SAX events. One open container per nesting level; the depth bound is checked when one is opened.
class ValueBuilder {
 public:
  explicit ValueBuilder(std::size_t depth_max) : depth_max_(depth_max) {}

  [[nodiscard]] Value take() { return std::move(root_); }
  [[nodiscard]] const std::string& error() const { return error_; }

  bool null() { return put(Value::null()); }
  bool boolean(bool value) { return put(Value::boolean(value)); }
  bool number_integer(Json::number_integer_t value) { return put(Value::integer(value)); }
  bool number_unsigned(Json::number_unsigned_t value) {
    if (value <= static_cast<Json::number_unsigned_t>(INT64_MAX)) return put(Value::integer(static_cast<std::int64_t>(value)));
    return number_text(std::to_string(value));
  }
  bool number_float(Json::number_float_t, const std::string& text) { return number_text(text); }
  bool string(std::string& text) { return put(Value::string(std::move(text))); }
  bool binary(Json::binary_t&) { return refuse("binary data is not JSON"); }

  bool start_object(std::size_t) { return open(true); }
  bool key(std::string& name) {
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() {
    Value made = Value::context(std::move(open_.back().entries));
    open_.pop_back();
    return put(std::move(made));
  }
  bool start_array(std::size_t) { return open(false); }
  bool end_array() {
    Value made = Value::list(std::move(open_.back().items));
    open_.pop_back();
    return put(std::move(made));
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& problem) {
    if (error_.empty()) error_ = "byte " + std::to_string(position) + ": " + reason_of(problem.what());
    return false;
  }

 private:
  struct Container {
    bool is_object;
    std::string key;
    Value::Entries entries;
    Value::List items;
  };

  // The library's text begins with its own error number in brackets; the reader wants what follows.
  static std::string reason_of(const std::string& text) {
    const std::size_t at = text.find("] ");
    return at == std::string::npos ? text : text.substr(at + 2);
  }

  bool open(bool is_object) {
    if (open_.size() >= depth_max_) return refuse("nested deeper than " + std::to_string(depth_max_) + " levels");
    open_.push_back(Container{is_object, {}, {}, {}});
    return true;
  }

  bool number_text(const std::string& text) {
    const std::optional<Decimal> number = parse_decimal(text);
    if (!number) return refuse("the number " + text.substr(0, 60) + " does not fit into a decimal128");
    return put(Value::number(*number));
  }

  bool put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().entries.push_back({std::move(open_.back().key), std::move(value)});
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  bool refuse(std::string why) {
    if (error_.empty()) error_ = std::move(why);
    return false;
  }

  std::size_t depth_max_;
  std::vector<Container> open_;
  Value root_;
  std::string error_;
};

}  // namespace

Result<Value> parse_json(std::string_view text, std::size_t depth_max) {
  ValueBuilder builder(depth_max);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return fail(ErrorCode::invalid_argument, "not valid JSON: " + builder.error());
  }
  return builder.take();
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(start, i - start));
    start = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += hex[c >> 4];
        out += hex[c & 15];
    }
  }
  out.append(text.substr(start));
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: out += "null"; return;
    case ValueKind::boolean: out += value.as_boolean() ? "true" : "false"; return;
    case ValueKind::number: out += to_string(value.as_number()); return;
    case ValueKind::string: append_json_string(out, value.as_string()); return;
    case ValueKind::list: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!std::exchange(first, false)) out += ',';
        append_json(out, item);
      }
      out += ']';
      return;
    }
    case ValueKind::context: {
      out += '{';
      bool first = true;
      for (const Value::Entry& entry : value.as_context()) {
        if (!std::exchange(first, false)) out += ',';
        append_json_string(out, entry.key);
        out += ':';
        append_json(out, entry.value);
      }
      out += '}';
      return;
    }
    case ValueKind::boxed: append_json(out, value.as_boxed().stored_form()); return;
  }
}

std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace fermata
