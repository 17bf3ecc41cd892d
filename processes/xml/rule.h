// Rule: one reason why a model may be refused or remarked upon. Each language has its own catalogue of them
// (processes/bpmn/rules/catalogue.h, processes/dmn/rules.h), with ids that never change.
#pragma once

#include <string_view>

#include "processes/xml/problem.h"

namespace fermata::xml {

struct Rule {
  std::string_view id;
  Severity severity;
  std::string_view title;   ///< the rule itself, for the catalogue
  std::string_view clause;  ///< where it comes from
  std::string_view advice;  ///< what to do; ends every message of this rule
};

/// What the XML reader itself refuses, under the ids that the language gives it. All of them are errors.
struct FileRules {
  const Rule& bounds;
  const Rule& encoding;
  const Rule& invalid_character;
  const Rule& doctype;
  const Rule& entity;
  const Rule& not_well_formed;
  const Rule& duplicate_attribute;
  const Rule& unbound_prefix;
};

}  // namespace fermata::xml
