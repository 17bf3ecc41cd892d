// Waiting for jobs on behalf of a client: in slices, so that a client that went away or a server that stops ends the wait.
//
// Floor 7, shared by /v2/jobs/activation and /engine-rest/external-task/fetchAndLock.
//
//   Result<Outcome> jobs = activate_waiting(api, request, command, Duration::from_seconds(10));
#pragma once

#include "engine/core/client_command.h"
#include "http/server/request.h"
#include "http/v2/api.h"

namespace fermata::http::v2 {

/// Activates what is there; with a positive `wait`, waits for the first job. resource_exhausted when nothing is there and too many
/// requests are waiting already.
[[nodiscard]] Result<Outcome> activate_waiting(const Api& api, const Request& request, const ActivateJobs& command, Duration wait);

inline constexpr std::size_t jobs_per_activation_max = 1'000;

}  // namespace fermata::http::v2
