// From a tree of nodes to the Expression that the engine sees. Shared by FEEL and the JUEL subset.
#pragma once

#include "processes/feel/feel.h"
#include "processes/feel/node.h"

namespace fermata::feel {

/// `frame` is the number of slots the tree uses; `text` is what positions refer to.
[[nodiscard]] CompiledPtr make_compiled(std::string text, NodePtr root, std::size_t frame,
                                        std::vector<std::string> variables, const Limits& limits);

/// "line L, column C: message".
[[nodiscard]] std::string at_position(std::string_view text, std::size_t offset, std::string_view message);

}  // namespace fermata::feel
