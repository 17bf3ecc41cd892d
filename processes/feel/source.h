// Source: a text and where it stands, for a host that evaluates many texts in one run (processes/dmn): warnings and
// failures name it. An expression that is evaluated by itself has none.
#pragma once

#include <memory>
#include <string>

namespace fermata::feel {

struct Source {
  std::string text;        ///< what offsets count in; empty for an element that is no text
  std::string element_id;  ///< of the nearest element with an id
  std::string resource;    ///< the file
  int line = 0;            ///< where the text begins in that file
  int column = 0;
};
using SourcePtr = std::shared_ptr<const Source>;

}  // namespace fermata::feel
