#include "http/server/health.h"

#include "engine/base/json.h"

namespace fermata::http {

void add_health_routes(Router& router, std::function<Readiness()> ready) {
  router.add({.method = "GET",
              .pattern = "/health/live",
              .access = Access::open(),
              .body_bytes_max = 0,
              .handler = [](const Request&) { return Response::json(200, R"({"status":"UP"})"); }});
  router.add({.method = "GET",
              .pattern = "/health/ready",
              .access = Access::open(),
              .body_bytes_max = 0,
              .handler = [ready = std::move(ready)](const Request&) {
                const Readiness state = ready();
                if (state.ready) return Response::json(200, R"({"status":"UP"})");
                std::string body = R"({"status":"DOWN","reason":)";
                append_json_string(body, state.reason);
                return Response::json(503, body + "}");
              }});
}

}  // namespace fermata::http
