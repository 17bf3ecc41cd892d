// ReadContext: what the passes over one file share while it is read: the tree, the model that is being made, the
// problems.
#pragma once

#include "processes/dmn/model_data.h"
#include "processes/dmn/problems.h"
#include "processes/feel/source.h"

namespace fermata::dmn {

struct ReadContext {
  const XmlElement& root;
  ModelData& model;
  Problems& problems;
  const ReadOptions& options;
  feel::CompileOptions feel;  ///< types and bounds of every text; known_names holds what is local to the one at hand
  std::uint64_t lint_steps_left = 0;  ///< for hints

  /// For warnings that speak of an element.
  [[nodiscard]] feel::SourcePtr place_of(const XmlElement& element) const;
  /// The text of an element `<text>`, with where it begins.
  [[nodiscard]] feel::SourcePtr source_of(const XmlElement& text) const;
};

/// Where an offset in a text is in its file.
[[nodiscard]] Position position_in_file(const feel::Source& source, std::size_t offset);

[[nodiscard]] inline bool is(const XmlElement& element, std::string_view name) {
  return element.is(xml::Namespace::dmn, name);
}
[[nodiscard]] inline const XmlElement* child(const XmlElement& element, std::string_view name) {
  return element.child(xml::Namespace::dmn, name);
}
[[nodiscard]] inline std::vector<const XmlElement*> children(const XmlElement& element, std::string_view name) {
  return element.children_named(xml::Namespace::dmn, name);
}
/// What expressions call a decision, input and so on: the name of its variable, or else its own.
[[nodiscard]] std::string variable_name(const XmlElement& element);
/// The typeRef of its variable, or "".
[[nodiscard]] std::string_view variable_type(const XmlElement& element);

// The passes, in their order.

/// item_reader.cpp: item definitions (7.3.3) into model.items; feel.types. False when they are beyond the bounds.
[[nodiscard]] bool read_items(ReadContext& context);
/// The type that a typeRef names at an element; null when it is empty, or unknown, which is a problem.
[[nodiscard]] ItemTypePtr type_of(ReadContext& context, const XmlElement& at, std::string_view type_ref);
/// member_names.cpp: every name that may stand after a dot.
void collect_members(ReadContext& context);
/// element_reader.cpp: inputs, decisions, knowledge models and services, and what they require.
void read_elements(ReadContext& context);
/// requirement_order.cpp: refuses decisions that require themselves, and too many in a row.
void check_requirements(ReadContext& context, const std::vector<const XmlElement*>& decisions);
/// import_reader.cpp: finds the imported models among the options.
void read_imports(ReadContext& context);

}  // namespace fermata::dmn
