// Abstract and manual task: nothing for the engine to do, so the token passes at once. BPMN 2.0.2, 13.3.3.
#include "engine/behavior/behaviors.h"

namespace fermata {
namespace {

class PassThroughBehavior final : public Behavior {
 public:
  Attempt activate(Execution& x, const Element&, ElementInstanceKey key, const Variables*) const override {
    x.push(CompleteStep{key});
    return {};
  }
};

}  // namespace

const Behavior& pass_through_behavior() {
  static const PassThroughBehavior behavior;
  return behavior;
}

}  // namespace fermata
