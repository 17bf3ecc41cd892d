#include "engine/state/instance_state.h"

#include "engine/base/check.h"
#include "engine/record/codec.h"

namespace fermata {
namespace {

struct ScopeAndName {
  ElementInstanceKey scope;
  std::string_view name;
};

bool before(const StoredVariable& variable, const ScopeAndName& wanted) {
  if (variable.scope != wanted.scope) return variable.scope < wanted.scope;
  return variable.name < wanted.name;
}

}  // namespace

const StoredVariable* VariableTable::find(ElementInstanceKey scope, std::string_view name) const {
  const auto at = std::lower_bound(rows_.begin(), rows_.end(), ScopeAndName{scope, name}, before);
  return at == rows_.end() || at->scope != scope || at->name != name ? nullptr : &*at;
}

std::span<const StoredVariable> VariableTable::of_scope(ElementInstanceKey scope) const {
  const auto first = std::lower_bound(rows_.begin(), rows_.end(), ScopeAndName{scope, {}}, before);
  auto last = first;
  while (last != rows_.end() && last->scope == scope) ++last;
  return {first, last};
}

void VariableTable::set(StoredVariable variable) {
  const auto at = std::lower_bound(rows_.begin(), rows_.end(), ScopeAndName{variable.scope, variable.name}, before);
  if (at != rows_.end() && at->scope == variable.scope && at->name == variable.name) {
    *at = std::move(variable);
  } else {
    rows_.insert(at, std::move(variable));
  }
}

const ElementInstance& InstanceState::root() const {
  const ElementInstance* found = elements.find(root_scope(instance.key));
  FERMATA_CHECK(found != nullptr, "an instance has a root element instance");
  return *found;
}

const StoredVariable* InstanceState::find_variable(ElementInstanceKey scope, std::string_view name) const {
  return variables.find(scope, name);
}

const StoredVariable* InstanceState::find_visible_variable(ElementInstanceKey scope, std::string_view name) const {
  for (ElementInstanceKey at = scope; at;) {
    if (const StoredVariable* found = variables.find(at, name)) return found;
    const ElementInstance* element = elements.find(at);
    if (element == nullptr) return nullptr;
    at = element->scope;
  }
  return nullptr;
}

Variables InstanceState::variables_of(ElementInstanceKey scope) const {
  Variables found;
  for (const StoredVariable& variable : variables.of_scope(scope)) found.push_back({variable.name, variable.value});
  return found;
}

Variables InstanceState::visible_variables(ElementInstanceKey scope) const {
  Variables found;
  std::vector<ElementInstanceKey> inner;
  for (ElementInstanceKey at = scope; at;) {
    for (const StoredVariable& variable : variables.of_scope(at)) {
      const bool hidden = std::any_of(inner.begin(), inner.end(), [&](ElementInstanceKey within) { return variables.find(within, variable.name) != nullptr; });
      if (!hidden) found.push_back({variable.name, variable.value});
    }
    inner.push_back(at);
    const ElementInstance* element = elements.find(at);
    if (element == nullptr) break;
    at = element->scope;
  }
  return found;
}

bool InstanceState::has_live_children(ElementInstanceKey scope) const {
  return std::any_of(elements.begin(), elements.end(),
                     [scope](const ElementInstance& child) { return child.scope == scope && is_live(child.status); });
}

void InstanceState::forget_ended() {
  bool scope_ended = false;
  elements.erase_if([&](const ElementInstance& element) {
    const bool ended = !is_live(element.status);
    scope_ended = scope_ended || ended;
    return ended;
  });
  jobs.erase_if([](const Job& job) { return !is_live(job.status); });
  timers.erase_if([](const Timer& timer) { return timer.ended_at != never; });
  subscriptions.erase_if([](const Subscription& subscription) { return subscription.ended_at != never; });
  user_tasks.erase_if([](const UserTask& task) { return !is_live(task.status); });
  incidents.erase_if([](const Incident& incident) { return incident.status != IncidentStatus::active; });
  if (scope_ended) {
    variables.erase_if([this](const StoredVariable& variable) { return elements.find(variable.scope) == nullptr; });
  }
}

namespace {

template <class Rows>
void append_rows(std::string& out, std::string_view title, const Rows& rows) {
  for (const auto& row : rows) {
    out += title;
    out += ' ';
    out += encode_entity(row);
    out += '\n';
  }
}

}  // namespace

std::string InstanceState::canonical() const {
  std::string out;
  out += "instance " + encode_entity(instance) + '\n';
  append_rows(out, "element", elements);
  append_rows(out, "variable", variables);
  append_rows(out, "token", tokens);
  append_rows(out, "job", jobs);
  append_rows(out, "timer", timers);
  append_rows(out, "subscription", subscriptions);
  append_rows(out, "userTask", user_tasks);
  append_rows(out, "incident", incidents);
  out += "lastTransition " + last_transition.text() + '\n';
  return out;
}

}  // namespace fermata
