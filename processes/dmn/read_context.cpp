#include "processes/dmn/read_context.h"

#include "processes/feel/scanner.h"

namespace fermata::dmn {

feel::SourcePtr ReadContext::place_of(const XmlElement& element) const {
  auto source = std::make_shared<feel::Source>();
  source->element_id = nearest_id(element);
  source->resource = model.resource;
  source->line = element.position.line;
  source->column = element.position.column;
  return source;
}

feel::SourcePtr ReadContext::source_of(const XmlElement& text) const {
  auto source = std::make_shared<feel::Source>();
  source->text = text.text;
  source->element_id = nearest_id(text);
  source->resource = model.resource;
  source->line = text.content.line;
  source->column = text.content.column;
  return source;
}

Position position_in_file(const feel::Source& source, std::size_t offset) {
  const feel::LineColumn at = feel::line_column(source.text, offset);
  const int column = static_cast<int>(at.column);
  return {source.line + static_cast<int>(at.line) - 1, at.line == 1 ? source.column + column - 1 : column};
}

std::string variable_name(const XmlElement& element) {
  const XmlElement* variable = child(element, "variable");
  if (variable != nullptr && !variable->get("name").empty()) return std::string(variable->get("name"));
  return std::string(element.get("name"));
}

std::string_view variable_type(const XmlElement& element) {
  const XmlElement* variable = child(element, "variable");
  return variable == nullptr ? std::string_view{} : variable->get("typeRef");
}

}  // namespace fermata::dmn
