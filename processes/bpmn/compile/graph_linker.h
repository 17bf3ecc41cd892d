// link_graph: turns the compiled elements of one process into a ProcessGraph.
//
// Called only when the file has no error, so every reference leads somewhere.
#pragma once

#include <vector>

#include "engine/model/process_graph.h"
#include "processes/bpmn/compile/context.h"

namespace fermata::bpmn {

struct CompiledFlow {
  const Flow* flow = nullptr;
  ExpressionPtr condition;
};

/// One process, compiled but not yet linked. `elements` are in document order, outer scopes before inner ones.
struct CompiledScope {
  const Scope* process = nullptr;
  std::vector<std::pair<const Node*, Element>> elements;
  std::vector<CompiledFlow> flows;
  std::vector<Mapping> inputs;  ///< of the process itself
  std::vector<Mapping> outputs;
  std::string version_tag;
};

[[nodiscard]] ProcessGraphPtr link_graph(const Model& model, CompiledScope compiled);

}  // namespace fermata::bpmn
