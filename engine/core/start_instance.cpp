// StartInstance: the root scope, the first variables, and a token at each place where the process begins.
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/starts.h"
#include "engine/behavior/shared/variables.h"
#include "engine/core/commands.h"
#include "engine/core/activation.h"

namespace fermata {
namespace {

Verdict check(const Execution& x, const StartInstance& command) {
  const ProcessGraph& graph = x.graph();
  if (!command.start_element.empty() && graph.find_element(command.start_element) == no_element) {
    return rejected(RejectionCode::invalid_argument, "process '" + graph.process().id + "' has no start event '" + command.start_element + "'");
  }
  for (const std::string& id : command.start_at) {
    if (Verdict possible = check_can_activate(graph, id); !possible) return possible;
    if (const Element* around = multi_instance_around(graph, graph.find_element(id), process_element)) {
      return rejected(RejectionCode::invalid_argument, "element '" + id + "' is inside the multi-instance '" + around->id +
                                                           "', whose instances come from its collection only: start at '" + around->id + "'");
    }
  }
  if (command.start_element.empty() && command.start_at.empty() && implicit_starts(graph, graph.process()).empty()) {
    return rejected(RejectionCode::invalid_argument,
                    "process '" + graph.process().id + "' has no none start event: it is started only by its message, timer or signal");
  }
  return {};
}

Verdict begin(Execution& x, const StartInstance& command) {
  const ProcessGraph& graph = x.graph();
  ProcessInstance instance = x.state().instance;  // what the caller filled in: definition, process id, version
  instance.key = command.instance;
  instance.status = InstanceStatus::active;
  instance.business_key = command.business_key;
  instance.start_correlation_key = command.start_correlation_key;
  instance.tags = command.tags;
  instance.root = command.instance;
  instance.started_at = x.now();
  if (command.parent) {
    instance.parent = command.parent->instance;
    instance.parent_element = command.parent->element;
    instance.root = command.parent->root;
    instance.call_depth = command.parent->call_depth;
  }
  x.emit(InstanceStarted{instance});

  ElementInstance root;
  root.key = root_scope(instance.key);
  root.element = process_element;
  root.element_id = graph.process().id;
  root.kind = ElementKind::process;
  root.started_at = x.now();
  x.emit(ElementEntered{root});

  // What a start event brings is its payload, which its output mapping may pick from; otherwise the variables are the instance's own, and
  // there before its event subprocesses begin to wait.
  const bool triggered = !command.start_element.empty();
  const Element* const start_event = triggered ? &graph.element(graph.find_element(command.start_element)) : nullptr;
  const bool picks = start_event != nullptr && !start_event->outputs.empty() && start_event->outputs_only;
  if (!picks) set_local_variables(x, root.key, command.variables);
  activate_element(x, root.key, nullptr);
  if (triggered) {
    x.push(EnterStep{.element = graph.find_element(command.start_element), .scope = root.key, .trigger = command.variables});
  } else if (!command.start_at.empty()) {
    for (const std::string& id : command.start_at) {
      const ElementIndex element = graph.find_element(id);
      const auto ancestor = find_ancestor(x, element);
      if (!ancestor) return tl::unexpected(ancestor.error());
      if (const auto scope = activate_at(x, element, *ancestor); !scope) return tl::unexpected(scope.error());
    }
  } else {
    for (const ElementIndex start : implicit_starts(graph, graph.process())) x.push(EnterStep{.element = start, .scope = root.key});
  }
  return {};
}

}  // namespace

Verdict decide_command(Execution& x, const StartInstance& command) {
  if (Verdict possible = check(x, command); !possible) return possible;
  if (command.start_at.empty()) return begin(x, command);
  return rehearse_and_do(x, [&command](Execution& on) { return begin(on, command); });
}

}  // namespace fermata
