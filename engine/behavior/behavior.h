// Behavior: what one kind of BPMN element does. One small file per element; the table is in behaviors.cpp.
//
// Floor 3. Behaviours are stateless singletons. A hook may emit events, create jobs and waits, push steps, and read the state;
// what happens around it (incidents, mappings, boundary events, outgoing flows) is shared/element_flow.cpp's business.
// Order of hooks in the life of an element:  arrive -> activate -> [event or job] -> choose_flows -> completed | terminated
#pragma once

#include <vector>

#include "engine/behavior/execution.h"

namespace fermata {

class Behavior {
 public:
  virtual ~Behavior() = default;

  /// A token has come. The default enters the element; a join may park the token instead.
  virtual void arrive(Execution& x, const Element& element, EnterStep token) const;

  /// Set up the wait (then call set_active), or push a CompleteStep to pass at once. `trigger`: the event has happened already.
  /// A failure leaves the element "activating" with an incident and must not have created anything.
  virtual Attempt activate(Execution& x, const Element& element, ElementInstanceKey key, const Variables* trigger) const = 0;

  /// The flows a token leaves by. The default is that of activities and events: every flow whose condition holds (none: the default
  /// flow), and all flows without a condition. BPMN 2.0.2, 13.3.1 and 8.4.13.
  virtual Attempted<std::vector<FlowIndex>> choose_flows(Execution& x, const Element& element, ElementInstanceKey key) const;

  /// The element has completed and its tokens are on their way.
  virtual void completed(Execution& x, const Element& element, const ElementInstance& instance) const;

  /// The element was terminated: take back what only this element knows of.
  virtual void terminated(Execution& x, const Element& element, const ElementInstance& instance) const;
};

/// The behaviour of a kind; every kind has one.
[[nodiscard]] const Behavior& behavior_of(ElementKind kind);

}  // namespace fermata
