#include "http/metrics/http_metrics.h"

namespace fermata::http {

namespace {

std::string known_method(std::string_view method) {
  for (const std::string_view known : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}) {
    if (method == known) return std::string(method);
  }
  return "other";
}

}  // namespace

HttpMetrics::HttpMetrics(Registry& registry)
    : requests_(registry.counters("fermata_http_requests_total",
                                  "Requests answered, by route pattern; refused ones have none.",
                                  {"method", "route", "status"})),
      seconds_(registry.histograms(
          "fermata_http_request_duration_seconds",
          "From the end of the request's head to its answer; long polls include their waiting.", {"route"})) {}

void HttpMetrics::count(const AnswerRecord& answer) {
  requests_.with({known_method(answer.method), std::string(answer.route), std::to_string(answer.status)}).add();
  if (!answer.route.empty()) {
    seconds_.with({std::string(answer.route)}).observe(std::chrono::duration<double>(answer.duration).count());
  }
}

void add_metrics_route(Router& router, const Registry& registry) {
  router.add({.method = "GET",
              .pattern = "/metrics",
              .access = RoleSet{Role::reader},
              .body_bytes_max = 0,
              .handler = [&registry](const Request&) {
                return Response{200, "text/plain; version=0.0.4; charset=utf-8", registry.exposition(), {}, {}};
              }});
}

void observe_server(Registry& registry, std::function<ReactorCounts()> read) {
  const auto gauge = [&](const std::string& name, const std::string& help, auto pick) {
    registry.observe(name, help, [read, pick] { return static_cast<double>(pick(read())); });
  };
  gauge("fermata_http_connections", "Open connections.", [](const ReactorCounts& c) { return c.connections; });
  gauge("fermata_http_threads", "Threads of the server.", [](const ReactorCounts& c) { return c.threads; });
  gauge("fermata_http_parked", "Long polls that wait.", [](const ReactorCounts& c) { return c.parked; });
  gauge("fermata_http_awaiting", "Requests whose answer is awaited without a thread.", [](const ReactorCounts& c) { return c.awaiting; });
  gauge("fermata_http_connections_refused", "Connections refused by the bounds, since the start.",
        [](const ReactorCounts& c) { return c.refused_connections; });
}

}  // namespace fermata::http
