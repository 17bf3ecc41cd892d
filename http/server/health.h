// Health: the two routes that answer without a credential, for load balancers and service managers.
//
// GET /health/live: the process serves requests. GET /health/ready: it can also do its work (the store is open, the
// engine runs); 503 with the reason otherwise. Neither says anything else about the system.
//
//   add_health_routes(router, [&] { return engine.ready() ? Readiness{} : Readiness{false, "recovering"}; });
#pragma once

#include <functional>
#include <string>

#include "http/server/router.h"

namespace fermata::http {

struct Readiness {
  bool ready = true;
  std::string reason;  ///< shown to anybody: one word or two, no internals
};

/// `ready` is called by many threads and must be quick.
void add_health_routes(Router& router, std::function<Readiness()> ready);

}  // namespace fermata::http
