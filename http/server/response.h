// Response: what a handler answers.
//
//   return Response::json(200, R"({"jobs":[]})");          // Content-Type: application/json, exactly
//   return Response::empty(204);
//   return Response::problem(404, "NOT_FOUND", "There is no job with key 17.");   // RFC 9457
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/server/headers.h"

namespace fermata::http {

/// The texts of an error answer, kept so that the router can write them in the shape of the API at hand.
struct ProblemText {
  std::string title;
  std::string detail;
};

struct Response {
  int status = 200;
  std::string content_type;  ///< sent exactly as it stands; "" with an empty body sends none
  std::string body;
  Headers headers;                          ///< further fields; a value with control characters is not sent
  std::optional<ProblemText> problem_text;  ///< set by problem(); the router then renders the body
  bool is_later = false;                    ///< set by later()

  [[nodiscard]] static Response empty(int status);
  /// No answer yet: it comes through the request's LaterAnswer.
  [[nodiscard]] static Response later();
  [[nodiscard]] static Response json(int status, std::string body);
  [[nodiscard]] static Response text(int status, std::string body);
  /// application/problem+json with type, title, status, detail and (by the router) instance. Under /engine-rest the
  /// router writes Camunda 7's shape instead.
  [[nodiscard]] static Response problem(int status, std::string_view title, std::string_view detail);
  /// The same with the status' own title, "NOT_FOUND" for 404.
  [[nodiscard]] static Response problem(int status, std::string_view detail);

  Response&& with(std::string_view name, std::string value) && {
    headers.set(name, std::move(value));
    return std::move(*this);
  }
};

/// "Not Found" for 404; "Status" for one without a name.
[[nodiscard]] std::string_view reason_phrase(int status);

/// The document of a problem; `instance` is the request's path.
[[nodiscard]] std::string problem_document(int status, std::string_view title, std::string_view detail,
                                           std::string_view instance);
/// "NOT_FOUND" for 404.
[[nodiscard]] std::string problem_title(int status);

}  // namespace fermata::http
