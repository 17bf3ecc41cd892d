// ModifyInstance: an operator moves tokens by hand. Activations come first, so that a scope that is needed does not end in between.
// A scope that terminations leave empty is terminated too, up to the instance: nothing in it was done, so no token leaves it.
#include <algorithm>
#include <map>

#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/multi_instance.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/activation.h"
#include "engine/core/commands.h"

namespace fermata {
namespace {

/// The scopes in which something is activated, each with the element.
using EnteredScopes = std::map<ElementInstanceKey, std::string_view>;

// Tokens that wait at a join are tokens: what they wait for may be activated by the next modification.
bool is_empty(const Execution& x, ElementInstanceKey scope, const EnteredScopes& entered) {
  if (entered.contains(scope) || x.state().has_live_children(scope)) return false;
  return std::none_of(x.state().tokens.begin(), x.state().tokens.end(), [scope](const Token& token) { return token.scope == scope; });
}

void terminate_with_emptied_scopes(Execution& x, ElementInstanceKey key, const EnteredScopes& entered) {
  for (;;) {
    const ElementInstance before = x.instance(key);
    terminate_element(x, key);
    if (before.role == ElementRole::inner_instance) inner_instance_terminated(x, before.scope);
    if (!before.scope || !is_empty(x, before.scope, entered)) return;
    key = before.scope;
  }
}

Verdict modify(Execution& x, const ModifyInstance& command) {
  for (const ElementInstanceKey key : command.terminate) {
    if (x.find_live(key) == nullptr) {
      return rejected(RejectionCode::invalid_argument, "there is no live element instance " + key.text() + " to terminate");
    }
  }
  EnteredScopes entered;
  for (const ModifyInstance::Activate& wish : command.activate) {
    if (Verdict possible = check_can_activate(x.graph(), wish.element_id); !possible) return possible;
    const ElementIndex element = x.graph().find_element(wish.element_id);
    const auto ancestor = find_ancestor(x, element, wish.ancestor);
    if (!ancestor) return tl::unexpected(ancestor.error());
    const bool is_global = wish.variable_scope.empty() || wish.variable_scope == x.graph().process().id;
    set_local_variables(x, is_global ? root_scope(command.instance) : *ancestor, wish.variables);
    const auto scope = activate_at(x, element, *ancestor);
    if (!scope) return tl::unexpected(scope.error());
    entered.emplace(*scope, wish.element_id);
  }
  for (const ElementInstanceKey key : command.terminate) {
    if (x.find_live(key) != nullptr) terminate_with_emptied_scopes(x, key, entered);
  }
  for (const auto& [scope, element_id] : entered) {
    if (x.find_live(scope) != nullptr) continue;
    return rejected(RejectionCode::invalid_argument, "element '" + std::string(element_id) + "' would be activated in element instance " +
                                                         scope.text() + ", which is to be terminated: name a scope outside of it as ancestor");
  }
  const ProcessInstance& instance = x.state().instance;
  if (instance.parent && instance.status != InstanceStatus::active) {
    return rejected(RejectionCode::invalid_argument, "the modification would terminate process instance " + instance.key.text() +
                                                         ", which was called by instance " + instance.parent.text() +
                                                         ": terminate the parent instance instead, or its call activity by a modification of it");
  }
  return {};
}

}  // namespace

Verdict decide_command(Execution& x, const ModifyInstance& command) {
  if (x.state().instance.status != InstanceStatus::active) {
    return rejected(RejectionCode::not_found, "process instance " + command.instance.text() + " has ended already");
  }
  return rehearse_and_do(x, [&command](Execution& on) { return modify(on, command); });
}

}  // namespace fermata
