#include "engine/behavior/shared/starts.h"

namespace fermata {

std::vector<ElementIndex> implicit_starts(const ProcessGraph& graph, const Element& scope) {
  for (const ElementIndex start : scope.start_events) {
    if (graph.element(start).event == EventKind::none) return {start};
  }
  std::vector<ElementIndex> starts;
  if (!scope.start_events.empty()) return starts;
  for (const ElementIndex index : scope.children) {
    const Element& child = graph.element(index);
    const bool waits_to_be_triggered = child.kind == ElementKind::boundary_event || child.kind == ElementKind::event_subprocess;
    if (child.incoming.empty() && !waits_to_be_triggered && !child.is_for_compensation) starts.push_back(index);
  }
  return starts;
}

}  // namespace fermata
