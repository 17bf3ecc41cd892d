#include "http/v2/operations.h"

#include "engine/base/limits.h"
#include "http/v2/handlers.h"

namespace fermata::http::v2 {
namespace {

constexpr std::size_t small = 64u << 10;   // keys, names, filters
constexpr std::size_t usual = 1u << 20;
constexpr std::size_t payload = 4u << 20;  // variables
constexpr std::size_t files = 64u << 20;   // deployments

constexpr RoleSet read{Role::reader};
constexpr RoleSet start{Role::starter};
constexpr RoleSet work{Role::worker};
constexpr RoleSet operate{Role::operator_};
constexpr RoleSet deploy{Role::deployer};
constexpr RoleSet work_or_operate{Role::worker, Role::operator_};

// clang-format off
constexpr Operation table[] = {
    {"POST", "/v2/deployments", deploy, files, create_deployment},

    {"POST", "/v2/process-instances", start, payload, create_instance},
    {"POST", "/v2/process-instances/search", read, usual, search_instances},
    {"GET", "/v2/process-instances/{processInstanceKey}", read, small, get_instance},
    {"POST", "/v2/process-instances/{processInstanceKey}/cancellation", operate, small, cancel_instance},
    {"POST", "/v2/process-instances/{processInstanceKey}/modification", operate, payload, modify_instance},
    {"POST", "/v2/process-instances/{processInstanceKey}/incidents/search", read, usual, search_instance_incidents},
    {"GET", "/v2/process-instances/{processInstanceKey}/timeline", read, small, instance_timeline},

    {"POST", "/v2/process-definitions/search", read, usual, search_definitions},
    {"GET", "/v2/process-definitions/{processDefinitionKey}", read, small, get_definition},
    {"GET", "/v2/process-definitions/{processDefinitionKey}/xml", read, small, get_definition_xml},
    {"GET", "/v2/process-definitions/{processDefinitionKey}/form", read, small, get_start_form},

    {"POST", "/v2/decision-definitions/search", read, usual, search_decision_definitions},
    {"GET", "/v2/decision-definitions/{decisionDefinitionKey}", read, small, get_decision_definition},
    {"GET", "/v2/decision-definitions/{decisionDefinitionKey}/xml", read, small, get_decision_definition_xml},
    {"POST", "/v2/decision-definitions/evaluation", start, payload, evaluate_decision},
    {"POST", "/v2/decision-instances/search", read, usual, search_decision_instances},
    {"GET", "/v2/decision-instances/{decisionEvaluationInstanceKey}", read, small, get_decision_instance},

    {"POST", "/v2/jobs/activation", work, small, activate_jobs},
    {"POST", "/v2/jobs/search", read, usual, search_jobs},
    {"POST", "/v2/jobs/{jobKey}/completion", work_or_operate, payload, complete_job},
    {"POST", "/v2/jobs/{jobKey}/failure", work, payload, fail_job},
    {"POST", "/v2/jobs/{jobKey}/error", work_or_operate, payload, throw_job_error},
    {"PATCH", "/v2/jobs/{jobKey}", work_or_operate, small, update_job},

    {"POST", "/v2/messages/publication", start, payload, publish_message},
    {"POST", "/v2/messages/correlation", start, payload, correlate_message},
    {"POST", "/v2/message-subscriptions/search", read, usual, search_message_subscriptions},
    {"POST", "/v2/signals/broadcast", start, payload, broadcast_signal},

    {"POST", "/v2/user-tasks/search", read, usual, search_user_tasks},
    {"GET", "/v2/user-tasks/{userTaskKey}", read, small, get_user_task},
    {"GET", "/v2/user-tasks/{userTaskKey}/form", read, small, get_user_task_form},
    {"POST", "/v2/user-tasks/{userTaskKey}/assignment", operate, small, assign_user_task},
    {"DELETE", "/v2/user-tasks/{userTaskKey}/assignee", operate, small, unassign_user_task},
    {"POST", "/v2/user-tasks/{userTaskKey}/completion", operate, payload, complete_user_task},
    {"PATCH", "/v2/user-tasks/{userTaskKey}", operate, small, update_user_task},
    {"POST", "/v2/user-tasks/{userTaskKey}/variables/search", read, usual, search_user_task_variables},

    {"POST", "/v2/incidents/search", read, usual, search_incidents},
    {"GET", "/v2/incidents/{incidentKey}", read, small, get_incident},
    {"POST", "/v2/incidents/{incidentKey}/resolution", operate, small, resolve_incident},

    {"POST", "/v2/element-instances/search", read, usual, search_elements},
    {"GET", "/v2/element-instances/{elementInstanceKey}", read, small, get_element},
    {"PUT", "/v2/element-instances/{elementInstanceKey}/variables", operate, payload, set_variables},
    {"POST", "/v2/variables/search", read, usual, search_variables},
    {"GET", "/v2/variables/{variableKey}", read, small, get_variable},

    {"PUT", "/v2/clock", operate, small, pin_clock, Operation::Needs::writable_clock},
    {"POST", "/v2/clock/reset", operate, small, reset_clock, Operation::Needs::writable_clock},
    {"POST", "/v2/expression/evaluation", read, usual, evaluate_expression, Operation::Needs::expressions},
    {"GET", "/v2/topology", any_role, small, topology},
    {"GET", "/v2/status", any_role, small, status},
    {"GET", "/v2/license", any_role, small, license},
    {"GET", "/v2/authentication/me", any_role, small, who_am_i},
};
// clang-format on

bool provided(const Api& api, Operation::Needs needs) {
  switch (needs) {
    case Operation::Needs::nothing: return true;
    case Operation::Needs::writable_clock: return api.writable_clock != nullptr;
    case Operation::Needs::expressions: return api.evaluate != nullptr;
  }
  return false;
}

}  // namespace

std::span<const Operation> operations() { return table; }

void add_routes(Router& router, ApiPtr api) {
  for (const Operation& operation : table) {
    if (!provided(*api, operation.needs)) continue;
    router.add({.method = std::string(operation.method),
                .pattern = std::string(operation.pattern),
                .access = operation.roles,
                .body_bytes_max = operation.body_bytes_max,
                .handler = [api, handler = operation.handler](const Request& request) { return handler(*api, request); }});
  }
}

}  // namespace fermata::http::v2
