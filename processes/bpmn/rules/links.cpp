// Link events: pairs of one name within one scope (BPMN 2.0.2, 10.5.5).
#include "processes/bpmn/rules/rules.h"

namespace fermata::bpmn {
namespace {

struct Link {
  const Node* node;
  const XmlElement* definition;
  [[nodiscard]] std::string_view name() const { return definition->get("name"); }
  [[nodiscard]] bool is_source() const { return node->type == NodeType::intermediate_throw_event; }
};

void check_flows(const Link& link, Findings& findings) {
  const bool wrong = link.is_source() ? !link.node->outgoing.empty() : !link.node->incoming.empty();
  if (wrong) {
    findings.add(rules::link_pair, *link.node->xml,
                 described(*link.node->xml) + " is a link " +
                     (link.is_source() ? "source with an outgoing flow" : "target with an incoming flow"));
  }
}

void check_pair(const Link& link, const std::vector<Link>& all, Findings& findings) {
  int partners = 0;
  int elsewhere = 0;
  int same_targets = 0;
  for (const Link& other : all) {
    if (other.name() != link.name()) continue;
    const bool same_scope = other.node->scope == link.node->scope;
    if (other.is_source() != link.is_source()) ++(same_scope ? partners : elsewhere);
    if (!link.is_source() && !other.is_source() && same_scope) ++same_targets;
  }
  const std::string called = described(*link.node->xml);
  if (partners == 0) {
    findings.add(rules::link_pair, *link.definition,
                 called + " has the link name '" + std::string(link.name()) + "', " +
                     (elsewhere > 0 ? "whose other end is in another scope" : "which has no other end"));
  }
  if (same_targets > 1)
    findings.add(rules::link_pair, *link.definition,
                 called + " is not the only target of the link '" + std::string(link.name()) + "'");
}

// The optional <source> and <target> inside a definition say the same as the names.
void check_children(const Link& link, Findings& findings) {
  if (link.is_source() && link.definition->children_named("target").size() > 1) {
    findings.add(rules::link_pair, *link.definition, described(*link.node->xml) + " has several targets");
  }
}

}  // namespace

void check_links(const Model& model, Findings& findings) {
  std::vector<Link> links;
  for (const Node& node : model.nodes) {
    for (const EventDefinition& event : node.events) {
      const bool intermediate =
          node.type == NodeType::intermediate_throw_event || node.type == NodeType::intermediate_catch_event;
      if (intermediate && event.is("linkEventDefinition")) links.push_back({&node, event.xml});
    }
  }
  for (const Link& link : links) {
    check_flows(link, findings);
    check_pair(link, links, findings);
    check_children(link, findings);
  }
}

}  // namespace fermata::bpmn
