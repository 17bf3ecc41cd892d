// User task: rests until a person has completed it. BPMN 2.0.2, 13.3.3; assignment as in zeebe: and camunda: extensions.
#include <algorithm>

#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/timers.h"

namespace fermata {
namespace {

Attempted<Timestamp> evaluate_date(Execution& x, const ExpressionPtr& expression, ElementInstanceKey key, std::string_view what) {
  const Attempted<std::string> text = evaluate_optional_text(x, expression, key, what);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return never;
  return parse_point_in_time(*text, x.now(), what);
}

class UserTaskBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    Attempted<UserTask> task = evaluate_task(x, element, key);
    if (!task) return tl::unexpected(task.error());
    task->key = x.new_key<UserTaskKey>();
    const UserTaskKey task_key = task->key;
    x.emit(UserTaskCreated{std::move(*task)});
    x.request(UserTaskOpened{task_key});
    set_active(x, key);
    return {};
  }

 private:
  static Attempted<UserTask> evaluate_task(Execution& x, const Element& element, ElementInstanceKey key) {
    static const UserTaskDefinition plain;
    const UserTaskDefinition& definition = element.user_task ? *element.user_task : plain;
    UserTask task;
    task.element_instance = key;
    task.element_id = element.id;
    task.name = element.name;
    const auto assignee = evaluate_optional_text(x, definition.assignee, key, "the assignee");
    if (!assignee) return tl::unexpected(assignee.error());
    task.assignee = *assignee;
    task.status = task.assignee.empty() ? UserTaskStatus::created : UserTaskStatus::assigned;
    auto users = evaluate_names(x, definition.candidate_users, key, "the candidate users");
    if (!users) return tl::unexpected(users.error());
    task.candidate_users = std::move(*users);
    auto groups = evaluate_names(x, definition.candidate_groups, key, "the candidate groups");
    if (!groups) return tl::unexpected(groups.error());
    task.candidate_groups = std::move(*groups);
    const auto due = evaluate_date(x, definition.due_date, key, "the due date");
    if (!due) return tl::unexpected(due.error());
    task.due_at = *due;
    const auto follow_up = evaluate_date(x, definition.follow_up_date, key, "the follow-up date");
    if (!follow_up) return tl::unexpected(follow_up.error());
    task.follow_up_at = *follow_up;
    if (definition.priority) {
      const auto priority = evaluate_integer(x, *definition.priority, key, "the priority");
      if (!priority) return tl::unexpected(priority.error());
      task.priority = static_cast<std::int32_t>(std::clamp<std::int64_t>(*priority, 0, 100));
    }
    task.form_id = definition.form_id;
    const auto form_key = evaluate_optional_text(x, definition.form_key, key, "the form key");
    if (!form_key) return tl::unexpected(form_key.error());
    task.form_key = *form_key;
    task.created_at = x.now();
    return task;
  }
};

}  // namespace

const Behavior& user_task_behavior() {
  static const UserTaskBehavior behavior;
  return behavior;
}

}  // namespace fermata
