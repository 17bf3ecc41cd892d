// Receive task (BPMN 2.0.2, 10.3.3): waits for its message. The standard lets it refer to none, and Camunda 7 then waits for
// somebody who knows the execution; here it waits for a message that is called like the task, because a token must be able to
// leave every wait. Camunda 8 refuses it, and so do we in its files.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/compile/events/event_compilers.h"

namespace fermata::bpmn {

void compile_receive_task(CompileContext& context, const Node& node, Element& element) {
  if (node.xml->has("messageRef")) {
    element.message = read_message(context, node, *node.xml);
    return;
  }
  if (context.dialect() == Dialect::zeebe) {
    context.report(rules::message_missing, *node.xml, described(*node.xml) + " refers to no message");
    return;
  }
  context.report(rules::receive_without_message, *node.xml,
                 described(*node.xml) + " refers to no message; it waits for one that is called '" + element.id + "'");
  element.message = MessageDefinition{make_constant(Value::string(element.id)), nullptr};
}

}  // namespace fermata::bpmn
