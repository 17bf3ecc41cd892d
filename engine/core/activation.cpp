#include "engine/core/activation.h"

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

const Element* multi_instance_around(const ProcessGraph& graph, ElementIndex element, ElementIndex within) {
  for (ElementIndex at = graph.element(element).scope; at != within && at != no_element; at = graph.element(at).scope) {
    if (graph.element(at).multi_instance) return &graph.element(at);
  }
  return nullptr;
}

namespace {

bool contains(const ProcessGraph& graph, ElementIndex scope, ElementIndex element) {
  for (ElementIndex at = graph.element(element).scope; at != no_element; at = graph.element(at).scope) {
    if (at == scope) return true;
  }
  return false;
}

tl::expected<ElementInstanceKey, Rejection> check_named(const Execution& x, const Element& element, ElementInstanceKey named) {
  const ElementInstance* instance = x.find_live(named);
  if (instance == nullptr || !contains(x.graph(), instance->element, element.index)) {
    return rejected(RejectionCode::invalid_argument, "element instance " + named.text() + " is no live scope around '" + element.id + "'");
  }
  if (instance->role == ElementRole::multi_instance_body) {
    return rejected(RejectionCode::invalid_argument, "element instance " + named.text() + " is the body of the multi-instance '" +
                                                         instance->element_id + "', around '" + element.id +
                                                         "': name one of its inner instances as ancestor");
  }
  return named;
}

tl::expected<ElementInstanceKey, Rejection> find_innermost(const Execution& x, const Element& element) {
  for (ElementIndex scope = element.scope; scope != no_element; scope = x.graph().element(scope).scope) {
    ElementInstanceKey found;
    for (const ElementInstance& instance : x.state().elements) {
      if (instance.element != scope || !is_live(instance.status) || instance.role == ElementRole::multi_instance_body) continue;
      if (found) {
        return rejected(RejectionCode::invalid_argument, "several instances of '" + x.graph().element(scope).id + "', a scope around '" +
                                                             element.id + "', live: name one of them as ancestor (ancestorElementInstanceKey)");
      }
      found = instance.key;
    }
    if (found) return found;
  }
  return rejected(RejectionCode::invalid_state, "no scope around '" + element.id + "' lives");
}

}  // namespace

tl::expected<ElementInstanceKey, Rejection> find_ancestor(const Execution& x, ElementIndex index, ElementInstanceKey named) {
  const Element& element = x.graph().element(index);
  const auto found = named ? check_named(x, element, named) : find_innermost(x, element);
  if (!found) return found;
  const ElementInstance& ancestor = x.instance(*found);
  // A subprocess that is stuck with an incident begins, or ends, when that is resolved: what it is to do then is settled already.
  if (ancestor.status != ElementStatus::active && ancestor.kind != ElementKind::process) {
    return rejected(RejectionCode::invalid_argument, "element instance " + found->text() + " of '" + ancestor.element_id +
                                                         "', the scope around '" + element.id + "', is stuck with an incident: resolve it first, or name a scope " +
                                                         "outside of it as ancestor");
  }
  if (const Element* around = multi_instance_around(x.graph(), index, ancestor.element)) {
    return rejected(RejectionCode::invalid_argument, "element '" + element.id + "' is inside the multi-instance '" + around->id +
                                                         "', whose instances come from its collection only; name one of its inner instances as ancestor");
  }
  return found;
}

tl::expected<ElementInstanceKey, Rejection> activate_at(Execution& x, ElementIndex element, ElementInstanceKey ancestor) {
  std::vector<ElementIndex> between;  // scopes to enter on the way, outermost last
  for (ElementIndex at = x.graph().element(element).scope; at != x.instance(ancestor).element; at = x.graph().element(at).scope) {
    between.push_back(at);
  }
  ElementInstanceKey scope = ancestor;
  for (auto at = between.rbegin(); at != between.rend(); ++at) {
    const Element& around = x.graph().element(*at);
    scope = create_element_instance(x, EnterStep{.element = *at, .scope = scope});
    Attempt armed = open_boundary_waits(x, around, scope);
    if (armed) armed = open_event_subprocess_waits(x, around, scope);
    if (!armed) {
      return rejected(RejectionCode::invalid_argument, "element '" + x.graph().element(element).id + "' cannot be activated: '" + around.id +
                                                           "', a scope around it, cannot wait for its events: " + armed.error().message);
    }
    set_active(x, scope);
  }
  x.push(EnterStep{.element = element, .scope = scope});
  return scope;
}

}  // namespace fermata
