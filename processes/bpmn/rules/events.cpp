// Intermediate and boundary events: what they may catch or throw, and their flows (BPMN 2.0.2, 10.5.4).
#include <algorithm>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

bool any_of_kinds(const EventDefinition& event, std::initializer_list<std::string_view> kinds) {
  return std::ranges::any_of(kinds, [&](std::string_view kind) { return event.is(kind); });
}

void check_boundary_flows(const Node& node, Findings& findings) {
  const std::string called = described(*node.xml);
  if (!node.incoming.empty()) {
    findings.add(rules::boundary_incoming, *node.xml,
                 called + " is the target of " + described(*node.incoming.front()->xml));
  }
  const bool compensation = node.has_event("compensateEventDefinition");
  if (compensation && !node.outgoing.empty()) {
    findings.add(rules::compensation_outgoing, *node.xml, called + " has an outgoing sequence flow");
  }
  if (!compensation && node.outgoing.empty())
    findings.add(rules::boundary_outgoing, *node.xml, called + " leads nowhere");
}

void check_boundary(const Node& node, Findings& findings) {
  const std::string called = described(*node.xml);
  check_boundary_flows(node, findings);
  if (node.attached_to != nullptr && (node.attached_to->scope != node.scope || node.attached_to->event_subprocess)) {
    findings.add(rules::attached_to, *node.xml,
                 called + " is attached to " + described(*node.attached_to->xml) + ", which cannot carry it");
  }
  if (node.events.empty()) findings.add(rules::no_event_definition, *node.xml, called + " has no event definition");
  for (const EventDefinition& event : node.events) {
    const bool interrupting_only =
        any_of_kinds(event, {"errorEventDefinition", "cancelEventDefinition", "compensateEventDefinition"});
    if (any_of_kinds(event, {"linkEventDefinition", "terminateEventDefinition"})) {
      findings.add(rules::boundary_kind, *event.xml, called + " has a " + event.xml->name);
    } else if (interrupting_only && !node.interrupting() && node.xml->has("cancelActivity") &&
               !(event.is("compensateEventDefinition") && !node.scope->executable)) {
      findings.add(rules::boundary_kind, *event.xml,
                   called + " with a " + event.xml->name + " is non-interrupting (cancelActivity=\"false\")");
    }
    if (event.is("cancelEventDefinition") && node.attached_to != nullptr &&
        node.attached_to->type != NodeType::transaction) {
      findings.add(rules::cancel_place, *event.xml,
                   called + " catches a cancellation, but " + described(*node.attached_to->xml) + " is no transaction");
    }
  }
}

// Links are entered and left by name, everything else by flows.
void check_intermediate_flows(const Node& node, Findings& findings) {
  const bool link = node.has_event("linkEventDefinition");
  const std::string called = described(*node.xml);
  const bool needs_incoming = !link || node.type == NodeType::intermediate_throw_event;
  const bool needs_outgoing = !link || node.type == NodeType::intermediate_catch_event;
  if (needs_incoming && node.incoming.empty())
    findings.add(rules::intermediate_flow, *node.xml, called + " has no incoming flow");
  if (needs_outgoing && node.outgoing.empty())
    findings.add(rules::intermediate_flow, *node.xml, called + " has no outgoing flow");
}

void check_intermediate(const Node& node, Findings& findings) {
  const std::string called = described(*node.xml);
  check_intermediate_flows(node, findings);
  const bool catching = node.type == NodeType::intermediate_catch_event;
  if (catching && node.events.empty())
    findings.add(rules::no_event_definition, *node.xml, called + " has no event definition");
  for (const EventDefinition& event : node.events) {
    const bool known =
        catching ? any_of_kinds(event, {"messageEventDefinition", "timerEventDefinition", "conditionalEventDefinition",
                                        "linkEventDefinition", "signalEventDefinition"})
                 : any_of_kinds(event, {"messageEventDefinition", "escalationEventDefinition",
                                        "compensateEventDefinition", "linkEventDefinition", "signalEventDefinition"});
    if (!known)
      findings.add(catching ? rules::catch_kind : rules::throw_kind, *event.xml,
                   called + " cannot have a " + event.xml->name);
  }
}

// What the event catches, as far as it can be compared: "errorEventDefinition:code". Empty: not comparable.
std::string caught(const Model& model, const Node& boundary) {
  if (boundary.events.size() != 1) return {};
  const XmlElement& definition = *boundary.events.front().xml;
  struct Kind {
    std::string_view definition, reference, key;
  };
  constexpr Kind kinds[] = {{"errorEventDefinition", "errorRef", "errorCode"},
                            {"escalationEventDefinition", "escalationRef", "escalationCode"},
                            {"messageEventDefinition", "messageRef", "name"},
                            {"compensateEventDefinition", "", ""}};
  for (const Kind& kind : kinds) {
    if (!definition.is(kind.definition)) continue;
    const XmlElement* root =
        kind.reference.empty() ? nullptr : model.resolve(definition, definition.get(kind.reference));
    if (root == nullptr && (kind.key == "name" || !definition.get(kind.reference).empty())) return {};
    return definition.name + ":" + (root == nullptr ? std::string{} : std::string(root->get(kind.key)));
  }
  return {};
}

void check_duplicate_boundaries(const Model& model, const Node& host, Findings& findings) {
  std::vector<std::string> seen;
  for (const Node* boundary : host.boundary_events) {
    const std::string key = caught(model, *boundary);
    if (key.empty()) continue;
    if (std::ranges::find(seen, key) != seen.end()) {
      findings.add(
          rules::duplicate_boundary, *boundary->xml,
          described(*boundary->xml) + " catches the same as another boundary event of " + described(*host.xml));
    }
    seen.push_back(key);
  }
}

}  // namespace

void check_events(const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (node.type == NodeType::boundary_event) check_boundary(node, findings);
    if (node.type == NodeType::intermediate_catch_event || node.type == NodeType::intermediate_throw_event)
      check_intermediate(node, findings);
    if (node.boundary_events.size() > 1) check_duplicate_boundaries(model, node, findings);
  }
}

}  // namespace fermata::bpmn
