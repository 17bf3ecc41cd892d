// Signal events (BPMN 2.0.2, 10.5.5): broadcast by name.
#include "processes/bpmn/compile/events/event_compilers.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {

void compile_signal_event(CompileContext& context, const EventContext& event, Element& element) {
  const std::string_view reference = trimmed(event.definition.get("signalRef"));
  if (reference.empty()) {
    context.report(rules::signal_missing, event.definition, described(*event.node.xml) + " refers to no signal");
    return;
  }
  const XmlElement* signal = context.model().resolve(event.definition, reference);
  if (signal == nullptr || !signal->is("signal")) return;  // reported as a dangling reference
  element.signal = SignalDefinition{context.read_value(*signal, signal->find("name"))};
  if (trimmed(signal->get("name")).empty()) {
    context.report(rules::signal_missing, event.definition, described(*signal) + " has no name");
  }
  const ExpressionPtr& name = element.signal->name;
  if (event.place == EventPlace::process_start && name != nullptr && name->constant() == nullptr) {
    context.report(rules::expression, event.definition,
                   "the signal name of a start event is evaluated before there are variables; it must be a fixed text");
  }
}

}  // namespace fermata::bpmn
