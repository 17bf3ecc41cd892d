// ModifyInstance: an operator moves tokens by hand. Activations come first, so that a scope does not complete in between.
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/activation.h"
#include "engine/core/commands.h"

namespace fermata {
namespace {

bool contains(const ProcessGraph& graph, ElementIndex scope, ElementIndex element) {
  for (ElementIndex at = graph.element(element).scope; at != no_element; at = graph.element(at).scope) {
    if (at == scope) return true;
  }
  return false;
}

// The innermost live scope around the element, or the one that was named. Several that fit equally well: the operator must choose.
tl::expected<ElementInstanceKey, Rejection> find_ancestor(const Execution& x, const ModifyInstance::Activate& wish, ElementIndex element) {
  const ProcessGraph& graph = x.graph();
  if (wish.ancestor) {
    const ElementInstance* named = x.find_live(wish.ancestor);
    if (named == nullptr || !contains(graph, named->element, element)) {
      return rejected(RejectionCode::invalid_argument, "element instance " + wish.ancestor.text() + " is no live scope around '" + wish.element_id + "'");
    }
    return wish.ancestor;
  }
  for (ElementIndex scope = graph.element(element).scope; scope != no_element; scope = graph.element(scope).scope) {
    ElementInstanceKey found;
    for (const ElementInstance& instance : x.state().elements) {
      if (instance.element != scope || !is_live(instance.status) || instance.role == ElementRole::multi_instance_body) continue;
      if (found) {
        return rejected(RejectionCode::invalid_argument, "several instances of scope '" + graph.element(scope).id +
                                                             "' live: name one with ancestorElementInstanceKey");
      }
      found = instance.key;
    }
    if (found) return found;
  }
  return rejected(RejectionCode::invalid_state, "no scope around '" + wish.element_id + "' lives");
}

}  // namespace

Verdict decide_command(Execution& x, const ModifyInstance& command) {
  if (x.state().instance.status != InstanceStatus::active) {
    return rejected(RejectionCode::not_found, "process instance " + command.instance.text() + " has ended already");
  }
  struct Target {
    ElementIndex element;
    ElementInstanceKey ancestor;
    const ModifyInstance::Activate* wish;
  };
  std::vector<Target> targets;
  for (const ModifyInstance::Activate& wish : command.activate) {
    if (Verdict possible = check_can_activate(x.graph(), wish.element_id); !possible) return possible;
    const ElementIndex element = x.graph().find_element(wish.element_id);
    const auto ancestor = find_ancestor(x, wish, element);
    if (!ancestor) return tl::unexpected(ancestor.error());
    targets.push_back({element, *ancestor, &wish});
  }
  for (const ElementInstanceKey key : command.terminate) {
    if (x.find_live(key) == nullptr) {
      return rejected(RejectionCode::invalid_argument, "there is no live element instance " + key.text() + " to terminate");
    }
  }
  for (const Target& target : targets) {
    const bool is_global = target.wish->variable_scope.empty() || target.wish->variable_scope == x.graph().process().id;
    set_local_variables(x, is_global ? root_scope(command.instance) : target.ancestor, target.wish->variables);
    activate_at(x, target.element, target.ancestor);
  }
  for (const ElementInstanceKey key : command.terminate) {
    if (x.find_live(key) != nullptr) terminate_element(x, key);
  }
  return {};
}

}  // namespace fermata
