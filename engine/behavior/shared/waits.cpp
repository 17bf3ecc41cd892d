#include "engine/behavior/shared/waits.h"

#include "engine/base/check.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/timers.h"

namespace fermata {
namespace {

Attempted<Subscription> prepare_message(Execution& x, const Element& event, ElementInstanceKey scope) {
  Subscription subscription;
  subscription.kind = EventKind::message;
  const Attempted<std::string> name = evaluate_text(x, *event.message->name, scope, "the message name of '" + event.id + "'");
  if (!name) return tl::unexpected(name.error());
  subscription.name = *name;
  if (event.message->correlation_key) {
    const Attempted<std::string> key =
        evaluate_text(x, *event.message->correlation_key, scope, "the correlation key of '" + event.id + "'");
    if (!key) return tl::unexpected(key.error());
    subscription.correlation_key = *key;
  } else {
    subscription.correlation_key = x.state().instance.business_key;
  }
  return subscription;
}

Attempted<Subscription> prepare_signal(Execution& x, const Element& event, ElementInstanceKey scope) {
  Subscription subscription;
  subscription.kind = EventKind::signal;
  const Attempted<std::string> name = evaluate_text(x, *event.signal->name, scope, "the signal name of '" + event.id + "'");
  if (!name) return tl::unexpected(name.error());
  subscription.name = *name;
  return subscription;
}

}  // namespace

Attempted<std::optional<PreparedWait>> prepare_wait(Execution& x, const Element& event, ElementInstanceKey scope) {
  PreparedWait wait;
  wait.event = event.index;
  if (event.timer) {
    Attempted<Timer> timer = prepare_timer(x, event, scope);
    if (!timer) return tl::unexpected(timer.error());
    wait.timer = std::move(*timer);
    return wait;
  }
  const bool is_message = event.message && (event.event == EventKind::message || event.kind == ElementKind::receive_task);
  if (!is_message && !event.signal) return std::nullopt;
  Attempted<Subscription> subscription = is_message ? prepare_message(x, event, scope) : prepare_signal(x, event, scope);
  if (!subscription) return tl::unexpected(subscription.error());
  subscription->element = event.index;
  subscription->element_id = event.id;
  subscription->process_id = x.state().instance.process_id;
  subscription->interrupting = event.interrupting;
  subscription->created_at = x.now();
  wait.subscription = std::move(*subscription);
  return wait;
}

void open_wait(Execution& x, ElementInstanceKey holder, PreparedWait wait) {
  if (wait.timer) {
    wait.timer->key = x.new_key<TimerKey>();
    wait.timer->element_instance = holder;
    x.request(TimerArmed{wait.timer->due});
    x.emit(TimerSet{std::move(*wait.timer)});
  }
  if (wait.subscription) {
    wait.subscription->key = x.new_key<SubscriptionKey>();
    wait.subscription->element_instance = holder;
    x.emit(SubscriptionOpened{std::move(*wait.subscription)});
  }
}

Attempt open_waits(Execution& x, std::span<const ElementIndex> events, ElementInstanceKey holder) {
  std::vector<PreparedWait> prepared;
  for (const ElementIndex event : events) {
    Attempted<std::optional<PreparedWait>> wait = prepare_wait(x, x.graph().element(event), holder);
    if (!wait) return tl::unexpected(wait.error());
    if (*wait) prepared.push_back(std::move(**wait));
  }
  for (PreparedWait& wait : prepared) open_wait(x, holder, std::move(wait));
  return {};
}

Attempt open_boundary_waits(Execution& x, const Element& activity, ElementInstanceKey key) {
  return activity.boundary_events.empty() ? Attempt{} : open_waits(x, activity.boundary_events, key);
}

Attempt open_event_subprocess_waits(Execution& x, const Element& scope_element, ElementInstanceKey scope) {
  std::vector<ElementIndex> starts;
  for (const ElementIndex subprocess : scope_element.event_subprocesses) {
    const auto& events = x.graph().element(subprocess).start_events;
    starts.insert(starts.end(), events.begin(), events.end());
  }
  return starts.empty() ? Attempt{} : open_waits(x, starts, scope);
}

void close_waits(Execution& x, ElementInstanceKey holder, WaitsEnd which) {
  const auto ends = [&](const auto& wait) {
    if (wait.element_instance != holder || wait.ended_at != never) return false;
    return which != WaitsEnd::of_event_subprocesses || x.graph().element(wait.element).kind == ElementKind::start_event;
  };
  std::vector<TimerKey> timers;
  for (const Timer& timer : x.state().timers) {
    if (ends(timer)) timers.push_back(timer.key);
  }
  for (const TimerKey timer : timers) x.emit(TimerCanceled{timer, x.now()});
  std::vector<SubscriptionKey> subscriptions;
  for (const Subscription& subscription : x.state().subscriptions) {
    if (!ends(subscription)) continue;
    if (subscription.kind == EventKind::compensation && which != WaitsEnd::all) continue;
    subscriptions.push_back(subscription.key);
  }
  for (const SubscriptionKey subscription : subscriptions) x.emit(SubscriptionClosed{subscription, false, x.now()});
}

}  // namespace fermata
