// The content of event definitions: timers, conditions, messages, and definitions that are shared (BPMN 2.0.2, 10.5.5).
#include <algorithm>
#include <unordered_map>

#include "processes/bpmn/compile/events/timer_value.h"
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

void check_timer(const XmlElement& timer, Findings& findings) {
  int filled = 0;
  int present = 0;
  for (std::string_view name : {"timeDate", "timeDuration", "timeCycle"}) {
    for (const XmlElement* form : timer.children_named(name)) {
      ++present;
      if (form->trimmed_text().empty()) {
        findings.add(rules::empty_expression, *form, "<" + form->name + "> of " + described(*timer.parent) + " is empty");
      } else {
        ++filled;
      }
    }
  }
  if (present == 0) findings.add(rules::timer_definition, timer, "the timer of " + described(*timer.parent) + " has no time");
  if (present > 1) findings.add(rules::timer_definition, timer, "the timer of " + described(*timer.parent) + " has several times");
  static_cast<void>(filled);
}

void check_condition(const XmlElement& definition, bool executable, Findings& findings) {
  const XmlElement* condition = definition.child("condition");
  if (condition == nullptr || condition->trimmed_text().empty()) {
    findings.add(rules::condition_missing, definition, described(*definition.parent) + " has no condition");
    return;
  }
  if (executable && !condition->get(Namespace::xsi, "type").ends_with("tFormalExpression")) {
    findings.add(rules::natural_expression, *condition, "the condition of " + described(*definition.parent) + " is no formal expression");
  }
}

bool throws(const Node& node) { return node.type == NodeType::intermediate_throw_event || node.type == NodeType::end_event; }

// A thrown result belongs to one event; a shared trigger may start several.
void check_shared_definitions(const Model& model, Findings& findings) {
  std::unordered_map<const XmlElement*, std::vector<const Node*>> users;
  for (const Node& node : model.nodes) {
    for (const EventDefinition& event : node.events) users[event.xml].push_back(&node);
  }
  for (const Node& node : model.nodes) {
    for (const EventDefinition& event : node.events) {
      if (throws(node) && users[event.xml].size() > 1) {
        findings.add(rules::shared_throw_definition, *node.xml, described(*node.xml) + " throws " + described(*event.xml) + ", which another event uses as well");
      }
    }
  }
}

}  // namespace

void check_event_definitions(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const XmlElement& element : tree.elements()) {
    if (element.is("timerEventDefinition")) check_timer(element, findings);
  }
  for (const Node& node : model.nodes) {
    for (const EventDefinition& event : node.events) {
      if (event.is("conditionalEventDefinition")) check_condition(*event.xml, node.scope->executable, findings);
      // A drawing may leave open which message; the compiler reports it for what is executed.
    }
  }
  check_shared_definitions(model, findings);
}

}  // namespace fermata::bpmn
