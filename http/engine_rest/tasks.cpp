// User tasks: list, get, claim, unclaim, assign, complete.
#include "http/engine_rest/answer.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/answer.h"

namespace fermata::http::engine_rest {
namespace {

using Op = FieldCondition::Op;

constexpr std::size_t tasks_max = 10'000;

Response no_task(std::string_view id) {
  return rest_error(404, "InvalidRequestException", "No matching task with id " + std::string(id));
}

struct Filter {
  std::string_view name;
  std::string_view field;
  Op op = Op::eq;
};
constexpr Filter text_filters[] = {{"processInstanceId", "processInstanceKey"},
                                   {"processInstanceBusinessKey", "businessId"},
                                   {"processDefinitionKey", "processDefinitionId"},
                                   {"assignee", "assignee"},
                                   {"candidateUser", "candidateUser"},
                                   {"candidateGroup", "candidateGroup"},
                                   {"taskDefinitionKey", "elementId"},
                                   {"name", "name"}};
constexpr std::string_view ignored[] = {"firstResult", "maxResults", "sortBy", "sortOrder", "sorting", "active"};
constexpr Filter sortings[] = {{"created", "creationDate"}, {"dueDate", "dueDate"},   {"followUpDate", "followUpDate"},
                               {"priority", "priority"},    {"name", "name"},         {"nameCaseInsensitive", "name"},
                               {"assignee", "assignee"},    {"id", "userTaskKey"},    {"instanceId", "processInstanceKey"}};

Result<void> add_sorting(fermata::Query& query, std::string_view by, std::string_view order) {
  if (by.empty() || order.empty()) return fail(ErrorCode::invalid_argument, "Only a single sorting parameter specified. sortBy and sortOrder required");
  if (order != "asc" && order != "desc")
    return fail(ErrorCode::invalid_argument, "Cannot set query sortOrder parameter to value " + std::string(order));
  for (const Filter& sorting : sortings) {
    if (sorting.name != by) continue;
    query.sort.push_back({std::string(sorting.field), order == "desc"});
    return {};
  }
  return fail(ErrorCode::invalid_argument, "Cannot set query sortBy parameter to value " + std::string(by));
}

// sortBy and sortOrder of the query, or the list "sorting" of the body; oldest first when there is neither.
Result<void> read_sorting(const Request& request, const Value& body, fermata::Query& query) {
  const std::optional<std::string_view> by = request.query.get("sortBy");
  const std::optional<std::string_view> order = request.query.get("sortOrder");
  if (by || order) {
    if (auto added = add_sorting(query, by.value_or(""), order.value_or("")); !added) return added;
  }
  const Value* list = body.find("sorting");
  if (list != nullptr && list->is_list()) {
    for (const Value& item : list->as_list()) {
      const Value* item_by = item.is_context() ? item.find("sortBy") : nullptr;
      const Value* item_order = item.is_context() ? item.find("sortOrder") : nullptr;
      const bool texts = item_by != nullptr && item_order != nullptr && item_by->is_string() && item_order->is_string();
      if (auto added = add_sorting(query, texts ? item_by->as_string() : "", texts ? item_order->as_string() : ""); !added) return added;
    }
  }
  if (query.sort.empty()) query.sort.push_back({"creationDate", false});
  return {};
}

Result<void> add_filter(fermata::Query& query, std::string_view name, const Value& value) {
  for (const std::string_view skip : ignored) {
    if (skip == name) return {};
  }
  if (name == "unassigned" || name == "assigned") {
    const bool yes = value.is_boolean() ? value.as_boolean() : value.is_string() && value.as_string() == "true";
    if (yes) query.where.push_back({"assignee", Op::exists, {Value::boolean(name == "assigned")}});
    return {};
  }
  for (const Filter& filter : text_filters) {
    if (filter.name != name) continue;
    if (!value.is_string()) return fail(ErrorCode::invalid_argument, "The filter '" + std::string(name) + "' must be a string");
    query.where.push_back({std::string(filter.field), filter.op, {value}});
    return {};
  }
  return fail(ErrorCode::invalid_argument, "The filter '" + std::string(name) + "' of tasks is not supported");
}

Result<void> read_paging(const Request& request, fermata::Query& query) {
  query.limit = tasks_max;
  for (const auto& [name, value] : request.query.items()) {
    if (name != "firstResult" && name != "maxResults") continue;
    if (value.empty() || value.size() > 9 || value.find_first_not_of("0123456789") != std::string::npos) {
      return fail(ErrorCode::invalid_argument, "Cannot set query parameter '" + name + "' to value '" + value + "'");
    }
    const auto number = static_cast<std::size_t>(std::stoul(value));
    if (name == "firstResult") {
      query.offset = number;
    } else {
      query.limit = std::min(number, tasks_max);
    }
  }
  return {};
}

Result<fermata::Query> read_query(const Request& request, const Value& body) {
  fermata::Query query;
  query.where.push_back({"completionDate", Op::exists, {Value::boolean(false)}});
  if (auto sorted = read_sorting(request, body, query); !sorted) return fail(sorted.error());
  if (auto read = read_paging(request, query); !read) return fail(read.error());
  for (const auto& [name, value] : request.query.items()) {
    if (auto added = add_filter(query, name, Value::string(value)); !added) return fail(added.error());
  }
  for (const Value::Entry& entry : body.as_context()) {
    if (entry.value.is_null()) continue;
    if (auto added = add_filter(query, entry.key, entry.value); !added) return fail(added.error());
  }
  return query;
}

void write_task(JsonWriter& json, const UserTaskRow& row) {
  const UserTask& task = row.task;
  json.begin_object()
      .key("id", task.key)
      .text("name", task.name.empty() ? task.element_id : task.name)
      .text_or_null("assignee", task.assignee)
      .null("owner");
  write_c7_date(json, "created", task.created_at);
  json.null("lastUpdated");
  write_c7_date(json, "due", task.due_at);
  write_c7_date(json, "followUp", task.follow_up_at);
  json.null("delegationState")
      .null("description")
      .key("executionId", task.element_instance)
      .null("parentTaskId")
      .number("priority", task.priority)
      .text("processDefinitionId", definition_id(row.context.process_id, row.context.version, row.context.definition))
      .key("processInstanceId", row.context.instance)
      .null("caseExecutionId")
      .null("caseDefinitionId")
      .null("caseInstanceId")
      .text("taskDefinitionKey", task.element_id)
      .flag("suspended", false)
      .text_or_null("formKey", task.form_key);
  if (task.form_id.empty()) {
    json.null("camundaFormRef");
  } else {
    json.begin_object("camundaFormRef").text("key", task.form_id).text("binding", "latest").null("version").end_object();
  }
  json.null("tenantId").text("taskState", name_of(task.status)).flag("attachment", false).flag("comment", false).end_object();
}

Response search_tasks(const Api& api, const Request& request, const std::function<Response(const Page<UserTaskRow>&)>& answer) {
  const Result<Value> body = v2::json_body(request);
  if (!body) return answer_error(body.error());
  const Result<fermata::Query> query = read_query(request, *body);
  if (!query) return answer_error(query.error());
  if (query->limit == 0) return answer({});
  return with_session(api, [&](ReadSession& session) {
    const auto page = session.search_user_tasks(*query);
    return page ? answer(*page) : answer_error(page.error());
  });
}

template <class Use>
Response with_task(const Api& api, const Request& request, Use&& use) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_task(request.param("id"));
  return with_session(api, [&](ReadSession& session) {
    const auto row = session.user_task(UserTaskKey{*raw});
    if (!row) return answer_error(row.error());
    if (!*row || !is_live((*row)->task.status)) return no_task(request.param("id"));
    return use(session, **row);
  });
}

// Camunda answers what the engine refuses about tasks with 500.
RejectionAnswer refused(std::string id, std::string_view type) {
  return [id = std::move(id), type](const Rejection& rejection) {
    if (rejection.code == RejectionCode::not_found) {
      return rest_error(500, "NullValueException", "Cannot find task with id " + id + ": task is null");
    }
    return rest_error(500, type, rejection.reason);
  };
}

Response assign(const Api& api, const Request& request, bool override_others) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_task(request.param("id"));
  return with_body(request, [&](ObjectReader& body) {
    AssignUserTask command;
    command.task = UserTaskKey{*raw};
    command.assignee = body.text("userId").value_or("");
    command.allow_override = override_others;
    if (!override_others && command.assignee.empty()) body.refuse("userId is required");
    if (!body.ok()) return invalid_request(body.error());
    const std::string_view type = override_others ? "ProcessEngineException" : "TaskAlreadyClaimedException";
    return execute(api, request, std::move(command), nullptr, refused(std::to_string(*raw), type));
  });
}

}  // namespace

Response list_tasks(const Api& api, const Request& request) {
  return search_tasks(api, request, [](const Page<UserTaskRow>& page) {
    JsonWriter json;
    json.begin_array();
    for (const UserTaskRow& row : page.items) write_task(json, row);
    json.end_array();
    return Response::json(200, json.take());
  });
}

Response count_tasks(const Api& api, const Request& request) {
  return search_tasks(api, request, [](const Page<UserTaskRow>& page) {
    JsonWriter json;
    json.begin_object().number("count", page.total).end_object();
    return Response::json(200, json.take());
  });
}

Response get_task(const Api& api, const Request& request) {
  return with_task(api, request, [](ReadSession&, const UserTaskRow& row) {
    JsonWriter json;
    write_task(json, row);
    return Response::json(200, json.take());
  });
}

Response get_task_variables(const Api& api, const Request& request) {
  return with_task(api, request, [](ReadSession& session, const UserTaskRow& row) {
    const auto variables = session.visible_variables(row.task.element_instance);
    if (!variables) return answer_error(variables.error());
    JsonWriter json;
    json.begin_object();
    for (const Variable& variable : *variables) {
      json.name_next(variable.name);
      write_typed_value(json, variable.value);
    }
    json.end_object();
    return Response::json(200, json.take());
  });
}

Response claim_task(const Api& api, const Request& request) { return assign(api, request, false); }
Response assign_task(const Api& api, const Request& request) { return assign(api, request, true); }

Response unclaim_task(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_task(request.param("id"));
  AssignUserTask command;
  command.task = UserTaskKey{*raw};
  return execute(api, request, std::move(command), nullptr, refused(std::to_string(*raw), "ProcessEngineException"));
}

Response complete_user_task(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_task(request.param("id"));
  return with_body(request, [&](ObjectReader& body) {
    CompleteUserTask command;
    command.task = UserTaskKey{*raw};
    command.completed_by = request.principal.name;
    if (const Value* map = body.object("variables")) {
      Result<Variables> variables = read_typed_variables(*map);
      if (!variables) return invalid_request(variables.error().message);
      command.variables = std::move(*variables);
    }
    if (body.flag("withVariablesInReturn").value_or(false)) body.refuse("withVariablesInReturn is not supported for tasks");
    if (!body.ok()) return invalid_request(body.error());
    return execute(api, request, std::move(command), nullptr, refused(std::to_string(*raw), "ProcessEngineException"));
  });
}

}  // namespace fermata::http::engine_rest
