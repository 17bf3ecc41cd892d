// Compensation: handlers are drawn by association, marked, and outside of the normal flow
// (BPMN 2.0.2, 10.5.4, 11.5.2, 13.5.5).
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

void check_boundary(const Node& event, Findings& findings) {
  const std::string called = described(*event.xml);
  if (event.handlers.size() != 1) {
    findings.add(rules::compensation_handler, *event.xml,
                 called + (event.handlers.empty() ? " is associated with no activity"
                                                  : " is associated with several activities"));
    return;
  }
  const Node& handler = *event.handlers.front();
  if (!is_activity(handler.type) || !handler.for_compensation) {
    findings.add(rules::compensation_handler, *event.xml,
                 called + " is associated with " + described(*handler.xml) + ", which is not marked for compensation");
  } else if (handler.scope != event.scope) {
    findings.add(rules::compensation_handler, *event.xml,
                 called + " is associated with " + described(*handler.xml) + ", which is in another scope");
  }
}

bool has_handler(const Node& activity) {
  for (const Node* event : activity.boundary_events) {
    if (event->has_event("compensateEventDefinition")) return true;
  }
  return activity.inner != nullptr;  // its inner activities may have handlers
}

// 13.5.5: the activity is in the scope of the throwing event, or that scope is an event subprocess and it is in the one
// around it.
void check_target(const Model& model, const Node& node, const XmlElement& definition, Findings& findings) {
  const Node* activity = model.node(model.resolve(definition, definition.get("activityRef")));
  if (activity == nullptr || !is_activity(activity->type)) return;
  const Scope* scope = node.scope;
  const bool visible = activity->scope == scope ||
                       (scope->node != nullptr && scope->node->event_subprocess && activity->scope == scope->parent);
  if (!visible) {
    findings.add(rules::compensation_target, definition,
                 described(*node.xml) + " compensates " + described(*activity->xml) + ", which is in another scope");
  } else if (!has_handler(*activity)) {
    findings.add(
        rules::compensation_target, definition,
        described(*node.xml) + " compensates " + described(*activity->xml) + ", which has no compensation handler");
  }
}

}  // namespace

void check_compensation(const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (node.for_compensation && (!node.incoming.empty() || !node.outgoing.empty() || !node.boundary_events.empty())) {
      findings.add(rules::compensation_flow, *node.xml,
                   described(*node.xml) + " is for compensation, and part of the normal flow");
    }
    if (!node.has_event("compensateEventDefinition")) continue;
    if (node.type == NodeType::boundary_event) check_boundary(node, findings);
    if (node.type != NodeType::intermediate_throw_event && node.type != NodeType::end_event) continue;
    for (const EventDefinition& event : node.events) {
      if (event.is("compensateEventDefinition")) check_target(model, node, *event.xml, findings);
    }
  }
}

}  // namespace fermata::bpmn
