// Process: the root scope. When nothing is left in it, the instance has completed. BPMN 2.0.2, 13.2.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {
namespace {

class ProcessBehavior final : public Behavior {
 public:
  // Its start event is pushed by the command that starts the instance, which knows which one was triggered.
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (Attempt done = open_event_subprocess_waits(x, element, key); !done) return done;
    set_active(x, key);
    x.touch_scope(key);
    return {};
  }

  void completed(Execution& x, const Element&, const ElementInstance& root) const override {
    const ProcessInstance instance = x.state().instance;
    const Variables variables = x.state().variables_of(root.key);
    x.emit(InstanceEnded{InstanceStatus::completed, x.now()});
    x.request(InstanceFinished{instance.key, true, variables});
    if (instance.parent) x.follow_up(InstanceCommand(ChildCompleted{instance.parent_element, instance.key, variables}));
  }

  void terminated(Execution& x, const Element&, const ElementInstance& root) const override {
    x.emit(InstanceEnded{InstanceStatus::terminated, x.now()});
    x.request(InstanceFinished{x.state().instance.key, false, x.state().variables_of(root.key)});
  }
};

}  // namespace

const Behavior& process_behavior() {
  static const ProcessBehavior behavior;
  return behavior;
}

}  // namespace fermata
