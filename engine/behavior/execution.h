// Execution: one command at work on one instance. Behaviours read the state through it and change it only by emit().
//
// Floor 3, one thread, lives as long as one decide(). Tokens on their way are Steps on an agenda, so nothing recurses: a behaviour
// that sends a token on pushes a Step. The loop in run() is the token game of BPMN 2.0.2, chapter 13:
//   1. while there are steps, take the oldest;
//   2. when all tokens rest, fire an inclusive join that became enabled, if any (its rule asks where all other tokens are);
//   3. then complete the innermost scope that became empty; and start over. Nothing left: the instance rests.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "engine/base/keys.h"
#include "engine/behavior/environment.h"
#include "engine/model/process_graph.h"
#include "engine/record/command.h"
#include "engine/record/effect.h"
#include "engine/record/event.h"
#include "engine/state/instance_state.h"

namespace fermata {

/// Why a step could not be done: becomes an incident on the element.
struct Failure {
  IncidentType type = IncidentType::extract_value_error;
  std::string message;
};
template <class T>
using Attempted = tl::expected<T, Failure>;
using Attempt = Attempted<void>;

[[nodiscard]] inline tl::unexpected<Failure> failed(IncidentType type, std::string message) {
  return tl::unexpected<Failure>(Failure{type, std::move(message)});
}

/// A token arrives at an element.
struct EnterStep {
  ElementIndex element = 0;
  ElementInstanceKey scope{};              ///< the flow scope instance that it runs in
  FlowIndex via = no_flow;                 ///< the sequence flow it came by; no_flow: started otherwise
  std::optional<Variables> trigger{};      ///< the event has happened already, with this payload
  ElementInstanceKey compensates{};        ///< runs as a compensation handler for this throw event
  Variables locals{};                      ///< set in its own scope first
  ElementIndex start_event = no_element;   ///< of an event subprocess: which of its start events has happened
};
/// An element is tried (again) to be set up: after an incident was resolved.
struct ActivateStep {
  ElementInstanceKey key;
};
/// What an element waited for has happened.
struct CompleteStep {
  ElementInstanceKey key;
};
/// A signal goes out from a throw event, while that event is still there: what surrounds it may catch it (BPMN 2.0.2, 10.5.1).
struct SignalStep {
  ElementInstanceKey thrower;
  std::string name;
  Variables payload{};
};
using Step = std::variant<EnterStep, ActivateStep, CompleteStep, SignalStep>;

class Execution {
 public:
  Execution(const ProcessGraph& graph, InstanceState& state, const CommandContext& context, KeySource& keys,
            Surroundings& surroundings, const DecideOptions& options);

  [[nodiscard]] const ProcessGraph& graph() const { return graph_; }
  [[nodiscard]] const InstanceState& state() const { return state_; }
  [[nodiscard]] Timestamp now() const { return context_.now; }
  [[nodiscard]] const CommandContext& context() const { return context_; }
  [[nodiscard]] const DecideOptions& options() const { return options_; }
  [[nodiscard]] Surroundings& surroundings() { return surroundings_; }

  [[nodiscard]] KeySource& keys() { return keys_; }
  template <class Key>
  [[nodiscard]] Key new_key() {
    return keys_.make<Key>();
  }

  /// The element instance, which must exist. The reference is good until the next emit().
  [[nodiscard]] const ElementInstance& instance(ElementInstanceKey key) const;
  /// nullptr when it does not exist or has ended.
  [[nodiscard]] const ElementInstance* find_live(ElementInstanceKey key) const;
  [[nodiscard]] const Element& element_of(ElementInstanceKey key) const { return graph_.element(instance(key).element); }

  /// Records the fact and applies it at once.
  void emit(Event event);
  void request(Effect effect) { effects_.push_back(std::move(effect)); }
  void follow_up(FollowUp command) { follow_ups_.push_back(std::move(command)); }

  void push(Step step) { agenda_.push_back(std::move(step)); }
  /// Something in this scope has ended: look whether the scope is done.
  void touch_scope(ElementInstanceKey scope);
  /// Takes the tokens of this scope that are still on their way off the agenda: the scope was interrupted.
  void withdraw_steps_of(ElementInstanceKey scope);

  /// Of the values that were emitted.
  [[nodiscard]] std::size_t bytes_written() const { return bytes_written_; }
  [[nodiscard]] bool wrote_too_much() const { return bytes_written_ > options_.bytes_max; }

  /// Plays the token game until the instance rests. Too many steps, or too much that they write, raise incidents where the tokens are.
  void run();

  [[nodiscard]] std::vector<Event> take_events() { return std::move(events_); }
  [[nodiscard]] std::vector<Effect> take_effects() { return std::move(effects_); }
  [[nodiscard]] std::vector<FollowUp> take_follow_ups() { return std::move(follow_ups_); }

 private:
  void perform(Step step);
  void stop(const std::string& why);
  void set_down(EnterStep token, const std::string& why);
  void set_down(ElementInstanceKey key, bool is_done, const std::string& why);
  bool complete_an_empty_scope();

  const ProcessGraph& graph_;
  InstanceState& state_;
  const CommandContext& context_;
  KeySource& keys_;
  Surroundings& surroundings_;
  const DecideOptions& options_;

  std::deque<Step> agenda_;
  std::vector<ElementInstanceKey> touched_scopes_;
  std::vector<Event> events_;
  std::size_t bytes_written_ = 0;
  std::vector<Effect> effects_;
  std::vector<FollowUp> follow_ups_;
};

}  // namespace fermata
