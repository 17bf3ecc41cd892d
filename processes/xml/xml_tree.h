// XmlTree: an XML file as read-only elements whose namespaces are resolved by URI, each with its line and column.
//
// The tree also notes which attributes and children were ever asked for, so that an extension which nobody reads can be
// pointed out. One thread at a time, therefore.
//
// Prefixes are nobody's business above this file: <bpmn:task>, <bpmn2:task> and <task xmlns="..."> are the same
// element. Text and attribute values are decoded. Comments are dropped; the deployed resource keeps them, as it keeps
// the diagram.
//
//   XmlRead read = read_xml(bytes, file_rules());
//   for (const XmlElement* child : read.tree->root().children) if (child->is("process")) ...
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "processes/xml/problem.h"
#include "processes/xml/rule.h"

namespace fermata::xml {

/// The vocabularies we know, by URI. `camunda` also stands for its living forks and its ancestor (operaton, activiti), `dmn` for all its versions.
enum class Namespace : unsigned char { none, bpmn, dmn, diagram, xsi, camunda, zeebe, modeler, xmlns, other };

[[nodiscard]] Namespace namespace_of_uri(std::string_view uri);
/// "camunda:", "zeebe:" ...: how messages write it.
[[nodiscard]] std::string_view namespace_label(Namespace space);

struct XmlAttribute {
  Namespace space = Namespace::none;  ///< none: without prefix
  std::string name;                   ///< without prefix
  std::string value;
  Position position;
  mutable bool asked = false;  ///< find() or get() met it; see rules/unread_extensions.cpp
};

struct XmlElement {
  Namespace space = Namespace::none;
  std::string name;  ///< without prefix
  std::string uri;   ///< of its namespace, when `space` is other
  std::vector<XmlAttribute> attributes;
  std::vector<const XmlElement*> children;
  std::string text;  ///< its own text and CDATA, joined; white space kept
  const XmlElement* parent = nullptr;
  Position position;
  Position content;  ///< where its text, if it has any, begins
  std::vector<std::pair<std::string, std::string>> prefixes;  ///< xmlns declarations made here: prefix -> URI
  mutable bool asked = false;  ///< child() or children_named() met it; see rules/unread_extensions.cpp

  [[nodiscard]] bool is(std::string_view bpmn_name) const { return space == Namespace::bpmn && name == bpmn_name; }
  [[nodiscard]] bool is(Namespace in, std::string_view local) const { return space == in && name == local; }

  /// The attribute without prefix, or nullptr.
  [[nodiscard]] const XmlAttribute* find(std::string_view attribute) const { return find(Namespace::none, attribute); }
  [[nodiscard]] const XmlAttribute* find(Namespace in, std::string_view attribute) const;
  /// Its value, or "".
  [[nodiscard]] std::string_view get(std::string_view attribute) const { return get(Namespace::none, attribute); }
  [[nodiscard]] std::string_view get(Namespace in, std::string_view attribute) const;
  [[nodiscard]] bool has(std::string_view attribute) const { return find(attribute) != nullptr; }

  /// The first such child, or nullptr.
  [[nodiscard]] const XmlElement* child(std::string_view bpmn_name) const { return child(Namespace::bpmn, bpmn_name); }
  [[nodiscard]] const XmlElement* child(Namespace in, std::string_view local) const;
  [[nodiscard]] std::vector<const XmlElement*> children_named(std::string_view bpmn_name) const {
    return children_named(Namespace::bpmn, bpmn_name);
  }
  [[nodiscard]] std::vector<const XmlElement*> children_named(Namespace in, std::string_view local) const;

  /// The text without white space at its ends.
  [[nodiscard]] std::string_view trimmed_text() const;
  /// The namespace URI that `prefix` stands for here, or "".
  [[nodiscard]] std::string_view uri_of_prefix(std::string_view prefix) const;
};

class XmlTree {
 public:
  [[nodiscard]] const XmlElement& root() const { return elements_.front(); }
  [[nodiscard]] const std::deque<XmlElement>& elements() const { return elements_; }  ///< in document order

 private:
  friend class TreeReader;
  std::deque<XmlElement> elements_;
};

/// `true` or `1`, as XML Schema writes it; anything else, and absence, is `otherwise`.
[[nodiscard]] bool is_true(const XmlAttribute* attribute, bool otherwise);

struct XmlRead {
  std::unique_ptr<const XmlTree> tree;  ///< null when there is a problem
  std::optional<Problem> problem;
};

/// Decodes, prescans and parses. Refuses whatever is not well-formed, or beyond limits::xml_* and resource_bytes_max.
/// `rules` names what is refused.
[[nodiscard]] XmlRead read_xml(std::string_view bytes, const FileRules& rules);

}  // namespace fermata::xml
