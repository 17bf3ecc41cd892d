#include "processes/bpmn/compile/graph_linker.h"

#include <unordered_map>
#include <unordered_set>

#include "engine/model/graph_builder.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

class GraphLinker {
 public:
  GraphLinker(const Model& model, CompiledScope compiled)
      : model_(model),
        compiled_(std::move(compiled)),
        builder_(std::string(compiled_.process->xml->get("id")), std::string(compiled_.process->xml->get("name"))) {}

  ProcessGraphPtr link() {
    Element& process = builder_.element(process_element);
    process.line = compiled_.process->xml->position.line;
    process.inputs = std::move(compiled_.inputs);
    process.outputs = std::move(compiled_.outputs);
    builder_.set_version_tag(compiled_.version_tag);
    scopes_.emplace(compiled_.process, process_element);
    for (auto& [node, element] : compiled_.elements) add(*node, std::move(element));
    for (CompiledFlow& flow : compiled_.flows) connect(flow);
    for (const auto& [node, element] : compiled_.elements) link(*node);
    return std::move(builder_).build();
  }

 private:
  void add(const Node& node, Element element) {
    element.scope = scopes_.at(node.scope);
    const ElementIndex index = builder_.add(std::move(element));
    indices_.emplace(&node, index);
    if (node.inner != nullptr) scopes_.emplace(node.inner, index);
  }

  void connect(CompiledFlow& compiled) {
    const Flow& flow = *compiled.flow;
    SequenceFlow to;
    to.id = flow_id(flow);
    to.name = flow.xml->get("name");
    to.source = indices_.at(flow.source);
    to.target = indices_.at(flow.target);
    to.condition = std::move(compiled.condition);
    flows_.emplace(flow.xml, builder_.connect(std::move(to)));
  }

  // The schema allows flows without ids; history needs a name for each, the same at every deployment of the file.
  std::string flow_id(const Flow& flow) {
    const std::string_view given = flow.xml->get("id");
    if (!given.empty()) return std::string(given);
    const std::string base = "flow_" + std::string(flow.source->id()) + "_" + std::string(flow.target->id());
    std::string id = base;
    for (int number = 2; model_.by_id.contains(id) || !generated_.insert(id).second; ++number)
      id = base + "_" + std::to_string(number);
    return id;
  }

  void link(const Node& node) {
    Element& element = builder_.element(indices_.at(&node));
    if (const XmlAttribute* reference = node.xml->find("default");
        reference != nullptr && !trimmed(reference->value).empty()) {
      element.default_flow = flows_.at(model_.resolve(*node.xml, reference->value));
    }
    if (node.type == NodeType::boundary_event) link_boundary(node, element);
    if (!node.events.empty() && element.event == EventKind::compensation && node.type != NodeType::boundary_event) {
      const XmlElement& definition = *node.events.front().xml;
      const Node* activity = model_.node(model_.resolve(definition, definition.get("activityRef")));
      if (activity != nullptr) element.compensate_activity = indices_.at(activity);
    }
  }

  void link_boundary(const Node& node, Element& element) {
    element.attached_to = indices_.at(node.attached_to);
    if (element.event == EventKind::compensation) {
      builder_.element(element.attached_to).compensation_handler = indices_.at(node.handlers.front());
    }
  }

  const Model& model_;
  CompiledScope compiled_;
  GraphBuilder builder_;
  std::unordered_map<const Scope*, ElementIndex> scopes_;
  std::unordered_map<const Node*, ElementIndex> indices_;
  std::unordered_map<const XmlElement*, FlowIndex> flows_;
  std::unordered_set<std::string> generated_;
};

}  // namespace

ProcessGraphPtr link_graph(const Model& model, CompiledScope compiled) {
  return GraphLinker(model, std::move(compiled)).link();
}

}  // namespace fermata::bpmn
