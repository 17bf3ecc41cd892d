// Script task (BPMN 2.0.2, 10.3.3): FEEL, or the JUEL subset; other languages are refused. With zeebe:taskDefinition it
// is a job.
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/zeebe.h"

namespace fermata::bpmn {

void compile_script_task(CompileContext& context, const Node& node, Element& element) {
  const bool job = zeebe::read_job(context, *node.xml, element);
  const bool zeebe_script = zeebe::read_script(context, *node.xml, element);
  const XmlElement* script = node.xml->child("script");
  if (job + zeebe_script + (script != nullptr) > 1) {
    context.report(rules::extension_conflict, *node.xml, described(*node.xml) + " has several implementations");
  }
  if (job || zeebe_script) return;
  if (node.xml->find(Namespace::camunda, "resource") != nullptr) return;  // refused by rules/extensions.cpp
  if (script == nullptr) {
    context.report(rules::no_implementation, *node.xml, described(*node.xml) + " has no script");
    return;
  }
  element.script = ScriptDefinition{context.read_script(*script, node.xml->get("scriptFormat"), script->text),
                                    std::string(node.xml->get(Namespace::camunda, "resultVariable"))};
}

}  // namespace fermata::bpmn
