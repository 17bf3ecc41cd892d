// Process definitions: search, get, XML, start form.
#include "http/v2/answer.h"
#include "http/v2/handlers.h"
#include "http/v2/rows.h"
#include "http/v2/search_route.h"

namespace fermata::http::v2 {

Response search_definitions(const Api& api, const Request& request) {
  return search<Definition>(api, request, process_definitions, &ReadSession::search_definitions, write_definition);
}

Response get_definition(const Api& api, const Request& request) {
  return get_one(api, request, "processDefinitionKey", "process definition", &ReadSession::definition, write_definition);
}

Response get_definition_xml(const Api& api, const Request& request) {
  return with_key<DefinitionKey>(request, "processDefinitionKey", [&](DefinitionKey key) {
    return with_session(api, [&](ReadSession& session) {
      const auto definition = session.definition(key);
      if (!definition) return answer_error(definition.error());
      if (!*definition) return not_found("process definition", key.text());
      return answer_file(session, (*definition)->resource);
    });
  });
}

// Start forms are not executed, so no definition has one: 204 is the API's word for that.
Response get_start_form(const Api& api, const Request& request) {
  return with_key<DefinitionKey>(request, "processDefinitionKey", [&](DefinitionKey key) {
    return with_session(api, [&](ReadSession& session) {
      const auto definition = session.definition(key);
      if (!definition) return answer_error(definition.error());
      return *definition ? Response::empty(204) : not_found("process definition", key.text());
    });
  });
}

}  // namespace fermata::http::v2
