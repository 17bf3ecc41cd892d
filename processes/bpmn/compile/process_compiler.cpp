#include "processes/bpmn/compile/process_compiler.h"

#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {
namespace {

// Outer scopes first, so that the builder knows a scope before its children.
void compile_scope(CompileContext& context, const Scope& scope, CompiledScope& to) {
  for (const Node* node : scope.nodes) to.elements.emplace_back(node, compile_element(context, *node));
  for (const Flow* flow : scope.flows) {
    const bool asked = flow->source == nullptr || flow->source->type != NodeType::parallel_gateway;
    to.flows.push_back(
        {flow, flow->condition == nullptr || !asked ? nullptr : context.read_condition(*flow->condition)});
  }
  for (const Node* node : scope.nodes) {
    if (node->inner != nullptr) compile_scope(context, *node->inner, to);
  }
}

}  // namespace

std::vector<CompiledScope> compile_processes(CompileContext& context) {
  std::vector<CompiledScope> compiled;
  for (const Scope* process : context.model().processes) {
    if (!process->executable) continue;
    CompiledScope& scope = compiled.emplace_back();
    scope.process = process;
    scope.version_tag = zeebe::read_version_tag(*process->xml);
    if (scope.version_tag.empty()) scope.version_tag = camunda::read_version_tag(*process->xml);
    Element mappings;
    zeebe::read_io_mapping(context, *process->xml, mappings);
    scope.inputs = std::move(mappings.inputs);
    scope.outputs = std::move(mappings.outputs);
    compile_scope(context, *process, scope);
  }
  return compiled;
}

}  // namespace fermata::bpmn
