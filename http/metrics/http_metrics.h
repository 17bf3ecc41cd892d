// The HTTP server's own metrics, and the route that shows all of them.
//
//   Registry registry;
//   HttpMetrics http_metrics(registry);
//   ServerHooks hooks{.on_answer = [&](const AnswerRecord& answer) { http_metrics.count(answer); }};
//   add_metrics_route(router, registry);       // GET /metrics, for readers
#pragma once

#include "http/metrics/metrics.h"
#include "http/server/dispatcher.h"
#include "http/server/reactor.h"

namespace fermata::http {

class HttpMetrics {
 public:
  explicit HttpMetrics(Registry& registry);
  void count(const AnswerRecord& answer);

 private:
  Family<Counter>& requests_;
  Family<Histogram>& seconds_;
};

void add_metrics_route(Router& router, const Registry& registry);
/// Gauges of connections, threads and parked polls; `read` is called whenever the metrics are shown.
void observe_server(Registry& registry, std::function<ReactorCounts()> read);

}  // namespace fermata::http
