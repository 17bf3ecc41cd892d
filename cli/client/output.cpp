#include "cli/client/output.h"

#include <algorithm>
#include <ostream>

#include "engine/base/json.h"

namespace fermata::cli {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

std::string cut(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  std::string result;
  std::size_t shown = 0;
  for (const char byte : text) {
    if (!continues(byte) && shown++ == width - 3) break;
    result += byte;
  }
  return result + "...";
}

void pad(std::ostream& out, const std::string& text, std::size_t width) {
  out << text;
  for (std::size_t filled = width_of(text); filled < width; ++filled) out << ' ';
}

const Value* find_path(const Value& row, std::string_view path) {
  const Value* found = &row;
  while (found != nullptr && !path.empty()) {
    const std::size_t dot = path.find('.');
    found = found->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return found;
}

void indent(std::string& out, std::size_t depth) { out.append(2 * depth, ' '); }

void append_pretty(std::string& out, const Value& value, std::size_t depth) {
  if (value.is_list() && !value.as_list().empty()) {
    out += "[\n";
    bool first = true;
    for (const Value& item : value.as_list()) {
      if (!first) out += ",\n";
      first = false;
      indent(out, depth + 1);
      append_pretty(out, item, depth + 1);
    }
    out += '\n';
    indent(out, depth);
    out += ']';
  } else if (value.is_context() && !value.as_context().empty()) {
    out += "{\n";
    bool first = true;
    for (const Value::Entry& entry : value.as_context()) {
      if (!first) out += ",\n";
      first = false;
      indent(out, depth + 1);
      append_json_string(out, entry.key);
      out += ": ";
      append_pretty(out, entry.value, depth + 1);
    }
    out += '\n';
    indent(out, depth);
    out += '}';
  } else {
    append_json(out, value);
  }
}

}  // namespace

std::string cell_text(const Value& row, std::string_view field) {
  const Value* value = find_path(row, field);
  if (value == nullptr || value->is_null()) return "-";
  std::string text = value->is_string() ? std::string(value->as_string()) : to_json(*value);
  // A control character of an error message must not drive the terminal.
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F) byte = ' ';
  }
  return text;
}

void print_table(std::span<const Column> columns, std::span<const Value> rows, std::ostream& out) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const Column& column : columns) widths.push_back(column.title.size());
  for (const Value& row : rows) {
    std::vector<std::string>& line = cells.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string text = cell_text(row, columns[i].field);
      line.push_back(i + 1 < columns.size() ? cut(text, cell_width_max) : text);
      widths[i] = std::max(widths[i], width_of(line.back()));
    }
  }
  const auto print_line = [&](const std::vector<std::string>& line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (i + 1 == line.size()) {
        out << line[i] << '\n';
      } else {
        pad(out, line[i], widths[i] + 2);
      }
    }
  };
  std::vector<std::string> titles;
  for (const Column& column : columns) titles.emplace_back(column.title);
  print_line(titles);
  for (const std::vector<std::string>& line : cells) print_line(line);
}

void print_fields(const Value& object, std::ostream& out) {
  if (!object.is_context()) {
    out << to_json(object) << '\n';
    return;
  }
  std::size_t width = 0;
  for (const Value::Entry& entry : object.as_context()) width = std::max(width, entry.key.size());
  for (const Value::Entry& entry : object.as_context()) {
    pad(out, entry.key + ":", width + 3);
    out << cell_text(object, entry.key) << '\n';
  }
}

std::string pretty_json(const Value& value) {
  std::string out;
  append_pretty(out, value, 0);
  return out;
}

}  // namespace fermata::cli
