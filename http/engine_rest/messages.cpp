// POST /message and POST /signal.
#include "http/engine_rest/answer.h"
#include "http/engine_rest/definition_json.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"
#include "http/v2/answer.h"

namespace fermata::http::engine_rest {
namespace {

Variables read_variables(ObjectReader& body, std::string_view name) {
  const Value* map = body.object(name);
  if (map == nullptr) return {};
  Result<Variables> variables = read_typed_variables(*map);
  if (!variables) body.refuse(variables.error().message);
  return variables ? std::move(*variables) : Variables{};
}

void refuse_unsupported(ObjectReader& body, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const Value* value = body.find(name);
    if (value == nullptr || (value->is_context() && value->as_context().empty())) continue;
    body.refuse("The property '" + std::string(name) + "' is not supported; leave it out");
  }
}

Response answer_results(const Api& api, const Request& request, const MessageAccepted& accepted, bool with_variables) {
  return with_session(api, [&](ReadSession& session) {
    JsonWriter json;
    json.begin_array();
    bool started = accepted.started_instance;
    for (const ProcessInstanceKey key : accepted.instances) {
      const auto row = session.instance(key);
      if (!row) return answer_error(row.error());
      if (!*row) continue;
      const ProcessInstance& instance = (*row)->instance;
      json.begin_object().text("resultType", started ? "ProcessDefinition" : "Execution");
      if (started) {
        json.null("execution").begin_object("processInstance");
        write_instance_fields(json, request, {instance.key, instance.definition, instance.process_id, instance.version,
                                              instance.business_key, instance.status != InstanceStatus::active});
        json.end_object();
      } else {
        json.begin_object("execution").key("id", key).key("processInstanceId", key).flag("ended", false).null("tenantId").end_object();
        json.null("processInstance");
      }
      if (with_variables) {
        const auto variables = session.visible_variables(root_scope(key));
        if (!variables) return answer_error(variables.error());
        write_typed_variables(json, "variables", *variables);
      }
      json.end_object();
      started = false;
    }
    json.end_array();
    return Response::json(200, json.take());
  });
}

}  // namespace

Response correlate_message(const Api& api, const Request& request) {
  return with_body(request, [&](ObjectReader& body) {
    CorrelateMessage command;
    command.name = body.required_text("messageName");
    command.business_key = body.text("businessKey");
    command.match_variables = read_variables(body, "correlationKeys");
    command.variables = read_variables(body, "processVariables");
    command.all = body.flag("all").value_or(false);
    if (const auto instance = body.text("processInstanceId")) {
      const auto raw = v2::parse_key(*instance);
      if (!raw) body.refuse("processInstanceId must be the id of a process instance");
      command.instance = ProcessInstanceKey{raw.value_or(0)};
    }
    refuse_unsupported(body, {"localCorrelationKeys", "processVariablesLocal", "processVariablesToTriggeredScope", "tenantId"});
    const bool results = body.flag("resultEnabled").value_or(false);
    const bool with_variables = body.flag("variablesInResultEnabled").value_or(false);
    if (!body.ok()) return invalid_request(body.error());
    if (with_variables && !request.principal.roles.effective().contains(Role::reader)) {
      return rest_error(403, "AuthorizationException",
                        "The token '" + request.principal.name +
                            "' may not read variables, as 'variablesInResultEnabled' asks: that needs the role reader");
    }
    const std::string name = command.name;
    return execute(
        api, request, std::move(command),
        [&](const Reply& reply) {
          return results ? answer_results(api, request, std::get<MessageAccepted>(reply), with_variables) : Response::empty(204);
        },
        [&](const Rejection& rejection) {
          if (rejection.code == RejectionCode::invalid_argument) return invalid_request(rejection.reason);
          const bool nobody = rejection.code == RejectionCode::not_found;
          return rest_error(400, "RestException",
                            "Cannot correlate message '" + name + "': " +
                                (nobody ? "No process definition or execution matches the parameters" : rejection.reason));
        });
  });
}

Response throw_signal(const Api& api, const Request& request) {
  return with_body(request, [&](ObjectReader& body) {
    BroadcastSignal command;
    command.name = body.required_text("name");
    command.variables = read_variables(body, "variables");
    refuse_unsupported(body, {"executionId", "tenantId"});
    if (!body.ok()) return invalid_request(body.error());
    return execute(api, request, std::move(command), [](const Reply&) { return Response::empty(204); });
  });
}

}  // namespace fermata::http::engine_rest
