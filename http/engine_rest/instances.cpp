// Process instances and their variables.
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
Response get_variable_data(const Api& api, const Request& request) {
  const std::string name{request.param("varName")};
  const std::optional<std::int64_t> raw = v2::parse_key(request.param("id"));
  const std::string missing = "variable with name " + name + " does not exist";
  if (!raw) return rest_error(404, "InvalidRequestException", missing);
  return with_session(api, [&](ReadSession& session) {
    const auto variables = session.visible_variables(ElementInstanceKey{*raw});
    if (!variables) return answer_error(variables.error());
    for (const Variable& variable : *variables) {
      if (variable.name != name) continue;
      const std::optional<BinaryContent> content = binary_content(variable.value);
      if (!content) return invalid_request("Value of variable with name " + name + " is not binary: it is neither File nor Bytes");
      Response response;
      response.content_type = content->content_type;
      response.body = content->bytes;
      if (!content->filename.empty()) {
        std::string quoted;
        for (const char c : content->filename) quoted += c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
        response.headers.set("Content-Disposition", "attachment; filename=\"" + quoted + "\"");
      }
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
