#include "cli/serve/toml_value.h"

#include <sstream>

#include <toml++/toml.h>

#include "cli/client/session.h"

namespace fermata::cli {
namespace {

Value convert(const toml::node& node);

Value convert_table(const toml::table& table) {
  Value::Entries entries;
  for (const auto& [key, node] : table) entries.push_back({std::string(key.str()), convert(node)});
  return Value::context(std::move(entries));
}

Value convert(const toml::node& node) {
  if (const toml::table* table = node.as_table()) return convert_table(*table);
  if (const toml::array* array = node.as_array()) {
    Value::List items;
    for (const toml::node& item : *array) items.push_back(convert(item));
    return Value::list(std::move(items));
  }
  if (const auto* text = node.as_string()) return Value::string(text->get());
  if (const auto* number = node.as_integer()) return Value::integer(number->get());
  if (const auto* flag = node.as_boolean()) return Value::boolean(flag->get());
  std::ostringstream text;
  if (const auto* number = node.as_floating_point()) {
    text.precision(17);
    text << number->get();
    if (const std::optional<Decimal> decimal = parse_decimal(text.str())) return Value::number(*decimal);
    return Value::null();
  }
  if (const auto* date = node.as_date()) text << date->get();
  if (const auto* time = node.as_time()) text << time->get();
  if (const auto* both = node.as_date_time()) text << both->get();
  return Value::string(text.str());
}

}  // namespace

Result<Value> read_toml(std::string_view text, const std::string& name) {
  try {
    return convert_table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return fail(ErrorCode::invalid_argument, name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                                                 std::string(error.description()));
  }
}

Result<Value> read_toml_file(const std::string& path) {
  const Result<std::string> text = read_file(path);
  if (!text) return fail(text.error());
  return read_toml(*text, path);
}

}  // namespace fermata::cli
