// Agenda: when there is something to do next, kept up to date by the facts themselves.
//
// Floor 6, engine thread only. Every time here is a lower bound: looking too early costs one lookup and finds nothing; what is due
// is always asked of the store. Facts of a batch count only once it is durable.
//
//   agenda.note(transition, state);            // as the partition's observer
//   agenda.commit(agenda.take_noted());        // or drop what was noted
//   if (agenda.timers_due(now)) ...
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/record/event.h"
#include "engine/runtime/engine.h"
#include "engine/state/instance_state.h"

namespace fermata::runtime {

class Agenda {
 public:
  /// Reads the first times from the store.
  [[nodiscard]] Result<void> load(StoreLookups& lookups);

  void note(const Transition& transition, const InstanceState* after);
  /// What the facts of a batch mean, kept until it is durable.
  struct Noted {
    std::optional<Timestamp> timer;
    std::optional<Timestamp> expiry;
    std::vector<std::pair<std::string, Timestamp>> later_jobs;
    std::unordered_map<std::string, std::size_t> freed_jobs;
    EngineCounters counts;
  };
  [[nodiscard]] Noted take_noted() { return std::exchange(noted_, Noted{}); }
  void commit(const Noted& noted);
  /// How many jobs of each type became free to lock in this batch, so far.
  [[nodiscard]] const std::unordered_map<std::string, std::size_t>& freed_jobs() const { return noted_.freed_jobs; }

  [[nodiscard]] bool timers_due(Timestamp now) const { return next_timer_ && *next_timer_ <= now; }
  [[nodiscard]] bool messages_expire(Timestamp now) const { return next_expiry_ && *next_expiry_ <= now; }
  void set_next_timer(std::optional<Timestamp> due) { next_timer_ = due; }
  void set_next_expiry(std::optional<Timestamp> at) { next_expiry_ = at; }

  /// From now on the times of this job type are watched; `next` as the store knows it.
  void watch_type(const std::string& type, std::optional<Timestamp> next);
  void unwatch_type(const std::string& type) { watched_.erase(type); }
  /// Forgets all watched types but those that are `needed`: clients may ask for any number of names.
  template <class Predicate>
  void prune_watched(Predicate&& needed) {
    std::erase_if(watched_, [&](const auto& entry) { return !needed(entry.first); });
  }
  [[nodiscard]] std::size_t watched_types() const { return watched_.size(); }
  [[nodiscard]] std::vector<std::string> watched() const;
  [[nodiscard]] bool watches(const std::string& type) const { return watched_.contains(type); }
  /// The watched types that have jobs free to lock from a time that has come; their times are cleared (set them again from the store).
  [[nodiscard]] std::vector<std::string> take_types_due(Timestamp now);

  /// The earliest wall-clock time of all.
  [[nodiscard]] std::optional<Timestamp> next() const;

  /// Adds what the noted facts count to `counters`.
  static void count(const Noted& noted, EngineCounters& counters);

 private:
  struct Noter;

  std::optional<Timestamp> next_timer_;
  std::optional<Timestamp> next_expiry_;
  std::unordered_map<std::string, std::optional<Timestamp>> watched_;
  Noted noted_;
};

}  // namespace fermata::runtime
