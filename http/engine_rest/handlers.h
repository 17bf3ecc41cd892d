// The handlers of /engine-rest, one function per operation; operations.cpp names their routes and roles.
#pragma once

#include "http/server/request.h"
#include "http/server/response.h"
#include "http/v2/api.h"

namespace fermata::http::engine_rest {

// external_task_fetch.cpp
[[nodiscard]] Response fetch_and_lock(const Api& api, const Request& request);
// external_tasks.cpp
[[nodiscard]] Response complete_task(const Api& api, const Request& request);
[[nodiscard]] Response fail_task(const Api& api, const Request& request);
[[nodiscard]] Response throw_bpmn_error(const Api& api, const Request& request);
[[nodiscard]] Response lock_task(const Api& api, const Request& request);
[[nodiscard]] Response extend_lock(const Api& api, const Request& request);
[[nodiscard]] Response unlock_task(const Api& api, const Request& request);
[[nodiscard]] Response set_retries(const Api& api, const Request& request);
// deployments.cpp
[[nodiscard]] Response create_deployment(const Api& api, const Request& request);
[[nodiscard]] Response list_deployments(const Api& api, const Request& request);
// definitions.cpp
[[nodiscard]] Response start_by_id(const Api& api, const Request& request);
[[nodiscard]] Response start_by_key(const Api& api, const Request& request);
[[nodiscard]] Response get_definition(const Api& api, const Request& request);
[[nodiscard]] Response get_definition_by_key(const Api& api, const Request& request);
[[nodiscard]] Response get_xml(const Api& api, const Request& request);
[[nodiscard]] Response get_xml_by_key(const Api& api, const Request& request);
// decisions.cpp
[[nodiscard]] Response list_decisions(const Api& api, const Request& request);
[[nodiscard]] Response get_decision(const Api& api, const Request& request);
[[nodiscard]] Response get_decision_by_key(const Api& api, const Request& request);
[[nodiscard]] Response get_decision_xml(const Api& api, const Request& request);
[[nodiscard]] Response get_decision_xml_by_key(const Api& api, const Request& request);
[[nodiscard]] Response evaluate_decision(const Api& api, const Request& request);
[[nodiscard]] Response evaluate_decision_by_key(const Api& api, const Request& request);
// instances.cpp
[[nodiscard]] Response patch_variables(const Api& api, const Request& request);
[[nodiscard]] Response get_variables(const Api& api, const Request& request);
[[nodiscard]] Response get_variable_data(const Api& api, const Request& request);
[[nodiscard]] Response get_instance(const Api& api, const Request& request);
[[nodiscard]] Response delete_instance(const Api& api, const Request& request);
// messages.cpp
[[nodiscard]] Response correlate_message(const Api& api, const Request& request);
[[nodiscard]] Response throw_signal(const Api& api, const Request& request);
// tasks.cpp
[[nodiscard]] Response list_tasks(const Api& api, const Request& request);
[[nodiscard]] Response count_tasks(const Api& api, const Request& request);
[[nodiscard]] Response get_task(const Api& api, const Request& request);
[[nodiscard]] Response get_task_variables(const Api& api, const Request& request);
[[nodiscard]] Response claim_task(const Api& api, const Request& request);
[[nodiscard]] Response unclaim_task(const Api& api, const Request& request);
[[nodiscard]] Response assign_task(const Api& api, const Request& request);
[[nodiscard]] Response complete_user_task(const Api& api, const Request& request);
// engine.cpp
[[nodiscard]] Response version(const Api& api, const Request& request);
[[nodiscard]] Response engines(const Api& api, const Request& request);
[[nodiscard]] Response webapps(const Api& api, const Request& request);
[[nodiscard]] Response follow_instance_link(const Api& api, const Request& request);

}  // namespace fermata::http::engine_rest
