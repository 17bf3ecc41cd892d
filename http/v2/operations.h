// The operations of /v2: method, path, roles and handler, one line each.
//
//   v2::add_routes(router, api);
#pragma once

#include <span>
#include <string_view>

#include "http/auth/role.h"
#include "http/server/router.h"
#include "http/v2/api.h"

namespace fermata::http::v2 {

struct Operation {
  std::string_view method;
  std::string_view pattern;
  RoleSet roles;
  std::size_t body_bytes_max;
  Response (*handler)(const Api&, const Request&);
  enum class Needs { nothing, writable_clock, expressions } needs = Needs::nothing;
};

[[nodiscard]] std::span<const Operation> operations();

/// Adds those whose needs `api` fulfils. The router must not outlive what `api` refers to.
void add_routes(Router& router, ApiPtr api);

}  // namespace fermata::http::v2
