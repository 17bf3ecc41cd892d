// Work: one entry of a batch, from a client or from the engine itself, with what is to happen once it is durable.
//
// Floor 6, private to engine/runtime. Made on any thread, owned by the engine thread from the moment it is taken off the queue.
//
//   Work{.kind = Work::Kind::client, .request = {.command = CancelInstance{key}}, .done = callback}
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/engine.h"

namespace fermata::runtime {

/// Milliseconds that never jump: of the steady clock, or of the virtual clock when the loop is driven by hand.
struct Monotonic {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(Monotonic, Monotonic) = default;
};

/// A request for jobs that may wait until there are some.
struct Poll {
  ActivateJobs request;
  std::string actor;
  Duration wait;
  Engine::Callback done;
  std::uint64_t order = 0;  ///< of arrival: the oldest is served first
  Monotonic deadline;

  /// Once: what waits at the desk may lie in a batch in flight as well, which runs again when it is lost.
  void answer(Result<Outcome> outcome) {
    if (auto once = std::exchange(done, nullptr)) once(std::move(outcome));
  }
  [[nodiscard]] bool answered() const { return done == nullptr; }
};

/// Somebody who waits for the end of the instance that this work creates.
struct Awaiter {
  Engine::AwaitCallback done;
  Duration wait;
  Monotonic deadline;
  InstanceCreated created;
};

struct Work {
  enum class Kind : std::uint8_t {
    client,           ///< a caller's request: answered with the outcome or the error
    poll,             ///< a caller's request for jobs, new or woken
    timer,            ///< a due timer
    expire_messages,  ///< drops messages whose time to live is over
    activity_poll,    ///< leases jobs for an activity of this process
    activity_result,  ///< what such an activity has answered; must not be lost
  };

  Kind kind = Kind::client;
  ClientRequest request;
  Engine::Callback done;             ///< of client
  std::shared_ptr<Awaiter> awaiter;  ///< of client: a creation whose end is awaited
  std::shared_ptr<Poll> poll;        ///< of poll
  std::string type;                  ///< of activity_poll and activity_result: the job type
  bool parked = false;               ///< of poll: found nothing and waits now

  std::optional<Executed> execution;  ///< set when executed
};

/// How many jobs a request for jobs has got.
[[nodiscard]] inline std::size_t leases_of(const Work& work) {
  if (!work.execution || !work.execution->outcome) return 0;
  const auto* activated = std::get_if<JobsActivated>(&*work.execution->outcome);
  return activated == nullptr ? 0 : activated->jobs.size();
}

}  // namespace fermata::runtime
