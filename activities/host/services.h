// HostServices: what the host lends to every call: secrets, the expression language, the log. Shared and immutable.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "activities/host/secret_source.h"
#include "engine/base/result.h"

namespace fermata::activities {

/// One line written by an activity, secrets blotted out already.
struct ActivityLogLine {
  int level;  ///< FERMATA_LOG_DEBUG .. FERMATA_LOG_ERROR
  std::string_view plugin;
  std::string_view type;
  std::int64_t job_key;
  std::string_view text;
};

/// Evaluates a FEEL expression over the members of a JSON object and answers JSON. Called from many threads at once.
using Evaluator = std::function<Result<std::string>(std::string_view expression, std::string_view context_json)>;
/// Called from many threads at once; must not block for long or throw.
using ActivityLog = std::function<void(const ActivityLogLine&)>;

struct HostServices {
  SecretSource secrets = {};
  Evaluator evaluate = {};  ///< may be empty: then activities are told that there are no expressions
  ActivityLog log = {};     ///< may be empty: then nothing is written
};

}  // namespace fermata::activities
