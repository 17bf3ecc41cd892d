// The vocabulary of the compiled graph: what an element is, and what an event listens to or throws.
//
// Floor 1. Values are explicit because rows and records keep them: never renumber, only append.
#pragma once

#include <cstdint>
#include <string_view>

namespace fermata {

/// BPMN 2.0.2 chapters 10.3 (activities), 10.5 (events) and 10.6 (gateways). Anything else is refused at deployment.
enum class ElementKind : std::uint8_t {
  process = 1,
  subprocess = 2,        ///< embedded, 10.3.5
  event_subprocess = 3,  ///< triggeredByEvent="true"
  call_activity = 4,
  task = 10,             ///< abstract task: passes at once
  manual_task = 11,
  service_task = 12,
  send_task = 13,
  receive_task = 14,
  user_task = 15,
  script_task = 16,
  business_rule_task = 17,
  start_event = 20,
  intermediate_catch_event = 21,
  intermediate_throw_event = 22,
  boundary_event = 23,
  end_event = 24,
  exclusive_gateway = 30,
  parallel_gateway = 31,
  inclusive_gateway = 32,
  event_based_gateway = 33,
};

enum class EventKind : std::uint8_t {
  none = 0,
  message = 1,
  timer = 2,
  signal = 3,
  error = 4,
  escalation = 5,
  compensation = 6,
  terminate = 7,
};

/// The BPMN element name ("serviceTask"); of /v2's enum, see http/v2.
[[nodiscard]] std::string_view bpmn_name(ElementKind kind);
[[nodiscard]] std::string_view bpmn_name(EventKind kind);

/// Tasks, subprocesses and call activities: what may have boundary events, multi-instance markers and compensation handlers.
[[nodiscard]] constexpr bool is_activity(ElementKind kind) {
  return (kind >= ElementKind::subprocess && kind <= ElementKind::business_rule_task);
}
/// Elements with children of their own: they are variable scopes and complete when their last child has.
[[nodiscard]] constexpr bool is_flow_scope(ElementKind kind) {
  return kind == ElementKind::process || kind == ElementKind::subprocess || kind == ElementKind::event_subprocess;
}
[[nodiscard]] constexpr bool is_gateway(ElementKind kind) { return kind >= ElementKind::exclusive_gateway; }

}  // namespace fermata
