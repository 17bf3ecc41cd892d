// Service task: a job for a worker or an activity plugin, or an expression that is evaluated on the spot. BPMN 2.0.2, 13.3.3.
#include "engine/base/check.h"
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/scripts.h"

namespace fermata {
namespace {

class ServiceTaskBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (element.job) return create_job(x, element, key);
    FERMATA_CHECK(element.script.has_value(), "a service task without a job or an expression is refused at deployment");
    return run_script(x, *element.script, key);
  }
};

}  // namespace

const Behavior& service_task_behavior() {
  static const ServiceTaskBehavior behavior;
  return behavior;
}

}  // namespace fermata
