#include "processes/bpmn/model/model.h"

#include <algorithm>

#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

class ModelBuilder {
 public:
  ModelBuilder(const XmlTree& tree, Executable which) : tree_(tree), which_(which) {}

  Model build() {
    model_.definitions = &tree_.root();
    for (const XmlElement& element : tree_.elements()) {
      if (element.space != Namespace::bpmn) continue;
      if (element.has("id")) model_.by_id.emplace(element.get("id"), &element);
      if (element.is("association")) model_.associations.push_back(&element);
    }
    for (const XmlElement* process : model_.definitions->children_named("process")) add_process(*process);
    for (Flow& flow : model_.flows) link(flow);
    for (Node& node : model_.nodes) link(node);
    for (const XmlElement* association : model_.associations) link_association(*association);
    return std::move(model_);
  }

 private:
  void add_process(const XmlElement& xml) {
    Scope& scope = model_.scopes.emplace_back();
    scope.xml = &xml;
    scope.executable = is_executable(xml);
    model_.processes.push_back(&scope);
    fill(scope);
  }

  bool is_executable(const XmlElement& process) const {
    if (which_ == Executable::all) return true;
    const bool only_one = model_.definitions->children_named("process").size() == 1;
    return is_true(process.find("isExecutable"), only_one);
  }

  void fill(Scope& scope) {
    for (const XmlElement* child : scope.xml->children) {
      NodeType type{};
      if (child->is("sequenceFlow")) {
        Flow& flow = model_.flows.emplace_back();
        flow.xml = child;
        flow.scope = &scope;
        flow.condition = child->child("conditionExpression");
        scope.flows.push_back(&flow);
      } else if (child->space == Namespace::bpmn && flow_node_type(child->name, type)) {
        add_node(scope, *child, type);
      }
    }
  }

  void add_node(Scope& scope, const XmlElement& xml, NodeType type) {
    Node& node = model_.nodes.emplace_back();
    node.xml = &xml;
    node.type = type;
    node.scope = &scope;
    node.for_compensation = is_activity(type) && is_true(xml.find("isForCompensation"), false);
    node.event_subprocess = is_subprocess(type) && is_true(xml.find("triggeredByEvent"), false);
    scope.nodes.push_back(&node);
    model_.node_of.emplace(&xml, &node);
    if (!is_subprocess(type)) return;
    Scope& inner = model_.scopes.emplace_back();
    inner.xml = &xml;
    inner.parent = &scope;
    inner.node = &node;
    inner.executable = scope.executable;
    node.inner = &inner;
    fill(inner);
  }

  void link(Flow& flow) {
    flow.source = referred_node(*flow.xml, "sourceRef");
    flow.target = referred_node(*flow.xml, "targetRef");
    if (flow.source != nullptr) flow.source->outgoing.push_back(&flow);
    if (flow.target != nullptr) flow.target->incoming.push_back(&flow);
  }

  void link(Node& node) {
    for (const XmlElement* child : node.xml->children) {
      if (child->space != Namespace::bpmn) continue;
      if (child->is("eventDefinitionRef")) {
        const XmlElement* shared = model_.resolve(*child, child->text);
        if (shared != nullptr && shared->name.ends_with("EventDefinition")) node.events.push_back({shared, true});
      } else if (child->name.ends_with("EventDefinition")) {
        node.events.push_back({child, false});
      }
    }
    if (node.type != NodeType::boundary_event) return;
    Node* host = referred_node(*node.xml, "attachedToRef");
    if (host == nullptr || !is_activity(host->type)) return;
    node.attached_to = host;
    host->boundary_events.push_back(&node);
  }

  void link_association(const XmlElement& association) {
    Node* source = referred_node(association, "sourceRef");
    Node* target = referred_node(association, "targetRef");
    if (source == nullptr || target == nullptr) return;
    const auto is_compensation = [](const Node& node) {
      return node.type == NodeType::boundary_event && node.has_event("compensateEventDefinition");
    };
    if (is_compensation(*source)) source->handlers.push_back(target);
    // Some tools draw the dotted line the other way round; it says the same when the activity is marked for
    // compensation.
    if (is_compensation(*target) && source->for_compensation) target->handlers.push_back(source);
  }

  Node* referred_node(const XmlElement& from, std::string_view attribute) const {
    const XmlAttribute* reference = from.find(attribute);
    return reference == nullptr ? nullptr : model_.node(model_.resolve(from, reference->value));
  }

  const XmlTree& tree_;
  const Executable which_;
  Model model_;
};

}  // namespace

bool flow_node_type(std::string_view bpmn_name, NodeType& type) {
  static const std::unordered_map<std::string_view, NodeType> types{
      {"startEvent", NodeType::start_event},
      {"endEvent", NodeType::end_event},
      {"intermediateCatchEvent", NodeType::intermediate_catch_event},
      {"intermediateThrowEvent", NodeType::intermediate_throw_event},
      {"boundaryEvent", NodeType::boundary_event},
      {"task", NodeType::task},
      {"manualTask", NodeType::manual_task},
      {"serviceTask", NodeType::service_task},
      {"sendTask", NodeType::send_task},
      {"receiveTask", NodeType::receive_task},
      {"userTask", NodeType::user_task},
      {"scriptTask", NodeType::script_task},
      {"businessRuleTask", NodeType::business_rule_task},
      {"callActivity", NodeType::call_activity},
      {"subProcess", NodeType::subprocess},
      {"transaction", NodeType::transaction},
      {"adHocSubProcess", NodeType::ad_hoc_subprocess},
      {"exclusiveGateway", NodeType::exclusive_gateway},
      {"parallelGateway", NodeType::parallel_gateway},
      {"inclusiveGateway", NodeType::inclusive_gateway},
      {"eventBasedGateway", NodeType::event_based_gateway},
      {"complexGateway", NodeType::complex_gateway},
      {"choreographyTask", NodeType::choreography},
      {"callChoreography", NodeType::choreography},
      {"subChoreography", NodeType::choreography},
  };
  const auto found = types.find(bpmn_name);
  if (found == types.end()) return false;
  type = found->second;
  return true;
}

bool Node::has_event(std::string_view name) const {
  return std::ranges::any_of(events, [&](const EventDefinition& event) { return event.is(name); });
}

bool Node::interrupting() const {
  return is_true(xml->find(type == NodeType::boundary_event ? "cancelActivity" : "isInterrupting"), true);
}

std::vector<Node*> Scope::of_type(NodeType type) const {
  std::vector<Node*> found;
  for (Node* candidate : nodes) {
    if (candidate->type == type) found.push_back(candidate);
  }
  return found;
}

const XmlElement* Model::resolve(const XmlElement& from, std::string_view reference) const {
  reference = trimmed(reference);
  const auto whole = by_id.find(reference);
  if (whole != by_id.end()) return whole->second;
  const std::size_t colon = reference.find(':');
  if (colon == std::string_view::npos || is_foreign(from, reference)) return nullptr;
  const auto local = by_id.find(reference.substr(colon + 1));
  return local == by_id.end() ? nullptr : local->second;
}

bool Model::is_foreign(const XmlElement& from, std::string_view reference) const {
  reference = trimmed(reference);
  const std::size_t colon = reference.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view uri = from.uri_of_prefix(reference.substr(0, colon));
  return !uri.empty() && uri != definitions->get("targetNamespace");
}

Node* Model::node(const XmlElement* xml) const {
  const auto found = node_of.find(xml);
  return found == node_of.end() ? nullptr : found->second;
}

Model build_model(const XmlTree& tree, Executable which) {
  return ModelBuilder(tree, which).build();
}

}  // namespace fermata::bpmn
