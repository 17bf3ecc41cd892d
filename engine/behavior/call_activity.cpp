// Call activity: starts another process and waits for it. BPMN 2.0.2, 13.3.6. The child is an instance of its own; both sides talk
// through commands that run in the same transaction.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/expressions.h"
#include "engine/behavior/shared/starts.h"
#include "engine/behavior/shared/variables.h"

namespace fermata {
namespace {

Attempted<Surroundings::Target> find_target(Execution& x, const CallDefinition& call, ElementInstanceKey key) {
  const Attempted<std::string> process_id = evaluate_text(x, *call.process_id, key, "the called process id");
  if (!process_id) return tl::unexpected(process_id.error());
  const Attempted<std::string> version = evaluate_optional_text(x, call.binding.version, key, "the version of the called process");
  if (!version) return tl::unexpected(version.error());
  Result<std::optional<Surroundings::Target>> target =
      x.surroundings().find_called(call.binding, *process_id, *version, x.state().instance.definition);
  if (!target) return failed(IncidentType::called_element_error, target.error().message);
  if (!*target) {
    return failed(IncidentType::called_element_error,
                  "no process '" + *process_id + "' is deployed that this call activity could call. Deploy it, then resolve the incident");
  }
  if (const ProcessGraph& graph = *(*target)->graph; implicit_starts(graph, graph.process()).empty()) {
    return failed(IncidentType::called_element_error, "process '" + *process_id + "' has no none start event: it is started only by its message, timer or "
                                                      "signal, and cannot be called. Deploy a version that has one, or let it be started by a message");
  }
  return std::move(**target);
}

Attempted<Variables> variables_for_child(Execution& x, const CallDefinition& call, ElementInstanceKey key) {
  Variables variables;
  if (call.copy_all_to_child) variables = x.state().visible_variables(key);
  if (!call.copy_all_to_child && call.to_child.empty()) variables = x.state().variables_of(key);
  for (const Mapping& mapping : call.to_child) {
    Attempted<Value> value = evaluate(x, *mapping.source, key, "a mapping into the called process", IncidentType::io_mapping_error);
    if (!value) return tl::unexpected(value.error());
    variables.push_back({mapping.target.front(), std::move(*value)});
  }
  return variables;
}

class CallActivityBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    const CallDefinition& call = *element.call;
    const ProcessInstance& caller = x.state().instance;
    if (caller.call_depth + 1 > static_cast<std::int32_t>(limits::call_depth_max)) {
      return failed(IncidentType::called_element_error, "processes call each other more than " + std::to_string(limits::call_depth_max) +
                                                            " levels deep: probably a process that calls itself without end");
    }
    const Attempted<Surroundings::Target> target = find_target(x, call, key);
    if (!target) return tl::unexpected(target.error());
    Attempted<Variables> variables = variables_for_child(x, call, key);
    if (!variables) return tl::unexpected(variables.error());
    const Attempted<std::string> business_key = evaluate_optional_text(x, call.business_key, key, "the business key");
    if (!business_key) return tl::unexpected(business_key.error());

    StartInstance start;
    start.instance = x.new_key<ProcessInstanceKey>();
    start.definition = target->definition.key;
    start.variables = std::move(*variables);
    start.business_key = *business_key;
    start.parent = ParentLink{caller.key, key, caller.root, caller.call_depth + 1};
    set_active(x, key);
    x.emit(ChildCalled{key, start.instance});
    x.follow_up(InstanceCommand(std::move(start)));
    return {};
  }

  void terminated(Execution& x, const Element&, const ElementInstance& instance) const override {
    if (instance.called) x.follow_up(InstanceCommand(CancelInstance{instance.called, true}));
  }
};

}  // namespace

const Behavior& call_activity_behavior() {
  static const CallActivityBehavior behavior;
  return behavior;
}

}  // namespace fermata
