// Script task: FEEL (or a job for a worker that runs scripts of another language). BPMN 2.0.2, 13.3.3.
#include "engine/base/check.h"
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/scripts.h"

namespace fermata {
namespace {

class ScriptTaskBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (element.job) return create_job(x, element, key);
    FERMATA_CHECK(element.script.has_value(), "a script task without a script is refused at deployment");
    return run_script(x, *element.script, key);
  }
};

}  // namespace

const Behavior& script_task_behavior() {
  static const ScriptTaskBehavior behavior;
  return behavior;
}

}  // namespace fermata
