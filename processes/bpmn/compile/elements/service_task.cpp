// Service task (BPMN 2.0.2, 10.3.3): a job for a worker or plugin, or an expression evaluated on the spot
// (camunda:expression).
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {

void compile_service_task(CompileContext& context, const Node& node, Element& element) {
  const bool zeebe_job = zeebe::read_job(context, *node.xml, element);
  const bool camunda_work = camunda::read_implementation(context, *node.xml, element);
  if (zeebe_job && camunda_work) {
    context.report(rules::extension_conflict, *node.xml,
                   described(*node.xml) + " is configured by zeebe: and by camunda: extensions");
  }
  if (!zeebe_job && !camunda_work) {
    context.report(rules::no_implementation, *node.xml, described(*node.xml) + " does not say who does its work");
  }
}

}  // namespace fermata::bpmn
