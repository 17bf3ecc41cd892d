// Ids: what is executed has one, and no two elements share one (BPMN 2.0.2, 8.3.1).
#include <algorithm>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

// An NCName as far as it matters: no white space, no colon, not empty, not beginning with a digit, hyphen or dot.
bool is_id(std::string_view id) {
  if (id.empty() || (id.front() >= '0' && id.front() <= '9') || id.front() == '-' || id.front() == '.') return false;
  return id.find_first_of(" \t\r\n:\"'<>&/") == std::string_view::npos;
}

void check_present(const XmlElement& xml, Findings& findings) {
  if (!xml.has("id")) findings.add(rules::missing_id, xml, "a <" + xml.name + "> has no id");
}

}  // namespace

void check_identity(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const XmlElement& element : tree.elements()) {
    const XmlAttribute* id = element.find("id");
    if (element.space != Namespace::bpmn || id == nullptr) continue;
    if (!is_id(id->value)) {
      findings.add(rules::invalid_value, element, *id, "'" + id->value.substr(0, 80) + "' is no valid id of XML");
      continue;
    }
    const XmlElement* first = model.by_id.at(id->value);
    if (first == &element) continue;
    findings.add(rules::duplicate_id, element, *id,
                 "the id '" + id->value + "' is already used by the <" + first->name + "> in line " +
                     std::to_string(first->position.line));
  }
  for (const Scope* process : model.processes) check_present(*process->xml, findings);
  for (const Node& node : model.nodes) check_present(*node.xml, findings);
  for (const Node& node : model.nodes) {
    // asyncAfter makes the flow a place where an instance may rest, and rows name places by id.
    if (!is_true(node.xml->find(Namespace::camunda, "asyncAfter"), false)) continue;
    for (const Flow* flow : node.outgoing) check_present(*flow->xml, findings);
  }
}

}  // namespace fermata::bpmn
