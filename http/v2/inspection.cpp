// Incidents, element instances and variables: look at them, resolve, set.
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/object_reader.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {
namespace {

constexpr std::int32_t job_retries_max = 1'000;

auto element_writer(const Api& api) {
  return [&api](JsonWriter& json, const ElementRow& row, ReadSession& session) {
    write_element(json, row, api.element_names->name_of(api, session, row.context.definition, row.element.element_id));
  };
}

}  // namespace

Response search_incidents(const Api& api, const Request& request) {
  return search<IncidentRow>(api, request, incidents, &ReadSession::search_incidents, write_incident);
}

Response get_incident(const Api& api, const Request& request) {
  return get_one(api, request, "incidentKey", "incident", &ReadSession::incident, write_incident);
}

// "jobRetries" is ours: the API of Camunda 8 asks for a PATCH of the job first, and still may.
Response resolve_incident(const Api& api, const Request& request) {
  return with_key<IncidentKey>(request, "incidentKey", [&](IncidentKey key) {
    return with_body(request, [&](const Value& body) {
      ObjectReader reader(body, "");
      reader.accept("operationReference");
      ResolveIncident command;
      command.incident = key;
      if (const std::optional<std::int32_t> retries = reader.integer32("jobRetries")) {
        if (*retries < 1 || *retries > job_retries_max) reader.refuse("The field 'jobRetries' must be 1 to 1000.");
        command.job_retries = *retries;
      }
      reader.finish();
      return reader.ok() ? execute(api, request, command) : bad_request(reader.error());
    });
  });
}

Response search_elements(const Api& api, const Request& request) {
  return search<ElementRow>(api, request, element_instances, &ReadSession::search_elements, element_writer(api));
}

Response get_element(const Api& api, const Request& request) {
  return get_one(api, request, "elementInstanceKey", "element instance", &ReadSession::element, element_writer(api));
}

Response set_variables(const Api& api, const Request& request) {
  return with_key<ElementInstanceKey>(request, "elementInstanceKey", [&](ElementInstanceKey key) {
    return with_body(request, [&](const Value& body) {
      ObjectReader reader(body, "");
      SetVariables command;
      command.scope = key;
      if (reader.find("variables") == nullptr) reader.refuse("The field 'variables' is required.");
      command.variables = reader.variables("variables");
      command.local = reader.flag("local").value_or(false);
      reader.accept("operationReference");
      reader.finish();
      return reader.ok() ? execute(api, request, std::move(command)) : bad_request(reader.error());
    });
  });
}

Response search_variables(const Api& api, const Request& request) {
  const bool truncate = request.query.get("truncateValues").value_or("true") != "false";
  return search<VariableRow>(api, request, variables, &ReadSession::search_variables,
                             [truncate](JsonWriter& json, const VariableRow& row) { write_variable(json, row, truncate); });
}

Response get_variable(const Api& api, const Request& request) {
  return get_one(api, request, "variableKey", "variable", &ReadSession::variable,
                 [](JsonWriter& json, const VariableRow& row) { write_variable(json, row, false); });
}

}  // namespace fermata::http::v2
