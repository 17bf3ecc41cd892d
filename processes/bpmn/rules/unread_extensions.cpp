// An extension that is executed elsewhere, and that no compile function asked for here, changes nothing: a topic without
// camunda:type="external", a job definition on an event that does no work. Whoever wrote it should know (BPMN-0709).
#include <algorithm>

#include "processes/bpmn/dialect/extension_table.h"
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

bool is_vendor(Namespace space) {
  return space == Namespace::camunda || space == Namespace::zeebe;
}

class UnreadCheck {
 public:
  explicit UnreadCheck(Findings& findings) : findings_(findings) {}

  void check(const XmlElement& owner) {
    for (const XmlAttribute& attribute : owner.attributes) {
      if (attribute.asked || !is_vendor(attribute.space)) continue;
      const KnownExtension* known = find_extension_attribute(attribute.space, attribute.name, owner.name);
      if (is_executed(known, owner)) point_out(owner, attribute, owner);
    }
    // Not child(): that would be asking.
    const auto container = std::ranges::find_if(owner.children, [](const XmlElement* c) { return c->is("extensionElements"); });
    if (container == owner.children.end()) return;
    for (const XmlElement* extension : (*container)->children) {
      if (!is_vendor(extension->space)) continue;
      const KnownExtension* known = find_extension_element(extension->space, extension->name, owner.name);
      if (is_executed(known, owner)) check_extension(*extension, owner);
    }
  }

 private:
  static bool is_executed(const KnownExtension* known, const XmlElement& owner) {
    return known != nullptr && known->treatment == Treatment::executed && belongs_to(*known, owner.name);
  }

  // Depth is bounded by limits::xml_depth_max.
  void check_extension(const XmlElement& extension, const XmlElement& owner) {
    if (!extension.asked) {
      findings_.add(rules::extension_ignored, extension, "<" + described(extension) + "> of " + described(owner) + " has no effect");
      return;
    }
    for (const XmlAttribute& attribute : extension.attributes) {
      const bool name_only = attribute.space == Namespace::none && (attribute.name == "id" || attribute.name == "name");
      if (!attribute.asked && !name_only) point_out(extension, attribute, owner);
    }
    for (const XmlElement* child : extension.children) {
      if (is_vendor(child->space)) check_extension(*child, owner);
    }
  }

  void point_out(const XmlElement& element, const XmlAttribute& attribute, const XmlElement& owner) {
    std::string what = "'" + std::string(namespace_label(attribute.space)) + attribute.name + "' of " + described(element);
    if (&element != &owner) what += " in " + described(owner);
    findings_.add(rules::extension_ignored, element, attribute, what + " has no effect");
  }

  Findings& findings_;
};

}  // namespace

std::vector<const XmlElement*> referred_roots(const Model& model, const Node& node) {
  std::vector<const XmlElement*> found;
  const auto collect = [&](const XmlElement& from) {
    for (const XmlAttribute& attribute : from.attributes) {
      if (attribute.name != "messageRef" && attribute.name != "errorRef" && attribute.name != "escalationRef" && attribute.name != "signalRef") continue;
      const XmlElement* root = model.resolve(from, attribute.value);
      if (root != nullptr && std::ranges::find(found, root) == found.end()) found.push_back(root);
    }
  };
  collect(*node.xml);
  for (const EventDefinition& event : node.events) collect(*event.xml);
  return found;
}

void check_unread_extensions(const Model& model, Findings& findings) {
  UnreadCheck unread(findings);
  for (const Scope* process : model.processes) {
    if (process->executable) unread.check(*process->xml);
  }
  for (const Node& node : model.nodes) {
    if (!node.scope->executable) continue;
    unread.check(*node.xml);
    if (const XmlElement* loop = node.xml->child("multiInstanceLoopCharacteristics")) unread.check(*loop);
    for (const EventDefinition& event : node.events) unread.check(*event.xml);
    for (const XmlElement* root : referred_roots(model, node)) unread.check(*root);
  }
  for (const Flow& flow : model.flows) {
    if (flow.scope->executable) unread.check(*flow.xml);
  }
}

}  // namespace fermata::bpmn
