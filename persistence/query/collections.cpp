#include "persistence/query/collections.h"

#include <type_traits>
#include <utility>

#include "engine/base/json.h"
#include "engine/record/codec.h"

namespace fermata::query {
namespace {

using Names = std::pair<std::string_view, std::int64_t>;

// Names of /v2. What its enumerations know and this engine never has is mapped to a number that no row carries.
constexpr std::int64_t nothing = -1;
constexpr Names instance_states[] = {{"ACTIVE", 1}, {"COMPLETED", 2}, {"TERMINATED", 3}, {"SUSPENDED", nothing}};
constexpr Names element_states[] = {{"ACTIVE", 2}, {"COMPLETED", 4}, {"TERMINATED", 5}};
constexpr std::int64_t body_kind = 100;  // a multi-instance body, whatever its activity is
constexpr Names element_types[] = {{"UNSPECIFIED", nothing},
                                   {"UNKNOWN", nothing},
                                   {"SEQUENCE_FLOW", nothing},
                                   {"AD_HOC_SUB_PROCESS", nothing},
                                   {"AD_HOC_SUB_PROCESS_INNER_INSTANCE", nothing},
                                   {"PROCESS", 1},
                                   {"SUB_PROCESS", 2},
                                   {"EVENT_SUB_PROCESS", 3},
                                   {"CALL_ACTIVITY", 4},
                                   {"TASK", 10},
                                   {"MANUAL_TASK", 11},
                                   {"SERVICE_TASK", 12},
                                   {"SEND_TASK", 13},
                                   {"RECEIVE_TASK", 14},
                                   {"USER_TASK", 15},
                                   {"SCRIPT_TASK", 16},
                                   {"BUSINESS_RULE_TASK", 17},
                                   {"START_EVENT", 20},
                                   {"INTERMEDIATE_CATCH_EVENT", 21},
                                   {"INTERMEDIATE_THROW_EVENT", 22},
                                   {"BOUNDARY_EVENT", 23},
                                   {"END_EVENT", 24},
                                   {"EXCLUSIVE_GATEWAY", 30},
                                   {"PARALLEL_GATEWAY", 31},
                                   {"INCLUSIVE_GATEWAY", 32},
                                   {"EVENT_BASED_GATEWAY", 33},
                                   {"MULTI_INSTANCE_BODY", body_kind}};
constexpr Names job_states[] = {{"CREATED", 1},        {"FAILED", 3},          {"COMPLETED", 5},          {"ERROR_THROWN", 6},
                                {"CANCELED", 7},       {"MIGRATED", nothing},  {"PRIORITY_UPDATED", nothing}, {"RETRIES_UPDATED", nothing},
                                {"TIMED_OUT", nothing}, {"TIMEOUT_UPDATED", nothing}};
constexpr Names job_statuses[] = {{"READY", 1},     {"LOCKED", 2},       {"BACKING_OFF", 3}, {"OUT_OF_RETRIES", 4},
                                  {"COMPLETED", 5}, {"ERROR_THROWN", 6}, {"CANCELED", 7}};
constexpr Names job_kinds[] = {{"BPMN_ELEMENT", 1}, {"EXECUTION_LISTENER", nothing}, {"TASK_LISTENER", nothing}, {"AD_HOC_SUB_PROCESS", nothing}};
constexpr Names task_states[] = {{"CREATED", 1},          {"COMPLETED", 3},        {"CANCELED", 4},         {"CREATING", nothing}, {"ASSIGNING", nothing},
                                 {"UPDATING", nothing}, {"COMPLETING", nothing}, {"CANCELING", nothing}, {"FAILED", nothing}};
constexpr Names incident_states[] = {{"ACTIVE", 1}, {"RESOLVED", 2}, {"MIGRATED", nothing}, {"PENDING", nothing}, {"UNKNOWN", nothing}};
constexpr Names incident_types[] = {{"JOB_NO_RETRIES", 1},        {"CONDITION_ERROR", 2},       {"IO_MAPPING_ERROR", 3},
                                    {"EXTRACT_VALUE_ERROR", 4},   {"CALLED_ELEMENT_ERROR", 5},  {"CALLED_DECISION_ERROR", 6},
                                    {"UNHANDLED_ERROR_EVENT", 7}, {"SCRIPT_ERROR", 8},          {"AMBIGUOUS_OUTCOME", 9},
                                    {"LIMIT_EXCEEDED", 10}};
constexpr Names subscription_states[] = {{"CREATED", 1}, {"DELETED", 2}, {"CORRELATED", nothing}, {"MIGRATED", nothing}};
constexpr Names subscription_types[] = {{"START_EVENT", 1}, {"PROCESS_EVENT", 2}};
constexpr Names event_types[] = {{"MESSAGE", 1}, {"SIGNAL", 3}, {"COMPENSATION", 6}};
constexpr Names timer_states[] = {{"ACTIVE", 1}, {"ENDED", 2}};
constexpr Names definition_states[] = {{"ACTIVE", 1}, {"DRAINING", nothing}, {"DELETED", nothing}};
constexpr Names decision_states[] = {{"EVALUATED", 1}, {"FAILED", nothing}, {"UNKNOWN", nothing}, {"UNSPECIFIED", nothing}};
constexpr Names decision_types[] = {{"DECISION_TABLE", 1}, {"LITERAL_EXPRESSION", 2}, {"UNKNOWN", 3}, {"UNSPECIFIED", nothing}};
constexpr std::string_view default_tenant = "<default>";

constexpr std::string_view live_instances = "SELECT key FROM live_instance";

Scalar number(std::int64_t value) { return Scalar::of(value); }
template <class Enum>
  requires std::is_enum_v<Enum>
Scalar number(Enum value) {
  return Scalar::of(static_cast<std::int64_t>(value));
}
template <class Tag>
Scalar key(StrongId<Tag> id) {
  return Scalar::of_optional(id.raw());
}
Scalar time(Timestamp when) { return Scalar::of_optional(when.ms); }
Scalar text(const std::string& value) { return Scalar::of(value); }
Scalar list(const std::vector<std::string>& texts) { return texts.empty() ? Scalar{} : Scalar::of(encode_strings(texts)); }

template <class Row>
class Builder {
 public:
  using Getter = typename Collection<Row>::Getter;

  Builder(std::string_view name, std::string_view from, std::string_view instance_sql) {
    made_.name = name;
    made_.from = from;
    made_.instance_sql = instance_sql;
  }
  Builder& add(Field field, Getter get) {
    made_.fields.push_back(field);
    made_.getters.push_back(get);
    return *this;
  }
  Builder& key_field(std::string_view name, std::string_view sql, Getter get) { return add({name, FieldType::key, sql}, get); }
  /// Of something inside an instance.
  Builder& inner_key(std::string_view name, std::string_view sql, Getter get) {
    return add({.name = name, .type = FieldType::key, .sql = sql, .names = {}, .hint = {}, .leads_to = LeadsTo::part}, get);
  }
  Builder& text_field(std::string_view name, std::string_view sql, Getter get) { return add({name, FieldType::text, sql}, get); }
  Builder& time_field(std::string_view name, std::string_view sql, Getter get) { return add({name, FieldType::time, sql}, get); }
  Builder& integer_field(std::string_view name, std::string_view sql, Getter get) { return add({name, FieldType::integer, sql}, get); }
  Builder& flag(std::string_view name, std::string_view sql, Getter get, IndexHint hint = {}) {
    return add({name, FieldType::boolean, sql, {}, hint}, get);
  }
  Builder& one_of(std::string_view name, std::string_view sql, EnumNames names, Getter get, IndexHint hint = {}) {
    return add({name, FieldType::enumeration, sql, names, hint}, get);
  }
  Builder& texts(std::string_view name, std::string_view sql, Getter get) { return add({name, FieldType::text_list, sql}, get); }

  /// What every row inside an instance knows of it.
  Builder& context() {
    add({.name = "processInstanceKey", .type = FieldType::key, .sql = "t.instance", .names = {}, .hint = {}, .leads_to = LeadsTo::instance},
        [](const Row& r) { return key(r.context.instance); });
    key_field("rootProcessInstanceKey", "coalesce(i.root, 0)", [](const Row& r) { return key(r.context.root); });
    key_field("processDefinitionKey", "coalesce(i.definition, d.key, 0)", [](const Row& r) { return key(r.context.definition); });
    text_field("processDefinitionId", "coalesce(i.process_id, d.process_id, '')", [](const Row& r) { return text(r.context.process_id); });
    text_field("processDefinitionName", "coalesce(d.name, '')", [](const Row& r) { return text(r.context.process_name); });
    integer_field("processDefinitionVersion", "coalesce(i.version, d.version, 0)", [](const Row& r) { return number(r.context.version); });
    return add({.name = "businessId", .type = FieldType::text, .sql = "coalesce(i.business_key, '')", .names = {}, .hint = {}, .leads_to = LeadsTo::business_key},
               [](const Row& r) { return text(r.context.business_key); });
  }

  Collection<Row> finish(std::vector<std::string_view> order, ProcessInstanceKey (*instance)(const Row&)) {
    text_field("tenantId", "'<default>'", [](const Row&) { return Scalar::of(default_tenant); });
    for (const std::string_view name : order) {
      for (std::size_t i = 0; i < made_.fields.size(); ++i) {
        if (made_.fields[i].name == name) made_.order.push_back(i);
      }
    }
    made_.instance = instance;
    return std::move(made_);
  }
  /// Of what lies in the order in which it was made.
  Collection<Row> finish(std::string_view own_key) {
    made_.clustered_by_key = true;
    return finish({own_key}, [](const Row& r) { return r.context.instance; });
  }
  /// Of what lies with its instance.
  Collection<Row> finish_with_instance(std::string_view own_key) {
    return finish({"processInstanceKey", own_key}, [](const Row& r) { return r.context.instance; });
  }

 private:
  Collection<Row> made_;
};

#define FERMATA_INSIDE(table)                            \
  table " AS t JOIN process_instance AS i ON i.key = t.instance LEFT JOIN definition AS d ON d.key = i.definition"
// Of start events: there is no instance, the row names its definition itself.
#define FERMATA_INSIDE_OR_START(table)                                                   \
  table " AS t LEFT JOIN process_instance AS i ON i.key = t.instance LEFT JOIN definition AS d " \
        "ON d.key = CASE WHEN t.instance = 0 THEN t.definition ELSE i.definition END"

std::int64_t shown_state(ElementStatus status) { return is_live(status) ? 2 : static_cast<std::int64_t>(status); }
std::int64_t shown_type(const ElementInstance& element) {
  return element.role == ElementRole::multi_instance_body ? body_kind : static_cast<std::int64_t>(element.kind);
}
std::int64_t shown_state(JobStatus status) {
  if (status <= JobStatus::locked) return 1;
  return status <= JobStatus::out_of_retries ? 3 : static_cast<std::int64_t>(status);
}
std::int64_t shown_state(UserTaskStatus status) { return is_live(status) ? 1 : static_cast<std::int64_t>(status); }

}  // namespace

template <>
const Collection<InstanceRow>& collection<InstanceRow>() {
  using Row = InstanceRow;
  static const Collection<Row> made =
      Builder<Row>("process instances", "process_instance AS t LEFT JOIN definition AS d ON d.key = t.definition", "t.key")
          .key_field("processInstanceKey", "t.key", [](const Row& r) { return key(r.instance.key); })
          .key_field("processDefinitionKey", "t.definition", [](const Row& r) { return key(r.instance.definition); })
          .text_field("processDefinitionId", "t.process_id", [](const Row& r) { return text(r.instance.process_id); })
          .text_field("processDefinitionName", "coalesce(d.name, '')", [](const Row& r) { return text(r.process_name); })
          .integer_field("processDefinitionVersion", "t.version", [](const Row& r) { return number(r.instance.version); })
          .text_field("processDefinitionVersionTag", "coalesce(d.version_tag, '')", [](const Row& r) { return text(r.version_tag); })
          .one_of("state", "t.status", instance_states, [](const Row& r) { return number(r.instance.status); },
                  {1, "t.key IN (SELECT key FROM live_instance)"})
          .flag("hasIncident", "t.incidents > 0", [](const Row& r) { return number(r.instance.incidents > 0 ? 1 : 0); }, {1, "t.incidents > 0"})
          .time_field("startDate", "t.started_at", [](const Row& r) { return time(r.instance.started_at); })
          .time_field("endDate", "t.ended_at", [](const Row& r) { return time(r.instance.ended_at); })
          .key_field("parentProcessInstanceKey", "t.parent", [](const Row& r) { return key(r.instance.parent); })
          .key_field("parentElementInstanceKey", "t.parent_element", [](const Row& r) { return key(r.instance.parent_element); })
          .key_field("rootProcessInstanceKey", "t.root", [](const Row& r) { return key(r.instance.root); })
          .text_field("businessId", "t.business_key", [](const Row& r) { return text(r.instance.business_key); })
          .text_field("startCorrelationKey", "t.start_correlation_key", [](const Row& r) { return text(r.instance.start_correlation_key); })
          .texts("tags", "t.tags", [](const Row& r) { return list(r.instance.tags); })
          .finish({"processInstanceKey"}, [](const Row& r) { return r.instance.key; });
  return made;
}

template <>
const Collection<ElementRow>& collection<ElementRow>() {
  using Row = ElementRow;
  static const Collection<Row> made =
      Builder<Row>("element instances", FERMATA_INSIDE("element"), "t.instance")
          .inner_key("elementInstanceKey", "t.key", [](const Row& r) { return key(r.element.key); })
          .context()
          .inner_key("elementInstanceScopeKey", "t.scope", [](const Row& r) { return key(r.element.scope); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.element.element_id); })
          .one_of("type", "iif(t.role = 2, 100, t.kind)", element_types, [](const Row& r) { return number(shown_type(r.element)); })
          .one_of("state", "iif(t.status < 4, 2, t.status)", element_states, [](const Row& r) { return number(shown_state(r.element.status)); },
                  {2, {}, live_instances})
          .flag("hasIncident", "t.incident <> 0", [](const Row& r) { return number(r.element.incident ? 1 : 0); }, {1, "t.key IN (SELECT key FROM element WHERE incident <> 0)"})
          .inner_key("incidentKey", "t.incident", [](const Row& r) { return key(r.element.incident); })
          .key_field("calledProcessInstanceKey", "t.called", [](const Row& r) { return key(r.element.called); })
          .time_field("startDate", "t.started_at", [](const Row& r) { return time(r.element.started_at); })
          .time_field("endDate", "t.ended_at", [](const Row& r) { return time(r.element.ended_at); })
          .finish("elementInstanceKey");
  return made;
}

template <>
const Collection<VariableRow>& collection<VariableRow>() {
  using Row = VariableRow;
  static const Collection<Row> made =
      Builder<Row>("variables", FERMATA_INSIDE("variable"), "t.instance")
          .inner_key("variableKey", "t.key", [](const Row& r) { return key(r.variable.key); })
          .context()
          .inner_key("scopeKey", "t.scope", [](const Row& r) { return key(r.variable.scope); })
          .text_field("name", "t.name", [](const Row& r) { return text(r.variable.name); })
          .add({"value", FieldType::json, "coalesce(t.value, 'null')"}, [](const Row& r) { return Scalar::of(to_json(r.variable.value)); })
          .flag("isTruncated", "0", [](const Row&) { return number(0); })
          .finish_with_instance("variableKey");
  return made;
}

template <>
const Collection<JobRow>& collection<JobRow>() {
  using Row = JobRow;
  static const Collection<Row> made =
      Builder<Row>("jobs", FERMATA_INSIDE("job"), "t.instance")
          .inner_key("jobKey", "t.key", [](const Row& r) { return key(r.job.key); })
          .context()
          .inner_key("elementInstanceKey", "t.element_instance", [](const Row& r) { return key(r.job.element_instance); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.job.element_id); })
          .text_field("type", "t.type", [](const Row& r) { return text(r.job.type); })
          .one_of("state", "CASE WHEN t.status < 3 THEN 1 WHEN t.status = 4 THEN 3 ELSE t.status END", job_states,
                  [](const Row& r) { return number(shown_state(r.job.status)); },
                  {1, "t.key IN (SELECT key FROM job WHERE status < 4)"})
          .one_of("status", "t.status", job_statuses, [](const Row& r) { return number(r.job.status); })
          .one_of("kind", "1", job_kinds, [](const Row&) { return number(1); })
          .text_field("listenerEventType", "'UNSPECIFIED'", [](const Row&) { return Scalar::of("UNSPECIFIED"); })
          .integer_field("retries", "t.retries", [](const Row& r) { return number(r.job.retries); })
          .integer_field("priority", "t.priority", [](const Row& r) { return number(r.job.priority); })
          .text_field("worker", "t.worker", [](const Row& r) { return text(r.job.worker); })
          .time_field("deadline", "iif(t.status = 2, t.available_at, 0)",
                      [](const Row& r) { return r.job.status == JobStatus::locked ? time(r.job.available_at) : Scalar{}; })
          .time_field("availableAt", "t.available_at", [](const Row& r) { return time(r.job.available_at); })
          .text_field("errorCode", "t.error_code", [](const Row& r) { return text(r.job.error_code); })
          .text_field("errorMessage", "t.error_message", [](const Row& r) { return text(r.job.error_message); })
          .flag("hasFailedWithRetriesLeft", "t.status = 3", [](const Row& r) { return number(r.job.status == JobStatus::backing_off ? 1 : 0); })
          .flag("isDenied", "0", [](const Row&) { return number(0); })
          .text_field("deniedReason", "''", [](const Row&) { return Scalar{}; })
          .inner_key("incidentKey", "t.incident", [](const Row& r) { return key(r.job.incident); })
          .time_field("creationTime", "t.created_at", [](const Row& r) { return time(r.job.created_at); })
          .time_field("endTime", "t.ended_at", [](const Row& r) { return time(r.job.ended_at); })
          .finish("jobKey");
  return made;
}

template <>
const Collection<UserTaskRow>& collection<UserTaskRow>() {
  using Row = UserTaskRow;
  static const Collection<Row> made =
      Builder<Row>("user tasks", FERMATA_INSIDE("user_task"), "t.instance")
          .inner_key("userTaskKey", "t.key", [](const Row& r) { return key(r.task.key); })
          .context()
          .inner_key("elementInstanceKey", "t.element_instance", [](const Row& r) { return key(r.task.element_instance); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.task.element_id); })
          .text_field("name", "t.name", [](const Row& r) { return text(r.task.name); })
          .one_of("state", "iif(t.status < 3, 1, t.status)", task_states, [](const Row& r) { return number(shown_state(r.task.status)); },
                  {1, "t.key IN (SELECT key FROM user_task WHERE ended_at = 0)"})
          .text_field("assignee", "t.assignee", [](const Row& r) { return text(r.task.assignee); })
          .texts("candidateUser", "t.candidate_users", [](const Row& r) { return list(r.task.candidate_users); })
          .texts("candidateGroup", "t.candidate_groups", [](const Row& r) { return list(r.task.candidate_groups); })
          .integer_field("priority", "t.priority", [](const Row& r) { return number(r.task.priority); })
          .text_field("formId", "t.form_id", [](const Row& r) { return text(r.task.form_id); })
          .text_field("completedBy", "t.completed_by", [](const Row& r) { return text(r.task.completed_by); })
          .time_field("creationDate", "t.created_at", [](const Row& r) { return time(r.task.created_at); })
          .time_field("completionDate", "t.ended_at", [](const Row& r) { return time(r.task.ended_at); })
          .time_field("dueDate", "t.due_at", [](const Row& r) { return time(r.task.due_at); })
          .time_field("followUpDate", "t.follow_up_at", [](const Row& r) { return time(r.task.follow_up_at); })
          .finish("userTaskKey");
  return made;
}

template <>
const Collection<IncidentRow>& collection<IncidentRow>() {
  using Row = IncidentRow;
  static const Collection<Row> made =
      Builder<Row>("incidents", FERMATA_INSIDE("incident"), "t.instance")
          .inner_key("incidentKey", "t.key", [](const Row& r) { return key(r.incident.key); })
          .context()
          .inner_key("elementInstanceKey", "t.element_instance", [](const Row& r) { return key(r.incident.element_instance); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.incident.element_id); })
          .inner_key("jobKey", "t.job", [](const Row& r) { return key(r.incident.job); })
          .one_of("errorType", "t.type", incident_types, [](const Row& r) { return number(r.incident.type); })
          .text_field("errorMessage", "t.message", [](const Row& r) { return text(r.incident.message); })
          .one_of("state", "t.status", incident_states, [](const Row& r) { return number(r.incident.status); },
                  {1, "t.key IN (SELECT key FROM incident WHERE ended_at = 0)"})
          .time_field("creationTime", "t.created_at", [](const Row& r) { return time(r.incident.created_at); })
          .time_field("endTime", "t.ended_at", [](const Row& r) { return time(r.incident.ended_at); })
          .finish("incidentKey");
  return made;
}

template <>
const Collection<SubscriptionRow>& collection<SubscriptionRow>() {
  using Row = SubscriptionRow;
  static const Collection<Row> made =
      Builder<Row>("message subscriptions", FERMATA_INSIDE_OR_START("subscription"), "t.instance")
          .inner_key("messageSubscriptionKey", "t.key", [](const Row& r) { return key(r.subscription.key); })
          .context()
          .inner_key("elementInstanceKey", "t.element_instance", [](const Row& r) { return key(r.subscription.element_instance); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.subscription.element_id); })
          .one_of("messageSubscriptionState", "iif(t.ended_at = 0, 1, 2)", subscription_states,
                  [](const Row& r) { return number(r.subscription.ended_at == never ? 1 : 2); }, {1, "t.ended_at = 0"})
          .one_of("messageSubscriptionType", "iif(t.instance = 0, 1, 2)", subscription_types,
                  [](const Row& r) { return number(r.context.instance ? 2 : 1); }, {1, "t.key IN (SELECT key FROM subscription WHERE instance = 0)"})
          .one_of("eventType", "t.kind", event_types, [](const Row& r) { return number(r.subscription.kind); })
          .text_field("messageName", "t.name", [](const Row& r) { return text(r.subscription.name); })
          .text_field("correlationKey", "t.correlation_key", [](const Row& r) { return text(r.subscription.correlation_key); })
          .time_field("creationDate", "t.created_at", [](const Row& r) { return time(r.subscription.created_at); })
          .time_field("lastUpdatedDate", "iif(t.ended_at = 0, t.created_at, t.ended_at)",
                      [](const Row& r) { return time(r.subscription.ended_at == never ? r.subscription.created_at : r.subscription.ended_at); })
          .finish("messageSubscriptionKey");
  return made;
}

template <>
const Collection<TimerRow>& collection<TimerRow>() {
  using Row = TimerRow;
  static const Collection<Row> made =
      Builder<Row>("timers", FERMATA_INSIDE_OR_START("timer"), "t.instance")
          .inner_key("timerKey", "t.key", [](const Row& r) { return key(r.timer.key); })
          .context()
          .inner_key("elementInstanceKey", "t.element_instance", [](const Row& r) { return key(r.timer.element_instance); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.timer.element_id); })
          .one_of("state", "iif(t.ended_at = 0, 1, 2)", timer_states, [](const Row& r) { return number(r.timer.ended_at == never ? 1 : 2); },
                  {1, "t.key IN (SELECT key FROM timer WHERE ended_at = 0)"})
          .time_field("dueDate", "t.due", [](const Row& r) { return time(r.timer.due); })
          .integer_field("repetitionsLeft", "t.repetitions_left", [](const Row& r) { return number(r.timer.repetitions_left); })
          .integer_field("occurrence", "t.occurrence", [](const Row& r) { return number(r.timer.occurrence); })
          .time_field("endDate", "t.ended_at", [](const Row& r) { return time(r.timer.ended_at); })
          .finish("timerKey");
  return made;
}

template <>
const Collection<DefinitionRow>& collection<DefinitionRow>() {
  using Row = DefinitionRow;
  static const Collection<Row> made =
      Builder<Row>("process definitions", "definition AS t", "")
          .key_field("processDefinitionKey", "t.key", [](const Row& r) { return key(r.definition.key); })
          .text_field("processDefinitionId", "t.process_id", [](const Row& r) { return text(r.definition.process_id); })
          .text_field("name", "t.name", [](const Row& r) { return text(r.definition.name); })
          .integer_field("version", "t.version", [](const Row& r) { return number(r.definition.version); })
          .text_field("versionTag", "t.version_tag", [](const Row& r) { return text(r.definition.version_tag); })
          .text_field("resourceName", "t.resource_name", [](const Row& r) { return text(r.definition.resource_name); })
          .key_field("deploymentKey", "t.deployment", [](const Row& r) { return key(r.definition.deployment); })
          .key_field("resourceKey", "t.resource", [](const Row& r) { return key(r.definition.resource); })
          .time_field("deploymentTime", "t.deployed_at", [](const Row& r) { return time(r.definition.deployed_at); })
          .flag("isLatestVersion", "t.version = (SELECT max(m.version) FROM definition AS m WHERE m.process_id = t.process_id)",
                [](const Row& r) { return number(r.is_latest ? 1 : 0); })
          .flag("hasStartForm", "0", [](const Row&) { return number(0); })
          .one_of("state", "1", definition_states, [](const Row&) { return number(1); })
          .finish({"processDefinitionKey"}, nullptr);
  return made;
}

template <>
const Collection<DecisionDefinitionRow>& collection<DecisionDefinitionRow>() {
  using Row = DecisionDefinitionRow;
  static const Collection<Row> made =
      Builder<Row>("decision definitions", "decision AS t", "")
          .key_field("decisionDefinitionKey", "t.key", [](const Row& r) { return key(r.decision.key); })
          .text_field("decisionDefinitionId", "t.decision_id", [](const Row& r) { return text(r.decision.decision_id); })
          .text_field("name", "t.name", [](const Row& r) { return text(r.decision.name); })
          .integer_field("version", "t.version", [](const Row& r) { return number(r.decision.version); })
          .text_field("versionTag", "t.version_tag", [](const Row& r) { return text(r.decision.version_tag); })
          .text_field("decisionRequirementsId", "t.requirements_id", [](const Row& r) { return text(r.decision.requirements_id); })
          .text_field("decisionRequirementsName", "t.requirements_name", [](const Row& r) { return text(r.decision.requirements_name); })
          .integer_field("decisionRequirementsVersion", "t.requirements_version", [](const Row& r) { return number(r.decision.requirements_version); })
          .key_field("decisionRequirementsKey", "t.resource", [](const Row& r) { return key(r.decision.resource); })
          .text_field("resourceName", "t.resource_name", [](const Row& r) { return text(r.decision.resource_name); })
          .key_field("deploymentKey", "t.deployment", [](const Row& r) { return key(r.decision.deployment); })
          .time_field("deploymentTime", "t.deployed_at", [](const Row& r) { return time(r.decision.deployed_at); })
          .flag("isLatestVersion", "t.version = (SELECT max(m.version) FROM decision AS m WHERE m.decision_id = t.decision_id)",
                [](const Row& r) { return number(r.is_latest ? 1 : 0); })
          .finish({"decisionDefinitionKey"}, nullptr);
  return made;
}

template <>
const Collection<DecisionInstanceRow>& collection<DecisionInstanceRow>() {
  using Row = DecisionInstanceRow;
  // Of an evaluation that nobody's instance asked for there is no instance.
  static const Collection<Row> made =
      Builder<Row>("decision instances",
                   "decision_instance AS t LEFT JOIN process_instance AS i ON i.key = t.instance LEFT JOIN definition AS d ON d.key = i.definition",
                   "t.instance")
          .inner_key("decisionInstanceKey", "t.key", [](const Row& r) { return key(r.decision.key); })
          .context()
          .text_field("decisionEvaluationInstanceKey", "(t.evaluation || '-' || t.position)", [](const Row& r) { return text(r.decision.shown_key()); })
          .key_field("decisionEvaluationKey", "t.evaluation", [](const Row& r) { return key(r.decision.evaluation); })
          .one_of("state", "1", decision_states, [](const Row&) { return number(1); })
          .text_field("evaluationFailure", "''", [](const Row&) { return Scalar{}; })
          .time_field("evaluationDate", "t.evaluated_at", [](const Row& r) { return time(r.decision.evaluated_at); })
          .key_field("decisionDefinitionKey", "t.decision", [](const Row& r) { return key(r.decision.decision); })
          .text_field("decisionDefinitionId", "t.decision_id", [](const Row& r) { return text(r.decision.decision_id); })
          .text_field("decisionDefinitionName", "t.name", [](const Row& r) { return text(r.decision.name); })
          .integer_field("decisionDefinitionVersion", "t.version", [](const Row& r) { return number(r.decision.version); })
          .one_of("decisionDefinitionType", "CASE t.type WHEN 'decisionTable' THEN 1 WHEN 'literalExpression' THEN 2 ELSE 3 END", decision_types,
                  [](const Row& r) { return number(r.decision.type == "decisionTable" ? 1 : r.decision.type == "literalExpression" ? 2 : 3); })
          .key_field("rootDecisionDefinitionKey", "t.root", [](const Row& r) { return key(r.decision.root); })
          .key_field("decisionRequirementsKey", "t.requirements", [](const Row& r) { return key(r.decision.requirements); })
          .inner_key("elementInstanceKey", "t.element_instance", [](const Row& r) { return key(r.decision.element_instance); })
          .text_field("elementId", "t.element_id", [](const Row& r) { return text(r.decision.element_id); })
          .finish("decisionInstanceKey");
  return made;
}

}  // namespace fermata::query
