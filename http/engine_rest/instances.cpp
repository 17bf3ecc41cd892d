// Process instances and their variables.
#include "engine/base/time.h"
#include "engine/runtime/activity_desk.h"
#include "http/engine_rest/answer.h"
#include "http/engine_rest/definition_json.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/answer.h"

namespace fermata::http::engine_rest {
namespace {

Response no_instance(std::string_view id) {
  return rest_error(404, "InvalidRequestException", "Process instance with id " + std::string(id) + " does not exist");
}

// Whether an external task worker (this one, if it is named) holds a job of the instance, or of the one execution, now.
Result<bool> is_worked_on(const Api& api, ReadSession& session, std::int64_t id, const std::optional<std::string>& worker = {}) {
  using Op = FieldCondition::Op;
  const auto instance = session.instance(ProcessInstanceKey{id});
  if (!instance) return fail(instance.error());
  fermata::Query query;
  query.where = {{*instance ? "processInstanceKey" : "elementInstanceKey", Op::eq, {Value::integer(id)}},
                 {"status", Op::eq, {Value::string("LOCKED")}},
                 {"worker", worker ? Op::eq : Op::neq, {Value::string(worker ? *worker : std::string(runtime::activity_worker))}},
                 {"deadline", Op::gt, {Value::string(format_iso8601(api.clock->now()))}}};
  query.limit = 1;
  const auto jobs = session.search_jobs(query);
  if (!jobs) return fail(jobs.error());
  return !jobs->items.empty();
}

// The Java client sets variables of a task that it holds, by its worker's name; an operator sets any.
std::optional<Response> refuse_foreign_worker(const Api& api, const Request& request, std::int64_t id, const std::string& worker) {
  if (request.principal.roles.effective().contains(Role::operator_)) return std::nullopt;
  std::optional<Response> refused;
  if (!worker.empty() && worker != runtime::activity_worker) {
    refused = with_session(api, [&](ReadSession& session) {
      const Result<bool> worked_on = is_worked_on(api, session, id, worker);
      if (!worked_on) return answer_error(worked_on.error());
      return Response::empty(*worked_on ? 204 : 403);
    });
    if (refused->status == 204) return std::nullopt;
    if (refused->status != 403) return refused;
  }
  return rest_error(403, "AuthorizationException",
                    "The token '" + request.principal.name + "' does not have the role operator, and the worker that 'workerId' names has locked no external task of '" +
                        std::to_string(id) + "': a worker sets variables of what it works on");
}

}  // namespace

Response patch_variables(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_instance(request.param("id"));
  return with_body(request, [&](ObjectReader& body) {
    SetVariables command;
    command.scope = ElementInstanceKey{*raw};
    command.local = true;
    if (const Value* map = body.object("modifications")) {
      Result<Variables> variables = read_typed_variables(*map);
      if (!variables) return invalid_request("Cannot modify variables for process instance " + std::to_string(*raw) + ": " + variables.error().message);
      command.variables = std::move(*variables);
    }
    if (const Value* deletions = body.list("deletions"); deletions != nullptr && !deletions->as_list().empty()) {
      body.refuse("Variables cannot be deleted: set them to null instead");
    }
    if (!body.ok()) return invalid_request(body.error());
    if (command.variables.empty()) return Response::empty(204);
    if (std::optional<Response> refused = refuse_foreign_worker(api, request, *raw, body.text("workerId").value_or(""))) return std::move(*refused);
    return execute(api, request, std::move(command));
  });
}

Response get_variables(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_instance(request.param("id"));
  return with_session(api, [&](ReadSession& session) {
    const auto row = session.instance(ProcessInstanceKey{*raw});
    if (!row) return answer_error(row.error());
    if (!*row) return no_instance(request.param("id"));
    const auto variables = session.visible_variables(ElementInstanceKey{*raw});
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

// Also under /execution/{id}/localVariables: an instance is its own root execution, and a task's execution is its element instance.
// A worker that is no reader fetches the files of what is being worked on, and no others.
Response get_variable_data(const Api& api, const Request& request) {
  const std::string name{request.param("varName")};
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  const std::string missing = "variable with name " + name + " does not exist";
  if (!raw) return rest_error(404, "InvalidRequestException", missing);
  const bool is_reader = request.principal.roles.effective().contains(Role::reader);
  return with_session(api, [&](ReadSession& session) {
    if (!is_reader) {
      const Result<bool> worked_on = is_worked_on(api, session, *raw);
      if (!worked_on) return answer_error(worked_on.error());
      if (!*worked_on) {
        return rest_error(403, "AuthorizationException",
                          "The token '" + request.principal.name + "' does not have the role reader, and no external task of '" + std::to_string(*raw) +
                              "' is locked now: a worker reads variables of what it works on");
      }
    }
    const auto variables = session.visible_variables(ElementInstanceKey{*raw});
    if (!variables) return answer_error(variables.error());
    for (const Variable& variable : *variables) {
      if (variable.name != name) continue;
      const std::optional<BinaryContent> content = binary_content(variable.value);
      if (!content) return invalid_request("Value of variable with name " + name + " is not binary: it is neither File nor Bytes");
      Response response;
      response.content_type = content->content_type;
      response.body = content->bytes;
      // Whoever writes a variable chooses its type: a browser saves it, and shows and runs nothing of it.
      std::string disposition = "attachment";
      if (!content->filename.empty()) {
        std::string quoted;
        for (const char c : content->filename) quoted += c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
        disposition += "; filename=\"" + quoted + "\"";
      }
      response.headers.set("Content-Disposition", disposition);
      response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
      return response;
    }
    return rest_error(404, "InvalidRequestException", missing);
  });
}

Response get_instance(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_instance(request.param("id"));
  return with_session(api, [&](ReadSession& session) {
    const auto row = session.instance(ProcessInstanceKey{*raw});
    if (!row) return answer_error(row.error());
    // Camunda 7 knows running instances here; ended ones are history.
    if (!*row || (*row)->instance.status != InstanceStatus::active) return no_instance(request.param("id"));
    const ProcessInstance& instance = (*row)->instance;
    JsonWriter json;
    json.begin_object();
    write_instance_fields(json, request,
                          {instance.key, instance.definition, instance.process_id, instance.version, instance.business_key, false});
    json.end_object();
    return Response::json(200, json.take());
  });
}

Response delete_instance(const Api& api, const Request& request) {
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  if (!raw) return no_instance(request.param("id"));
  CancelInstance command;
  command.instance = ProcessInstanceKey{*raw};
  const bool tolerant = request.query.get("failIfNotExists") == "false";
  return execute(api, request, command, nullptr, [&](const Rejection& rejection) {
    const bool gone = rejection.code == RejectionCode::not_found || rejection.code == RejectionCode::invalid_state;
    if (gone && tolerant) return Response::empty(204);
    return rejection.code == RejectionCode::not_found ? no_instance(request.param("id")) : answer_rejection(rejection);
  });
}

}  // namespace fermata::http::engine_rest
