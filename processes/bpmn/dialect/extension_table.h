// What becomes of each extension of the camunda: and zeebe: vocabularies, in one list.
#pragma once

#include <string_view>

#include "processes/bpmn/xml/xml_tree.h"

namespace fermata::bpmn {

enum class Treatment : unsigned char {
  executed,  ///< read by zeebe.cpp or camunda*.cpp
  harmless,  ///< says nothing about execution, or what always holds here (every step is durable, so asyncBefore is
             ///< granted)
  ignored,   ///< changes nothing here; a warning says so
  listener,  ///< refused
  refused,   ///< would change execution, and is not executed
};

struct KnownExtension {
  Namespace space;
  std::string_view name;
  Treatment treatment;
  std::string_view owners;  ///< where it has a meaning: element names, or "" for everywhere
};

/// nullptr: unknown.
[[nodiscard]] const KnownExtension* find_extension_element(Namespace space, std::string_view name);
[[nodiscard]] const KnownExtension* find_extension_attribute(Namespace space, std::string_view name);
[[nodiscard]] bool belongs_to(const KnownExtension& extension, std::string_view owner);

}  // namespace fermata::bpmn
