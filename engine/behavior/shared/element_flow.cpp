#include "engine/behavior/shared/element_flow.h"

#include "engine/base/check.h"
#include "engine/behavior/shared/compensation.h"
#include "engine/behavior/shared/incidents.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/multi_instance.h"
#include "engine/behavior/shared/variables.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {

void arrive_at_element(Execution& x, EnterStep token) {
  const Element& element = x.graph().element(token.element);
  behavior_of(element.kind).arrive(x, element, std::move(token));
}

ElementInstanceKey create_element_instance(Execution& x, const EnterStep& token) {
  const Element& element = x.graph().element(token.element);
  ElementInstance instance;
  instance.key = x.new_key<ElementInstanceKey>();
  instance.scope = token.scope;
  instance.element = element.index;
  instance.element_id = element.id;
  instance.kind = element.kind;
  instance.role = element.multi_instance ? ElementRole::multi_instance_body : ElementRole::element;
  instance.compensates = token.compensates;
  instance.started_at = x.now();
  const ElementInstanceKey key = instance.key;
  x.emit(ElementEntered{std::move(instance)});
  set_local_variables(x, key, token.locals);
  return key;
}

ElementInstanceKey enter_element(Execution& x, const EnterStep& token) {
  const ElementInstanceKey key = create_element_instance(x, token);
  if (x.state().elements.size() > limits::live_element_instances_max) {
    raise_incident(x, key, {IncidentType::limit_exceeded, "the instance has more than " + std::to_string(limits::live_element_instances_max) +
                                                              " live elements. End some of them, then resolve the incident"});
    return key;
  }
  activate_element(x, key, token.trigger ? &*token.trigger : nullptr);
  return key;
}

namespace {

Attempt set_up(Execution& x, const Element& element, ElementInstanceKey key, const Variables* trigger) {
  const ElementRole role = x.instance(key).role;
  const bool is_body = role == ElementRole::multi_instance_body;
  const bool is_retry_of_active = x.instance(key).status == ElementStatus::active;
  if (!is_body && !is_retry_of_active) {
    if (Attempt done = map_inputs(x, element, key); !done) return done;
  }
  if (role != ElementRole::inner_instance && !is_retry_of_active) {
    if (Attempt done = open_boundary_waits(x, element, key); !done) return done;
  }
  return is_body ? open_multi_instance(x, element, key) : behavior_of(element.kind).activate(x, element, key, trigger);
}

}  // namespace

void activate_element(Execution& x, ElementInstanceKey key, const Variables* trigger) {
  const Element& element = x.element_of(key);
  if (Attempt done = set_up(x, element, key, trigger); !done) {
    close_waits(x, key, WaitsEnd::all);
    raise_incident(x, key, done.error());
  }
}

void set_active(Execution& x, ElementInstanceKey key) {
  if (x.instance(key).status == ElementStatus::activating) x.emit(ElementStatusChanged{key, ElementStatus::active, x.now()});
}

namespace {

struct Leaving {
  std::vector<FlowIndex> flows;
  InnerResult inner;
};

// Outputs first: the conditions of the outgoing flows see them.
Attempted<Leaving> finish(Execution& x, const Element& element, ElementInstanceKey key) {
  Leaving leaving;
  const ElementRole role = x.instance(key).role;
  if (role == ElementRole::multi_instance_body) {
    publish_outputs(x, element, key);
  } else if (Attempt done = map_outputs(x, element, key); !done) {
    return tl::unexpected(done.error());
  }
  if (role == ElementRole::inner_instance) {
    Attempted<InnerResult> result = evaluate_inner_result(x, element, key);
    if (!result) return tl::unexpected(result.error());
    leaving.inner = std::move(*result);
  } else if (!element.is_for_compensation) {
    Attempted<std::vector<FlowIndex>> flows = behavior_of(element.kind).choose_flows(x, element, key);
    if (!flows) return tl::unexpected(flows.error());
    leaving.flows = std::move(*flows);
  }
  return leaving;
}

void send_tokens(Execution& x, ElementInstanceKey scope, std::span<const FlowIndex> flows, const std::optional<Variables>& trigger) {
  for (const FlowIndex flow : flows) {
    x.emit(FlowTaken{scope, flow});
    x.push(EnterStep{.element = x.graph().flow(flow).target, .scope = scope, .via = flow, .trigger = trigger});
  }
}

void end_with(Execution& x, ElementInstanceKey key, ElementStatus status) {
  cancel_work(x, key);
  resolve_incident(x, key);
  x.emit(ElementStatusChanged{key, status, x.now()});
}

}  // namespace

void complete_element(Execution& x, ElementInstanceKey key) {
  const Element& element = x.element_of(key);
  const Attempted<Leaving> leaving = finish(x, element, key);
  if (!leaving) {
    if (x.instance(key).status != ElementStatus::completing) x.emit(ElementStatusChanged{key, ElementStatus::completing, x.now()});
    return raise_incident(x, key, leaving.error());
  }
  close_waits(x, key, WaitsEnd::keep_compensation);
  hand_over_compensation(x, element, key);
  end_with(x, key, ElementStatus::completed);
  const ElementInstance ended = x.instance(key);
  send_tokens(x, ended.scope, leaving->flows, std::nullopt);
  if (ended.role == ElementRole::inner_instance) inner_instance_completed(x, element, ended, leaving->inner);
  if (ended.compensates) compensation_handler_completed(x, ended);
  if (ended.role != ElementRole::inner_instance) behavior_of(element.kind).completed(x, element, ended);
  if (ended.scope) x.touch_scope(ended.scope);
}

void leave_by(Execution& x, ElementInstanceKey key, std::span<const FlowIndex> flows, std::optional<Variables> trigger) {
  const ElementInstanceKey scope = x.instance(key).scope;
  close_waits(x, key, WaitsEnd::all);
  end_with(x, key, ElementStatus::completed);
  send_tokens(x, scope, flows, trigger);
  x.touch_scope(scope);
}

void terminate_element(Execution& x, ElementInstanceKey key) {
  const ElementInstance before = x.instance(key);
  if (!is_live(before.status)) return;
  terminate_children(x, key);
  const Element& element = x.graph().element(before.element);
  close_waits(x, key, WaitsEnd::all);
  end_with(x, key, ElementStatus::terminated);
  behavior_of(element.kind).terminated(x, element, before);
  if (before.compensates) compensation_handler_completed(x, before);
  if (before.scope) x.touch_scope(before.scope);
}

void terminate_children(Execution& x, ElementInstanceKey scope, ElementInstanceKey except) {
  std::vector<ElementInstanceKey> children;
  for (const ElementInstance& child : x.state().elements) {
    if (child.scope == scope && child.key != except && is_live(child.status)) children.push_back(child.key);
  }
  for (const ElementInstanceKey child : children) terminate_element(x, child);
  std::vector<TokenKey> tokens;
  for (const Token& token : x.state().tokens) {
    if (token.scope == scope) tokens.push_back(token.key);
  }
  for (const TokenKey token : tokens) x.emit(TokenConsumed{token});
}

namespace {

// BPMN 2.0.2, 13.5.3: an interrupting boundary event withdraws its activity; a non-interrupting one adds a token beside it.
void trigger_boundary(Execution& x, ElementInstanceKey holder, const Element& event, const Variables& payload) {
  const ElementInstanceKey scope = x.instance(holder).scope;
  if (event.interrupting) terminate_element(x, holder);
  x.push(EnterStep{.element = event.index, .scope = scope, .trigger = payload});
}

// BPMN 2.0.2, 13.5.4: an interrupting event subprocess replaces everything else in its scope, and no other may start there.
void trigger_event_subprocess(Execution& x, ElementInstanceKey scope, const Element& start, const Variables& payload) {
  if (start.interrupting) {
    close_waits(x, scope, WaitsEnd::of_event_subprocesses);
    x.withdraw_steps_of(scope);
    terminate_children(x, scope);
  }
  x.push(EnterStep{.element = start.scope, .scope = scope, .trigger = payload, .start_event = start.index});
}

}  // namespace

void trigger_event(Execution& x, ElementInstanceKey holder, ElementIndex event_index, const Variables& payload) {
  const Element& held = x.element_of(holder);
  const Element& event = x.graph().element(event_index);
  if (event.kind == ElementKind::boundary_event) return trigger_boundary(x, holder, event, payload);
  if (event.kind == ElementKind::start_event) return trigger_event_subprocess(x, holder, event, payload);
  if (held.kind == ElementKind::event_based_gateway) {
    for (const FlowIndex flow : held.outgoing) {
      if (x.graph().flow(flow).target == event_index) return leave_by(x, holder, {&flow, 1}, payload);
    }
    FERMATA_CHECK(false, "an event-based gateway waits only for the events that follow it");
  }
  take_result(x, holder, payload);
  x.push(CompleteStep{holder});
}

}  // namespace fermata
