// fermata conformance tck: runs the Technology Compatibility Kit of DMN without a server.
#pragma once

#include <string>

#include "cli/client/session.h"

namespace fermata::cli {

struct ConformanceOptions {
  std::string directory;
  bool misses_only = false;
};

/// A line for each case and a total for each compliance level. `refused` when a case misses.
[[nodiscard]] Exit run_tck(const ConformanceOptions& options);

}  // namespace fermata::cli
