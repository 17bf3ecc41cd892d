// What data elements are made of: their item definitions, compared as the standard compares them.
#pragma once

#include "processes/bpmn/model/model.h"

namespace fermata::bpmn {

/// The item definition of a data element; follows data object and data store references. Null when it has none.
[[nodiscard]] const XmlElement* item_of(const Model& model, const XmlElement& data);
/// The item definition of a message, signal, error or escalation (itemRef, structureRef); null when it has none.
[[nodiscard]] const XmlElement* item_of_root(const Model& model, const XmlElement& root);
/// The same definition, or two of one structure. Two without any structure are different.
[[nodiscard]] bool same_item(const XmlElement* a, const XmlElement* b);
/// What `reference` (an attribute of `from`) names, or null.
[[nodiscard]] const XmlElement* referred(const Model& model, const XmlElement& from, std::string_view attribute);
/// What the text of the child `name` of `from` names, or null.
[[nodiscard]] const XmlElement* referred_by_child(const Model& model, const XmlElement& from, std::string_view name);

}  // namespace fermata::bpmn
