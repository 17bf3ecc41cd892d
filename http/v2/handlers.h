// The handlers of /v2, one function per operation; operations.cpp is the table that names their routes and roles.
#pragma once

#include "http/server/request.h"
#include "http/server/response.h"
#include "http/v2/api.h"

namespace fermata::http::v2 {

// deployments.cpp
[[nodiscard]] Response create_deployment(const Api& api, const Request& request);
// instances.cpp
[[nodiscard]] Response create_instance(const Api& api, const Request& request);
[[nodiscard]] Response get_instance(const Api& api, const Request& request);
[[nodiscard]] Response search_instances(const Api& api, const Request& request);
[[nodiscard]] Response cancel_instance(const Api& api, const Request& request);
[[nodiscard]] Response search_instance_incidents(const Api& api, const Request& request);
// modification.cpp
[[nodiscard]] Response modify_instance(const Api& api, const Request& request);
// timeline.cpp
[[nodiscard]] Response instance_timeline(const Api& api, const Request& request);
// definitions.cpp
[[nodiscard]] Response search_definitions(const Api& api, const Request& request);
[[nodiscard]] Response get_definition(const Api& api, const Request& request);
[[nodiscard]] Response get_definition_xml(const Api& api, const Request& request);
[[nodiscard]] Response get_start_form(const Api& api, const Request& request);
// decisions.cpp
[[nodiscard]] Response search_decision_definitions(const Api& api, const Request& request);
[[nodiscard]] Response get_decision_definition(const Api& api, const Request& request);
[[nodiscard]] Response get_decision_definition_xml(const Api& api, const Request& request);
[[nodiscard]] Response evaluate_decision(const Api& api, const Request& request);
[[nodiscard]] Response search_decision_instances(const Api& api, const Request& request);
[[nodiscard]] Response get_decision_instance(const Api& api, const Request& request);
// jobs.cpp
[[nodiscard]] Response activate_jobs(const Api& api, const Request& request);
[[nodiscard]] Response complete_job(const Api& api, const Request& request);
[[nodiscard]] Response fail_job(const Api& api, const Request& request);
[[nodiscard]] Response throw_job_error(const Api& api, const Request& request);
[[nodiscard]] Response update_job(const Api& api, const Request& request);
[[nodiscard]] Response search_jobs(const Api& api, const Request& request);
// messages.cpp
[[nodiscard]] Response publish_message(const Api& api, const Request& request);
[[nodiscard]] Response correlate_message(const Api& api, const Request& request);
[[nodiscard]] Response search_message_subscriptions(const Api& api, const Request& request);
[[nodiscard]] Response broadcast_signal(const Api& api, const Request& request);
// user_tasks.cpp
[[nodiscard]] Response search_user_tasks(const Api& api, const Request& request);
[[nodiscard]] Response get_user_task(const Api& api, const Request& request);
[[nodiscard]] Response get_user_task_form(const Api& api, const Request& request);
[[nodiscard]] Response assign_user_task(const Api& api, const Request& request);
[[nodiscard]] Response unassign_user_task(const Api& api, const Request& request);
[[nodiscard]] Response complete_user_task(const Api& api, const Request& request);
[[nodiscard]] Response update_user_task(const Api& api, const Request& request);
[[nodiscard]] Response search_user_task_variables(const Api& api, const Request& request);
// inspection.cpp
[[nodiscard]] Response search_incidents(const Api& api, const Request& request);
[[nodiscard]] Response get_incident(const Api& api, const Request& request);
[[nodiscard]] Response resolve_incident(const Api& api, const Request& request);
[[nodiscard]] Response search_elements(const Api& api, const Request& request);
[[nodiscard]] Response get_element(const Api& api, const Request& request);
[[nodiscard]] Response set_variables(const Api& api, const Request& request);
[[nodiscard]] Response search_variables(const Api& api, const Request& request);
[[nodiscard]] Response get_variable(const Api& api, const Request& request);
// cluster.cpp
[[nodiscard]] Response pin_clock(const Api& api, const Request& request);
[[nodiscard]] Response reset_clock(const Api& api, const Request& request);
[[nodiscard]] Response topology(const Api& api, const Request& request);
[[nodiscard]] Response status(const Api& api, const Request& request);
[[nodiscard]] Response license(const Api& api, const Request& request);
[[nodiscard]] Response who_am_i(const Api& api, const Request& request);
[[nodiscard]] Response evaluate_expression(const Api& api, const Request& request);

}  // namespace fermata::http::v2
