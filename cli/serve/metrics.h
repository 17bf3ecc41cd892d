// The engine's numbers for /metrics, read when they are asked for.
#pragma once

#include "engine/runtime/engine.h"
#include "http/metrics/metrics.h"

namespace fermata::cli {

/// The engine must outlive the registry's use.
void observe_engine(http::Registry& registry, const Engine& engine);

}  // namespace fermata::cli
