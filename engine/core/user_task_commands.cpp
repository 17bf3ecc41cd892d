// User tasks: assignment, change and completion. A task is completed at most once (invariant I36).
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/commands.h"

namespace fermata {
namespace {

tl::expected<UserTask, Rejection> find_open(const Execution& x, UserTaskKey key) {
  const UserTask* task = x.state().user_tasks.find(key);
  if (task == nullptr || !is_live(task->status)) {
    return rejected(RejectionCode::not_found, "there is no open user task " + key.text() + ": it has ended, or never was");
  }
  return *task;
}

}  // namespace

Verdict decide_command(Execution& x, const AssignUserTask& command) {
  auto task = find_open(x, command.task);
  if (!task) return tl::unexpected(task.error());
  if (!command.allow_override && !task->assignee.empty() && task->assignee != command.assignee) {
    return rejected(RejectionCode::invalid_state, "user task " + task->key.text() + " is assigned to '" + task->assignee + "' already");
  }
  task->assignee = command.assignee;
  task->status = command.assignee.empty() ? UserTaskStatus::created : UserTaskStatus::assigned;
  x.emit(UserTaskChanged{*task});
  return {};
}

Verdict decide_command(Execution& x, const CompleteUserTask& command) {
  const auto task = find_open(x, command.task);
  if (!task) return tl::unexpected(task.error());
  x.emit(UserTaskEnded{task->key, UserTaskStatus::completed, command.completed_by, x.now()});
  take_result(x, task->element_instance, command.variables);
  x.push(CompleteStep{task->element_instance});
  return {};
}

Verdict decide_command(Execution& x, const UpdateUserTask& command) {
  auto task = find_open(x, command.task);
  if (!task) return tl::unexpected(task.error());
  if (command.priority && (*command.priority < 0 || *command.priority > 100)) {
    return rejected(RejectionCode::invalid_argument, "the priority of a user task lies between 0 and 100");
  }
  if (command.candidate_users) task->candidate_users = *command.candidate_users;
  if (command.candidate_groups) task->candidate_groups = *command.candidate_groups;
  if (command.due_at) task->due_at = *command.due_at;
  if (command.follow_up_at) task->follow_up_at = *command.follow_up_at;
  if (command.priority) task->priority = *command.priority;
  x.emit(UserTaskChanged{*task});
  return {};
}

}  // namespace fermata
