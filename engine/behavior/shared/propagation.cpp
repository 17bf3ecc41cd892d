#include "engine/behavior/shared/propagation.h"

#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/incidents.h"

namespace fermata {
namespace {

// A catching event's code is fixed text; one without a code catches every code.
enum class Match { none, all_codes, exact };
Match match(const Element& event, EventKind kind, const std::string& code) {
  if (event.event != kind) return Match::none;
  if (!event.code || !event.code->code) return Match::all_codes;
  const Value* constant = event.code->code->constant();
  const std::optional<std::string> wanted = constant != nullptr ? scalar_text(*constant) : std::nullopt;
  return wanted == code ? Match::exact : Match::none;
}

ElementIndex best_match(const ProcessGraph& graph, std::span<const ElementIndex> events, EventKind kind, const std::string& code) {
  ElementIndex best = no_element;
  for (const ElementIndex index : events) {
    const Match found = match(graph.element(index), kind, code);
    if (found == Match::exact) return index;
    if (found == Match::all_codes && best == no_element) best = index;
  }
  return best;
}

std::vector<ElementIndex> event_subprocess_starts(const ProcessGraph& graph, const Element& scope) {
  std::vector<ElementIndex> starts;
  for (const ElementIndex subprocess : scope.event_subprocesses) {
    const auto& events = graph.element(subprocess).start_events;
    starts.insert(starts.end(), events.begin(), events.end());
  }
  return starts;
}

Variables payload_for(const Element& event, const Thrown& thrown) {
  Variables payload = thrown.variables;
  if (!event.code) return payload;
  if (!event.code->code_variable.empty()) payload.push_back({event.code->code_variable, Value::string(thrown.code)});
  if (!event.code->message_variable.empty()) payload.push_back({event.code->message_variable, Value::string(thrown.message)});
  return payload;
}

// A store that fails here fails the whole command; a caller whose model cannot be read any more catches nothing.
Surroundings::Caught caught_outside(Execution& x, EventKind kind, const std::string& code) {
  const ProcessInstance& instance = x.state().instance;
  if (!instance.parent) return Surroundings::Caught::by_nobody;
  return x.surroundings().caught_outside(instance, kind, code).value_or(Surroundings::Caught::by_nobody);
}

}  // namespace

// A level is an element instance: what is attached to it catches what comes out of it. What comes out of an event subprocess is not
// caught by its siblings in the same scope, but further out: otherwise a handler that throws again would catch itself.
std::optional<Catcher> find_catcher(const ProcessGraph& graph, const InstanceState& state, ElementInstanceKey from, EventKind kind,
                                    const std::string& code) {
  bool from_event_subprocess = false;
  const ElementInstance* instance = state.elements.find(from);
  for (; instance != nullptr; instance = state.elements.find(instance->scope)) {
    const Element& element = graph.element(instance->element);
    const bool is_scope = is_flow_scope(instance->kind) && instance->role != ElementRole::multi_instance_body;
    if (is_scope && instance->key != from && !from_event_subprocess) {
      const ElementIndex found = best_match(graph, event_subprocess_starts(graph, element), kind, code);
      if (found != no_element) return Catcher{instance->key, found};
    }
    if (instance->role != ElementRole::inner_instance) {
      const ElementIndex found = best_match(graph, element.boundary_events, kind, code);
      if (found != no_element) return Catcher{instance->key, found};
    }
    from_event_subprocess = instance->kind == ElementKind::event_subprocess;
  }
  return std::nullopt;
}

void throw_error(Execution& x, ElementInstanceKey from, const Thrown& error) {
  if (const std::optional<Catcher> catcher = find_catcher(x.graph(), x.state(), from, EventKind::error, error.code)) {
    return trigger_event(x, catcher->holder, catcher->event, payload_for(x.graph().element(catcher->event), error));
  }
  const ProcessInstance& instance = x.state().instance;
  if (caught_outside(x, EventKind::error, error.code) != Surroundings::Caught::by_nobody) {
    x.follow_up(InstanceCommand(ChildThrewError{instance.parent_element, instance.key, error.code, error.message, error.variables}));
    return terminate_element(x, root_scope(instance.key));
  }
  raise_incident(x, from, {IncidentType::unhandled_error,
                           "nothing catches the error '" + error.code + "'" + (error.message.empty() ? "" : " (" + error.message + ")") +
                               (instance.parent ? ", in this process or in those that have called it" : "") +
                               ": add an error boundary event or an error event subprocess, or resolve to try again"});
}

void throw_escalation(Execution& x, ElementInstanceKey from, const Thrown& escalation) {
  if (const std::optional<Catcher> catcher = find_catcher(x.graph(), x.state(), from, EventKind::escalation, escalation.code)) {
    return trigger_event(x, catcher->holder, catcher->event, payload_for(x.graph().element(catcher->event), escalation));
  }
  const ProcessInstance& instance = x.state().instance;
  const Surroundings::Caught caught = caught_outside(x, EventKind::escalation, escalation.code);
  if (caught == Surroundings::Caught::by_nobody) return;
  x.follow_up(InstanceCommand(ChildEscalated{instance.parent_element, instance.key, escalation.code, escalation.variables}));
  // What interrupts the call activity interrupts this instance now, before it does anything else.
  if (caught == Surroundings::Caught::interrupting) terminate_element(x, root_scope(instance.key));
}

}  // namespace fermata
