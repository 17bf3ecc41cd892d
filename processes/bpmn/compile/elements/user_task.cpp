// User task (BPMN 2.0.2, 10.3.3 and 10.3.1): assignment by zeebe: or camunda: extensions, or by the standard's resource
// roles.
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/compile/element_compilers.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/dialect/zeebe.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn {
namespace {

// "user(mary), group(sales), sales": an entry without user() is a group, as Camunda 7 reads it.
void split_candidates(std::string_view text, std::string& users, std::string& groups) {
  while (true) {
    const std::size_t comma = text.find(',');
    std::string_view entry = trimmed(text.substr(0, comma));
    std::string& to = entry.starts_with("user(") ? users : groups;
    if ((entry.starts_with("user(") || entry.starts_with("group(")) && entry.ends_with(')')) {
      entry = entry.substr(entry.find('(') + 1);
      entry.remove_suffix(1);
    }
    if (!trimmed(entry).empty()) to += (to.empty() ? "" : ",") + std::string(trimmed(entry));
    if (comma == std::string_view::npos) return;
    text.remove_prefix(comma + 1);
  }
}

const XmlElement* assignment_of(const XmlElement& role) {
  const XmlElement* assignment = role.child("resourceAssignmentExpression");
  if (assignment == nullptr) return nullptr;
  const XmlElement* formal = assignment->child("formalExpression");
  return formal != nullptr ? formal : assignment->child("expression");
}

void read_roles(CompileContext& context, const XmlElement& xml, UserTaskDefinition& task) {
  if (const XmlElement* human = xml.child("humanPerformer")) {
    if (const XmlElement* expression = assignment_of(*human))
      task.assignee = context.read_value(*expression, expression->trimmed_text());
  }
  std::string users;
  std::string groups;
  for (const XmlElement* owner : xml.children_named("potentialOwner")) {
    const XmlElement* expression = assignment_of(*owner);
    if (expression == nullptr) continue;
    const std::string_view text = expression->trimmed_text();
    if (text.starts_with('=') || text.find('{') != std::string_view::npos) {
      task.candidate_groups = context.read_value(*expression, text);
    } else {
      split_candidates(text, users, groups);
    }
  }
  if (!users.empty()) task.candidate_users = make_constant(Value::string(users));
  if (!groups.empty()) task.candidate_groups = make_constant(Value::string(groups));
}

}  // namespace

void compile_user_task(CompileContext& context, const Node& node, Element& element) {
  UserTaskDefinition& task = element.user_task.emplace();
  read_roles(context, *node.xml, task);
  zeebe::read_user_task(context, *node.xml, task);
  camunda::read_user_task(context, *node.xml, task);
}

}  // namespace fermata::bpmn
