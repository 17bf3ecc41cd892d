// The life of an element instance: enter, activate, complete, terminate. What is the same for every kind of element lives here;
// what differs is asked of its Behavior.
#pragma once

#include <span>

#include "engine/behavior/behavior.h"
#include "engine/behavior/execution.h"

namespace fermata {

/// Asks the behaviour what an arriving token does: most elements are entered, joins wait.
void arrive_at_element(Execution& x, EnterStep token);

/// Creates the row of a new activation: the element itself, or the body of a multi-instance activity.
ElementInstanceKey create_element_instance(Execution& x, const EnterStep& token);
/// Creates it and sets it up.
ElementInstanceKey enter_element(Execution& x, const EnterStep& token);

/// Input mappings, boundary events, then the behaviour's own wait. Trouble becomes an incident; then called again to retry.
void activate_element(Execution& x, ElementInstanceKey key, const Variables* trigger);
/// From activating to active: the element rests until something happens.
void set_active(Execution& x, ElementInstanceKey key);

/// Output mappings and outgoing flows. Trouble becomes an incident and leaves the element "completing"; then called again.
void complete_element(Execution& x, ElementInstanceKey key);
/// Ends the element without outputs and sends tokens along just these flows (event-based gateway).
void leave_by(Execution& x, ElementInstanceKey key, std::span<const FlowIndex> flows, std::optional<Variables> trigger);

/// Withdraws the element and all within it: tokens, waits, jobs, tasks, called instances. No token leaves.
void terminate_element(Execution& x, ElementInstanceKey key);
/// Everything alive directly in a scope, except one.
void terminate_children(Execution& x, ElementInstanceKey scope, ElementInstanceKey except = {});

/// A catch event, boundary event, event subprocess or event-based gateway target has its event. `holder` is whose wait it was.
void trigger_event(Execution& x, ElementInstanceKey holder, ElementIndex event, const Variables& payload);

}  // namespace fermata
