// Business rule task (BPMN 2.0.2, 10.3.3): a decision, or a job like a service task.
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {

void compile_business_rule_task(CompileContext& context, const Node& node, Element& element) {
  const int ways = zeebe::read_decision(context, *node.xml, element) + zeebe::read_job(context, *node.xml, element) +
                   camunda::read_decision(context, *node.xml, element) +
                   camunda::read_implementation(context, *node.xml, element);
  if (ways == 0)
    context.report(rules::no_implementation, *node.xml,
                   described(*node.xml) + " has neither a decision nor a job type");
  if (ways > 1)
    context.report(rules::extension_conflict, *node.xml, described(*node.xml) + " has several implementations");
}

}  // namespace fermata::bpmn
