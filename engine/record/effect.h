// Effect: a wish that is granted only after the commit. Losing one is harmless: each can be recomputed from committed rows.
#pragma once

#include <string>
#include <variant>

#include "engine/base/keys.h"
#include "engine/base/time.h"
#include "engine/base/value.h"

namespace fermata {

/// Somebody may lock this job: wakes long polls, or calls the activity plugin that is registered for the type.
struct JobAvailable {
  JobKey job;
  ProcessInstanceKey instance;
  std::string type;
};
struct TimerArmed {
  Timestamp due;
};
/// Answers whoever awaits the end of this instance.
struct InstanceFinished {
  ProcessInstanceKey instance;
  bool completed = true;  ///< false: terminated
  Variables variables;    ///< of the root scope
};
struct UserTaskOpened {
  UserTaskKey task;
};

using Effect = std::variant<JobAvailable, TimerArmed, InstanceFinished, UserTaskOpened>;

}  // namespace fermata
