// Gateways: direction, conditions, and what may stand behind an event-based gateway (BPMN 2.0.2, 10.6).
#include <algorithm>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

void check_direction(const Node& node, Findings& findings) {
  const XmlAttribute* attribute = node.xml->find("gatewayDirection");
  if (attribute == nullptr || attribute->value == "Unspecified") return;
  const std::size_t in = node.incoming.size();
  const std::size_t out = node.outgoing.size();
  const bool agrees = attribute->value == "Converging"  ? out <= 1 && in >= 1
                      : attribute->value == "Diverging" ? in <= 1 && out >= 1
                      : attribute->value == "Mixed"     ? in > 1 && out > 1
                                                        : false;
  if (agrees) return;
  findings.add(rules::gateway_direction, *node.xml, *attribute,
               described(*node.xml) + " is '" + attribute->value.substr(0, 40) + "', but has " + std::to_string(in) +
                   " incoming and " + std::to_string(out) + " outgoing flows");
}

void check_conditions(const Model& model, const Node& node, Findings& findings) {
  if (node.type != NodeType::exclusive_gateway || node.outgoing.size() < 2) return;
  const XmlAttribute* reference = node.xml->find("default");
  const XmlElement* standard = reference == nullptr ? nullptr : model.resolve(*node.xml, reference->value);
  for (const Flow* flow : node.outgoing) {
    if (flow->condition != nullptr || flow->xml == standard || !node.scope->executable) continue;
    findings.add(
        rules::gateway_no_condition, *flow->xml,
        described(*flow->xml) + " out of " + described(*node.xml) + " has no condition and is not the default");
  }
}

bool is_instantiating(const Node& node) {
  return is_true(node.xml->find("instantiate"), false);
}

void check_event_target(const Node& gateway, const Node& target, Findings& findings) {
  const std::string called = described(*target.xml);
  if (target.type == NodeType::receive_task) {
    if (!target.boundary_events.empty()) {
      findings.add(rules::event_gateway_boundary, *target.xml,
                   called + " stands behind " + described(*gateway.xml) + " and has boundary events");
    }
  } else if (target.type == NodeType::intermediate_catch_event) {
    for (const EventDefinition& event : target.events) {
      const bool known = event.is("messageEventDefinition") || event.is("timerEventDefinition") ||
                         event.is("signalEventDefinition") || event.is("conditionalEventDefinition");
      if (!known)
        findings.add(rules::event_gateway_target, *target.xml,
                     described(*gateway.xml) + " leads to " + called + " with a " + event.xml->name);
    }
  } else {
    findings.add(rules::event_gateway_target, *target.xml, described(*gateway.xml) + " leads to " + called);
  }
  if (target.incoming.size() > 1) {
    findings.add(rules::event_gateway_incoming, *target.xml,
                 called + " stands behind " + described(*gateway.xml) + " and has another incoming flow");
  }
}

void check_event_gateway(const Node& gateway, Findings& findings) {
  const std::string called = described(*gateway.xml);
  if (gateway.outgoing.size() < 2)
    findings.add(rules::event_gateway_flows, *gateway.xml,
                 called + " has " + std::to_string(gateway.outgoing.size()) + " outgoing flow(s)");
  if (is_instantiating(gateway) && !gateway.incoming.empty())
    findings.add(rules::instantiate_incoming, *gateway.xml, called + " starts instances and has an incoming flow");
  bool receives = false;
  bool messages = false;
  for (const Flow* flow : gateway.outgoing) {
    if (flow->target == nullptr) continue;
    check_event_target(gateway, *flow->target, findings);
    receives = receives || flow->target->type == NodeType::receive_task;
    messages = messages || flow->target->has_event("messageEventDefinition");
  }
  if (receives && messages)
    findings.add(rules::event_gateway_mix, *gateway.xml, called + " leads to message events and to receive tasks");
}

}  // namespace

void check_gateways(const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (!is_gateway(node.type)) continue;
    check_direction(node, findings);
    check_conditions(model, node, findings);
    if (node.type == NodeType::event_based_gateway) check_event_gateway(node, findings);
    const bool starts = node.type == NodeType::event_based_gateway && is_instantiating(node);
    if (node.incoming.size() < 2 && node.outgoing.size() < 2 && !starts) {
      findings.add(rules::gateway_pointless, *node.xml, described(*node.xml) + " neither splits nor joins");
    }
  }
}

}  // namespace fermata::bpmn
