// Send task: throws a message, or is a job for a worker that does. BPMN 2.0.2, 13.3.3.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/jobs.h"
#include "engine/behavior/shared/messages.h"

namespace fermata {
namespace {

class SendTaskBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (element.job) return create_job(x, element, key);
    if (Attempt done = throw_message(x, element, key); !done) return done;
    x.push(CompleteStep{key});
    return {};
  }
};

}  // namespace

const Behavior& send_task_behavior() {
  static const SendTaskBehavior behavior;
  return behavior;
}

}  // namespace fermata
