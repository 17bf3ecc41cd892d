// Rows as /v2 shows them: every required field present, null where the API allows it. Pure.
//
//   JsonWriter json;
//   write_incident(json, row);      // {"incidentKey":"2251799813685263","errorType":"JOB_NO_RETRIES", ...}
//
// Fields beyond the API of Camunda 8 are extras of ours; clients ignore what they do not know.
#pragma once

#include "engine/core/client_command.h"
#include "http/v2/json_writer.h"
#include "persistence/read_session.h"

namespace fermata::http::v2 {

void write_instance(JsonWriter& json, const InstanceRow& row);
void write_definition(JsonWriter& json, const Definition& definition);
/// `name`: as the model has it; empty: its id is shown.
void write_element(JsonWriter& json, const ElementRow& row, std::string_view name);
void write_incident(JsonWriter& json, const IncidentRow& row);
void write_job(JsonWriter& json, const JobRow& row);
void write_activated_job(JsonWriter& json, const ActivatedJob& activated);
void write_subscription(JsonWriter& json, const SubscriptionRow& row);
/// `form_key`: of the deployed form that the task names; 0 when there is none.
void write_user_task(JsonWriter& json, const UserTaskRow& row, ResourceKey form_key);
/// `truncate`: values beyond 8 KiB are cut and marked, as in lists.
void write_variable(JsonWriter& json, const VariableRow& row, bool truncate);
void write_form(JsonWriter& json, const Resource& form);
void write_decision_definition(JsonWriter& json, const DecisionDefinition& decision);
/// As lists show it: without inputs and rules.
void write_decision_instance(JsonWriter& json, const DecisionInstanceRow& row);
/// With inputs and the rules that matched.
void write_whole_decision_instance(JsonWriter& json, const DecisionInstanceRow& row);
/// An item of evaluatedDecisions.
void write_evaluated_decision(JsonWriter& json, const DecisionInstance& decision);

/// A variable's value as /v2 lists it: its JSON text.
inline constexpr std::size_t variable_preview_bytes_max = 8192;

/// "SERVICE_TASK"; of the body of a multi-instance activity "MULTI_INSTANCE_BODY".
[[nodiscard]] std::string_view element_type_name(const ElementInstance& element);

}  // namespace fermata::http::v2
