// Receive task (BPMN 2.0.2, 10.3.3): waits for its message; without one it waits until somebody completes it.
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/compile/events/event_compilers.h"

namespace fermata::bpmn {

void compile_receive_task(CompileContext& context, const Node& node, Element& element) {
  if (node.xml->has("messageRef")) {
    element.message = read_message(context, node, *node.xml);
  } else {
    context.report(rules::receive_without_message, *node.xml, described(*node.xml) + " refers to no message");
  }
}

}  // namespace fermata::bpmn
