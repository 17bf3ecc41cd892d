// GET /v2/process-instances/{key}/timeline: everything an operator asks about one instance, in one answer and one snapshot.
#include <algorithm>

#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/rows.h"
#include "http/v2/search_request.h"

namespace fermata::http::v2 {
namespace {

constexpr std::size_t rows_max = 1'000;
constexpr std::size_t transitions_default = 200;

using Op = FieldCondition::Op;

/// Writes the array `name` of all rows of one kind that belong to the instance. Answers the error, if there is one.
template <class Row, class Write>
std::optional<Error> write_rows(JsonWriter& json, std::string_view name, ReadSession& session, const Query& query,
                                Result<Page<Row>> (ReadSession::*search)(const Query&), Write&& write) {
  const Result<Page<Row>> page = (session.*search)(query);
  if (!page) return page.error();
  json.begin_array(name);
  for (const Row& row : page->items) write(json, row);
  json.end_array();
  return std::nullopt;
}

void write_timer(JsonWriter& json, const TimerRow& row) {
  json.begin_object()
      .key("timerKey", row.timer.key)
      .text("elementId", row.timer.element_id)
      .key_or_null("elementInstanceKey", row.timer.element_instance)
      .time("dueDate", row.timer.due)
      .time_or_null("endDate", row.timer.ended_at)
      .end_object();
}

void write_transition(JsonWriter& json, const TransitionRow& row) {
  json.begin_object()
      .key("transitionKey", row.key)
      .time("at", row.at)
      .text("command", row.command)
      .text("actor", row.actor)
      .raw("events", row.events_json.empty() ? "[]" : row.events_json)
      .end_object();
}

std::optional<Error> write_timeline(const Api& api, JsonWriter& json, ReadSession& session, const InstanceRow& instance, std::size_t transitions_max) {
  Query query;
  query.where = {{"processInstanceKey", Op::eq, {Value::string(instance.instance.key.text())}}};
  query.limit = rows_max;
  json.begin_object().name_next("instance");
  write_instance(json, instance);
  std::optional<Error> error = write_rows(json, "elementInstances", session, query, &ReadSession::search_elements, [&](JsonWriter& out, const ElementRow& row) {
    write_element(out, row, api.element_names->name_of(api, session, row.context.definition, row.element.element_id));
  });
  if (!error) error = write_rows(json, "incidents", session, query, &ReadSession::search_incidents, write_incident);
  if (!error) error = write_rows(json, "jobs", session, query, &ReadSession::search_jobs, write_job);
  if (!error) {
    error = write_rows(json, "userTasks", session, query, &ReadSession::search_user_tasks,
                       [](JsonWriter& out, const UserTaskRow& row) { write_user_task(out, row, ResourceKey{}); });
  }
  if (!error) error = write_rows(json, "decisions", session, query, &ReadSession::search_decision_instances, write_whole_decision_instance);
  if (!error) error = write_rows(json, "timers", session, query, &ReadSession::search_timers, write_timer);
  if (!error) {
    error = write_rows(json, "variables", session, query, &ReadSession::search_variables,
                       [](JsonWriter& out, const VariableRow& row) { write_variable(out, row, true); });
  }
  if (error) return error;
  const auto transitions = session.transitions(instance.instance.key, transitions_max);
  if (!transitions) return transitions.error();
  json.begin_array("transitions");
  for (auto row = transitions->rbegin(); row != transitions->rend(); ++row) write_transition(json, *row);
  json.end_array().end_object();
  return std::nullopt;
}

}  // namespace

Response instance_timeline(const Api& api, const Request& request) {
  return with_key<ProcessInstanceKey>(request, "processInstanceKey", [&](ProcessInstanceKey key) {
    const std::optional<std::string_view> limit_text = request.query.get("transitions");
    const std::optional<std::int64_t> limit = limit_text ? parse_key(*limit_text) : std::nullopt;
    if (limit_text && !limit) return bad_request("The query parameter 'transitions' must be a positive number.");
    const std::size_t transitions_max =
        std::min(static_cast<std::size_t>(limit.value_or(static_cast<std::int64_t>(transitions_default))), rows_max);
    return with_session(api, [&](ReadSession& session) {
      const auto instance = session.instance(key);
      if (!instance) return answer_error(instance.error());
      if (!*instance) return not_found("process instance", key.text());
      JsonWriter json;
      const std::optional<Error> error = write_timeline(api, json, session, **instance, transitions_max);
      return error ? answer_error(*error) : Response::json(200, json.take());
    });
  });
}

}  // namespace fermata::http::v2
