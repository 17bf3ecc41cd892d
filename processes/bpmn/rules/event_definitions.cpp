// The content of event definitions: timers, conditions, messages, and definitions that are shared (BPMN 2.0.2, 10.5.5).
#include <algorithm>
#include <unordered_map>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

void check_timer(const XmlElement& timer, Findings& findings) {
  int present = 0;
  for (std::string_view name : {"timeDate", "timeDuration", "timeCycle"}) {
    for (const XmlElement* form : timer.children_named(name)) {
      ++present;
      if (form->trimmed_text().empty()) {
        findings.add(rules::empty_expression, *form,
                     "<" + form->name + "> of " + described(*timer.parent) + " is empty");
      }
    }
  }
  if (present == 0)
    findings.add(rules::timer_definition, timer, "the timer of " + described(*timer.parent) + " has no time");
  if (present > 1)
    findings.add(rules::timer_definition, timer, "the timer of " + described(*timer.parent) + " has several times");
}

void check_condition(const XmlElement& definition, Findings& findings) {
  const XmlElement* condition = definition.child("condition");
  if (condition == nullptr || condition->trimmed_text().empty()) {
    findings.add(rules::condition_missing, definition, described(*definition.parent) + " has no condition");
    return;
  }
  if (!condition->get(Namespace::xsi, "type").ends_with("tFormalExpression")) {
    findings.add(rules::natural_expression, *condition,
                 "the condition of " + described(*definition.parent) + " is no formal expression");
  }
}

bool throws(const Node& node) {
  return node.type == NodeType::intermediate_throw_event || node.type == NodeType::end_event;
}

// A thrown result belongs to one event; a shared trigger may start several.
void check_shared_definitions(const Model& model, Findings& findings) {
  std::unordered_map<const XmlElement*, std::vector<const Node*>> users;
  for (const Node& node : model.nodes) {
    for (const EventDefinition& event : node.events) users[event.xml].push_back(&node);
  }
  for (const Node& node : model.nodes) {
    for (const EventDefinition& event : node.events) {
      if (throws(node) && users[event.xml].size() > 1) {
        findings.add(rules::shared_throw_definition, *node.xml,
                     described(*node.xml) + " throws " + described(*event.xml) + ", which another event uses as well");
      }
    }
  }
}

}  // namespace

void check_event_definitions(const Model& model, Findings& findings) {
  // A drawing may leave open when, on what condition, and which message; the compiler reports the last.
  for (const Node& node : model.nodes) {
    if (!node.scope->executable) continue;
    for (const EventDefinition& event : node.events) {
      if (event.is("timerEventDefinition")) check_timer(*event.xml, findings);
      if (event.is("conditionalEventDefinition")) check_condition(*event.xml, findings);
      if (event.is("messageEventDefinition") && event.xml->child("operationRef") == nullptr &&
          !findings.vendor_file()) {
        findings.add(rules::operation_missing, *event.xml, described(*node.xml) + " refers to no operation");
      }
    }
  }
  check_shared_definitions(model, findings);
}

}  // namespace fermata::bpmn
