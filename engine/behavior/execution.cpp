#include "engine/behavior/execution.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/value_size.h"
#include "engine/behavior/inclusive_gateway.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/incidents.h"
#include "engine/behavior/shared/signals.h"
#include "engine/behavior/shared/variables.h"

namespace fermata {

Execution::Execution(const ProcessGraph& graph, InstanceState& state, const CommandContext& context, KeySource& keys,
                     Surroundings& surroundings, const DecideOptions& options)
    : graph_(graph), state_(state), context_(context), keys_(keys), surroundings_(surroundings), options_(options) {}

const ElementInstance& Execution::instance(ElementInstanceKey key) const {
  const ElementInstance* found = state_.elements.find(key);
  FERMATA_CHECK(found != nullptr, "a behaviour works on an element instance that exists");
  return *found;
}

const ElementInstance* Execution::find_live(ElementInstanceKey key) const {
  const ElementInstance* found = state_.elements.find(key);
  return found != nullptr && is_live(found->status) ? found : nullptr;
}

namespace {

std::size_t bytes_of_values(const Event& event, std::size_t at_most) {
  const auto all = [at_most](const auto&... values) { return (std::size_t{0} + ... + text_bytes(values, at_most)); };
  if (const auto* set = std::get_if<VariableSet>(&event)) return all(set->variable.value);
  if (const auto* opened = std::get_if<MultiInstanceOpened>(&event)) return all(opened->items, opened->outputs);
  if (const auto* progressed = std::get_if<MultiInstanceProgressed>(&event)) return all(progressed->output);
  if (const auto* subscribed = std::get_if<SubscriptionOpened>(&event)) return all(subscribed->subscription.snapshot);
  if (const auto* handed = std::get_if<CompensationHandedOver>(&event)) return all(handed->snapshot);
  if (const auto* made = std::get_if<DecisionEvaluated>(&event)) return all(made->decision.inputs, made->decision.rules, made->decision.result);
  return 0;
}

}  // namespace

void Execution::emit(Event event) {
  fermata::apply(state_, event);
  bytes_written_ += bytes_of_values(event, options_.bytes_max);
  events_.push_back(std::move(event));
}

void Execution::touch_scope(ElementInstanceKey scope) {
  if (std::find(touched_scopes_.begin(), touched_scopes_.end(), scope) == touched_scopes_.end()) touched_scopes_.push_back(scope);
}

void Execution::withdraw_steps_of(ElementInstanceKey scope) {
  std::erase_if(agenda_, [scope](const Step& step) {
    const auto* enter = std::get_if<EnterStep>(&step);
    return enter != nullptr && enter->scope == scope;
  });
}

void Execution::run() {
  if (!context_.set_down.empty()) return stop(context_.set_down);
  std::size_t steps = 0;
  for (;;) {
    if (!agenda_.empty()) {
      if (++steps > options_.steps_max) {
        return stop("more than " + std::to_string(options_.steps_max) +
                    " steps without a wait: probably an endless loop in the model. Resolve the incident to go on from here");
      }
      if (wrote_too_much()) {
        return stop("more than " + std::to_string(options_.bytes_max) +
                    " bytes of variables were written without a wait: keep large data elsewhere, or build lists in one expression instead of "
                    "a loop. Resolve the incident to go on from here");
      }
      Step step = std::move(agenda_.front());
      agenda_.pop_front();
      perform(std::move(step));
      continue;
    }
    if (fire_enabled_inclusive_join(*this)) continue;
    if (complete_an_empty_scope()) continue;
    return;
  }
}

// A step whose scope or element has ended meanwhile is a token that was withdrawn with it.
void Execution::perform(Step step) {
  if (auto* enter = std::get_if<EnterStep>(&step)) {
    if (find_live(enter->scope) != nullptr) arrive_at_element(*this, std::move(*enter));
  } else if (auto* activate = std::get_if<ActivateStep>(&step)) {
    if (find_live(activate->key) != nullptr) activate_element(*this, activate->key, nullptr);
  } else if (auto* complete = std::get_if<CompleteStep>(&step)) {
    if (find_live(complete->key) != nullptr) complete_element(*this, complete->key);
  } else if (auto* signal = std::get_if<SignalStep>(&step)) {
    if (find_live(signal->thrower) != nullptr) send_signal(*this, signal->name, signal->payload);
  }
}

namespace {

ElementInstanceKey element_of_step(const Step& step) {
  if (const auto* activate = std::get_if<ActivateStep>(&step)) return activate->key;
  if (const auto* signal = std::get_if<SignalStep>(&step)) return signal->thrower;
  return std::get<CompleteStep>(step).key;
}

}  // namespace

// No token may be lost: each one that is still on its way is set down where it was going, with an incident.
void Execution::stop(const std::string& why) {
  do {
    while (!agenda_.empty()) {
      Step step = std::move(agenda_.front());
      agenda_.pop_front();
      if (auto* enter = std::get_if<EnterStep>(&step)) {
        if (find_live(enter->scope) != nullptr) set_down(std::move(*enter), why);
      } else {
        set_down(element_of_step(step), std::holds_alternative<CompleteStep>(step), why);
      }
    }
  } while (fire_enabled_inclusive_join(*this) || complete_an_empty_scope());
}

void Execution::set_down(EnterStep token, const std::string& why) {
  const Element& element = graph_.element(token.element);
  const bool joins = element.kind == ElementKind::parallel_gateway || element.kind == ElementKind::inclusive_gateway;
  // At a join it waits for the others, and a scope that begins with an event only hands it in: neither goes on by itself.
  if (joins || element.kind == ElementKind::event_subprocess) return arrive_at_element(*this, std::move(token));
  const ElementInstanceKey key = create_element_instance(*this, token);
  if (token.trigger) {
    take_result(*this, key, *token.trigger);
    set_down(key, true, why);
  } else {
    raise_incident(*this, key, {IncidentType::limit_exceeded, why});
  }
}

// What has done its work, or has happened, goes on by completing, and does not work or wait again.
void Execution::set_down(ElementInstanceKey key, bool is_done, const std::string& why) {
  const ElementInstance* element = find_live(key);
  if (element == nullptr || element->incident) return;
  if (is_done && element->status != ElementStatus::completing) emit(ElementStatusChanged{key, ElementStatus::completing, now()});
  raise_incident(*this, key, {IncidentType::limit_exceeded, why});
}

// The innermost first: inner scopes are younger, so their keys are larger.
bool Execution::complete_an_empty_scope() {
  std::sort(touched_scopes_.begin(), touched_scopes_.end());
  while (!touched_scopes_.empty()) {
    const ElementInstanceKey scope = touched_scopes_.back();
    touched_scopes_.pop_back();
    const ElementInstance* instance = find_live(scope);
    if (instance == nullptr || instance->incident) continue;
    // Completing: it could not leave, and an event subprocess began meanwhile.
    if (instance->status != ElementStatus::active && instance->status != ElementStatus::completing) continue;
    if (instance->role == ElementRole::multi_instance_body || !is_flow_scope(instance->kind)) continue;
    const bool has_tokens = std::any_of(state_.tokens.begin(), state_.tokens.end(),
                                        [scope](const Token& token) { return token.scope == scope; });
    if (has_tokens || state_.has_live_children(scope)) continue;
    complete_element(*this, scope);
    return true;
  }
  return false;
}

}  // namespace fermata
