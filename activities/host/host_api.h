// The host's side of the C door: the function table every plugin call gets. No exception passes it in either direction.
#pragma once

#include "activities/abi/fermata_activity.h"

namespace fermata::activities {

/// One table for all plugins; its functions find everything through the call.
[[nodiscard]] const fermata_host_api* host_api() noexcept;

}  // namespace fermata::activities
