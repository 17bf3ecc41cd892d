// Start and end events: what triggers or results they may have, and their flows (BPMN 2.0.2, 10.5.2 and 10.5.3).
#include <algorithm>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

bool any_of_kinds(const EventDefinition& event, std::initializer_list<std::string_view> kinds) {
  return std::ranges::any_of(kinds, [&](std::string_view kind) { return event.is(kind); });
}

void check_event_subprocess_start(const Node& start, Findings& findings) {
  const std::string called = described(*start.xml);
  if (start.events.empty())
    findings.add(rules::event_subprocess_kind, *start.xml, called + " of an event subprocess has no event definition");
  for (const EventDefinition& event : start.events) {
    const bool known = any_of_kinds(
        event, {"messageEventDefinition", "timerEventDefinition", "errorEventDefinition", "escalationEventDefinition",
                "compensateEventDefinition", "conditionalEventDefinition", "signalEventDefinition"});
    if (!known)
      findings.add(rules::event_subprocess_kind, *event.xml,
                   "an event subprocess cannot start by a " + event.xml->name);
    if (!start.interrupting() && any_of_kinds(event, {"errorEventDefinition", "compensateEventDefinition"})) {
      findings.add(rules::event_subprocess_kind, *event.xml,
                   called + " with a " + event.xml->name + " cannot be non-interrupting");
    }
  }
}

void check_start(const Node& start, Findings& findings) {
  const std::string called = described(*start.xml);
  if (!start.incoming.empty()) {
    findings.add(rules::start_incoming, *start.xml,
                 called + " is the target of " + described(*start.incoming.front()->xml));
  }
  if (start.outgoing.empty()) findings.add(rules::missing_outgoing, *start.xml, called + " leads nowhere");
  if (start.scope->is_process()) {
    for (const EventDefinition& event : start.events) {
      const bool known = any_of_kinds(event, {"messageEventDefinition", "timerEventDefinition",
                                              "conditionalEventDefinition", "signalEventDefinition"});
      if (!known) findings.add(rules::process_start_kind, *event.xml, "a process cannot start by a " + event.xml->name);
    }
  } else if (start.scope->node->event_subprocess) {
    check_event_subprocess_start(start, findings);
  } else if (!start.events.empty()) {
    findings.add(rules::subprocess_start_kind, *start.xml,
                 called + " of an embedded subprocess has a " + start.events.front().xml->name);
  }
}

void check_end(const Node& end, Findings& findings) {
  const std::string called = described(*end.xml);
  if (!end.outgoing.empty()) {
    findings.add(rules::end_outgoing, *end.xml, called + " is the source of " + described(*end.outgoing.front()->xml));
  }
  if (end.incoming.empty()) findings.add(rules::missing_incoming, *end.xml, called + " is reached by no flow");
  for (const EventDefinition& event : end.events) {
    const bool known = any_of_kinds(
        event, {"messageEventDefinition", "escalationEventDefinition", "errorEventDefinition", "cancelEventDefinition",
                "compensateEventDefinition", "signalEventDefinition", "terminateEventDefinition"});
    if (!known) findings.add(rules::end_kind, *event.xml, "an end event cannot have a " + event.xml->name);
    const bool in_transaction = end.scope->node != nullptr && end.scope->node->type == NodeType::transaction;
    if (event.is("cancelEventDefinition") && !in_transaction) {
      findings.add(rules::cancel_place, *event.xml, called + " cancels, but stands in no transaction");
    }
  }
}

}  // namespace

void check_start_and_end(const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (node.type == NodeType::start_event) check_start(node, findings);
    if (node.type == NodeType::end_event) check_end(node, findings);
  }
}

}  // namespace fermata::bpmn
