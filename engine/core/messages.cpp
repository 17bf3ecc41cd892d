// Messages and signals: who waits, who starts, what stays in the buffer. Invariants I30 to I33.
//
// A message reaches every process that waits for it, each process at most once: one waiting instance before a start event. Two
// instances of one process that wait for the same name and key are a documented error: no arbitrary one is picked (correlation.h).
#include <algorithm>

#include "engine/base/json.h"
#include "engine/core/chain.h"
#include "engine/core/correlation.h"
#include "engine/record/codec.h"

namespace fermata {
namespace {

constexpr std::size_t messages_per_page = 100;
// To one subscription that stays open, in one transaction; the rest follows when the next message comes.
constexpr std::size_t buffered_deliveries_max = 1'000;

Outcome reject(RejectionCode code, std::string reason) { return tl::unexpected(Rejection{code, std::move(reason)}); }

// FNV-1a: tells whether a repeated message id carries the same content; not a defence against forgery, which the sender's auth is.
std::string fingerprint_of(const PublishMessage& command) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : command.correlation_key.value_or("") + '\n' + encode_variables(command.variables)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return std::to_string(hash);
}

constexpr Duration message_id_ttl = Duration::from_seconds(7 * 24 * 3600);

}  // namespace

Result<ProcessInstanceKey> Chain::deliver_to(const Correlation& match, const Message& message, const std::string& business_key) {
  if (match.found.instance) {
    const Result<Outcome> done = to_instance(match.found.instance, InstanceCommand(TriggerSubscription{match.found.subscription.key, message.variables}));
    if (!done) return fail(done.error());
    if (const InstanceState* still = parts_.instances.find(match.found.instance)) look_into_buffer(*still, match.found.subscription.key);
    return *done ? match.found.instance : ProcessInstanceKey{};
  }
  StartInstance start_command;
  start_command.instance = parts_.keys.make<ProcessInstanceKey>();
  start_command.definition = match.found.subscription.definition;
  start_command.start_element = match.found.subscription.element_id;
  start_command.variables = message.variables;
  start_command.business_key = business_key;
  start_command.start_correlation_key = message.correlation_key;
  const Result<Outcome> done = start(start_command);
  if (!done) return fail(done.error());
  return *done ? start_command.instance : ProcessInstanceKey{};
}

Result<Outcome> Chain::deliver(const std::vector<Correlation>& found, Message message, bool buffer, const std::string& business_key) {
  const TransitionKey transition = reserve();
  message.key = parts_.keys.make<MessageKey>();
  message.published_at = context_.now;
  MessageAccepted reply;
  reply.message = message.key;
  std::vector<Event> events;
  if (buffer) events.push_back(MessagePublished{message});
  for (const Correlation& match : found) {
    const Result<ProcessInstanceKey> instance = deliver_to(match, message, business_key);
    if (!instance) return fail(instance.error());
    if (!*instance) continue;
    if (reply.instances.empty()) reply.started_instance = !match.found.instance;
    reply.instances.push_back(*instance);
    if (buffer) events.push_back(MessageCorrelated{message.key, match.process_id, *instance});
  }
  if (Result<void> written = record(transition, "publishMessage", std::move(events)); !written) return fail(written.error());
  return Outcome(Reply(std::move(reply)));
}

Result<Outcome> Chain::publish(const PublishMessage& command, bool thrown) {
  const std::string source = "message:" + command.name;
  if (!command.message_id.empty()) {
    const auto known = transaction_.find_request(source, command.message_id);
    if (!known) return fail(known.error());
    if (*known && (*known)->expires_at > context_.now) {
      if ((*known)->fingerprint != fingerprint_of(command)) {
        return reject(RejectionCode::already_exists, "message id '" + command.message_id + "' was used for another message '" + command.name + "' already");
      }
      Result<Reply> reply = decode_reply((*known)->reply);
      if (!reply) return fail(reply.error());
      return Outcome(std::move(*reply));
    }
  }
  const auto found = find_correlations(transaction_, command.name, command.correlation_key);
  if (!found) return fail(found.error());
  // The event that throws it was asked before (throw_message()). What has changed since leaves it in the buffer, for those it does not fit.
  if (found->ambiguous && !thrown) return Outcome(tl::unexpected(*found->ambiguous));
  Message message;
  message.name = command.name;
  message.correlation_key = command.correlation_key.value_or("");
  message.message_id = command.message_id;
  message.variables = command.variables;
  message.expires_at = context_.now + command.ttl;
  Result<Outcome> outcome = deliver(found->to, std::move(message), command.ttl.ms > 0, {});
  if (!outcome || !*outcome || command.message_id.empty()) return outcome;
  RequestRecord request{source, command.message_id, fingerprint_of(command), encode_reply(**outcome), context_.now, context_.now + message_id_ttl};
  if (Result<void> written = record(reserve(), "rememberRequest", {RequestRemembered{std::move(request)}}); !written) return fail(written.error());
  return outcome;
}

// Camunda 7 narrows by instance, business key and variables of the waiting instance.
Result<bool> Chain::fits(const FoundSubscription& found, const CorrelateMessage& command) {
  if (!found.instance) return !command.instance && command.match_variables.empty();
  if (command.start_only) return false;
  if (command.instance && *command.instance != found.instance) return false;
  if (!command.business_key && command.match_variables.empty()) return true;
  const Result<Loaded> loaded = load(found.instance);
  if (!loaded) return fail(loaded.error());
  if (loaded->state == nullptr) return false;
  const InstanceState& state = *loaded->state;
  if (command.business_key && *command.business_key != state.instance.business_key) return false;
  return std::all_of(command.match_variables.begin(), command.match_variables.end(), [&](const Variable& wanted) {
    const StoredVariable* known = state.find_visible_variable(found.subscription.element_instance, wanted.name);
    return known != nullptr && known->value == wanted.value;
  });
}

namespace {

Rejection too_many(std::string_view what, std::string_view narrow) {
  return {RejectionCode::limit_exceeded, "more than " + std::to_string(message_candidates_max) + " " + std::string(what) + ": " + std::string(narrow)};
}

}  // namespace

// Without a correlation key: whoever waits for this name; when these are too many to look at, by the narrowest way that the command names.
Result<std::vector<FoundSubscription>> Chain::candidates(const CorrelateMessage& command, std::optional<Rejection>& refused) {
  if (command.start_only) return find_message_starts(transaction_, command.name);
  auto waiting = transaction_.find_subscriptions(EventKind::message, command.name, std::nullopt, message_candidates_max + 1);
  if (!waiting || waiting->size() <= message_candidates_max) return waiting;
  std::vector<ProcessInstanceKey> instances;
  if (command.instance) {
    instances.push_back(*command.instance);
  } else if (command.business_key && !command.business_key->empty()) {
    auto with_key = transaction_.instances_with_business_key(*command.business_key, message_candidates_max + 1);
    if (!with_key) return fail(with_key.error());
    if (with_key->size() > message_candidates_max) refused = too_many("process instances have this business key", "name the instance");
    instances = std::move(*with_key);
  } else {
    refused = too_many("subscriptions wait for message '" + command.name + "'", "narrow it by correlation key, business key or instance");
  }
  std::vector<FoundSubscription> found;
  if (refused) return found;
  for (const ProcessInstanceKey key : instances) {
    const Result<Loaded> loaded = load(key);
    if (!loaded) return fail(loaded.error());
    if (loaded->state != nullptr) append_waiting(*loaded->state, command.name, std::nullopt, found);
  }
  auto starts = find_message_starts(transaction_, command.name);
  if (!starts) return starts;
  found.insert(found.end(), std::make_move_iterator(starts->begin()), std::make_move_iterator(starts->end()));
  return found;
}

Result<Outcome> Chain::on(const CorrelateMessage& command) {
  Message message;
  message.name = command.name;
  message.correlation_key = command.correlation_key.value_or("");
  message.variables = command.variables;
  std::vector<Correlation> chosen;
  if (command.correlation_key) {
    auto found = find_correlations(transaction_, command.name, command.correlation_key);
    if (!found) return fail(found.error());
    if (found->ambiguous) return Outcome(tl::unexpected(*found->ambiguous));
    chosen = std::move(found->to);
  } else {
    std::optional<Rejection> refused;
    auto found = candidates(command, refused);
    if (!found) return fail(found.error());
    if (refused) return Outcome(tl::unexpected(*refused));
    bool any_waiting = false;
    for (FoundSubscription& candidate : *found) {
      const Result<bool> fit = fits(candidate, command);
      if (!fit) return fail(fit.error());
      if (!*fit) continue;
      any_waiting = any_waiting || candidate.instance;
      const std::string process_id = candidate.subscription.process_id;
      chosen.push_back({std::move(candidate), process_id});
    }
    if (any_waiting && !command.all) std::erase_if(chosen, [](const Correlation& match) { return !match.found.instance; });
    if (chosen.size() > 1 && !command.all) {
      return reject(RejectionCode::invalid_state, shown_message(command.name, std::nullopt) + " fits " + std::to_string(chosen.size()) +
                                                      " waiting executions or definitions: narrow it by business key, instance or variables");
    }
  }
  if (chosen.empty() && !command.all) {
    return reject(RejectionCode::not_found, "nothing waits for " + shown_message(command.name, command.correlation_key) + ", and no process starts with it");
  }
  return deliver(chosen, std::move(message), false, command.business_key.value_or(""));
}

Result<Outcome> Chain::broadcast(const BroadcastSignal& command, ProcessInstanceKey thrower) {
  const TransitionKey transition = reserve();
  SignalAccepted reply;
  reply.signal = parts_.keys.make<SignalKey>();
  std::optional<Rejection> too_many;
  // A thrown one was counted before it was thrown; a few more may have opened since, and the event that threw it is left.
  const auto found = find_catchers(transaction_, command.name, thrower ? 2 * signal_catchers_max : signal_catchers_max, too_many);
  if (!found) return fail(found.error());
  if (too_many) return Outcome(tl::unexpected(*too_many));
  Message payload;
  payload.variables = command.variables;
  for (const FoundSubscription& catcher : *found) {
    if (catcher.instance && catcher.instance == thrower) continue;
    const Result<ProcessInstanceKey> instance = deliver_to({catcher, catcher.subscription.process_id}, payload, {});
    if (!instance) return fail(instance.error());
    if (*instance) reply.instances.push_back(*instance);
  }
  if (Result<void> written = record(transition, "broadcastSignal", {SignalBroadcast{reply.signal, command.name}}); !written) return fail(written.error());
  return Outcome(Reply(std::move(reply)));
}

// The oldest message in the buffer that has not reached this process; only those younger than `after`.
Result<std::optional<Message>> Chain::oldest_buffered(std::string_view name, std::string_view key, std::string_view process_id, MessageKey after) {
  for (;;) {
    auto page = transaction_.buffered_messages(name, key, after, context_.now, messages_per_page);
    if (!page) return fail(page.error());
    for (Message& message : *page) {
      after = message.key;
      const auto& reached = message.correlated_processes;
      if (std::find(reached.begin(), reached.end(), process_id) == reached.end()) return std::optional(std::move(message));
    }
    if (page->size() < messages_per_page) return std::optional<Message>();
  }
}

void Chain::look_into_buffer(const InstanceState& state, SubscriptionKey subscription) {
  const Subscription* open = state.subscriptions.find(subscription);
  if (open == nullptr || open->ended_at != never || open->kind != EventKind::message) return;
  follow_ups_.emplace_back(state.instance.key, BufferedDelivery{.subscription = subscription, .after = {}});
}

// I32: a message that came early is delivered when its subscription opens, if that is still open when its turn comes: of two that
// open together one may end the other. What stays open (an event that does not interrupt) gets the next message too.
Result<bool> Chain::take_up(ProcessInstanceKey instance, const BufferedDelivery& wanted) {
  const Result<Loaded> loaded = load(instance);
  if (!loaded) return fail(loaded.error());
  if (loaded->state == nullptr) return false;
  const Subscription* subscription = loaded->state->subscriptions.find(wanted.subscription);
  if (subscription == nullptr || subscription->ended_at != never) return false;
  auto message = oldest_buffered(subscription->name, subscription->correlation_key, subscription->process_id, wanted.after);
  if (!message) return fail(message.error());
  if (!*message) return false;
  const MessageKey key = (*message)->key;
  if (auto written = record(reserve(), "correlateMessage", {MessageCorrelated{key, subscription->process_id, instance}}); !written) {
    return fail(written.error());
  }
  const Result<Outcome> done =
      decide_and_append(*loaded->state, *loaded->target, InstanceCommand(TriggerSubscription{wanted.subscription, std::move((*message)->variables)}));
  if (!done) return fail(done.error());
  if (!*done) return fail(ErrorCode::internal, "an open subscription refused a message: " + done->error().reason);
  const std::size_t delivered = wanted.delivered + 1;
  if (delivered < buffered_deliveries_max) follow_ups_.emplace_back(instance, BufferedDelivery{wanted.subscription, key, delivered});
  return true;
}

Result<bool> Chain::take_up(ProcessInstanceKey, const BufferedStart& wanted) {
  const auto running = transaction_.instance_started_by(wanted.process_id, wanted.correlation_key);
  if (!running) return fail(running.error());
  if (*running) return false;  // another message was quicker: this one waits for the end of that instance
  const auto starts = transaction_.start_subscriptions_of(wanted.process_id);
  if (!starts) return fail(starts.error());
  for (const FoundSubscription& found : *starts) {
    if (found.subscription.kind != EventKind::message) continue;
    auto message = oldest_buffered(found.subscription.name, wanted.correlation_key, wanted.process_id, {});
    if (!message) return fail(message.error());
    if (!*message) continue;
    const MessageKey key = (*message)->key;
    StartInstance next;
    next.instance = parts_.keys.make<ProcessInstanceKey>();
    next.definition = found.subscription.definition;
    next.start_element = found.subscription.element_id;
    next.variables = std::move((*message)->variables);
    next.start_correlation_key = (*message)->correlation_key;
    if (auto written = record(reserve(), "correlateMessage", {MessageCorrelated{key, wanted.process_id, next.instance}}); !written) return fail(written.error());
    const Result<Outcome> done = start(next);
    if (!done) return fail(done.error());
    if (!*done) return fail(ErrorCode::internal, "a start event refused its message: " + done->error().reason);
    return true;
  }
  return false;
}

}  // namespace fermata
