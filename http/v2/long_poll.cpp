#include "http/v2/long_poll.h"

#include <algorithm>
#include <chrono>

namespace fermata::http::v2 {
namespace {

// How long a request is parked in the engine before its client is looked at again.
constexpr std::int64_t slice_ms = 1'000;

bool found_any(const Result<Outcome>& outcome) {
  if (!outcome || !*outcome) return true;  // an error ends the wait as well
  const JobsActivated* activated = std::get_if<JobsActivated>(&**outcome);
  return activated == nullptr || !activated->jobs.empty();
}

}  // namespace

Result<Outcome> activate_waiting(const Api& api, const Request& request, const ActivateJobs& command, Duration wait) {
  Result<Outcome> outcome = api.engine.activate_jobs(command, request.principal.name, Duration{0});
  if (wait.ms <= 0 || found_any(outcome)) return outcome;
  const ParkTicket ticket = request.park();
  if (!ticket) return fail(ErrorCode::resource_exhausted, "Too many requests are waiting for jobs already; try again later.");
  using Clock = std::chrono::steady_clock;
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(wait.ms);
  while (!request.client_gone() && !request.stopping()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) break;
    outcome = api.engine.activate_jobs(command, request.principal.name, Duration::from_ms(std::min<std::int64_t>(left, slice_ms)));
    if (found_any(outcome)) break;
  }
  return outcome;
}

}  // namespace fermata::http::v2
