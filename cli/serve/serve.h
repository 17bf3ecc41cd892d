// fermata serve: the composition root: everything is made here, in this order, and taken down in the opposite one.
//
//   secrets and plugins -> store -> engine -> routes -> HTTP server -> wait for SIGTERM -> drain
#pragma once

#include "cli/client/session.h"
#include "cli/serve/config.h"

namespace fermata::cli {

/// Runs until SIGTERM or SIGINT. `refused` when it cannot start (port taken, store owned by another process), `failed` when the
/// store broke while it ran.
[[nodiscard]] Exit serve(const Config& config);

}  // namespace fermata::cli
