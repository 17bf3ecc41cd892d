// Problem: one finding about a model file, for the person who drew it.
//
// Floor 5 (processes). `rule` is stable ("BPMN-0203", "DMN-0301"): docs/RULES.md and docs/DECISION_RULES.md explain each,
// programs may match on it.
//
//   order.bpmn:41:7: error BPMN-0203 flow_3: the default flow of gateway_1 leaves another element; ...
#pragma once

#include <string>
#include <string_view>

namespace fermata::xml {

/// 1-based; columns count Unicode code points. {0, 0}: the whole file.
struct Position {
  int line = 0;
  int column = 0;

  friend bool operator==(Position, Position) = default;
};

enum class Severity : unsigned char {
  hint,     ///< deployed all the same; worth a look, and may well be meant. --strict does not mind it
  warning,  ///< deployed all the same; something to look at
  error,    ///< nothing of the file is deployed
};

struct Problem {
  Severity severity = Severity::error;
  std::string rule;
  std::string element_id;  ///< of the shape concerned (a timer is named by its event), or of the nearest around it that
                           ///< has an id; may be empty
  int line = 0;
  int column = 0;
  std::string message;  ///< what is wrong, and what to do

  friend bool operator==(const Problem&, const Problem&) = default;
};

[[nodiscard]] constexpr std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::hint:
      return "hint";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

}  // namespace fermata::xml
