// Values as the TCK writes them in XML, and whether what came out agrees with one.
#pragma once

#include "engine/base/value.h"
#include "processes/xml/xml_tree.h"

namespace fermata::dmn::tck {

/// The first child of that name whatever its namespace, or nullptr.
[[nodiscard]] const xml::XmlElement* child(const xml::XmlElement& element, std::string_view name);
[[nodiscard]] std::vector<const xml::XmlElement*> children(const xml::XmlElement& element, std::string_view name);

/// The value that an <inputNode>, <expected>, <component> or <item> holds; null when it holds none.
[[nodiscard]] Value read_value(const xml::XmlElement& holder);

/// Whether no value below says what it is (xsi:type): then all are texts, and mean what the model asks for.
[[nodiscard]] bool is_untyped(const xml::XmlElement& element);

/// Equal: numbers to within 8 digits, contexts in any order, dates and the like with their zones.
/// `untyped`: what is expected is the text of it.
[[nodiscard]] bool agrees(const Value& expected, const Value& actual, bool untyped);

}  // namespace fermata::dmn::tck
