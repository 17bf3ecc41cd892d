#include "http/v2/collection.h"

#include <array>

namespace fermata::http::v2 {
namespace {

using enum FieldType;

constexpr std::array instance_state_table{Choice{"ACTIVE", "ACTIVE"}, Choice{"COMPLETED", "COMPLETED"},
                                          Choice{"TERMINATED", "TERMINATED"}, Choice{"SUSPENDED", ""}};
// The store is asked with the names of /v2; rows carry our own.
constexpr std::array element_state_filter{Choice{"ACTIVE", "ACTIVE"}, Choice{"COMPLETED", "COMPLETED"},
                                          Choice{"TERMINATED", "TERMINATED"}};
constexpr std::array element_state_table{Choice{"ACTIVE", "ACTIVE"}, Choice{"ACTIVE", "ACTIVATING"},
                                         Choice{"ACTIVE", "COMPLETING"}, Choice{"COMPLETED", "COMPLETED"},
                                         Choice{"TERMINATED", "TERMINATED"}};
constexpr std::array element_type_filter{
    Choice{"PROCESS", "PROCESS"}, Choice{"SUB_PROCESS", "SUB_PROCESS"}, Choice{"EVENT_SUB_PROCESS", "EVENT_SUB_PROCESS"},
    Choice{"CALL_ACTIVITY", "CALL_ACTIVITY"}, Choice{"TASK", "TASK"}, Choice{"MANUAL_TASK", "MANUAL_TASK"},
    Choice{"SERVICE_TASK", "SERVICE_TASK"}, Choice{"SEND_TASK", "SEND_TASK"}, Choice{"RECEIVE_TASK", "RECEIVE_TASK"},
    Choice{"USER_TASK", "USER_TASK"}, Choice{"SCRIPT_TASK", "SCRIPT_TASK"},
    Choice{"BUSINESS_RULE_TASK", "BUSINESS_RULE_TASK"}, Choice{"START_EVENT", "START_EVENT"},
    Choice{"INTERMEDIATE_CATCH_EVENT", "INTERMEDIATE_CATCH_EVENT"},
    Choice{"INTERMEDIATE_THROW_EVENT", "INTERMEDIATE_THROW_EVENT"}, Choice{"BOUNDARY_EVENT", "BOUNDARY_EVENT"},
    Choice{"END_EVENT", "END_EVENT"}, Choice{"EXCLUSIVE_GATEWAY", "EXCLUSIVE_GATEWAY"},
    Choice{"PARALLEL_GATEWAY", "PARALLEL_GATEWAY"}, Choice{"INCLUSIVE_GATEWAY", "INCLUSIVE_GATEWAY"},
    Choice{"EVENT_BASED_GATEWAY", "EVENT_BASED_GATEWAY"}, Choice{"MULTI_INSTANCE_BODY", "MULTI_INSTANCE_BODY"},
    Choice{"AD_HOC_SUB_PROCESS", ""}, Choice{"AD_HOC_SUB_PROCESS_INNER_INSTANCE", ""}, Choice{"SEQUENCE_FLOW", ""},
    Choice{"UNSPECIFIED", ""}, Choice{"UNKNOWN", ""}};
// The names of our rows (bpmn_name).
constexpr std::array element_type_table{Choice{"PROCESS", "process"},
                                        Choice{"SUB_PROCESS", "subProcess"},
                                        Choice{"EVENT_SUB_PROCESS", "eventSubProcess"},
                                        Choice{"CALL_ACTIVITY", "callActivity"},
                                        Choice{"TASK", "task"},
                                        Choice{"MANUAL_TASK", "manualTask"},
                                        Choice{"SERVICE_TASK", "serviceTask"},
                                        Choice{"SEND_TASK", "sendTask"},
                                        Choice{"RECEIVE_TASK", "receiveTask"},
                                        Choice{"USER_TASK", "userTask"},
                                        Choice{"SCRIPT_TASK", "scriptTask"},
                                        Choice{"BUSINESS_RULE_TASK", "businessRuleTask"},
                                        Choice{"START_EVENT", "startEvent"},
                                        Choice{"INTERMEDIATE_CATCH_EVENT", "intermediateCatchEvent"},
                                        Choice{"INTERMEDIATE_THROW_EVENT", "intermediateThrowEvent"},
                                        Choice{"BOUNDARY_EVENT", "boundaryEvent"},
                                        Choice{"END_EVENT", "endEvent"},
                                        Choice{"EXCLUSIVE_GATEWAY", "exclusiveGateway"},
                                        Choice{"PARALLEL_GATEWAY", "parallelGateway"},
                                        Choice{"INCLUSIVE_GATEWAY", "inclusiveGateway"},
                                        Choice{"EVENT_BASED_GATEWAY", "eventBasedGateway"},
                                        Choice{"MULTI_INSTANCE_BODY", "multiInstanceBody"}};
constexpr std::array job_state_filter{
    Choice{"CREATED", "CREATED"}, Choice{"FAILED", "FAILED"}, Choice{"COMPLETED", "COMPLETED"},
    Choice{"ERROR_THROWN", "ERROR_THROWN"}, Choice{"CANCELED", "CANCELED"}, Choice{"TIMED_OUT", ""},
    Choice{"RETRIES_UPDATED", ""}, Choice{"TIMEOUT_UPDATED", ""}, Choice{"PRIORITY_UPDATED", ""}, Choice{"MIGRATED", ""}};
constexpr std::array job_detail_filter{
    Choice{"READY", "READY"}, Choice{"LOCKED", "LOCKED"}, Choice{"BACKING_OFF", "BACKING_OFF"},
    Choice{"OUT_OF_RETRIES", "OUT_OF_RETRIES"}, Choice{"COMPLETED", "COMPLETED"}, Choice{"ERROR_THROWN", "ERROR_THROWN"},
    Choice{"CANCELED", "CANCELED"}};
constexpr std::array job_state_table{
    Choice{"CREATED", "READY"}, Choice{"CREATED", "LOCKED"}, Choice{"FAILED", "BACKING_OFF"},
    Choice{"FAILED", "OUT_OF_RETRIES"}, Choice{"COMPLETED", "COMPLETED"}, Choice{"ERROR_THROWN", "ERROR_THROWN"},
    Choice{"CANCELED", "CANCELED"}};
constexpr std::array user_task_state_filter{Choice{"CREATED", "CREATED"}, Choice{"COMPLETED", "COMPLETED"},
                                            Choice{"CANCELED", "CANCELED"}, Choice{"CREATING", ""}, Choice{"ASSIGNING", ""},
                                            Choice{"UPDATING", ""}, Choice{"COMPLETING", ""}, Choice{"CANCELING", ""},
                                            Choice{"FAILED", ""}};
constexpr std::array user_task_state_table{Choice{"CREATED", "CREATED"}, Choice{"CREATED", "ASSIGNED"},
                                           Choice{"COMPLETED", "COMPLETED"}, Choice{"CANCELED", "CANCELED"}};
constexpr std::array incident_state_table{Choice{"ACTIVE", "ACTIVE"}, Choice{"RESOLVED", "RESOLVED"},
                                          Choice{"PENDING", ""}, Choice{"MIGRATED", ""}, Choice{"UNKNOWN", ""}};
// Strict clients know a closed list of types; ours that are not in it appear under the nearest, and as "reason" by
// their own name.
constexpr std::array incident_type_table{Choice{"JOB_NO_RETRIES", "JOB_NO_RETRIES"},
                                         Choice{"JOB_NO_RETRIES", "AMBIGUOUS_OUTCOME"},
                                         Choice{"CONDITION_ERROR", "CONDITION_ERROR"},
                                         Choice{"IO_MAPPING_ERROR", "IO_MAPPING_ERROR"},
                                         Choice{"EXTRACT_VALUE_ERROR", "EXTRACT_VALUE_ERROR"},
                                         Choice{"EXTRACT_VALUE_ERROR", "SCRIPT_ERROR"},
                                         Choice{"CALLED_ELEMENT_ERROR", "CALLED_ELEMENT_ERROR"},
                                         Choice{"CALLED_DECISION_ERROR", "CALLED_DECISION_ERROR"},
                                         Choice{"UNHANDLED_ERROR_EVENT", "UNHANDLED_ERROR_EVENT"},
                                         Choice{"UNKNOWN", "LIMIT_EXCEEDED"},
                                         Choice{"AMBIGUOUS_OUTCOME", "AMBIGUOUS_OUTCOME"},
                                         Choice{"SCRIPT_ERROR", "SCRIPT_ERROR"},
                                         Choice{"LIMIT_EXCEEDED", "LIMIT_EXCEEDED"},
                                         Choice{"AD_HOC_SUB_PROCESS_NO_RETRIES", ""},
                                         Choice{"DECISION_EVALUATION_ERROR", ""},
                                         Choice{"EXECUTION_LISTENER_NO_RETRIES", ""},
                                         Choice{"FORM_NOT_FOUND", ""},
                                         Choice{"MESSAGE_SIZE_EXCEEDED", ""},
                                         Choice{"RESOURCE_NOT_FOUND", ""},
                                         Choice{"TASK_LISTENER_NO_RETRIES", ""},
                                         Choice{"UNSPECIFIED", ""}};
constexpr std::array definition_state_table{Choice{"ACTIVE", "ACTIVE"}, Choice{"DRAINING", ""}, Choice{"DELETED", ""}};
constexpr std::array job_kind_table{Choice{"BPMN_ELEMENT", "BPMN_ELEMENT"}, Choice{"EXECUTION_LISTENER", ""},
                                    Choice{"TASK_LISTENER", ""}, Choice{"AD_HOC_SUB_PROCESS", ""}};
constexpr std::array subscription_state_table{Choice{"CREATED", "CREATED"}, Choice{"DELETED", "DELETED"},
                                              Choice{"CORRELATED", ""}, Choice{"MIGRATED", ""}};
constexpr std::array subscription_type_table{Choice{"START_EVENT", "START_EVENT"},
                                             Choice{"PROCESS_EVENT", "PROCESS_EVENT"}};

constexpr std::array instance_fields{
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"processDefinitionName", text},
    FieldSpec{"processDefinitionVersion", integer},
    FieldSpec{"processDefinitionVersionTag", text},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"parentProcessInstanceKey", key},
    FieldSpec{"parentElementInstanceKey", key},
    FieldSpec{"rootProcessInstanceKey", key},
    FieldSpec{"startDate", date},
    FieldSpec{"endDate", date},
    FieldSpec{"state", choice, {}, instance_state_table},
    FieldSpec{"hasIncident", boolean},
    FieldSpec{"businessId", text},
    FieldSpec{"tenantId", tenant},
    FieldSpec{"tags", texts, {}, {}, false},
};
constexpr std::array definition_fields{
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"name", text},
    FieldSpec{"resourceName", text},
    FieldSpec{"version", integer},
    FieldSpec{"versionTag", text},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"isLatestVersion", boolean, {}, {}, false},
    FieldSpec{"deployedAt", date, "deploymentTime"},
    FieldSpec{"deploymentKey", key},
    FieldSpec{"state", choice, {}, definition_state_table, false},
    FieldSpec{"tenantId", tenant},
};
constexpr std::array element_fields{
    FieldSpec{"elementInstanceKey", key},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"startDate", date},
    FieldSpec{"endDate", date},
    FieldSpec{"elementId", text},
    FieldSpec{"type", choice, {}, element_type_filter},
    FieldSpec{"state", choice, {}, element_state_filter},
    FieldSpec{"hasIncident", boolean, {}, {}, false},
    FieldSpec{"incidentKey", key},
    FieldSpec{"elementInstanceScopeKey", key, {}, {}, false},
    FieldSpec{"tenantId", tenant},
};
constexpr std::array variable_fields{
    FieldSpec{"variableKey", key},
    FieldSpec{"name", text},
    FieldSpec{"value", text},
    FieldSpec{"scopeKey", key},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"tenantId", tenant},
};
constexpr std::array user_task_variable_fields{
    FieldSpec{"name", text},
    FieldSpec{"value", text},
    FieldSpec{"variableKey", key},
    FieldSpec{"scopeKey", key},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"tenantId", tenant},
};
constexpr std::array job_fields{
    FieldSpec{"jobKey", key},
    FieldSpec{"type", text},
    FieldSpec{"worker", text},
    FieldSpec{"state", choice, {}, job_state_filter},
    FieldSpec{"detailedState", choice, "status", job_detail_filter},
    FieldSpec{"kind", choice, {}, job_kind_table, false},
    FieldSpec{"retries", integer},
    FieldSpec{"priority", integer},
    FieldSpec{"deadline", date},
    FieldSpec{"creationTime", date},
    FieldSpec{"endTime", date},
    FieldSpec{"errorCode", text},
    FieldSpec{"errorMessage", text},
    FieldSpec{"elementId", text},
    FieldSpec{"elementInstanceKey", key},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"hasFailedWithRetriesLeft", boolean, {}, {}, false},
    FieldSpec{"tenantId", tenant},
};
constexpr std::array user_task_fields{
    FieldSpec{"userTaskKey", key},
    FieldSpec{"state", choice, {}, user_task_state_filter},
    FieldSpec{"name", text},
    FieldSpec{"assignee", text},
    FieldSpec{"candidateGroup", text, {}, {}, false},
    FieldSpec{"candidateUser", text, {}, {}, false},
    FieldSpec{"priority", integer},
    FieldSpec{"elementId", text},
    FieldSpec{"elementInstanceKey", key},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"creationDate", date},
    FieldSpec{"completionDate", date},
    FieldSpec{"dueDate", date},
    FieldSpec{"followUpDate", date},
    FieldSpec{"businessId", text},
    FieldSpec{"tenantId", tenant},
};
constexpr std::array incident_fields{
    FieldSpec{"incidentKey", key},          FieldSpec{"errorType", choice, {}, incident_type_table},
    FieldSpec{"errorMessage", text},        FieldSpec{"state", choice, {}, incident_state_table},
    FieldSpec{"creationTime", date},        FieldSpec{"elementId", text},
    FieldSpec{"elementInstanceKey", key},   FieldSpec{"jobKey", key},
    FieldSpec{"processInstanceKey", key},   FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text}, FieldSpec{"tenantId", tenant},
};
constexpr std::array subscription_fields{
    FieldSpec{"messageSubscriptionKey", key},
    FieldSpec{"messageName", text},
    FieldSpec{"correlationKey", text},
    FieldSpec{"messageSubscriptionState", choice, {}, subscription_state_table},
    FieldSpec{"messageSubscriptionType", choice, {}, subscription_type_table},
    FieldSpec{"lastUpdatedDate", date},
    FieldSpec{"elementId", text},
    FieldSpec{"elementInstanceKey", key},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"tenantId", tenant},
};

constexpr std::array decision_state_table{Choice{"EVALUATED", "EVALUATED"}, Choice{"FAILED", ""}, Choice{"UNKNOWN", ""},
                                          Choice{"UNSPECIFIED", ""}};
constexpr std::array decision_type_table{Choice{"DECISION_TABLE", "DECISION_TABLE"},
                                         Choice{"LITERAL_EXPRESSION", "LITERAL_EXPRESSION"}, Choice{"UNKNOWN", "UNKNOWN"},
                                         Choice{"UNSPECIFIED", ""}};
constexpr std::array decision_logic_table{Choice{"DECISION_TABLE", "decisionTable"},
                                          Choice{"LITERAL_EXPRESSION", "literalExpression"}};

constexpr std::array decision_definition_fields{
    FieldSpec{"decisionDefinitionKey", key},
    FieldSpec{"decisionDefinitionId", text},
    FieldSpec{"name", text},
    FieldSpec{"version", integer},
    FieldSpec{"versionTag", text, {}, {}, false},
    FieldSpec{"isLatestVersion", boolean, {}, {}, false},
    FieldSpec{"decisionRequirementsId", text},
    FieldSpec{"decisionRequirementsKey", key},
    FieldSpec{"decisionRequirementsName", text},
    FieldSpec{"decisionRequirementsVersion", integer},
    FieldSpec{"tenantId", tenant},
};

constexpr std::array decision_instance_fields{
    FieldSpec{"decisionEvaluationInstanceKey", text},
    FieldSpec{"decisionEvaluationKey", key},
    FieldSpec{"state", choice, {}, decision_state_table},
    FieldSpec{"evaluationFailure", text},
    FieldSpec{"evaluationDate", date},
    FieldSpec{"decisionDefinitionKey", key},
    FieldSpec{"decisionDefinitionId", text},
    FieldSpec{"decisionDefinitionName", text},
    FieldSpec{"decisionDefinitionVersion", integer},
    FieldSpec{"decisionDefinitionType", choice, {}, decision_type_table},
    FieldSpec{"rootDecisionDefinitionKey", key},
    FieldSpec{"decisionRequirementsKey", key},
    FieldSpec{"elementInstanceKey", key},
    FieldSpec{"elementId", text},
    FieldSpec{"processDefinitionKey", key},
    FieldSpec{"processDefinitionId", text},
    FieldSpec{"processInstanceKey", key},
    FieldSpec{"rootProcessInstanceKey", key},
    FieldSpec{"businessId", text},
    FieldSpec{"tenantId", tenant},
};

}  // namespace

const Collection process_instances{"process instances", instance_fields, true};
const Collection process_definitions{"process definitions", definition_fields};
const Collection element_instances{"element instances", element_fields};
const Collection variables{"variables", variable_fields};
const Collection jobs{"jobs", job_fields};
const Collection user_tasks{"user tasks", user_task_fields};
const Collection user_task_variables{"variables of a user task", user_task_variable_fields};
const Collection incidents{"incidents", incident_fields};
const Collection message_subscriptions{"message subscriptions", subscription_fields};
const Collection decision_definitions{"decision definitions", decision_definition_fields};
const Collection decision_instances{"decision instances", decision_instance_fields};

const std::span<const Choice> element_states = element_state_table;
const std::span<const Choice> element_types = element_type_table;
const std::span<const Choice> job_states = job_state_table;
const std::span<const Choice> user_task_states = user_task_state_table;
const std::span<const Choice> incident_types = incident_type_table;
const std::span<const Choice> decision_types = decision_logic_table;

std::string_view api_choice(std::span<const Choice> choices, std::string_view stored) {
  for (const Choice& choice : choices) {
    if (choice.stored == stored) return choice.api;
  }
  return "UNKNOWN";
}

}  // namespace fermata::http::v2
