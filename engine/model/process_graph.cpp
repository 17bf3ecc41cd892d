#include "engine/model/process_graph.h"

namespace fermata {

ElementIndex ProcessGraph::find_element(std::string_view id) const {
  const auto found = element_by_id_.find(std::string(id));
  return found == element_by_id_.end() ? no_element : found->second;
}

FlowIndex ProcessGraph::find_flow(std::string_view id) const {
  const auto found = flow_by_id_.find(std::string(id));
  return found == flow_by_id_.end() ? no_flow : found->second;
}

const UpstreamSets* ProcessGraph::upstream_of(ElementIndex gateway) const {
  const auto found = upstream_.find(gateway);
  return found == upstream_.end() ? nullptr : &found->second;
}

ElementIndex ProcessGraph::none_start_event() const {
  for (ElementIndex index : process().start_events) {
    if (element(index).event == EventKind::none) return index;
  }
  return no_element;
}

std::string_view bpmn_name(ElementKind kind) {
  switch (kind) {
    case ElementKind::process: return "process";
    case ElementKind::subprocess: return "subProcess";
    case ElementKind::event_subprocess: return "eventSubProcess";
    case ElementKind::call_activity: return "callActivity";
    case ElementKind::task: return "task";
    case ElementKind::manual_task: return "manualTask";
    case ElementKind::service_task: return "serviceTask";
    case ElementKind::send_task: return "sendTask";
    case ElementKind::receive_task: return "receiveTask";
    case ElementKind::user_task: return "userTask";
    case ElementKind::script_task: return "scriptTask";
    case ElementKind::business_rule_task: return "businessRuleTask";
    case ElementKind::start_event: return "startEvent";
    case ElementKind::intermediate_catch_event: return "intermediateCatchEvent";
    case ElementKind::intermediate_throw_event: return "intermediateThrowEvent";
    case ElementKind::boundary_event: return "boundaryEvent";
    case ElementKind::end_event: return "endEvent";
    case ElementKind::exclusive_gateway: return "exclusiveGateway";
    case ElementKind::parallel_gateway: return "parallelGateway";
    case ElementKind::inclusive_gateway: return "inclusiveGateway";
    case ElementKind::event_based_gateway: return "eventBasedGateway";
  }
  return "unknown";
}

std::string_view bpmn_name(EventKind kind) {
  switch (kind) {
    case EventKind::none: return "none";
    case EventKind::message: return "message";
    case EventKind::timer: return "timer";
    case EventKind::signal: return "signal";
    case EventKind::error: return "error";
    case EventKind::escalation: return "escalation";
    case EventKind::compensation: return "compensation";
    case EventKind::terminate: return "terminate";
  }
  return "unknown";
}

}  // namespace fermata
