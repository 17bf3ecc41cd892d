// compile: one BPMN file in, executable process graphs out, or every reason why not.
//
// Floor 5: the door of this folder. Deterministic and pure: no file, clock or network. A file is compiled as a whole:
// when any problem is an error, `processes` is empty and nothing may be deployed. The raw bytes stay with the caller,
// who stores them as the resource: diagrams, comments and foreign extensions are never lost.
//
//   CompileResult result = bpmn::compile("order.bpmn", bytes, expressions);
//   if (result.refused()) return problems_as_json(result.problems);
//   for (CompiledProcess& process : result.processes) store(process.graph);
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/process_graph.h"
#include "processes/bpmn/expression_compiler.h"
#include "processes/bpmn/problem.h"

namespace fermata::bpmn {

struct CompileOptions {
  /// Compile processes that are marked isExecutable="false" as well: for simulation and for lint, not for deployment.
  bool all_processes = false;
  /// Refuse a file without any executable process.
  bool require_executable = true;
};

struct CompiledProcess {
  ProcessGraphPtr graph;
  std::string id;
  std::string name;           ///< empty when it has none
  std::string version_tag;    ///< empty when it has none
  std::string documentation;  ///< the process's own, joined; empty when it has none
  int line = 0;
};

struct CompileResult {
  std::vector<CompiledProcess> processes;  ///< in document order; empty when refused
  std::vector<Problem> problems;           ///< by line; warnings and errors

  [[nodiscard]] bool refused() const;
};

/// Never throws and never fails otherwise: whatever is wrong with the bytes is a problem. A file of 300 elements takes
/// a few milliseconds, a hostile one is refused in as many.
[[nodiscard]] CompileResult compile(std::string_view resource_name, std::string_view bytes,
                                    ExpressionCompiler& expressions, const CompileOptions& options = {});

/// "order.bpmn:41:7: error BPMN-0203 (flow_3): the default flow ..."
[[nodiscard]] std::string format_problem(std::string_view resource_name, const Problem& problem);

}  // namespace fermata::bpmn
