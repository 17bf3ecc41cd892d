// Receive task (BPMN 2.0.2, 10.3.3): waits for its message; one that refers to none waits for a message that is called like the task.
// A token must be able to leave every wait: without a name nobody could ever end this one.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/compile/events/event_compilers.h"

namespace fermata::bpmn {

void compile_receive_task(CompileContext& context, const Node& node, Element& element) {
  if (node.xml->has("messageRef")) {
    element.message = read_message(context, node, *node.xml);
    return;
  }
  context.report(rules::receive_without_message, *node.xml,
                 described(*node.xml) + " refers to no message; it waits for one that is called '" + element.id + "'");
  element.message = MessageDefinition{make_constant(Value::string(element.id)), nullptr};
}

}  // namespace fermata::bpmn
