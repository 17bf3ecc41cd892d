// Timer events (BPMN 2.0.2, 10.5.5): a date, a duration or a cycle; fixed texts are checked at deployment.
#include "processes/bpmn/compile/events/event_compilers.h"
#include "processes/bpmn/compile/events/timer_value.h"

namespace fermata::bpmn {
namespace {

struct TimerForm {
  std::string_view element;
  TimerDefinition::Type type;
  bool (*valid)(std::string_view);
  std::string_view called;
};

constexpr TimerForm forms[] = {
    {"timeDate", TimerDefinition::Type::date, is_timer_date, "a date and time"},
    {"timeDuration", TimerDefinition::Type::duration, is_timer_duration, "a duration"},
    {"timeCycle", TimerDefinition::Type::cycle, is_timer_cycle, "a repeating interval or a cron expression"},
};

}  // namespace

void compile_timer_event(CompileContext& context, const EventContext& event, Element& element) {
  for (const TimerForm& form : forms) {
    const XmlElement* xml = event.definition.child(form.element);
    if (xml == nullptr || xml->trimmed_text().empty()) continue;  // emptiness is reported by rules/timers.cpp
    TimerDefinition& timer = element.timer.emplace();
    timer.type = form.type;
    timer.expression = context.read_value(*xml, xml->trimmed_text());
    const Value* constant = timer.expression == nullptr ? nullptr : timer.expression->constant();
    if (constant != nullptr && constant->is_string() && !form.valid(constant->as_string())) {
      context.report(rules::timer_value, *xml,
                     "'" + std::string(constant->as_string().substr(0, 80)) + "' is not " + std::string(form.called));
    }
    return;
  }
}

}  // namespace fermata::bpmn
