#include "processes/bpmn/rules/items.h"

namespace fermata::bpmn {

const XmlElement* referred(const Model& model, const XmlElement& from, std::string_view attribute) {
  return from.get(attribute).empty() ? nullptr : model.resolve(from, from.get(attribute));
}

const XmlElement* referred_by_child(const Model& model, const XmlElement& from, std::string_view name) {
  const XmlElement* child = from.child(name);
  return child == nullptr ? nullptr : model.resolve(*child, child->text);
}

const XmlElement* item_of(const Model& model, const XmlElement& data) {
  if (const XmlElement* own = referred(model, data, "itemSubjectRef")) return own;
  const XmlElement* real = referred(model, data, data.is("dataStoreReference") ? "dataStoreRef" : "dataObjectRef");
  return real == nullptr ? nullptr : referred(model, *real, "itemSubjectRef");
}

const XmlElement* item_of_root(const Model& model, const XmlElement& root) {
  return referred(model, root, root.is("message") ? "itemRef" : "structureRef");
}

bool same_item(const XmlElement* a, const XmlElement* b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  return !a->get("structureRef").empty() && a->get("structureRef") == b->get("structureRef");
}

}  // namespace fermata::bpmn
