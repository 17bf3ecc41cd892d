// Start and boundary events: they are entered when their event has happened, so the token passes at once. BPMN 2.0.2, 13.5.1.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/variables.h"

namespace fermata {
namespace {

class HappenedEventBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element&, ElementInstanceKey key, const Variables* trigger) const override {
    if (trigger != nullptr) take_result(x, key, *trigger);
    x.push(CompleteStep{key});
    return {};
  }
};

}  // namespace

const Behavior& happened_event_behavior() {
  static const HappenedEventBehavior behavior;
  return behavior;
}

}  // namespace fermata
