#include "processes/xml/xml_tree.h"

#include <algorithm>

#include "processes/xml/unicode.h"

namespace fermata::xml {

Namespace namespace_of_uri(std::string_view uri) {
  static const std::unordered_map<std::string_view, Namespace> known{
      {"", Namespace::none},
      {"http://www.omg.org/spec/BPMN/20100524/MODEL", Namespace::bpmn},
      {"http://www.omg.org/spec/DMN/20151101/dmn.xsd", Namespace::dmn},
      {"http://www.omg.org/spec/DMN/20151101/dmn11.xsd", Namespace::dmn},
      {"http://www.omg.org/spec/DMN/20180521/MODEL/", Namespace::dmn},
      {"https://www.omg.org/spec/DMN/20191111/MODEL/", Namespace::dmn},
      {"https://www.omg.org/spec/DMN/20211108/MODEL/", Namespace::dmn},
      {"https://www.omg.org/spec/DMN/20230324/MODEL/", Namespace::dmn},
      {"http://www.omg.org/spec/BPMN/20100524/DI", Namespace::diagram},
      {"http://www.omg.org/spec/DD/20100524/DI", Namespace::diagram},
      {"http://www.omg.org/spec/DD/20100524/DC", Namespace::diagram},
      {"http://www.w3.org/2001/XMLSchema-instance", Namespace::xsi},
      {"http://camunda.org/schema/1.0/bpmn", Namespace::camunda},
      {"http://camunda.org/schema/1.0/dmn", Namespace::camunda},
      {"http://operaton.org/schema/1.0/bpmn", Namespace::camunda},
      {"http://activiti.org/bpmn", Namespace::camunda},
      {"http://www.camunda.com/fox", Namespace::camunda},
      {"http://camunda.org/schema/zeebe/1.0", Namespace::zeebe},
      {"http://camunda.org/schema/modeler/1.0", Namespace::modeler},
      {"http://www.w3.org/2000/xmlns/", Namespace::xmlns},
  };
  const auto found = known.find(uri);
  return found == known.end() ? Namespace::other : found->second;
}

std::string_view namespace_label(Namespace space) {
  switch (space) {
    case Namespace::camunda:
      return "camunda:";
    case Namespace::zeebe:
      return "zeebe:";
    case Namespace::modeler:
      return "modeler:";
    case Namespace::diagram:
      return "bpmndi:";
    case Namespace::xsi:
      return "xsi:";
    case Namespace::none:
    case Namespace::bpmn:
    case Namespace::dmn:
    case Namespace::xmlns:
    case Namespace::other:
      return "";
  }
  return "";
}

const XmlAttribute* XmlElement::find(Namespace in, std::string_view attribute) const {
  const auto found =
      std::ranges::find_if(attributes, [&](const XmlAttribute& a) { return a.space == in && a.name == attribute; });
  if (found == attributes.end()) return nullptr;
  found->asked = true;
  return &*found;
}

std::string_view XmlElement::get(Namespace in, std::string_view attribute) const {
  const XmlAttribute* found = find(in, attribute);
  return found == nullptr ? std::string_view{} : std::string_view(found->value);
}

const XmlElement* XmlElement::child(Namespace in, std::string_view local) const {
  const auto found = std::ranges::find_if(children, [&](const XmlElement* c) { return c->is(in, local); });
  if (found == children.end()) return nullptr;
  (*found)->asked = true;
  return *found;
}

std::vector<const XmlElement*> XmlElement::children_named(Namespace in, std::string_view local) const {
  std::vector<const XmlElement*> found;
  for (const XmlElement* c : children) {
    if (!c->is(in, local)) continue;
    c->asked = true;
    found.push_back(c);
  }
  return found;
}

std::string_view XmlElement::trimmed_text() const {
  return trimmed(text);
}

std::string_view XmlElement::uri_of_prefix(std::string_view prefix) const {
  for (const XmlElement* at = this; at != nullptr; at = at->parent) {
    for (const auto& [declared, uri_value] : at->prefixes) {
      if (declared == prefix) return uri_value;
    }
  }
  return {};
}

bool is_true(const XmlAttribute* attribute, bool otherwise) {
  if (attribute == nullptr) return otherwise;
  const std::string_view value = trimmed(attribute->value);
  return value == "true" || value == "1";
}

}  // namespace fermata::xml
