#include "processes/bpmn/compile/process_compiler.h"

#include <algorithm>

#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {
namespace {

// What the engine cannot do without, if it is not there.
std::string_view missing_part(const Element& element) {
  const auto has_source = [](const Mapping& mapping) { return mapping.source != nullptr; };
  const auto complete = [&](const std::vector<Mapping>& mappings) { return std::ranges::all_of(mappings, has_source); };
  if (element.job && element.job->type == nullptr) return "job type";
  if (element.call && element.call->process_id == nullptr) return "called process";
  if (element.decision && element.decision->decision_id == nullptr) return "decision";
  if (element.script && element.script->expression == nullptr) return "script";
  if (element.multi_instance && element.multi_instance->collection == nullptr && element.multi_instance->cardinality == nullptr) {
    return "number of instances";
  }
  if (element.call && !(complete(element.call->to_child) && complete(element.call->to_parent))) return "source of a mapping";
  return complete(element.inputs) && complete(element.outputs) ? std::string_view{} : "source of a mapping";
}

// The last fence: whatever a dialect lets through, nothing incomplete reaches the engine.
Element compile_complete(CompileContext& context, const Node& node) {
  Element element = compile_element(context, node);
  if (const std::string_view part = missing_part(element); !part.empty() && !context.has_error()) {
    context.report(rules::extension_missing, *node.xml, described(*node.xml) + " has no " + std::string(part));
  }
  return element;
}

// Outer scopes first, so that the builder knows a scope before its children.
void compile_scope(CompileContext& context, const Scope& scope, CompiledScope& to) {
  for (const Node* node : scope.nodes) to.elements.emplace_back(node, compile_complete(context, *node));
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
