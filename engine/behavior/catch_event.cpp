// Intermediate catch event and receive task: wait for a message, a timer or a signal. BPMN 2.0.2, 13.5.2.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/variables.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {
namespace {

class CatchBehavior final : public Behavior {
 public:
  // After an event-based gateway the event has happened already.
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables* trigger) const override {
    if (trigger != nullptr) {
      take_result(x, key, *trigger);
      x.push(CompleteStep{key});
      return {};
    }
    if (Attempt done = open_waits(x, {&element.index, 1}, key); !done) return done;
    set_active(x, key);
    return {};
  }
};

}  // namespace

const Behavior& catch_behavior() {
  static const CatchBehavior behavior;
  return behavior;
}

}  // namespace fermata
