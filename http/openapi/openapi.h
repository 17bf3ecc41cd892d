// GET /openapi.json: the description of the whole HTTP API (OpenAPI 3.1), written by us in openapi.json beside this file.
//
// A test holds the document and the router's routes together: each documented route is described, and nothing else is.
//
//   add_openapi_route(router, "0.1.0");
#pragma once

#include <string>
#include <string_view>

#include "http/server/router.h"

namespace fermata::http {

/// The document with the product's version filled in.
[[nodiscard]] std::string openapi_document(std::string_view version);

/// For any caller with a credential.
void add_openapi_route(Router& router, std::string_view version);

}  // namespace fermata::http
