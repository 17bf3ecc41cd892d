#include "http/openapi/openapi.h"

namespace fermata::http {

/// Made of openapi.json by the build.
extern const std::string_view openapi_json;

std::string openapi_document(std::string_view version) {
  constexpr std::string_view placeholder = "@VERSION@";
  std::string document(openapi_json);
  const std::size_t at = document.find(placeholder);
  if (at != std::string::npos) document.replace(at, placeholder.size(), version);
  return document;
}

void add_openapi_route(Router& router, std::string_view version) {
  router.add({.method = "GET",
              .pattern = "/openapi.json",
              .access = any_role,
              .body_bytes_max = 0,
              .handler = [document = openapi_document(version)](const Request&) { return Response::json(200, document); }});
}

}  // namespace fermata::http
