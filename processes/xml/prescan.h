// prescan: one linear pass over an XML file before the XML library may see it.
//
// The library accepts what it must not (bad UTF-8, control characters, two roots), is quadratic in attributes, and
// knows no columns. This pass refuses all that in milliseconds, and tells the line and column of every element and
// attribute in document order. Pure; needs memory for the positions only.
//
//   Result<Scan> / Problem:  auto scan = prescan(text);  scan.positions[0].element -> {2, 1}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "processes/xml/problem.h"
#include "processes/xml/rule.h"

namespace fermata::xml {

struct ScannedElement {
  Position position;                 ///< of its '<'
  std::vector<Position> attributes;  ///< of their names, in order
  Position content;                  ///< of what follows its start tag
};

struct Scan {
  std::vector<ScannedElement> elements;  ///< in document order
  /// Byte ranges of processing instructions after the XML declaration: no modeler needs them, and the library trips
  /// over them.
  std::vector<std::pair<std::size_t, std::size_t>> instructions;
  std::optional<Problem> problem;  ///< the first thing that is wrong; the rest is then meaningless
};

/// `text` is UTF-8 without byte order mark. Bounds are limits::xml_*.
[[nodiscard]] Scan prescan(std::string_view text, const FileRules& rules);

}  // namespace fermata::xml
