// Compensation events (BPMN 2.0.2, 10.5.5 and 13.5.5). Links to activities are made by graph_linker.h.
#include "processes/bpmn/compile/events/event_compilers.h"

namespace fermata::bpmn {

void compile_compensation_event(CompileContext&, const EventContext& event, Element& element) {
  element.wait_for_completion = is_true(event.definition.find("waitForCompletion"), true);
}

}  // namespace fermata::bpmn
