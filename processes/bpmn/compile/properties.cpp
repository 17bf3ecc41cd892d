#include "processes/bpmn/compile/properties.h"

#include "processes/bpmn/compile/composite_expression.h"

namespace fermata::bpmn {

bool is_placeholder_property(const XmlElement& property) {
  return property.is("property") && property.get("name") == "__targetRef_placeholder";
}

void read_properties(const XmlElement& subprocess, Element& element) {
  for (const XmlElement* property : subprocess.children_named("property")) {
    if (is_placeholder_property(*property)) continue;
    // What is shown to people is the name; tools that have none show the id.
    const std::string_view name = property->get("name").empty() ? property->get("id") : property->get("name");
    if (!name.empty()) element.inputs.push_back({make_constant(Value::null()), {std::string(name)}});
  }
}

}  // namespace fermata::bpmn
