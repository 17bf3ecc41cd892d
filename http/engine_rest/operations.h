// The operations of /engine-rest: method, path, roles and handler, one line each.
//
//   engine_rest::add_routes(router, api);     // also under /engine-rest/engine/default
#pragma once

#include <span>

#include "http/server/router.h"
#include "http/v2/api.h"
#include "http/v2/operations.h"

namespace fermata::http::engine_rest {

[[nodiscard]] std::span<const v2::Operation> operations();

void add_routes(Router& router, ApiPtr api);

}  // namespace fermata::http::engine_rest
