#include "engine/behavior/shared/compensation.h"

#include <algorithm>
#include <vector>

#include "engine/behavior/shared/element_flow.h"

namespace fermata {
namespace {

bool is_open_compensation(const Subscription& subscription, ElementInstanceKey scope) {
  return subscription.kind == EventKind::compensation && subscription.element_instance == scope && subscription.ended_at == never;
}

std::vector<SubscriptionKey> remembered_in(const Execution& x, ElementInstanceKey scope) {
  std::vector<SubscriptionKey> keys;
  for (const Subscription& subscription : x.state().subscriptions) {
    if (is_open_compensation(subscription, scope)) keys.push_back(subscription.key);
  }
  return keys;
}

void remember(Execution& x, const Element& activity, const ElementInstance& instance) {
  Subscription subscription;
  subscription.key = x.new_key<SubscriptionKey>();
  subscription.kind = EventKind::compensation;
  subscription.element_instance = instance.scope;
  subscription.process_id = x.state().instance.process_id;
  subscription.element = activity.index;
  subscription.element_id = activity.id;
  subscription.created_at = x.now();
  Value::Entries locals;
  for (const Variable& variable : x.state().variables_of(instance.key)) locals.push_back({variable.name, variable.value});
  subscription.snapshot = Value::context(std::move(locals));
  x.emit(SubscriptionOpened{std::move(subscription)});
}

// Inner values hide outer ones, so the scope's own variables come first in the list and the snapshot's last: the last one wins.
Value snapshot_with(const Execution& x, ElementInstanceKey scope, const Value& inner) {
  Value::Entries entries;
  for (const Variable& variable : x.state().variables_of(scope)) entries.push_back({variable.name, variable.value});
  if (inner.is_context()) entries.insert(entries.end(), inner.as_context().begin(), inner.as_context().end());
  return Value::context(std::move(entries));
}

void hand_over(Execution& x, const ElementInstance& from, const std::vector<SubscriptionKey>& keys) {
  for (const SubscriptionKey key : keys) {
    CompensationHandedOver event;
    event.key = key;
    event.to_scope = from.scope;
    event.through = from.role == ElementRole::multi_instance_body ? no_element : from.element;
    event.snapshot = snapshot_with(x, from.key, x.state().subscriptions.find(key)->snapshot);
    x.emit(std::move(event));
  }
}

// The scope instance whose activities the throw event undoes: the one around it, of an event subprocess the one around that; with
// an activityRef, the nearest one that contains the activity.
ElementInstanceKey target_scope(const Execution& x, const Element& thrower, ElementInstanceKey throw_event) {
  ElementInstanceKey scope = x.instance(throw_event).scope;
  if (thrower.compensate_activity != no_element) {
    const ElementIndex wanted = x.graph().element(thrower.compensate_activity).scope;
    for (ElementInstanceKey at = scope; at; at = x.instance(at).scope) {
      if (x.instance(at).element == wanted && x.instance(at).role != ElementRole::multi_instance_body) return at;
    }
    return scope;
  }
  while (x.instance(scope).kind == ElementKind::event_subprocess) scope = x.instance(scope).scope;
  return scope;
}

bool is_wanted(const Element& thrower, const Subscription& subscription) {
  if (thrower.compensate_activity == no_element || subscription.element == thrower.compensate_activity) return true;
  return std::find(subscription.enclosing.begin(), subscription.enclosing.end(), thrower.compensate_activity) != subscription.enclosing.end();
}

bool has_running_handler(const Execution& x, ElementInstanceKey throw_event) {
  return std::any_of(x.state().elements.begin(), x.state().elements.end(), [throw_event](const ElementInstance& element) {
    return element.compensates == throw_event && is_live(element.status);
  });
}

}  // namespace

void hand_over_compensation(Execution& x, const Element& element, ElementInstanceKey key) {
  const ElementInstance instance = x.instance(key);
  const std::vector<SubscriptionKey> within = remembered_in(x, key);
  const bool is_body = instance.role == ElementRole::multi_instance_body;
  const bool has_handler = element.compensation_handler != no_element && !is_body;
  if (has_handler) remember(x, element, instance);
  const bool keeps_inner = instance.scope && !has_handler && element.kind != ElementKind::event_subprocess && !instance.compensates;
  if (keeps_inner) return hand_over(x, instance, within);
  for (const SubscriptionKey subscription : within) x.emit(SubscriptionClosed{subscription, false, x.now()});
}

bool start_next_compensation(Execution& x, ElementInstanceKey throw_event) {
  const Element& thrower = x.element_of(throw_event);
  const ElementInstanceKey scope = target_scope(x, thrower, throw_event);
  const Subscription* latest = nullptr;
  for (const Subscription& subscription : x.state().subscriptions) {
    if (!is_open_compensation(subscription, scope) || !is_wanted(thrower, subscription)) continue;
    if (subscription.key.raw() > throw_event.raw()) continue;  // completed after the throw: not part of what it undoes
    latest = &subscription;
  }
  if (latest == nullptr) return false;
  EnterStep handler;
  handler.element = x.graph().element(latest->element).compensation_handler;
  handler.scope = scope;
  handler.compensates = throw_event;
  if (latest->snapshot.is_context()) {
    for (const Value::Entry& entry : latest->snapshot.as_context()) handler.locals.push_back({entry.key, entry.value});
  }
  x.emit(SubscriptionClosed{latest->key, true, x.now()});
  x.push(std::move(handler));
  return true;
}

void compensation_handler_completed(Execution& x, const ElementInstance& handler) {
  if (x.find_live(handler.compensates) == nullptr || has_running_handler(x, handler.compensates)) return;
  if (!start_next_compensation(x, handler.compensates)) x.push(CompleteStep{handler.compensates});
}

}  // namespace fermata
