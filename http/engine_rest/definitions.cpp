// Process definitions: start by id or key, look at them, fetch their XML.
#include "http/engine_rest/answer.h"
#include "http/engine_rest/definition_json.h"
#include "http/engine_rest/handlers.h"
#include "http/engine_rest/typed_value.h"

namespace fermata::http::engine_rest {
namespace {

struct Start {
  CreateInstance command;
  bool with_variables = false;
};

void read_start_instructions(ObjectReader& body, CreateInstance& command) {
  const Value* list = body.list("startInstructions");
  if (list == nullptr) return;
  for (const Value& item : list->as_list()) {
    ObjectReader reader(item, "startInstructions[].");
    const std::string type = reader.required_text("type");
    if (reader.ok() && type != "startBeforeActivity") {
      reader.refuse("Start instructions of type '" + type + "' are not supported; use startBeforeActivity");
    }
    if (reader.find("variables") != nullptr) reader.refuse("Variables of a start instruction are not supported");
    command.start_at.push_back(reader.required_text("activityId"));
    if (!reader.ok()) body.refuse(reader.error());
  }
}

Start read_start(const Api& api, ObjectReader& body) {
  Start start;
  start.command.business_key = body.text("businessKey").value_or("");
  start.command.unique_business_key = api.unique_business_key && !start.command.business_key.empty();
  if (const Value* map = body.object("variables")) {
    Result<Variables> variables = read_typed_variables(*map);
    if (variables) {
      start.command.variables = std::move(*variables);
    } else {
      body.refuse(variables.error().message);
    }
  }
  read_start_instructions(body, start.command);
  if (body.text("caseInstanceId")) body.refuse("Cases do not exist here; leave caseInstanceId out");
  start.with_variables = body.flag("withVariablesInReturn").value_or(false);
  return start;
}

Response answer_started(const Api& api, const Request& request, const InstanceCreated& created, bool with_variables) {
  return with_session(api, [&](ReadSession& session) {
    const auto row = session.instance(created.instance);
    if (!row) return answer_error(row.error());
    const bool ended = *row && (*row)->instance.status != InstanceStatus::active;
    JsonWriter json;
    json.begin_object();
    write_instance_fields(json, request,
                          {created.instance, created.definition.key, created.definition.process_id, created.definition.version,
                           created.business_key, ended});
    if (with_variables) {
      const auto variables = session.visible_variables(root_scope(created.instance));
      if (!variables) return answer_error(variables.error());
      write_typed_variables(json, "variables", *variables);
    }
    json.end_object();
    return Response::json(200, json.take());
  });
}

Response start(const Api& api, const Request& request, const std::function<void(CreateInstance&)>& aim, const std::string& unknown) {
  return with_body(request, [&](ObjectReader& body) {
    Start read = read_start(api, body);
    if (!body.ok()) return invalid_request(body.error());
    aim(read.command);
    return execute(
        api, request, std::move(read.command),
        [&](const Reply& reply) { return answer_started(api, request, std::get<InstanceCreated>(reply), read.with_variables); },
        [&](const Rejection& rejection) {
          if (rejection.code == RejectionCode::not_found) return rest_error(404, "RestException", unknown);
          return answer_rejection(rejection);
        });
  });
}

std::string no_definition(std::string_view id) { return "No matching definition with id " + std::string(id); }
std::string no_key(std::string_view key) {
  return "No matching process definition with key: " + std::string(key) + " and no tenant-id";
}

template <class Use>
Response with_definition(const Api& api, const Request& request, bool by_key, Use&& use) {
  const std::string_view name = request.param(by_key ? "key" : "id");
  const std::optional<DefinitionKey> key = by_key ? std::nullopt : parse_definition_id(name);
  if (!by_key && !key) return rest_error(404, "InvalidRequestException", no_definition(name));
  return with_session(api, [&](ReadSession& session) {
    const auto definition = by_key ? session.latest_definition(name) : session.definition(*key);
    if (!definition) return answer_error(definition.error());
    if (!*definition) return rest_error(404, "RestException", by_key ? no_key(name) : no_definition(name));
    return use(session, **definition);
  });
}

Response answer_definition(ReadSession&, const Definition& definition) {
  JsonWriter json;
  write_definition(json, definition);
  return Response::json(200, json.take());
}

Response answer_xml(ReadSession& session, const Definition& definition) {
  const auto resource = session.resource(definition.resource);
  if (!resource) return answer_error(resource.error());
  if (!*resource) return rest_error(500, "ProcessEngineException", "The file of this definition is not in the store");
  JsonWriter json;
  json.begin_object().text("id", definition_id(definition)).text("bpmn20Xml", (*resource)->content).end_object();
  return Response::json(200, json.take());
}

}  // namespace

Response start_by_id(const Api& api, const Request& request) {
  const std::string id{request.param("id")};
  const std::optional<DefinitionKey> key = parse_definition_id(id);
  if (!key) return rest_error(404, "RestException", no_definition(id));
  return start(api, request, [&](CreateInstance& command) { command.definition = *key; }, no_definition(id));
}

Response start_by_key(const Api& api, const Request& request) {
  const std::string key{request.param("key")};
  if (const std::string_view tenant = request.param("tenantId"); !tenant.empty()) {
    return rest_error(404, "RestException",
                      "No matching process definition with key: " + key + " and tenant-id: " + std::string(tenant));
  }
  return start(api, request, [&](CreateInstance& command) { command.process_id = key; }, no_key(key));
}

Response get_definition(const Api& api, const Request& request) { return with_definition(api, request, false, answer_definition); }
Response get_definition_by_key(const Api& api, const Request& request) { return with_definition(api, request, true, answer_definition); }
Response get_xml(const Api& api, const Request& request) { return with_definition(api, request, false, answer_xml); }
Response get_xml_by_key(const Api& api, const Request& request) { return with_definition(api, request, true, answer_xml); }

}  // namespace fermata::http::engine_rest
