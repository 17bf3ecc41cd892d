#include "engine/core/correlation.h"

#include <map>
#include <set>

namespace fermata {

std::string shown_message(std::string_view name, std::optional<std::string_view> key) {
  std::string text = "message '" + std::string(name) + "'";
  if (key) text += " with correlation key '" + std::string(*key) + "'";
  return text;
}

void append_waiting(const InstanceState& state, std::string_view name, std::optional<std::string_view> key, std::vector<FoundSubscription>& to) {
  for (const Subscription& own : state.subscriptions) {
    const bool fits = own.kind == EventKind::message && own.name == name && own.ended_at == never && (!key || own.correlation_key == *key);
    if (fits) to.push_back({state.instance.key, own});
  }
}

Result<std::vector<FoundSubscription>> find_message_starts(StoreLookups& lookups, std::string_view name) {
  // Start events have no key of their own, like instances that wait without one: these may be so many that they hide the others.
  auto keyless = lookups.find_subscriptions(EventKind::message, name, std::string_view(), message_candidates_max);
  if (!keyless) return keyless;
  if (keyless->size() == message_candidates_max) return lookups.start_subscriptions_for(EventKind::message, name);
  std::erase_if(*keyless, [](const FoundSubscription& found) { return static_cast<bool>(found.instance); });
  return keyless;
}

Result<Correlations> find_correlations(StoreLookups& lookups, std::string_view name, std::optional<std::string_view> key,
                                       const InstanceState* thrower) {
  auto waiting = lookups.find_subscriptions(EventKind::message, name, key, message_candidates_max);
  if (!waiting) return fail(waiting.error());
  if (!key || key->empty()) {
    std::erase_if(*waiting, [](const FoundSubscription& found) { return !found.instance; });
  }
  if (thrower != nullptr) {
    std::erase_if(*waiting, [thrower](const FoundSubscription& found) { return found.instance == thrower->instance.key; });
    append_waiting(*thrower, name, key, *waiting);
  }
  auto starts = find_message_starts(lookups, name);
  if (!starts) return fail(starts.error());

  Correlations result;
  std::map<std::string, Correlation> by_process;
  std::set<std::string> torn;  // processes of which two wait alike
  for (FoundSubscription& found : *waiting) {
    const std::string process_id = found.subscription.process_id;
    const auto known = by_process.find(process_id);
    if (known == by_process.end()) {
      by_process.emplace(process_id, Correlation{std::move(found), process_id});
      continue;
    }
    if (!result.ambiguous) {
      result.ambiguous = Rejection{RejectionCode::invalid_state,
                                   shown_message(name, key) + " fits more than one waiting subscription of process '" + process_id + "' (instances " +
                                       known->second.found.instance.text() + " and " + found.instance.text() +
                                       "): a correlation key must be unique among the waiting instances of a process"};
    }
    torn.insert(process_id);
  }
  for (FoundSubscription& start : *starts) {
    const std::string process_id = start.subscription.process_id;
    if (by_process.contains(process_id)) continue;
    if (key && !key->empty()) {
      const auto running = lookups.instance_started_by(process_id, *key);
      if (!running) return fail(running.error());
      if (*running) continue;  // one live instance per process and key: the message waits for its end
    }
    by_process.emplace(process_id, Correlation{std::move(start), process_id});
  }
  for (auto& [process_id, match] : by_process) {
    if (!torn.contains(process_id)) result.to.push_back(std::move(match));
  }
  return result;
}

Result<std::vector<FoundSubscription>> find_catchers(StoreLookups& lookups, std::string_view signal, std::size_t most, std::optional<Rejection>& too_many) {
  auto found = lookups.find_subscriptions(EventKind::signal, signal, std::nullopt, most + 1);
  if (found && found->size() > most) {
    too_many = Rejection{RejectionCode::limit_exceeded, "more than " + std::to_string(most) + " subscriptions wait for signal '" +
                                                               std::string(signal) + "', and one broadcast reaches all of them or none. Nothing was changed"};
  }
  return found;
}

}  // namespace fermata
