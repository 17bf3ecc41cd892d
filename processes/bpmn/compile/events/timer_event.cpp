// Timer events (BPMN 2.0.2, 10.5.5): a date, a duration or a cycle. Fixed texts are read at deployment as the runtime
// will read them.
#include "engine/base/schedule.h"
#include "processes/bpmn/compile/events/event_compilers.h"

namespace fermata::bpmn {
namespace {

struct TimerForm {
  std::string_view element;
  TimerDefinition::Type type;
  TimerKind kind;
};

constexpr TimerForm forms[] = {
    {"timeDate", TimerDefinition::Type::date, TimerKind::date},
    {"timeDuration", TimerDefinition::Type::duration, TimerKind::duration},
    {"timeCycle", TimerDefinition::Type::cycle, TimerKind::cycle},
};

// The runtime reads a date without a zone as UTC; Camunda 7 takes the zone of its server, so the author should know.
void check_constant(CompileContext& context, const XmlElement& xml, TimerKind kind, std::string_view text) {
  const Result<Schedule> schedule = parse_schedule(kind, text);
  if (!schedule) {
    context.report(rules::timer_value, xml, schedule.error().message);
  } else if (kind == TimerKind::date && parse_schedule(kind, std::string(text) + "Z")) {
    context.report(rules::timer_zone, xml, "the date '" + std::string(text) + "' has no zone");
  }
}

}  // namespace

void compile_timer_event(CompileContext& context, const EventContext& event, Element& element) {
  for (const TimerForm& form : forms) {
    const XmlElement* xml = event.definition.child(form.element);
    if (xml == nullptr || xml->trimmed_text().empty()) continue;  // reported by rules/event_definitions.cpp
    TimerDefinition& timer = element.timer.emplace();
    timer.type = form.type;
    timer.expression = context.read_value(*xml, xml->trimmed_text());
    const Value* constant = timer.expression == nullptr ? nullptr : timer.expression->constant();
    if (constant == nullptr || !constant->is_string()) return;
    check_constant(context, *xml, form.kind, constant->as_string());
    return;
  }
}

}  // namespace fermata::bpmn
