// Call activity (BPMN 2.0.2, 10.3.6). The standard's calledElement is a QName; vendors write process ids and
// expressions there.
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

// "tns:order" -> "order"; text that is no QName stays as it is.
std::string_view without_prefix(const XmlElement& xml, std::string_view reference) {
  const std::size_t colon = reference.find(':');
  if (colon == std::string_view::npos || xml.uri_of_prefix(reference.substr(0, colon)).empty()) return reference;
  return reference.substr(colon + 1);
}

// What Camunda 7 does when nothing is said is to copy nothing; the standard without data mapping says nothing, so all
// is passed.
bool follows_camunda(const CompileContext& context, const XmlElement& xml) {
  return context.dialect() == Dialect::camunda || extension(xml, Namespace::camunda, "in") != nullptr ||
         extension(xml, Namespace::camunda, "out") != nullptr;
}

}  // namespace

void compile_call_activity(CompileContext& context, const Node& node, Element& element) {
  CallDefinition& call = element.call.emplace();
  const XmlElement& xml = *node.xml;
  if (zeebe::read_call(context, xml, call)) return;
  const XmlAttribute* called = xml.find("calledElement");
  if (called == nullptr || trimmed(called->value).empty()) {
    context.report(rules::called_element, xml, described(xml) + " does not say which process it calls");
    return;
  }
  call.process_id = context.read_value(xml, without_prefix(xml, trimmed(called->value)));
  if (follows_camunda(context, xml)) camunda::read_call(context, xml, call);
}

}  // namespace fermata::bpmn
