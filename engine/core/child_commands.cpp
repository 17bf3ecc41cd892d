// What a called process tells its call activity. A call activity that has ended meanwhile does not listen any more.
#include "engine/behavior/shared/called_process.h"
#include "engine/behavior/shared/propagation.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/commands.h"

namespace fermata {
namespace {

Verdict check_listens(const Execution& x, ElementInstanceKey call_activity, ProcessInstanceKey child) {
  const ElementInstance* element = x.find_live(call_activity);
  if (element == nullptr || element->called != child) {
    return rejected(RejectionCode::invalid_state, "call activity " + call_activity.text() + " does not wait for instance " + child.text());
  }
  return {};
}

}  // namespace

Verdict decide_command(Execution& x, const ChildCompleted& command) {
  if (Verdict listens = check_listens(x, command.call_activity, command.child); !listens) return listens;
  const Element& element = x.element_of(command.call_activity);
  if (element.call->copy_all_to_parent) {
    take_result(x, command.call_activity, command.variables);
  } else {
    set_local_variables(x, command.call_activity, command.variables);  // for its output mappings
  }
  take_mapped_results(x, element, command.call_activity, command.variables);
  return {};
}

Verdict decide_command(Execution& x, const ChildThrewError& command) {
  if (Verdict listens = check_listens(x, command.call_activity, command.child); !listens) return listens;
  throw_error(x, command.call_activity, {command.code, command.message, command.variables});
  return {};
}

Verdict decide_command(Execution& x, const ChildEscalated& command) {
  if (Verdict listens = check_listens(x, command.call_activity, command.child); !listens) return listens;
  throw_escalation(x, command.call_activity, {command.code, {}, command.variables});
  return {};
}

}  // namespace fermata
