// Correlation: who waits for a message or a signal. Invariants I30 to I33.
//
// Floor 4, engine thread only. Used when a message comes in, and before one is thrown: what cannot be delivered is an incident of the
// event that throws it, not a loss behind it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/record/rejection.h"
#include "persistence/store.h"

namespace fermata {

/// One that a message goes to: a waiting subscription of an instance, or a start event of a process.
struct Correlation {
  FoundSubscription found;
  std::string process_id;
};

struct Correlations {
  std::vector<Correlation> to;           ///< each process at most once: a waiting instance before a start event
  std::optional<Rejection> ambiguous;    ///< two instances of one process wait alike: no arbitrary one is picked, and none of them is in `to`
};

/// Whom a message with this name and key reaches. `thrower`: an instance that decides just now; what waits in it is there, not in the store.
[[nodiscard]] Result<Correlations> find_correlations(StoreLookups& lookups, std::string_view name, std::optional<std::string_view> key,
                                                     const InstanceState* thrower = nullptr);
/// Adds what is open in an instance for this message; with a key: for just this key.
void append_waiting(const InstanceState& state, std::string_view name, std::optional<std::string_view> key, std::vector<FoundSubscription>& to);
/// All start events that wait for this message.
[[nodiscard]] Result<std::vector<FoundSubscription>> find_message_starts(StoreLookups& lookups, std::string_view name);
inline constexpr std::size_t message_candidates_max = 1'000;  ///< how many are looked at one by one
inline constexpr std::size_t signal_catchers_max = limits::commands_per_chain_max;
/// All that wait for a signal; a rejection when they are more than `most`, since one transaction reaches all of them.
[[nodiscard]] Result<std::vector<FoundSubscription>> find_catchers(StoreLookups& lookups, std::string_view signal, std::size_t most,
                                                                   std::optional<Rejection>& too_many);

/// "message 'paid' with correlation key '7'"
[[nodiscard]] std::string shown_message(std::string_view name, std::optional<std::string_view> key);

}  // namespace fermata
