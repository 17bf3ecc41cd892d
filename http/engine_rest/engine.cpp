// What clients ask first: version, engines, and where the web pages are.
#include "http/engine_rest/answer.h"
#include "http/engine_rest/handlers.h"
#include "http/v2/answer.h"
#include "http/v2/json_writer.h"

namespace fermata::http::engine_rest {

// The version of the dialect, which the modeler looks at; not ours.
Response version(const Api&, const Request&) { return Response::json(200, R"({"version":"7.24.0"})"); }

Response engines(const Api&, const Request&) { return Response::json(200, R"([{"name":"default"}])"); }

// The modeler appends "process-instance/{id}" to cockpitUrl for its links after a start.
Response webapps(const Api&, const Request& request) {
  const std::string base = base_url(request);
  JsonWriter json;
  json.begin_object()
      .text("adminUrl", base + "/links/")
      .text("cockpitUrl", base + "/links/")
      .text("tasklistUrl", base + "/links/")
      .end_object();
  return Response::json(200, json.take());
}

Response follow_instance_link(const Api&, const Request& request) {
  const std::optional<std::int64_t> key = v2::parse_key(request.param("id"));
  if (!key) return Response::problem(404, "There is no process instance of this id.");
  return Response::empty(302).with("Location", "/v2/process-instances/" + std::to_string(*key) + "/timeline");
}

}  // namespace fermata::http::engine_rest
