// Messages and signals: who waits, who starts, what stays in the buffer. Invariants I30 to I33.
//
// A message reaches every process that waits for it, each process at most once: one waiting instance before a start event. Two
// instances of one process that wait for the same name and key are a documented error: no arbitrary one is picked.
#include <algorithm>
#include <map>

#include "engine/base/json.h"
#include "engine/core/chain.h"
#include "engine/record/codec.h"

namespace fermata {
namespace {

constexpr std::size_t candidates_max = 1'000;
constexpr std::size_t signal_catchers_max = limits::commands_per_chain_max;

Outcome reject(RejectionCode code, std::string reason) { return tl::unexpected(Rejection{code, std::move(reason)}); }

std::string shown(const std::string& name, const std::optional<std::string>& key) {
  return "message '" + name + "'" + (key ? " with correlation key '" + *key + "'" : std::string());
}

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

Result<std::vector<Chain::Correlation>> Chain::matches(const PublishMessage& command, std::optional<Rejection>& refused) {
  std::optional<std::string_view> key;
  if (command.correlation_key) key = *command.correlation_key;
  auto waiting = transaction_.find_subscriptions(EventKind::message, command.name, key, candidates_max);
  if (!waiting) return fail(waiting.error());
  if (key && !key->empty()) {  // start events have no key of their own
    auto starts = transaction_.find_subscriptions(EventKind::message, command.name, std::string_view(), candidates_max);
    if (!starts) return fail(starts.error());
    for (FoundSubscription& found : *starts) {
      if (!found.instance) waiting->push_back(std::move(found));
    }
  }
  std::map<std::string, Correlation> by_process;
  for (FoundSubscription& found : *waiting) {
    const std::string process_id = found.subscription.process_id;
    const auto known = by_process.find(process_id);
    if (known == by_process.end()) {
      by_process.emplace(process_id, Correlation{std::move(found), process_id});
    } else if (!known->second.found.instance) {
      if (found.instance) known->second.found = std::move(found);
    } else if (found.instance) {
      refused = Rejection{RejectionCode::invalid_state,
                          shown(command.name, command.correlation_key) + " fits more than one waiting subscription of process '" + process_id +
                              "' (instances " + known->second.found.instance.text() + " and " + found.instance.text() +
                              "): a correlation key must be unique among the waiting instances of a process"};
      return std::vector<Correlation>{};
    }
  }
  std::vector<Correlation> result;
  for (auto& [process_id, match] : by_process) {
    if (!match.found.instance && key && !key->empty()) {
      const auto running = transaction_.instance_started_by(process_id, *key);
      if (!running) return fail(running.error());
      if (*running) continue;  // one live instance per process and key: the message waits for its end
    }
    result.push_back(std::move(match));
  }
  return result;
}

Result<ProcessInstanceKey> Chain::deliver_to(const Correlation& match, const Message& message, const std::string& business_key) {
  if (match.found.instance) {
    const Result<Outcome> done = to_instance(match.found.instance, InstanceCommand(TriggerSubscription{match.found.subscription.key, message.variables}));
    if (!done) return fail(done.error());
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

Result<Outcome> Chain::on(const PublishMessage& command) {
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
  std::optional<Rejection> refused;
  const auto found = matches(command, refused);
  if (!found) return fail(found.error());
  if (refused) return Outcome(tl::unexpected(*refused));
  Message message;
  message.name = command.name;
  message.correlation_key = command.correlation_key.value_or("");
  message.message_id = command.message_id;
  message.variables = command.variables;
  message.expires_at = context_.now + command.ttl;
  Result<Outcome> outcome = deliver(*found, std::move(message), command.ttl.ms > 0, {});
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

Result<Outcome> Chain::on(const CorrelateMessage& command) {
  Message message;
  message.name = command.name;
  message.correlation_key = command.correlation_key.value_or("");
  message.variables = command.variables;
  std::vector<Correlation> chosen;
  if (command.correlation_key) {
    std::optional<Rejection> refused;
    auto found = matches(PublishMessage{.name = command.name, .correlation_key = command.correlation_key, .variables = {}, .message_id = {}, .ttl = {}}, refused);
    if (!found) return fail(found.error());
    if (refused) return Outcome(tl::unexpected(*refused));
    chosen = std::move(*found);
  } else {
    auto found = transaction_.find_subscriptions(EventKind::message, command.name, std::nullopt, candidates_max);
    if (!found) return fail(found.error());
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
      return reject(RejectionCode::invalid_state, shown(command.name, std::nullopt) + " fits " + std::to_string(chosen.size()) +
                                                      " waiting executions or definitions: narrow it by business key, instance or variables");
    }
  }
  if (chosen.empty() && !command.all) {
    return reject(RejectionCode::not_found, "nothing waits for " + shown(command.name, command.correlation_key) + ", and no process starts with it");
  }
  return deliver(chosen, std::move(message), false, command.business_key.value_or(""));
}

Result<Outcome> Chain::broadcast(const BroadcastSignal& command, ProcessInstanceKey thrower) {
  const TransitionKey transition = reserve();
  SignalAccepted reply;
  reply.signal = parts_.keys.make<SignalKey>();
  const auto found = transaction_.find_subscriptions(EventKind::signal, command.name, std::nullopt, signal_catchers_max);
  if (!found) return fail(found.error());
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

// I32: a message that came early is delivered when its subscription opens.
Result<void> Chain::deliver_buffered(ProcessInstanceKey instance, const Subscription& subscription) {
  const auto messages = transaction_.buffered_messages(subscription.name, subscription.correlation_key, context_.now, 100);
  if (!messages) return fail(messages.error());
  for (const Message& message : *messages) {
    const auto& reached = message.correlated_processes;
    if (std::find(reached.begin(), reached.end(), subscription.process_id) != reached.end()) continue;
    if (Result<void> written = record(reserve(), "correlateMessage", {MessageCorrelated{message.key, subscription.process_id, instance}}); !written) {
      return written;
    }
    follow_ups_.emplace_back(instance, InstanceCommand(TriggerSubscription{subscription.key, message.variables}));
    return {};
  }
  return {};
}

// A message with the key of an instance that it started has waited for that instance's end.
Result<void> Chain::start_by_buffered(const ProcessInstance& ended) {
  const auto starts = transaction_.start_subscriptions_of(ended.process_id);
  if (!starts) return fail(starts.error());
  for (const FoundSubscription& found : *starts) {
    if (found.subscription.kind != EventKind::message) continue;
    const auto messages = transaction_.buffered_messages(found.subscription.name, ended.start_correlation_key, context_.now, 100);
    if (!messages) return fail(messages.error());
    for (const Message& message : *messages) {
      const auto& reached = message.correlated_processes;
      if (std::find(reached.begin(), reached.end(), ended.process_id) != reached.end()) continue;
      StartInstance next;
      next.instance = parts_.keys.make<ProcessInstanceKey>();
      next.definition = found.subscription.definition;
      next.start_element = found.subscription.element_id;
      next.variables = message.variables;
      next.start_correlation_key = message.correlation_key;
      if (Result<void> written = record(reserve(), "correlateMessage", {MessageCorrelated{message.key, ended.process_id, next.instance}}); !written) {
        return written;
      }
      follow_ups_.emplace_back(ended.key, InstanceCommand(std::move(next)));
      return {};
    }
  }
  return {};
}

}  // namespace fermata
