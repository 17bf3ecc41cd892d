#include "http/engine_rest/operations.h"

#include "http/engine_rest/answer.h"
#include "http/engine_rest/handlers.h"

namespace fermata::http::engine_rest {
namespace {

constexpr std::size_t small = 64u << 10;
constexpr std::size_t usual = 1u << 20;
constexpr std::size_t payload = 6u << 20;  // files arrive in base64
constexpr std::size_t files = 64u << 20;

constexpr RoleSet read{Role::reader};
constexpr RoleSet start{Role::starter};
constexpr RoleSet work{Role::worker};
constexpr RoleSet operate{Role::operator_};
constexpr RoleSet deploy{Role::deployer};
constexpr RoleSet work_or_operate{Role::worker, Role::operator_};
constexpr RoleSet work_or_read{Role::worker, Role::reader};

// clang-format off
constexpr v2::Operation table[] = {
    // Tier 0: external task workers, and the desktop modeler.
    {"POST", "/engine-rest/external-task/fetchAndLock", work, usual, fetch_and_lock},
    {"POST", "/engine-rest/external-task/{id}/complete", work, payload, complete_task},
    {"POST", "/engine-rest/external-task/{id}/failure", work, payload, fail_task},
    {"POST", "/engine-rest/external-task/{id}/bpmnError", work, payload, throw_bpmn_error},
    {"POST", "/engine-rest/external-task/{id}/extendLock", work, small, extend_lock},
    {"POST", "/engine-rest/external-task/{id}/lock", work, small, lock_task},
    {"POST", "/engine-rest/external-task/{id}/unlock", work_or_operate, small, unlock_task},
    {"PUT", "/engine-rest/external-task/{id}/retries", operate, small, set_retries},
    {"POST", "/engine-rest/process-instance/{id}/variables", work_or_operate, payload, patch_variables},
    {"GET", "/engine-rest/process-instance/{id}/variables/{varName}/data", work_or_read, small, get_variable_data},
    {"GET", "/engine-rest/execution/{id}/localVariables/{varName}/data", work_or_read, small, get_variable_data},
    {"POST", "/engine-rest/deployment/create", deploy, files, create_deployment},
    {"GET", "/engine-rest/deployment", read, small, list_deployments},
    {"POST", "/engine-rest/process-definition/{id}/start", start, payload, start_by_id},
    {"POST", "/engine-rest/process-definition/key/{key}/start", start, payload, start_by_key},
    {"POST", "/engine-rest/process-definition/key/{key}/tenant-id/{tenantId}/start", start, payload, start_by_key},
    {"GET", "/engine-rest/version", any_role, small, version},
    {"GET", "/engine-rest/engine", any_role, small, engines},
    {"GET", "/.well-known/camunda-automation-platform/webapps", any_role, small, webapps},
    {"GET", "/links/process-instance/{id}", any_role, small, follow_instance_link},
    // Of tier 1: what front-ends and integrations use most.
    {"GET", "/engine-rest/process-definition/{id}", read, small, get_definition},
    {"GET", "/engine-rest/process-definition/key/{key}", read, small, get_definition_by_key},
    {"GET", "/engine-rest/process-definition/{id}/xml", read, small, get_xml},
    {"GET", "/engine-rest/process-definition/key/{key}/xml", read, small, get_xml_by_key},
    {"GET", "/engine-rest/decision-definition", read, small, list_decisions},
    {"GET", "/engine-rest/decision-definition/{id}", read, small, get_decision},
    {"GET", "/engine-rest/decision-definition/key/{key}", read, small, get_decision_by_key},
    {"GET", "/engine-rest/decision-definition/{id}/xml", read, small, get_decision_xml},
    {"GET", "/engine-rest/decision-definition/key/{key}/xml", read, small, get_decision_xml_by_key},
    {"POST", "/engine-rest/decision-definition/{id}/evaluate", start, payload, evaluate_decision},
    {"POST", "/engine-rest/decision-definition/key/{key}/evaluate", start, payload, evaluate_decision_by_key},
    {"GET", "/engine-rest/process-instance/{id}", read, small, get_instance},
    {"DELETE", "/engine-rest/process-instance/{id}", operate, small, delete_instance},
    {"GET", "/engine-rest/process-instance/{id}/variables", read, small, get_variables},
    {"POST", "/engine-rest/message", start, payload, correlate_message},
    {"POST", "/engine-rest/signal", start, payload, throw_signal},
    {"GET", "/engine-rest/task", read, small, list_tasks},
    {"POST", "/engine-rest/task", read, usual, list_tasks},
    {"GET", "/engine-rest/task/count", read, small, count_tasks},
    {"GET", "/engine-rest/task/{id}", read, small, get_task},
    {"GET", "/engine-rest/task/{id}/variables", read, small, get_task_variables},
    {"POST", "/engine-rest/task/{id}/claim", operate, small, claim_task},
    {"POST", "/engine-rest/task/{id}/unclaim", operate, small, unclaim_task},
    {"POST", "/engine-rest/task/{id}/assignee", operate, small, assign_task},
    {"POST", "/engine-rest/task/{id}/complete", operate, payload, complete_user_task},
};
// clang-format on

}  // namespace

std::span<const v2::Operation> operations() { return table; }

void add_routes(Router& router, ApiPtr api) {
  ApiStyle style;
  style.prefix = "/engine-rest";
  style.error_body = error_body;
  style.www_authenticate = "Basic realm=\"default\"";
  style.cors = true;
  router.add_style(std::move(style));
  router.add_alias("/engine-rest/engine/default", "/engine-rest");
  for (const v2::Operation& operation : table) {
    router.add({.method = std::string(operation.method),
                .pattern = std::string(operation.pattern),
                .access = operation.roles,
                .body_bytes_max = operation.body_bytes_max,
                .handler = [api, handler = operation.handler](const Request& request) { return handler(*api, request); }});
  }
}

}  // namespace fermata::http::engine_rest
