// Sequence flows: where they may lead, conditions, defaults, and elements that nothing reaches (BPMN 2.0.2, 8.4.13
// and 13.2).
#include <algorithm>

#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

bool may_have_conditions(NodeType type) {
  return is_activity(type) || type == NodeType::exclusive_gateway || type == NodeType::inclusive_gateway ||
         type == NodeType::complex_gateway;
}

bool is_default(const Model& model, const Flow& flow) {
  const XmlAttribute* reference = flow.source->xml->find("default");
  return reference != nullptr && model.resolve(*flow.source->xml, reference->value) == flow.xml;
}

void check_flow(const Model& model, const Flow& flow, Findings& findings) {
  if (flow.source == nullptr || flow.target == nullptr) return;
  const std::string called = described(*flow.xml);
  if (flow.source->scope != flow.scope || flow.target->scope != flow.scope) {
    findings.add(rules::flow_scope, *flow.xml,
                 called + " connects " + described(*flow.source->xml) + " and " + described(*flow.target->xml) +
                     ", which are not both in its own scope");
  }
  for (const Node* end : {flow.source, flow.target}) {
    if (end->event_subprocess)
      findings.add(rules::event_subprocess_flow, *flow.xml,
                   called + " is connected to the event " + described(*end->xml));
  }
  if (flow.source == flow.target && is_gateway(flow.source->type)) {
    findings.add(rules::self_loop, *flow.xml, called + " leads from " + described(*flow.source->xml) + " to itself");
  }
  if (const XmlAttribute* immediate = flow.xml->find("isImmediate");
      immediate != nullptr && !is_true(immediate, true) && flow.scope->executable) {
    findings.add(rules::is_immediate, *flow.xml, *immediate, called + " is not immediate");
  }
  if (flow.condition == nullptr) return;
  if (flow.source->type == NodeType::parallel_gateway) {
    findings.add(rules::condition_not_asked, *flow.condition,
                 called + " leaves " + described(*flow.source->xml) + " and has a condition");
  } else if (!may_have_conditions(flow.source->type)) {
    findings.add(rules::meaningless_condition, *flow.condition,
                 called + " leaves " + described(*flow.source->xml) + " and has a condition");
  } else if (is_default(model, flow)) {
    findings.add(rules::default_condition, *flow.condition,
                 called + " is the default flow of " + described(*flow.source->xml) + " and has a condition");
  } else if (is_activity(flow.source->type) && flow.source->outgoing.size() == 1) {
    findings.add(rules::lone_condition, *flow.condition,
                 called + " is the only flow out of " + described(*flow.source->xml) + " and has a condition");
  }
}

void check_default(const Model& model, const Node& node, Findings& findings) {
  const XmlAttribute* reference = node.xml->find("default");
  if (reference == nullptr) return;
  const XmlElement* flow = model.resolve(*node.xml, reference->value);
  if (flow == nullptr || !flow->is("sequenceFlow")) return;  // reported as a reference
  if (std::ranges::any_of(node.outgoing, [&](const Flow* own) { return own->xml == flow; })) return;
  findings.add(rules::default_flow, *node.xml, *reference,
               "the default flow '" + reference->value + "' of " + described(*node.xml) + " does not leave it");
}

// Modelers list the flows of an element a second time inside it. Where they are listed they must agree.
void check_lists(const Model& model, const Node& node, std::string_view name, const std::vector<Flow*>& flows,
                 Findings& findings) {
  const std::vector<const XmlElement*> listed = node.xml->children_named(name);
  for (const XmlElement* entry : listed) {
    const XmlElement* flow = model.resolve(*entry, entry->text);
    if (flow == nullptr || !flow->is("sequenceFlow")) continue;
    if (std::ranges::any_of(flows, [&](const Flow* own) { return own->xml == flow; })) continue;
    findings.add(rules::flow_lists, *entry,
                 described(*node.xml) + " lists '" + std::string(entry->trimmed_text()) + "' as <" + std::string(name) +
                     ">, but that flow goes elsewhere");
  }
  for (const Flow* flow : flows) {
    if (std::ranges::any_of(listed,
                            [&](const XmlElement* entry) { return model.resolve(*entry, entry->text) == flow->xml; }))
      continue;
    findings.add(rules::flow_lists, *node.xml,
                 described(*node.xml) + " does not list " + described(*flow->xml) + " as <" + std::string(name) + ">");
  }
}

bool lists_flows(const XmlElement& xml) {
  return xml.child("incoming") != nullptr || xml.child("outgoing") != nullptr;
}

// Who need not be reached, or need not go on.
bool begins(const Node& node) {
  return node.type == NodeType::start_event || node.type == NodeType::boundary_event || node.for_compensation ||
         node.event_subprocess || node.has_event("linkEventDefinition") ||
         is_true(node.xml->find("instantiate"), false);
}
bool ends(const Node& node) {
  return node.type == NodeType::end_event || node.type == NodeType::boundary_event || node.for_compensation ||
         node.event_subprocess || node.has_event("linkEventDefinition");
}

void check_connected(const Scope& scope, Findings& findings) {
  if (scope.node != nullptr && scope.node->type == NodeType::ad_hoc_subprocess) return;
  const bool has_start = !scope.of_type(NodeType::start_event).empty();
  const bool has_end = !scope.of_type(NodeType::end_event).empty();
  for (const Node* node : scope.nodes) {
    const bool intermediate =
        node->type == NodeType::intermediate_catch_event || node->type == NodeType::intermediate_throw_event;
    if (intermediate) continue;  // rules/events.cpp
    if (has_start && node->incoming.empty() && !begins(*node)) {
      findings.add(rules::missing_incoming, *node->xml, described(*node->xml) + " is reached by no flow");
    }
    if (has_end && node->outgoing.empty() && !ends(*node)) {
      findings.add(rules::missing_outgoing, *node->xml, described(*node->xml) + " leads nowhere");
    }
  }
}

}  // namespace

void check_flows(const Model& model, Findings& findings) {
  for (const Flow& flow : model.flows) check_flow(model, flow, findings);
  const bool listed = std::ranges::any_of(model.nodes, [](const Node& node) { return lists_flows(*node.xml); });
  for (const Node& node : model.nodes) {
    check_default(model, node, findings);
    if (!listed) continue;
    check_lists(model, node, "incoming", node.incoming, findings);
    check_lists(model, node, "outgoing", node.outgoing, findings);
  }
  for (const Scope& scope : model.scopes) check_connected(scope, findings);
}

}  // namespace fermata::bpmn
