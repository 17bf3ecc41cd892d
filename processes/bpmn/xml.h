// The XML reader (processes/xml) under the names that this folder uses, with BPMN's ids for what it refuses.
#pragma once

#include "processes/bpmn/rules/catalogue.h"
#include "processes/xml/unicode.h"
#include "processes/xml/xml_tree.h"

namespace fermata::bpmn {

using xml::append_utf8;
using xml::find_invalid_character;
using xml::is_true;
using xml::is_xml_character;
using xml::is_xml_space;
using xml::Namespace;
using xml::namespace_label;
using xml::namespace_of_uri;
using xml::trimmed;
using xml::XmlAttribute;
using xml::XmlElement;
using xml::XmlRead;
using xml::XmlTree;

inline constexpr xml::FileRules file_rules{
    rules::xml_bounds, rules::encoding,        rules::invalid_character,   rules::doctype,
    rules::entity,     rules::not_well_formed, rules::duplicate_attribute, rules::unbound_prefix};

[[nodiscard]] inline XmlRead read_xml(std::string_view bytes) {
  return xml::read_xml(bytes, file_rules);
}

}  // namespace fermata::bpmn
