// Embedded subprocess: a scope that starts by itself and completes when nothing is left in it. BPMN 2.0.2, 13.3.4.
#include "engine/behavior/behaviors.h"
#include "engine/behavior/shared/element_flow.h"
#include "engine/behavior/shared/starts.h"
#include "engine/behavior/shared/waits.h"

namespace fermata {
namespace {

class SubprocessBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables*) const override {
    if (Attempt done = open_event_subprocess_waits(x, element, key); !done) return done;
    set_active(x, key);
    for (const ElementIndex start : implicit_starts(x.graph(), element)) x.push(EnterStep{.element = start, .scope = key});
    x.touch_scope(key);
    return {};
  }
};

}  // namespace

const Behavior& subprocess_behavior() {
  static const SubprocessBehavior behavior;
  return behavior;
}

}  // namespace fermata
