#include "engine/core/chain.h"

#include "engine/base/check.h"

namespace fermata {

Chain::Chain(PartitionParts parts, StoreTransaction& transaction, CommandContext context)
    : parts_(parts), transaction_(transaction), context_(std::move(context)) {}

namespace {

// Which instance a command is for: it says so itself, or by a key of something inside.
template <class Command>
constexpr bool names_instance = requires(const Command& command) { command.instance; };

std::pair<std::int64_t, std::string_view> target_of(const LockJob& command) { return {command.job.raw(), "job"}; }
std::pair<std::int64_t, std::string_view> target_of(const CompleteJob& command) { return {command.job.raw(), "job"}; }
std::pair<std::int64_t, std::string_view> target_of(const FailJob& command) { return {command.job.raw(), "job"}; }
std::pair<std::int64_t, std::string_view> target_of(const ThrowJobError& command) { return {command.job.raw(), "job"}; }
std::pair<std::int64_t, std::string_view> target_of(const UpdateJob& command) { return {command.job.raw(), "job"}; }
std::pair<std::int64_t, std::string_view> target_of(const ReturnJob& command) { return {command.job.raw(), "job"}; }
std::pair<std::int64_t, std::string_view> target_of(const AssignUserTask& command) { return {command.task.raw(), "user task"}; }
std::pair<std::int64_t, std::string_view> target_of(const CompleteUserTask& command) { return {command.task.raw(), "user task"}; }
std::pair<std::int64_t, std::string_view> target_of(const UpdateUserTask& command) { return {command.task.raw(), "user task"}; }
std::pair<std::int64_t, std::string_view> target_of(const ResolveIncident& command) { return {command.incident.raw(), "incident"}; }

}  // namespace

Result<Outcome> Chain::execute(const ClientCommand& command) {
  return std::visit(
      [this](const auto& wish) -> Result<Outcome> {
        using Command = std::remove_cvref_t<decltype(wish)>;
        if constexpr (std::is_same_v<Command, CancelInstance> || std::is_same_v<Command, ModifyInstance>) {
          return to_instance(wish.instance, InstanceCommand(wish));
        } else if constexpr (requires { target_of(wish); }) {
          const auto [key, what] = target_of(wish);
          return to_instance_of(key, what, InstanceCommand(wish));
        } else {
          return on(wish);
        }
      },
      command);
}

Result<Chain::Loaded> Chain::load(ProcessInstanceKey key) {
  InstanceState* state = parts_.instances.find(key);
  if (state == nullptr) {
    Result<std::optional<InstanceState>> loaded = transaction_.load_instance(key);
    if (!loaded) return fail(loaded.error());
    if (!*loaded) return Loaded{};
    state = &parts_.instances.put(std::make_unique<InstanceState>(std::move(**loaded)));
  }
  const Result<const DefinitionCache::Target*> target = parts_.definitions.find(state->instance.definition, transaction_);
  if (!target) return fail(target.error());
  if (*target == nullptr) return fail(ErrorCode::data_loss, "the definition of process instance " + key.text() + " is missing in the store");
  return Loaded{state, *target};
}

Result<Outcome> Chain::to_instance(ProcessInstanceKey key, const InstanceCommand& command) {
  const Result<Loaded> loaded = load(key);
  if (!loaded) return fail(loaded.error());
  if (loaded->state == nullptr) {
    return Outcome(tl::unexpected(Rejection{RejectionCode::not_found, "there is no live process instance " + key.text()}));
  }
  return decide_and_append(*loaded->state, *loaded->target, command);
}

Result<Outcome> Chain::to_instance_of(std::int64_t any_key, std::string_view what, const InstanceCommand& command) {
  const Result<std::optional<ProcessInstanceKey>> instance = transaction_.instance_of(any_key);
  if (!instance) return fail(instance.error());
  const auto unknown = [&] {
    return Outcome(tl::unexpected(Rejection{
        RejectionCode::not_found, "there is no open " + std::string(what) + " " + std::to_string(any_key) + ": it has ended, or never was"}));
  };
  if (!*instance || !**instance) return unknown();
  const Result<Loaded> loaded = load(**instance);
  if (!loaded) return fail(loaded.error());
  if (loaded->state == nullptr) return unknown();
  return decide_and_append(*loaded->state, *loaded->target, command);
}

namespace {

std::string name_of_command(const InstanceCommand& command) {
  return std::visit([](const auto& wish) { return std::string(std::remove_cvref_t<decltype(wish)>::command_name); }, command);
}

}  // namespace

Result<Outcome> Chain::decide_and_append(InstanceState& state, const DefinitionCache::Target& target, const InstanceCommand& command) {
  Transition transition;
  transition.key = parts_.keys.make<TransitionKey>();
  StoreSurroundings surroundings({parts_.instances, parts_.definitions, parts_.decisions, transaction_});
  auto decision = decide({*target.graph, state, context_, parts_.keys, surroundings, parts_.options.decide}, command);
  if (surroundings.store_failure()) return fail(*surroundings.store_failure());
  if (!decision) return Outcome(tl::unexpected(std::move(decision.error())));

  bytes_ += decision->bytes;
  if (const std::size_t most = parts_.options.decide.chain_bytes_max; bytes_ > most) {
    return fail(ErrorCode::limit_exceeded, "one command has written more than " + std::to_string(most) +
                                                   " bytes of variables, with all that it has set in motion");
  }

  transition.instance = state.instance.key;
  transition.previous = state.last_transition;
  transition.at = context_.now;
  transition.command = name_of_command(command);
  transition.actor = context_.actor;
  transition.events = std::move(decision->events);
  state.last_transition = transition.key;
  if (Result<void> written = transaction_.append(transition, &state); !written) return fail(written.error());
  effects_.insert(effects_.end(), std::make_move_iterator(decision->effects.begin()), std::make_move_iterator(decision->effects.end()));
  for (FollowUp& next : decision->follow_ups) follow_ups_.emplace_back(transition.instance, std::move(next));
  if (Result<void> done = after_append(state, transition); !done) return fail(done.error());
  return Outcome(Reply(Done{}));
}

Result<void> Chain::after_append(InstanceState& state, const Transition& transition) {
  if (parts_.observer) parts_.observer(transition, &state);
  if (state.instance.status == InstanceStatus::active) {
    for (const Event& event : transition.events) {
      const auto* fact = std::get_if<SubscriptionOpened>(&event);
      if (fact == nullptr || fact->subscription.kind != EventKind::message) continue;
      look_into_buffer(state, fact->subscription.key);
    }
  }
  state.forget_ended();
  if (parts_.options.check_invariants) {
    const std::vector<std::string> broken = broken_invariants(state);
    if (!broken.empty()) return fail(ErrorCode::internal, "after " + transition.command + ": " + broken.front());
  }
  const ProcessInstanceKey key = state.instance.key;
  std::optional<ProcessInstance> ended;
  if (state.instance.status != InstanceStatus::active) {
    ended = std::move(state.instance);
    parts_.instances.drop(key);  // `state` is gone from here on
  }
  if (ended && !ended->start_correlation_key.empty()) {
    follow_ups_.emplace_back(key, BufferedStart{std::move(ended->process_id), std::move(ended->start_correlation_key)});
  }
  return {};
}

Result<Outcome> Chain::start(const StartInstance& command) {
  const Result<const DefinitionCache::Target*> target = parts_.definitions.find(command.definition, transaction_);
  if (!target) return fail(target.error());
  if (*target == nullptr) {
    return Outcome(tl::unexpected(Rejection{RejectionCode::not_found, "there is no process definition " + command.definition.text()}));
  }
  auto state = std::make_unique<InstanceState>();
  state->instance.key = command.instance;
  state->instance.definition = (*target)->definition.key;
  state->instance.process_id = (*target)->definition.process_id;
  state->instance.version = (*target)->definition.version;
  InstanceState& kept = parts_.instances.put(std::move(state));
  Result<Outcome> outcome = decide_and_append(kept, **target, InstanceCommand(command));
  if (!outcome || !*outcome) parts_.instances.drop(command.instance);
  return outcome;
}

namespace {

template <class Step>
bool is_cancellation(const Step& step) {
  const auto* follow_up = std::get_if<FollowUp>(&step);
  const auto* command = follow_up == nullptr ? nullptr : std::get_if<InstanceCommand>(follow_up);
  return command != nullptr && std::holds_alternative<CancelInstance>(*command);
}

}  // namespace

Result<void> Chain::run_follow_ups() {
  std::size_t count = 0;
  while (!follow_ups_.empty()) {
    if (count > limits::commands_per_chain_max) {
      return fail(ErrorCode::limit_exceeded, "one command has set more than " + std::to_string(limits::commands_per_chain_max) +
                                                     " others in motion: probably processes that start each other without end");
    }
    const auto [source, next] = std::move(follow_ups_.front());
    follow_ups_.pop_front();
    const Result<bool> done = std::visit([this, source](const auto& wish) { return take_up(source, wish); }, next);
    if (!done) return fail(done.error());
    // What a termination ends with it is bounded by what lives, and starts nothing.
    if (*done && !is_cancellation(next)) ++count;
  }
  return {};
}

Result<bool> Chain::take_up(ProcessInstanceKey source, const FollowUp& command) {
  const Result<Outcome> outcome = std::visit(
      [this, source](const auto& wish) -> Result<Outcome> {
        using Wish = std::remove_cvref_t<decltype(wish)>;
        if constexpr (std::is_same_v<Wish, InstanceCommand>) {
          return std::visit(
              [this](const auto& inner) -> Result<Outcome> {
                using Command = std::remove_cvref_t<decltype(inner)>;
                if constexpr (std::is_same_v<Command, StartInstance>) {
                  return start(inner);
                } else if constexpr (std::is_same_v<Command, ChildCompleted> || std::is_same_v<Command, ChildThrewError> ||
                                     std::is_same_v<Command, ChildEscalated>) {
                  return to_instance_of(inner.call_activity.raw(), "call activity", InstanceCommand(inner));
                } else if constexpr (std::is_same_v<Command, TriggerSubscription>) {
                  return to_instance_of(inner.subscription.raw(), "subscription", InstanceCommand(inner));
                } else {
                  return execute(ClientCommand(inner));
                }
              },
              wish);
        } else if constexpr (std::is_same_v<Wish, BroadcastSignal>) {
          return broadcast(wish, source);
        } else {
          return publish(wish, true);
        }
      },
      command);
  if (!outcome) return fail(outcome.error());
  if (*outcome) return true;
  const Rejection& refused = outcome->error();
  const auto* to_instance = std::get_if<InstanceCommand>(&command);
  const bool starts_one = to_instance != nullptr && std::holds_alternative<StartInstance>(*to_instance);
  if (!starts_one && (refused.code == RejectionCode::not_found || refused.code == RejectionCode::invalid_state)) return true;
  return fail(refused.code == RejectionCode::limit_exceeded ? ErrorCode::limit_exceeded : ErrorCode::internal,
              "what this command sets in motion was refused: " + refused.reason);
}

// The scope of a process instance has the instance's own key, which was taken in the transition of its caller.
Result<Outcome> Chain::on(const SetVariables& command) {
  const ProcessInstanceKey as_instance{command.scope.raw()};
  const Result<Loaded> loaded = load(as_instance);
  if (!loaded) return fail(loaded.error());
  if (loaded->state != nullptr) return decide_and_append(*loaded->state, *loaded->target, InstanceCommand(command));
  return to_instance_of(command.scope.raw(), "element instance", InstanceCommand(command));
}

Result<void> Chain::record(TransitionKey key, std::string_view command, std::vector<Event> events) {
  if (events.empty()) return {};
  Transition transition;
  transition.key = key;
  transition.at = context_.now;
  transition.command = command;
  transition.actor = context_.actor;
  transition.events = std::move(events);
  if (Result<void> written = transaction_.append(transition, nullptr); !written) return written;
  if (parts_.observer) parts_.observer(transition, nullptr);
  return {};
}

}  // namespace fermata
