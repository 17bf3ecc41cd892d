#include "processes/bpmn/compile/events/event_compilers.h"

#include "processes/bpmn/compile/element_compilers.h"

namespace fermata::bpmn {
namespace {

constexpr EventCompiler table[] = {
    {"messageEventDefinition", EventKind::message, compile_message_event},
    {"timerEventDefinition", EventKind::timer, compile_timer_event},
    {"signalEventDefinition", EventKind::signal, compile_signal_event},
    {"errorEventDefinition", EventKind::error, compile_error_event},
    {"escalationEventDefinition", EventKind::escalation, compile_escalation_event},
    {"compensateEventDefinition", EventKind::compensation, compile_compensation_event},
    {"terminateEventDefinition", EventKind::terminate, nullptr},
};

}  // namespace

const EventCompiler* find_event_compiler(const XmlElement& definition) {
  for (const EventCompiler& row : table) {
    if (definition.is(row.definition)) return &row;
  }
  return nullptr;
}

EventPlace place_of(const Node& node) {
  switch (node.type) {
    case NodeType::start_event:
      if (node.scope->is_process()) return EventPlace::process_start;
      return node.scope->node->event_subprocess ? EventPlace::event_subprocess_start : EventPlace::subprocess_start;
    case NodeType::boundary_event:
      return EventPlace::boundary;
    case NodeType::intermediate_catch_event:
      return EventPlace::catch_event;
    case NodeType::end_event:
      return EventPlace::end;
    default:
      return EventPlace::throw_event;
  }
}

void compile_event(CompileContext& context, const Node& node, Element& element) {
  if (node.type == NodeType::start_event || node.type == NodeType::boundary_event)
    element.interrupting = node.interrupting();
  if (node.events.empty()) return;
  const XmlElement& definition = *node.events.front().xml;
  const EventCompiler* row = find_event_compiler(definition);
  if (row == nullptr) return;  // reported as not executed
  element.event = row->kind;
  if (row->compile != nullptr) row->compile(context, {node, definition, place_of(node)}, element);
}

}  // namespace fermata::bpmn
