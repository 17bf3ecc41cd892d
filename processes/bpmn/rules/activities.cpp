// Activities: markers, quantities, scripts, formal expressions, and what may not stand inside a process
// (BPMN 2.0.2, 10.3).
#include <algorithm>
#include <charconv>

#include "processes/bpmn/rules/rules.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

void check_quantity(const Node& node, std::string_view name, Findings& findings) {
  const XmlAttribute* attribute = node.xml->find(name);
  if (attribute == nullptr) return;
  const std::string_view text = trimmed(attribute->value);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= 1) return;
  findings.add(
      rules::quantity, *node.xml, *attribute,
      "'" + std::string(name) + "' of " + described(*node.xml) + " is '" + attribute->value.substr(0, 40) + "'");
}

void check_loop(const Node& node, Findings& findings) {
  const auto markers = std::ranges::count_if(node.xml->children, [](const XmlElement* child) {
    return child->is("standardLoopCharacteristics") || child->is("multiInstanceLoopCharacteristics");
  });
  if (markers > 1) findings.add(rules::loop_markers, *node.xml, described(*node.xml) + " has several loop markers");
  const XmlElement* multi = node.xml->child("multiInstanceLoopCharacteristics");
  if (multi != nullptr && node.scope->executable) {
    const XmlElement* extensions = multi->child("extensionElements");
    const bool counted =
        multi->child("loopCardinality") != nullptr || multi->child("loopDataInputRef") != nullptr ||
        multi->find(Namespace::camunda, "collection") != nullptr ||
        (extensions != nullptr && extensions->child(Namespace::zeebe, "loopCharacteristics") != nullptr);
    if (!counted)
      findings.add(rules::multi_instance_count, *multi,
                   described(*node.xml) + " does not say how many instances there are");
  }
  const XmlElement* loop = node.xml->child("standardLoopCharacteristics");
  if (loop != nullptr && loop->has("loopMaximum")) {
    const std::string_view text = loop->get("loopMaximum");
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
      findings.add(rules::invalid_value, *loop, *loop->find("loopMaximum"),
                   "'loopMaximum' of " + described(*node.xml) + " is no positive number");
    }
  }
}

void check_activity(const Node& node, Findings& findings) {
  check_quantity(node, "startQuantity", findings);
  check_quantity(node, "completionQuantity", findings);
  check_loop(node, findings);
  if (node.type == NodeType::script_task && node.xml->child("script") != nullptr &&
      node.xml->get("scriptFormat").empty()) {
    findings.add(rules::script_format, *node.xml, described(*node.xml) + " has a script without scriptFormat");
  }
  if (node.type == NodeType::receive_task && is_true(node.xml->find("instantiate"), false) && !node.incoming.empty()) {
    findings.add(rules::instantiate_incoming, *node.xml,
                 described(*node.xml) + " starts instances and has an incoming flow");
  }
  if (node.event_subprocess && !node.boundary_events.empty()) {
    findings.add(rules::event_subprocess_flow, *node.xml, "the event " + described(*node.xml) + " has boundary events");
  }
}

void check_ad_hoc(const Scope& scope, Findings& findings) {
  const bool has_activity = std::ranges::any_of(scope.nodes, [](const Node* node) { return is_activity(node->type); });
  if (!has_activity) findings.add(rules::ad_hoc_content, *scope.xml, described(*scope.xml) + " contains no activity");
  for (const Node* node : scope.nodes) {
    if (node->type == NodeType::start_event || node->type == NodeType::end_event) {
      findings.add(rules::ad_hoc_content, *node->xml, described(*scope.xml) + " contains " + described(*node->xml));
    }
  }
}

bool is_formal(const XmlElement& element) {
  return element.is("formalExpression") || element.is("messagePath") || element.is("dataPath") ||
         element.is("transformation") ||
         (element.is("condition") && element.parent != nullptr && element.parent->is("complexBehaviorDefinition")) ||
         element.get(Namespace::xsi, "type").ends_with("tFormalExpression");
}

// A drawing may leave its expressions open.
bool is_only_drawn(const Model& model, const XmlElement& element) {
  for (const XmlElement* at = &element; at != nullptr; at = at->parent) {
    const Node* node = model.node(at);
    if (node != nullptr) return !node->scope->executable;
    if (!at->is("process")) continue;
    return std::ranges::none_of(model.processes,
                                [&](const Scope* process) { return process->xml == at && process->executable; });
  }
  return false;
}

void check_expressions(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const XmlElement& element : tree.elements()) {
    if (element.space != Namespace::bpmn || !is_formal(element) || !element.trimmed_text().empty() ||
        !element.children.empty())
      continue;
    if (is_only_drawn(model, element)) continue;
    findings.add(rules::empty_expression, element,
                 "the expression <" + element.name + "> of " + described(*element.parent) + " is empty");
  }
}

// Plain text that is neither typed as an expression nor written in a known notation is prose.
void check_prose(const Model& model, Findings& findings) {
  for (const Flow& flow : model.flows) {
    if (flow.condition == nullptr || !flow.scope->executable || flow.condition->find(Namespace::xsi, "type") != nullptr)
      continue;
    const std::string_view text = flow.condition->trimmed_text();
    const bool marked = text.starts_with('=') || text.find("${") != std::string_view::npos ||
                        text.find("#{") != std::string_view::npos || flow.condition->has("language");
    if (text.empty() || marked) continue;
    findings.add(rules::natural_expression, *flow.condition,
                 "the condition of " + described(*flow.xml) + " is plain text");
  }
}

}  // namespace

void check_activities(const XmlTree& tree, const Model& model, Findings& findings) {
  for (const Node& node : model.nodes) {
    if (is_activity(node.type)) check_activity(node, findings);
    if (node.type == NodeType::choreography) {
      findings.add(rules::choreography_in_process, *node.xml,
                   described(*node.scope->xml) + " contains " + described(*node.xml));
    }
    if (node.type == NodeType::ad_hoc_subprocess) check_ad_hoc(*node.inner, findings);
  }
  check_expressions(tree, model, findings);
  check_prose(model, findings);
}

}  // namespace fermata::bpmn
