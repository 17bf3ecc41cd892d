#include "engine/core/activation.h"

#include <algorithm>
#include <vector>

#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {

Verdict check_can_activate(const ProcessGraph& graph, std::string_view element_id) {
  const ElementIndex index = graph.find_element(element_id);
  if (index == no_element) {
    return rejected(RejectionCode::invalid_argument,
                    "process '" + graph.process().id + "' has no element '" + std::string(element_id) + "'");
  }
  const Element& element = graph.element(index);
  const bool unfit = element.kind == ElementKind::process || element.kind == ElementKind::boundary_event ||
                     (element.kind == ElementKind::start_event && element.scope != process_element &&
                      graph.element(element.scope).kind == ElementKind::event_subprocess);
  if (unfit) {
    return rejected(RejectionCode::invalid_argument, "element '" + element.id + "' (" + std::string(bpmn_name(element.kind)) +
                                                         ") cannot be activated by hand: it needs what it is attached to");
  }
  return {};
}

void activate_at(Execution& x, ElementIndex element, ElementInstanceKey ancestor) {
  std::vector<ElementIndex> between;  // scopes to enter on the way, outermost last
  for (ElementIndex at = x.graph().element(element).scope; at != x.instance(ancestor).element; at = x.graph().element(at).scope) {
    between.push_back(at);
  }
  ElementInstanceKey scope = ancestor;
  for (auto at = between.rbegin(); at != between.rend(); ++at) {
    scope = create_element_instance(x, EnterStep{.element = *at, .scope = scope});
    // A scope whose waits cannot be opened is entered all the same; what it should have waited for is told by its own incident.
    (void)open_boundary_waits(x, x.graph().element(*at), scope);
    (void)open_event_subprocess_waits(x, x.graph().element(*at), scope);
    set_active(x, scope);
  }
  x.push(EnterStep{.element = element, .scope = scope});
}

}  // namespace fermata
