#include "engine/model/graph_builder.h"

#include <utility>

#include "engine/base/check.h"

namespace fermata {
namespace {

// Elements from which a token can reach the source end of a flow, without passing through `gateway`: a walk against the flows.
// A token inside an activity may also leave through its boundary events.
std::vector<bool> elements_upstream(const ProcessGraph& graph, ElementIndex gateway, FlowIndex incoming) {
  std::vector<bool> reached(graph.elements().size(), false);
  std::vector<ElementIndex> open{graph.flow(incoming).source};
  while (!open.empty()) {
    const ElementIndex at = open.back();
    open.pop_back();
    if (at == gateway || reached[at]) continue;
    reached[at] = true;
    const Element& element = graph.element(at);
    for (FlowIndex flow : element.incoming) open.push_back(graph.flow(flow).source);
    if (element.attached_to != no_element) open.push_back(element.attached_to);
  }
  return reached;
}

}  // namespace

GraphBuilder::GraphBuilder(std::string process_id, std::string process_name) {
  Element process;
  process.id = std::move(process_id);
  process.name = std::move(process_name);
  process.kind = ElementKind::process;
  graph_.element_by_id_.emplace(process.id, process_element);
  graph_.elements_.push_back(std::move(process));
}

ElementIndex GraphBuilder::add(Element element) {
  FERMATA_CHECK(element.scope < graph_.elements_.size(), "the scope of an element is added before the element");
  const auto index = static_cast<ElementIndex>(graph_.elements_.size());
  element.index = index;
  graph_.element_by_id_.emplace(element.id, index);
  graph_.elements_.push_back(std::move(element));
  return index;
}

FlowIndex GraphBuilder::connect(SequenceFlow flow) {
  const auto index = static_cast<FlowIndex>(graph_.flows_.size());
  flow.index = index;
  graph_.flow_by_id_.emplace(flow.id, index);
  graph_.flows_.push_back(std::move(flow));
  return index;
}

Element& GraphBuilder::element(ElementIndex index) { return graph_.elements_.at(index); }

void GraphBuilder::set_version_tag(std::string tag) { graph_.version_tag_ = std::move(tag); }

ProcessGraphPtr GraphBuilder::build() && {
  auto& elements = graph_.elements_;
  for (const SequenceFlow& flow : graph_.flows_) {
    FERMATA_CHECK(flow.source < elements.size() && flow.target < elements.size(), "a flow links two elements");
    elements[flow.source].outgoing.push_back(flow.index);
    elements[flow.target].incoming.push_back(flow.index);
  }
  for (ElementIndex index = 1; index < elements.size(); ++index) {
    const Element& element = elements[index];
    Element& scope = elements[element.scope];
    scope.children.push_back(index);
    if (element.kind == ElementKind::start_event) scope.start_events.push_back(index);
    if (element.kind == ElementKind::event_subprocess) scope.event_subprocesses.push_back(index);
    if (element.kind == ElementKind::boundary_event && element.event != EventKind::compensation) {
      FERMATA_CHECK(element.attached_to < elements.size(), "a boundary event is attached to an activity");
      elements[element.attached_to].boundary_events.push_back(index);
    }
  }
  for (const Element& element : elements) {
    if (element.kind != ElementKind::inclusive_gateway || element.incoming.size() < 2) continue;
    UpstreamSets sets;
    for (FlowIndex flow : element.incoming) sets.upstream.push_back(elements_upstream(graph_, element.index, flow));
    graph_.upstream_.emplace(element.index, std::move(sets));
  }
  return std::make_shared<const ProcessGraph>(std::move(graph_));
}

}  // namespace fermata
