// The table of executed event definitions, and the functions that read each into an element.
#pragma once

#include <optional>

#include "processes/bpmn/compile/context.h"

namespace fermata::bpmn {

/// Where an event stands decides what it may be (BPMN 2.0.2, 10.5, tables 10.84 and following).
enum class EventPlace : unsigned char {
  process_start,
  subprocess_start,
  event_subprocess_start,
  boundary,
  catch_event,
  throw_event,
  end
};

[[nodiscard]] EventPlace place_of(const Node& node);
[[nodiscard]] constexpr bool is_throwing(EventPlace place) {
  return place >= EventPlace::throw_event;
}

struct EventContext {
  const Node& node;
  const XmlElement& definition;
  EventPlace place;
};

using EventFunction = void (*)(CompileContext& context, const EventContext& event, Element& element);

void compile_message_event(CompileContext& context, const EventContext& event, Element& element);
void compile_timer_event(CompileContext& context, const EventContext& event, Element& element);
void compile_signal_event(CompileContext& context, const EventContext& event, Element& element);
void compile_error_event(CompileContext& context, const EventContext& event, Element& element);
void compile_escalation_event(CompileContext& context, const EventContext& event, Element& element);
void compile_compensation_event(CompileContext& context, const EventContext& event, Element& element);

struct EventCompiler {
  std::string_view definition;  ///< element name in the schema
  EventKind kind;
  EventFunction compile;  ///< null: nothing beyond the kind
};
/// The row of an event definition, or nullptr: not executed.
[[nodiscard]] const EventCompiler* find_event_compiler(const XmlElement& definition);

/// The message that `owner` (an event definition, a send or receive task) refers to by messageRef; reports a missing
/// name. `node` is the element that waits or throws, for messages.
[[nodiscard]] std::optional<MessageDefinition> read_message(CompileContext& context, const Node& node,
                                                            const XmlElement& owner);

}  // namespace fermata::bpmn
