#include "http/v2/rows.h"

#include "engine/base/json.h"
#include "engine/base/text.h"
#include "http/v2/collection.h"
#include "http/v2/object_reader.h"

namespace fermata::http::v2 {
namespace {

void write_context(JsonWriter& json, const InstanceContext& context) {
  json.text("processDefinitionId", context.process_id)
      .key("processDefinitionKey", context.definition)
      .key("processInstanceKey", context.instance)
      .key_or_null("rootProcessInstanceKey", context.root)
      .text("tenantId", default_tenant);
}

void write_headers(JsonWriter& json, const Job& job) {
  json.begin_object("customHeaders");
  for (const auto& [name, value] : job.headers) json.text(name, value);
  json.end_object();
}

void write_job_kind(JsonWriter& json) { json.text("kind", "BPMN_ELEMENT").text("listenerEventType", "UNSPECIFIED"); }

}  // namespace

std::string_view element_type_name(const ElementInstance& element) {
  if (element.role == ElementRole::multi_instance_body) return "MULTI_INSTANCE_BODY";
  return api_choice(element_types, bpmn_name(element.kind));
}

void write_instance(JsonWriter& json, const InstanceRow& row) {
  const ProcessInstance& instance = row.instance;
  json.begin_object()
      .key("processInstanceKey", instance.key)
      .text("processDefinitionId", instance.process_id)
      .text_or_null("processDefinitionName", row.process_name)
      .number("processDefinitionVersion", instance.version)
      .text_or_null("processDefinitionVersionTag", row.version_tag)
      .key("processDefinitionKey", instance.definition)
      .time("startDate", instance.started_at)
      .time_or_null("endDate", instance.ended_at)
      .text("state", name_of(instance.status))
      .null("suspendedDate")
      .flag("hasIncident", instance.incidents > 0)
      .key_or_null("parentProcessInstanceKey", instance.parent)
      .key_or_null("parentElementInstanceKey", instance.parent_element)
      .key_or_null("rootProcessInstanceKey", instance.root)
      .text("tenantId", default_tenant)
      .texts("tags", instance.tags)
      .text_or_null("businessId", instance.business_key)
      .end_object();
}

void write_definition(JsonWriter& json, const Definition& definition) {
  json.begin_object()
      .key("processDefinitionKey", definition.key)
      .text("processDefinitionId", definition.process_id)
      .text_or_null("name", definition.name)
      .text("resourceName", definition.resource_name)
      .number("version", definition.version)
      .text_or_null("versionTag", definition.version_tag)
      .flag("hasStartForm", false)
      .text("state", "ACTIVE")
      .text("tenantId", default_tenant)
      .key("deploymentKey", definition.deployment)
      .time("deployedAt", definition.deployed_at)
      .end_object();
}

void write_element(JsonWriter& json, const ElementRow& row, std::string_view name) {
  const ElementInstance& element = row.element;
  json.begin_object().key("elementInstanceKey", element.key);
  write_context(json, row.context);
  json.text("elementId", element.element_id)
      .text("elementName", name.empty() ? std::string_view(element.element_id) : name)
      .text("type", element_type_name(element))
      .text("state", api_choice(element_states, name_of(element.status)))
      .flag("hasIncident", static_cast<bool>(element.incident))
      .key_or_null("incidentKey", element.incident)
      .time("startDate", element.started_at)
      .time_or_null("endDate", element.ended_at)
      .key_or_null("elementInstanceScopeKey", element.scope)
      .key_or_null("calledProcessInstanceKey", element.called);
  if (element.loop_counter > 0) json.number("loopCounter", element.loop_counter);
  json.end_object();
}

void write_incident(JsonWriter& json, const IncidentRow& row) {
  const Incident& incident = row.incident;
  json.begin_object().key("incidentKey", incident.key);
  write_context(json, row.context);
  json.text("errorType", api_choice(incident_types, name_of(incident.type)))
      .text("reason", name_of(incident.type))
      .text("errorMessage", incident.message)
      .text("elementId", incident.element_id)
      .key("elementInstanceKey", incident.element_instance)
      .time("creationTime", incident.created_at)
      .time_or_null("resolvedTime", incident.ended_at)
      .text("state", name_of(incident.status))
      .key_or_null("jobKey", incident.job)
      .end_object();
}

void write_job(JsonWriter& json, const JobRow& row) {
  const Job& job = row.job;
  json.begin_object().key("jobKey", job.key);
  write_context(json, row.context);
  json.text("type", job.type)
      .text("state", api_choice(job_states, name_of(job.status)))
      .text("detailedState", name_of(job.status))
      .number("retries", job.retries)
      .number("attempt", job.attempt)
      .number("priority", job.priority)
      .text("worker", job.worker)
      .time_or_null("deadline", job.status == JobStatus::locked ? job.available_at : never)
      .time_or_null("retryAt", job.status == JobStatus::backing_off ? job.available_at : never)
      .text("elementId", job.element_id)
      .key("elementInstanceKey", job.element_instance)
      .flag("hasFailedWithRetriesLeft", job.status == JobStatus::backing_off)
      .text_or_null("errorCode", job.error_code)
      .text_or_null("errorMessage", job.error_message)
      .text_or_null("errorDetails", job.error_details)
      .key_or_null("incidentKey", job.incident)
      .flag("isDenied", false)
      .null("deniedReason")
      .time_or_null("creationTime", job.created_at)
      .time_or_null("endTime", job.ended_at)
      .time_or_null("lastUpdateTime", job.ended_at)
      .text_or_null("businessId", row.context.business_key);
  write_job_kind(json);
  write_headers(json, job);
  json.end_object();
}

void write_activated_job(JsonWriter& json, const ActivatedJob& activated) {
  const Job& job = activated.job;
  json.begin_object()
      .key("jobKey", job.key)
      .text("type", job.type)
      .text("processDefinitionId", activated.definition.process_id)
      .number("processDefinitionVersion", activated.definition.version)
      .key("processDefinitionKey", activated.definition.key)
      .key("processInstanceKey", activated.instance)
      .key_or_null("rootProcessInstanceKey", activated.root)
      .text("elementId", job.element_id)
      .key("elementInstanceKey", job.element_instance)
      .text("worker", job.worker)
      .number("retries", job.retries)
      .number("attempt", job.attempt)
      .number("deadline", job.available_at.ms)
      .number("priority", job.priority)
      .text("leaseToken", std::to_string(job.lease))
      .variables("variables", activated.variables)
      .text("tenantId", default_tenant)
      .text("physicalTenantId", default_tenant)
      .null("userTask")
      .begin_array("tags")
      .end_array()
      .text_or_null("businessId", activated.business_key);
  write_job_kind(json);
  write_headers(json, job);
  json.end_object();
}

void write_subscription(JsonWriter& json, const SubscriptionRow& row) {
  const Subscription& subscription = row.subscription;
  const bool of_start_event = static_cast<bool>(subscription.definition) && !subscription.element_instance;
  json.begin_object()
      .key("messageSubscriptionKey", subscription.key)
      .text("processDefinitionId", of_start_event ? subscription.process_id : row.context.process_id)
      .key_or_null("processDefinitionKey", of_start_event ? subscription.definition : row.context.definition)
      .text_or_null("processDefinitionName", row.context.process_name);
  if (row.context.version > 0) {
    json.number("processDefinitionVersion", row.context.version);
  } else {
    json.null("processDefinitionVersion");
  }
  json.key_or_null("processInstanceKey", row.context.instance)
      .key_or_null("rootProcessInstanceKey", row.context.root)
      .text("elementId", subscription.element_id)
      .key_or_null("elementInstanceKey", subscription.element_instance)
      .text("messageSubscriptionState", subscription.ended_at == never ? "CREATED" : "DELETED")
      .text("messageSubscriptionType", of_start_event ? "START_EVENT" : "PROCESS_EVENT")
      .time("lastUpdatedDate", subscription.ended_at == never ? subscription.created_at : subscription.ended_at)
      .text("messageName", subscription.name)
      .text_or_null("correlationKey", subscription.correlation_key)
      .begin_object("toolProperties")
      .end_object()
      .null("toolName")
      .null("inboundConnectorType")
      .text("tenantId", default_tenant)
      .end_object();
}

void write_user_task(JsonWriter& json, const UserTaskRow& row, ResourceKey form_key) {
  const UserTask& task = row.task;
  json.begin_object().key("userTaskKey", task.key);
  write_context(json, row.context);
  json.number("processDefinitionVersion", row.context.version)
      .text_or_null("processName", row.context.process_name)
      .text("name", task.name.empty() ? task.element_id : task.name)
      .text("state", api_choice(user_task_states, name_of(task.status)))
      .text_or_null("assignee", task.assignee)
      .text("elementId", task.element_id)
      .key("elementInstanceKey", task.element_instance)
      .texts("candidateGroups", task.candidate_groups)
      .texts("candidateUsers", task.candidate_users)
      .time("creationDate", task.created_at)
      .time_or_null("completionDate", task.ended_at)
      .time_or_null("followUpDate", task.follow_up_at)
      .time_or_null("dueDate", task.due_at)
      .text_or_null("externalFormReference", task.form_key)
      .key_or_null("formKey", form_key)
      .text_or_null("formId", task.form_id)
      .begin_object("customHeaders")
      .end_object()
      .number("priority", task.priority)
      .text_or_null("completedBy", task.completed_by)
      .text_or_null("businessId", row.context.business_key)
      .begin_array("tags")
      .end_array()
      .end_object();
}

void write_variable(JsonWriter& json, const VariableRow& row, bool truncate) {
  std::string value = to_json(row.variable.value);
  const bool cut = truncate && value.size() > variable_preview_bytes_max;
  if (cut) value.resize(utf8_prefix(value, variable_preview_bytes_max).size());
  json.begin_object()
      .key("variableKey", row.variable.key)
      .text("name", row.variable.name)
      .text("value", value)
      .flag("isTruncated", cut)
      .key("scopeKey", row.variable.scope)
      .key("processInstanceKey", row.context.instance)
      .key_or_null("rootProcessInstanceKey", row.context.root)
      .text("tenantId", default_tenant)
      .end_object();
}

void write_form(JsonWriter& json, const Resource& form) {
  json.begin_object()
      .text("formId", form.form_id)
      .key("formKey", form.key)
      .number("version", form.version)
      .text("schema", form.content)
      .text("tenantId", default_tenant)
      .end_object();
}

// ---------------------------------------------------------------- decisions

namespace {

std::string text_of(const Value& entry, std::string_view name) {
  const Value* found = entry.find(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::string json_of(const Value& entry, std::string_view name) {
  const Value* found = entry.find(name);
  return found == nullptr ? "null" : to_json(*found);
}

std::int64_t index_of(const Value& rule) {
  const Value* found = rule.find("index");
  return found != nullptr && found->is_number() ? to_int64(found->as_number()).value_or(0) : 0;
}

std::span<const Value> items_of(const Value* list) { return list != nullptr && list->is_list() ? list->as_list() : std::span<const Value>(); }

void write_inputs_and_rules(JsonWriter& json, const DecisionInstance& decision) {
  json.begin_array("evaluatedInputs");
  for (const Value& input : items_of(&decision.inputs)) {
    json.begin_object().text("inputId", text_of(input, "id")).text("inputName", text_of(input, "name")).text("inputValue", json_of(input, "value")).end_object();
  }
  json.end_array().begin_array("matchedRules");
  for (const Value& rule : items_of(&decision.rules)) {
    json.begin_object().text("ruleId", text_of(rule, "id")).number("ruleIndex", index_of(rule)).begin_array("evaluatedOutputs");
    for (const Value& output : items_of(rule.find("outputs"))) {
      json.begin_object()
          .text("outputId", text_of(output, "id"))
          .text("outputName", text_of(output, "name"))
          .text("outputValue", json_of(output, "value"))
          .text("ruleId", text_of(rule, "id"))
          .number("ruleIndex", index_of(rule))
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void write_decision_fields(JsonWriter& json, const DecisionInstanceRow& row) {
  const DecisionInstance& decision = row.decision;
  json.text("decisionEvaluationInstanceKey", decision.shown_key())
      .key("decisionEvaluationKey", decision.evaluation)
      .text("state", "EVALUATED")
      .time("evaluationDate", decision.evaluated_at)
      .null("evaluationFailure")
      .key("decisionDefinitionKey", decision.decision)
      .text("decisionDefinitionId", decision.decision_id)
      .text("decisionDefinitionName", decision.name)
      .number("decisionDefinitionVersion", decision.version)
      .text("decisionDefinitionType", api_choice(decision_types, decision.type))
      .key("rootDecisionDefinitionKey", decision.root)
      .key("decisionRequirementsKey", decision.requirements)
      .text("result", to_json(decision.result))
      .key_or_null("elementInstanceKey", decision.element_instance)
      .text_or_null("elementId", decision.element_id)
      .key_or_null("processDefinitionKey", row.context.definition)
      .text_or_null("processDefinitionId", row.context.process_id)
      .key_or_null("processInstanceKey", row.context.instance)
      .key_or_null("rootProcessInstanceKey", row.context.root)
      .text_or_null("businessId", row.context.business_key)
      .texts("warnings", decision.warnings)
      .text("tenantId", default_tenant);
}

}  // namespace

void write_decision_definition(JsonWriter& json, const DecisionDefinition& decision) {
  json.begin_object()
      .key("decisionDefinitionKey", decision.key)
      .text("decisionDefinitionId", decision.decision_id)
      .text("name", decision.name)
      .number("version", decision.version)
      .text_or_null("versionTag", decision.version_tag)
      .text("decisionRequirementsId", decision.requirements_id)
      .key("decisionRequirementsKey", decision.resource)
      .text("decisionRequirementsName", decision.requirements_name)
      .number("decisionRequirementsVersion", decision.requirements_version)
      .text("tenantId", default_tenant)
      .end_object();
}

void write_decision_instance(JsonWriter& json, const DecisionInstanceRow& row) {
  json.begin_object();
  write_decision_fields(json, row);
  json.end_object();
}

void write_whole_decision_instance(JsonWriter& json, const DecisionInstanceRow& row) {
  json.begin_object();
  write_decision_fields(json, row);
  write_inputs_and_rules(json, row.decision);
  json.end_object();
}

void write_evaluated_decision(JsonWriter& json, const DecisionInstance& decision) {
  json.begin_object()
      .key("decisionDefinitionKey", decision.decision)
      .text("decisionDefinitionId", decision.decision_id)
      .text("decisionDefinitionName", decision.name)
      .number("decisionDefinitionVersion", decision.version)
      .text("decisionDefinitionType", api_choice(decision_types, decision.type))
      .text("decisionEvaluationInstanceKey", decision.shown_key())
      .text("output", to_json(decision.result))
      .text("tenantId", default_tenant);
  write_inputs_and_rules(json, decision);
  json.end_object();
}

}  // namespace fermata::http::v2
