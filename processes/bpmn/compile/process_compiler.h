// compile_processes: every executable process of a model, element by element.
#pragma once

#include <vector>

#include "processes/bpmn/compile/graph_linker.h"

namespace fermata::bpmn {

/// Compiles all elements and expressions, reporting whatever is wrong with them; links nothing.
[[nodiscard]] std::vector<CompiledScope> compile_processes(CompileContext& context);

}  // namespace fermata::bpmn
