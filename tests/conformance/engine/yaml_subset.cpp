#include "tests/conformance/engine/yaml_subset.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace fermata::conformance {
namespace {

using nlohmann::json;

struct YamlLine {
  std::size_t indent = 0;
  std::string text;
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) text.pop_back();
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : text.substr(first);
}

std::string scalar(std::string text) {
  text = trimmed(std::move(text));
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front()) return text;
  std::string plain;
  const bool single = text.front() == '\'';
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if ((single && text[i] == '\'') || (!single && text[i] == '\\')) ++i;
    plain += text[i];
  }
  return plain;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::string content = trimmed(line);
      if (content.empty() || content.front() == '#' || content == "---") continue;
      lines_.push_back({line.find_first_not_of(' '), content});
    }
  }

  json block(std::size_t indent) {
    if (at_ >= lines_.size() || lines_[at_].indent < indent) return nullptr;
    return lines_[at_].text.starts_with("- ") ? list(lines_[at_].indent) : mapping(lines_[at_].indent);
  }

 private:
  json list(std::size_t indent) {
    json items = json::array();
    while (at_ < lines_.size() && lines_[at_].indent == indent && lines_[at_].text.starts_with("- ")) {
      YamlLine& line = lines_[at_];  // what follows the dash is a line of its own, further in
      line.text = trimmed(line.text.substr(2));
      line.indent = indent + 2;
      if (line.text.find(": ") == std::string::npos && !line.text.ends_with(':')) {
        items.push_back(scalar(line.text));
        ++at_;
      } else {
        items.push_back(mapping(indent + 2));
      }
    }
    return items;
  }

  json mapping(std::size_t indent) {
    json object = json::object();
    while (at_ < lines_.size() && lines_[at_].indent == indent && !lines_[at_].text.starts_with("- ")) {
      const std::string text = lines_[at_++].text;
      const std::size_t colon = text.ends_with(':') && text.find(": ") == std::string::npos ? text.size() - 1 : text.find(": ");
      if (colon == std::string::npos) throw std::invalid_argument("not a 'name: value' line: " + text);
      const std::string rest = trimmed(text.substr(colon + 1));
      object[scalar(text.substr(0, colon))] = rest.empty() ? block(indent + 1) : json(scalar(rest));
    }
    return object;
  }

  std::vector<YamlLine> lines_;
  std::size_t at_ = 0;
};

}  // namespace

nlohmann::json read_yaml(std::string_view text) { return Reader(text).block(0); }

}  // namespace fermata::conformance
