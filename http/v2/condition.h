// One property of a filter: its value or its operators, checked by the type of the field and translated to what the
// store compares.
//
// Floor 7, pure.
//
//   parse_condition(*process_instances.find("state"), value, "filter.state")
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/value.h"
#include "http/v2/collection.h"
#include "persistence/read_session.h"

namespace fermata::http::v2 {

struct ParsedCondition {
  std::vector<FieldCondition> conditions;  ///< all must hold; empty: always true
  bool never = false;                      ///< can never hold
};

/// `path` names the property in messages.
[[nodiscard]] Result<ParsedCondition> parse_condition(const FieldSpec& field, const Value& value,
                                                      const std::string& path);

/// The operators of a variable's value: texts that hold JSON, as /v2 compares variables.
[[nodiscard]] Result<std::vector<VariableCondition>> parse_variable_conditions(const Value& list,
                                                                               const std::string& path);

}  // namespace fermata::http::v2
