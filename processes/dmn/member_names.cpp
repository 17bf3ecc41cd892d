// Every name that may stand after a dot: FEEL has to know those with spaces or operators in them.
#include "processes/dmn/read_context.h"
#include "processes/feel/names.h"
#include "processes/feel/scanner.h"

namespace fermata::dmn {
namespace {

bool has_several_parts(std::string_view name) {
  return name.find_first_of(" ./-'+*\t\n") != std::string_view::npos;
}

// The keys of contexts in FEEL texts, "{monthly payment: 5}": names before a colon, after a brace or comma.
void add_keys(std::string_view text, std::set<std::string>& names) {
  const feel::Scanner scanner(text);
  constexpr std::size_t name_bytes_max = 200;
  for (std::size_t at = text.find_first_of("{,"); at != std::string_view::npos; at = text.find_first_of("{,", at + 1)) {
    try {
      feel::NameReader reader(scanner, text, at + 1);
      while (reader.canonical().size() < name_bytes_max && reader.next()) {
      }
      const std::size_t end = scanner.skip_blank(reader.end());
      if (end < text.size() && text[end] == ':' && has_several_parts(reader.spelled())) names.insert(reader.spelled());
    } catch (const feel::ParseError&) {  // within a string or comment; whoever compiles the text says what is wrong
    }
  }
}

void collect(const XmlElement& element, std::set<std::string>& names) {
  if (element.space == xml::Namespace::dmn) {
    if (element.name == "text") {
      add_keys(element.text, names);
    } else if (element.has("name") && has_several_parts(element.get("name"))) {
      names.emplace(element.get("name"));
    } else if (is(element, "output") && has_several_parts(element.get("label"))) {
      names.emplace(element.get("label"));
    }
  }
  for (const XmlElement* child : element.children) collect(*child, names);
}

}  // namespace

void collect_members(ReadContext& context) {
  std::set<std::string> names;
  collect(context.root, names);
  for (const Import& import : context.model.imports)
    names.insert(import.model->member_names.begin(), import.model->member_names.end());
  context.model.member_names.assign(names.begin(), names.end());
  for (const char* property : {"time offset", "start included", "end included"}) context.model.members.add(property);
  for (const std::string& name : names) context.model.members.add(name);
}

}  // namespace fermata::dmn
