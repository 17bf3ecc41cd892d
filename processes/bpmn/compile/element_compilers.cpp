#include "processes/bpmn/compile/element_compilers.h"

#include "processes/bpmn/compile/properties.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {
namespace {

constexpr ElementCompiler table[] = {
    {NodeType::start_event, ElementKind::start_event, compile_event},
    {NodeType::end_event, ElementKind::end_event, compile_event},
    {NodeType::intermediate_catch_event, ElementKind::intermediate_catch_event, compile_event},
    {NodeType::intermediate_throw_event, ElementKind::intermediate_throw_event, compile_event},
    {NodeType::boundary_event, ElementKind::boundary_event, compile_event},
    {NodeType::task, ElementKind::task, nullptr},
    {NodeType::manual_task, ElementKind::manual_task, nullptr},
    {NodeType::service_task, ElementKind::service_task, compile_service_task},
    {NodeType::send_task, ElementKind::send_task, compile_send_task},
    {NodeType::receive_task, ElementKind::receive_task, compile_receive_task},
    {NodeType::user_task, ElementKind::user_task, compile_user_task},
    {NodeType::script_task, ElementKind::script_task, compile_script_task},
    {NodeType::business_rule_task, ElementKind::business_rule_task, compile_business_rule_task},
    {NodeType::call_activity, ElementKind::call_activity, compile_call_activity},
    {NodeType::subprocess, ElementKind::subprocess, nullptr},
    {NodeType::exclusive_gateway, ElementKind::exclusive_gateway, nullptr},
    {NodeType::parallel_gateway, ElementKind::parallel_gateway, nullptr},
    {NodeType::inclusive_gateway, ElementKind::inclusive_gateway, nullptr},
    {NodeType::event_based_gateway, ElementKind::event_based_gateway, nullptr},
};

}  // namespace

const ElementCompiler* find_element_compiler(NodeType type) {
  for (const ElementCompiler& row : table) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

Element compile_element(CompileContext& context, const Node& node) {
  Element element;
  element.id = node.id();
  element.name = node.xml->get("name");
  element.line = node.xml->position.line;
  const ElementCompiler* row = find_element_compiler(node.type);
  if (row == nullptr) return element;  // reported as not executed
  element.kind = node.event_subprocess ? ElementKind::event_subprocess : row->kind;
  element.is_for_compensation = node.for_compensation;
  if (is_subprocess(node.type)) read_properties(*node.xml, element);
  zeebe::read_io_mapping(context, *node.xml, element);
  camunda::read_io_mapping(context, *node.xml, element);
  if (row->compile != nullptr) row->compile(context, node, element);
  if (is_activity(node.type)) compile_multi_instance(context, node, element);
  return element;
}

}  // namespace fermata::bpmn
