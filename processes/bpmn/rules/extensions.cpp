// camunda: and zeebe: extensions on what is executed: known, in their place, and executed, or refused
// (dialect/extension_table.h).
#include "engine/base/time.h"
#include "processes/bpmn/dialect/extension_table.h"
#include "processes/bpmn/rules/rules.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

bool is_vendor(Namespace space) {
  return space == Namespace::camunda || space == Namespace::zeebe;
}

class ExtensionCheck {
 public:
  explicit ExtensionCheck(Findings& findings) : findings_(findings) {}

  void check(const XmlElement& owner) {
    for (const XmlAttribute& attribute : owner.attributes) {
      if (is_vendor(attribute.space)) check_attribute(owner, attribute);
    }
    const XmlElement* container = owner.child("extensionElements");
    if (container == nullptr) return;
    for (const XmlElement* child : container->children) {
      if (is_vendor(child->space)) check_element(owner, *child);
    }
  }

 private:
  void check_attribute(const XmlElement& owner, const XmlAttribute& attribute) {
    const std::string called =
        std::string(namespace_label(attribute.space)) + attribute.name + " of " + described(owner);
    const KnownExtension* known = find_extension_attribute(attribute.space, attribute.name, owner.name);
    if (known == nullptr) {
      findings_.add(rules::extension_unknown, owner, attribute, called + " is unknown");
    } else if (known->treatment == Treatment::refused) {
      findings_.add(rules::no_extension, owner, attribute, called + " is not executed");
    } else if (known->treatment == Treatment::ignored || !belongs_to(*known, owner.name)) {
      findings_.add(rules::extension_ignored, owner, attribute, called + " has no effect");
    }
  }

  void check_element(const XmlElement& owner, const XmlElement& extension) {
    const std::string called = "<" + described(extension) + "> of " + described(owner);
    const KnownExtension* known = find_extension_element(extension.space, extension.name, owner.name);
    if (known == nullptr) {
      findings_.add(rules::extension_unknown, extension, called + " is unknown");
      return;
    }
    // An empty list of listeners is left behind by a modeler when the last one was deleted.
    const bool empty_list = extension.space == Namespace::zeebe && extension.children.empty();
    switch (known->treatment) {
      case Treatment::listener:
        if (!empty_list) findings_.add(rules::no_listener, extension, called + " is not executed");
        return;
      case Treatment::refused:
        findings_.add(rules::no_extension, extension, called + " is not executed");
        return;
      case Treatment::ignored:
        findings_.add(rules::extension_ignored, extension, called + " has no effect");
        return;
      case Treatment::executed:
      case Treatment::harmless:
        break;
    }
    if (belongs_to(*known, owner.name)) return;
    // in and out on a signal would carry variables; elsewhere they, and the others, are left-overs.
    const bool carries = extension.name == "in" || extension.name == "out";
    findings_.add(carries ? rules::no_extension : rules::extension_ignored, extension, called + " has no effect");
  }

  Findings& findings_;
};

void check_mapping_place(const Node& node, Findings& findings) {
  const XmlElement* container = node.xml->child("extensionElements");
  if (container == nullptr) return;
  for (const XmlElement* mapping : container->children) {
    if (!mapping->is(Namespace::camunda, "inputOutput") && !mapping->is(Namespace::zeebe, "ioMapping")) continue;
    const bool event = is_event(node.type);
    const bool no_inputs = node.type == NodeType::start_event || node.type == NodeType::boundary_event;
    for (const XmlElement* entry : mapping->children) {
      const bool input = entry->name == "inputParameter" || entry->name == "input";
      const bool output = entry->name == "outputParameter" || entry->name == "output";
      const bool end_output = mapping->space == Namespace::camunda && node.type == NodeType::end_event && output;
      const bool wrong = (is_gateway(node.type) || node.event_subprocess) || (event && input && no_inputs) ||
                         end_output || (mapping->space == Namespace::camunda && node.type == NodeType::start_event);
      if (wrong)
        findings.add(rules::extension_place, *entry,
                     described(*entry) + " of " + described(*node.xml) + " has no meaning there");
    }
    const bool multi_instance = node.xml->child("multiInstanceLoopCharacteristics") != nullptr;
    if (mapping->space == Namespace::camunda && multi_instance &&
        mapping->child(Namespace::camunda, "outputParameter") != nullptr) {
      findings.add(rules::extension_place, *mapping,
                   "camunda:outputParameter is not allowed on the multi-instance " + described(*node.xml));
    }
  }
}

// Days, or a duration: P30D, 30. The engine keeps history by its own setting; a value that is wrong is still a mistake.
void check_time_to_live(const XmlElement& process, Findings& findings) {
  const XmlAttribute* attribute = process.find(Namespace::camunda, "historyTimeToLive");
  if (attribute == nullptr || attribute->value.empty()) return;
  const std::string_view text = trimmed(attribute->value);
  const bool number = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  const Result<CalendarDuration> duration = parse_iso8601_duration(text);
  if (number || (duration.has_value() && duration->ms >= 0 && duration->months >= 0)) return;
  findings.add(
      rules::extension_value, process, *attribute,
      "camunda:historyTimeToLive '" + attribute->value.substr(0, 40) + "' is neither a number of days nor a duration");
}

}  // namespace

void check_extensions(const Model& model, Findings& findings) {
  ExtensionCheck extensions(findings);
  for (const Scope* process : model.processes) {
    if (!process->executable) continue;
    extensions.check(*process->xml);
    check_time_to_live(*process->xml, findings);
  }
  for (const Node& node : model.nodes) {
    if (!node.scope->executable) continue;
    extensions.check(*node.xml);
    check_mapping_place(node, findings);
    if (const XmlElement* loop = node.xml->child("multiInstanceLoopCharacteristics")) extensions.check(*loop);
    for (const EventDefinition& event : node.events) extensions.check(*event.xml);
    for (const XmlElement* root : referred_roots(model, node)) extensions.check(*root);
    if (node.type == NodeType::event_based_gateway &&
        is_true(node.xml->find(Namespace::camunda, "asyncAfter"), false)) {
      findings.add(rules::extension_place, *node.xml, "camunda:asyncAfter has no meaning on " + described(*node.xml));
    }
  }
  for (const Flow& flow : model.flows) {
    if (flow.scope->executable) extensions.check(*flow.xml);
  }
}

}  // namespace fermata::bpmn
