#include "cli/commands/resources.h"

namespace fermata::cli {
namespace {

constexpr Column instance_columns[] = {{"KEY", "processInstanceKey"}, {"PROCESS", "processDefinitionId"},
                                       {"VERSION", "processDefinitionVersion"}, {"STATE", "state"},
                                       {"INCIDENT", "hasIncident"}, {"BUSINESS KEY", "businessId"},
                                       {"STARTED", "startDate"}, {"ENDED", "endDate"}};
constexpr Column definition_columns[] = {{"KEY", "processDefinitionKey"}, {"PROCESS", "processDefinitionId"},
                                         {"VERSION", "version"}, {"TAG", "versionTag"}, {"FILE", "resourceName"},
                                         {"NAME", "name"}};
constexpr Column decision_columns[] = {{"KEY", "decisionDefinitionKey"}, {"DECISION", "decisionDefinitionId"}, {"VERSION", "version"},
                                       {"TAG", "versionTag"}, {"MODEL", "decisionRequirementsName"}, {"NAME", "name"}};
constexpr Column evaluation_columns[] = {{"KEY", "decisionEvaluationInstanceKey"}, {"DECISION", "decisionDefinitionId"},
                                         {"VERSION", "decisionDefinitionVersion"}, {"INSTANCE", "processInstanceKey"},
                                         {"ELEMENT", "elementId"}, {"AT", "evaluationDate"}, {"RESULT", "result"}};
constexpr Column incident_columns[] = {{"KEY", "incidentKey"}, {"INSTANCE", "processInstanceKey"},
                                       {"PROCESS", "processDefinitionId"}, {"ELEMENT", "elementId"}, {"STATE", "state"},
                                       {"TYPE", "reason"}, {"SINCE", "creationTime"}, {"MESSAGE", "errorMessage"}};
constexpr Column job_columns[] = {{"KEY", "jobKey"}, {"TYPE", "type"}, {"INSTANCE", "processInstanceKey"},
                                  {"ELEMENT", "elementId"}, {"STATE", "detailedState"}, {"RETRIES", "retries"},
                                  {"WORKER", "worker"}, {"ERROR", "errorMessage"}};
constexpr Column task_columns[] = {{"KEY", "userTaskKey"}, {"NAME", "name"}, {"INSTANCE", "processInstanceKey"},
                                   {"ELEMENT", "elementId"}, {"STATE", "state"}, {"ASSIGNEE", "assignee"},
                                   {"GROUPS", "candidateGroups"}, {"DUE", "dueDate"}, {"BUSINESS KEY", "businessId"}};
constexpr Column element_columns[] = {{"KEY", "elementInstanceKey"}, {"INSTANCE", "processInstanceKey"}, {"ELEMENT", "elementId"},
                                      {"TYPE", "type"}, {"STATE", "state"}, {"INCIDENT", "hasIncident"},
                                      {"STARTED", "startDate"}, {"ENDED", "endDate"}};
constexpr Column variable_columns[] = {{"KEY", "variableKey"}, {"INSTANCE", "processInstanceKey"}, {"SCOPE", "scopeKey"},
                                       {"NAME", "name"}, {"VALUE", "value"}};
constexpr Column subscription_columns[] = {{"KEY", "messageSubscriptionKey"}, {"MESSAGE", "messageName"},
                                           {"CORRELATION KEY", "correlationKey"}, {"INSTANCE", "processInstanceKey"},
                                           {"PROCESS", "processDefinitionId"}, {"ELEMENT", "elementId"},
                                           {"STATE", "messageSubscriptionState"}};

constexpr ResourceKind kinds[] = {
    {"instances", "instance", "pi", "process-instances", "processInstanceKey", "processDefinitionId", "state", "startDate",
     instance_columns},
    {"definitions", "definition", "pd", "process-definitions", "processDefinitionKey", "processDefinitionId", "", "processDefinitionKey",
     definition_columns},
    {"incidents", "incident", "inc", "incidents", "incidentKey", "processDefinitionId", "state", "creationTime", incident_columns},
    {"jobs", "job", "j", "jobs", "jobKey", "processDefinitionId", "state", "jobKey", job_columns, false},
    {"tasks", "task", "ut", "user-tasks", "userTaskKey", "processDefinitionId", "state", "creationDate", task_columns},
    {"elements", "element", "el", "element-instances", "elementInstanceKey", "processDefinitionId", "state", "startDate",
     element_columns},
    {"variables", "variable", "var", "variables", "variableKey", "", "", "name", variable_columns},
    {"subscriptions", "subscription", "msg", "message-subscriptions", "messageSubscriptionKey", "processDefinitionId",
     "messageSubscriptionState", "messageName", subscription_columns, false},
    {"decisions", "decision", "dd", "decision-definitions", "decisionDefinitionKey", "", "", "decisionDefinitionKey", decision_columns},
    {"evaluations", "evaluation", "de", "decision-instances", "decisionEvaluationInstanceKey", "processDefinitionId", "state",
     "evaluationDate", evaluation_columns, true, "0123456789-"},
};

}  // namespace

const ResourceKind* find_resource(std::string_view name) {
  for (const ResourceKind& kind : kinds) {
    if (kind.name == name || kind.singular == name || kind.alias == name) return &kind;
  }
  return nullptr;
}

std::string resource_names() {
  std::string names;
  for (const ResourceKind& kind : kinds) {
    names += (names.empty() ? "" : ", ") + std::string(kind.name) + " (" + std::string(kind.alias) + ")";
  }
  return names;
}

}  // namespace fermata::cli
