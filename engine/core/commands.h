// decide_<command>: what each instance command checks, and the first facts it makes. The token game then runs in decide().
//
// Floor 4. Each is in the file named beside it. A Rejection comes before the first emit, so it has changed nothing.
#pragma once

#include <tl/expected.hpp>

#include "engine/behavior/execution.h"
#include "engine/record/command.h"
#include "engine/record/rejection.h"

namespace fermata {

using Verdict = tl::expected<void, Rejection>;
[[nodiscard]] inline tl::unexpected<Rejection> rejected(RejectionCode code, std::string reason) {
  return tl::unexpected<Rejection>(Rejection{code, std::move(reason)});
}

// start_instance.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const StartInstance& command);
// job_commands.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const LockJob& command);
[[nodiscard]] Verdict decide_command(Execution& x, const CompleteJob& command);
[[nodiscard]] Verdict decide_command(Execution& x, const FailJob& command);
[[nodiscard]] Verdict decide_command(Execution& x, const ThrowJobError& command);
[[nodiscard]] Verdict decide_command(Execution& x, const UpdateJob& command);
[[nodiscard]] Verdict decide_command(Execution& x, const ReturnJob& command);
// event_commands.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const FireTimer& command);
[[nodiscard]] Verdict decide_command(Execution& x, const TriggerSubscription& command);
// user_task_commands.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const AssignUserTask& command);
[[nodiscard]] Verdict decide_command(Execution& x, const CompleteUserTask& command);
[[nodiscard]] Verdict decide_command(Execution& x, const UpdateUserTask& command);
// operator_commands.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const SetVariables& command);
[[nodiscard]] Verdict decide_command(Execution& x, const ResolveIncident& command);
[[nodiscard]] Verdict decide_command(Execution& x, const CancelInstance& command);
// modify_instance.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const ModifyInstance& command);
// child_commands.cpp
[[nodiscard]] Verdict decide_command(Execution& x, const ChildCompleted& command);
[[nodiscard]] Verdict decide_command(Execution& x, const ChildThrewError& command);
[[nodiscard]] Verdict decide_command(Execution& x, const ChildEscalated& command);

}  // namespace fermata
