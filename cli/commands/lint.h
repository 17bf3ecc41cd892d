// fermata lint: checks models without a server. Problems as file:line: element: rule: message.
#pragma once

#include <string>
#include <vector>

#include "cli/client/session.h"

namespace fermata::cli {

struct LintOptions {
  std::vector<std::string> files;
  bool json = false;
  bool strict = false;  ///< warnings are refused as well
};

/// `refused` when any file has an error.
[[nodiscard]] Exit lint(const LintOptions& options);

}  // namespace fermata::cli
