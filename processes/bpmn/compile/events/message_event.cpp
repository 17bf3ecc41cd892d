// Message events (BPMN 2.0.2, 10.5.5). A throwing one is a job when somebody is named to send it, else the engine
// publishes it.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/compile/events/event_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {

std::optional<MessageDefinition> read_message(CompileContext& context, const Node& node, const XmlElement& owner) {
  const std::string_view reference = trimmed(owner.get("messageRef"));
  if (reference.empty()) {
    context.report(rules::message_missing, owner, described(*node.xml) + " refers to no message");
    return std::nullopt;
  }
  const XmlElement* message = context.model().resolve(owner, reference);
  if (message == nullptr || !message->is("message")) return std::nullopt;  // reported as a dangling reference
  MessageDefinition definition;
  definition.name = context.read_value(*message, message->find("name"));
  if (trimmed(message->get("name")).empty()) {
    context.report(rules::message_missing, owner, described(*message) + " has no name");
  }
  definition.correlation_key = zeebe::read_correlation_key(context, *message);
  return definition;
}

void compile_message_event(CompileContext& context, const EventContext& event, Element& element) {
  if (is_throwing(event.place)) {
    const bool zeebe_job = zeebe::read_job(context, *event.node.xml, element);
    const bool camunda_work = camunda::read_implementation(context, event.definition, element);
    if (zeebe_job && camunda_work) {
      context.report(rules::extension_conflict, *event.node.xml,
                     described(*event.node.xml) + " is configured by zeebe: and by camunda: extensions");
    }
    camunda::read_connector_mapping(context, event.definition, element);
    if (zeebe_job || camunda_work) return;
  }
  element.message = read_message(context, event.node, event.definition);
  if (!element.message || event.place != EventPlace::process_start) return;
  // There is no instance yet whose variables could say which message: the name is fixed, and everybody's message starts
  // one.
  element.message->correlation_key = nullptr;
  if (element.message->name != nullptr && element.message->name->constant() == nullptr) {
    context.report(
        rules::expression, event.definition,
        "the message name of a start event is evaluated before there are variables; it must be a fixed text");
  }
}

}  // namespace fermata::bpmn
