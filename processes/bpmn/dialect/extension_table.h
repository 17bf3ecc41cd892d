// What becomes of each extension of the camunda: and zeebe: vocabularies, in one list.
#pragma once

#include <span>
#include <string_view>

#include "processes/bpmn/xml.h"

namespace fermata::bpmn {

enum class Treatment : unsigned char {
  executed,  ///< read by zeebe.cpp or camunda*.cpp: tests/unit/bpmn/extension_witnesses.txt shows what it changes, and
             ///< rules/unread_extensions.cpp points out where it is not read
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

/// The entry for `owner`, or else the first of that name; nullptr: unknown.
[[nodiscard]] const KnownExtension* find_extension_element(Namespace space, std::string_view name,
                                                           std::string_view owner);
[[nodiscard]] const KnownExtension* find_extension_attribute(Namespace space, std::string_view name,
                                                             std::string_view owner);
/// All entries, for the test that asks for a witness of each.
[[nodiscard]] std::span<const KnownExtension> extension_elements();
[[nodiscard]] std::span<const KnownExtension> extension_attributes();
[[nodiscard]] bool belongs_to(const KnownExtension& extension, std::string_view owner);

}  // namespace fermata::bpmn
