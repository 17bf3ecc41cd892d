// The table: which behaviour executes which kind of element. Explicit, so that a reader finds every entry here.
#include "engine/behavior/behaviors.h"

#include <cstdlib>

#include "engine/base/check.h"
#include "engine/behavior/behavior.h"

namespace fermata {

const Behavior& behavior_of(ElementKind kind) {
  switch (kind) {
    case ElementKind::process: return process_behavior();
    case ElementKind::subprocess: return subprocess_behavior();
    case ElementKind::event_subprocess: return event_subprocess_behavior();
    case ElementKind::call_activity: return call_activity_behavior();
    case ElementKind::task: return pass_through_behavior();
    case ElementKind::manual_task: return pass_through_behavior();
    case ElementKind::service_task: return service_task_behavior();
    case ElementKind::send_task: return send_task_behavior();
    case ElementKind::receive_task: return catch_behavior();
    case ElementKind::user_task: return user_task_behavior();
    case ElementKind::script_task: return script_task_behavior();
    case ElementKind::business_rule_task: return business_rule_task_behavior();
    case ElementKind::start_event: return happened_event_behavior();
    case ElementKind::intermediate_catch_event: return catch_behavior();
    case ElementKind::intermediate_throw_event: return throw_event_behavior();
    case ElementKind::boundary_event: return happened_event_behavior();
    case ElementKind::end_event: return throw_event_behavior();
    case ElementKind::exclusive_gateway: return exclusive_gateway_behavior();
    case ElementKind::parallel_gateway: return parallel_gateway_behavior();
    case ElementKind::inclusive_gateway: return inclusive_gateway_behavior();
    case ElementKind::event_based_gateway: return event_based_gateway_behavior();
  }
  FERMATA_CHECK(false, "every kind of element has a behaviour");
  std::abort();  // not reached; g++ 12 does not see that at -O0 under ThreadSanitizer
}

}  // namespace fermata
