#include "http/server/response.h"

#include "engine/base/json.h"

namespace fermata::http {

Response Response::later() {
  Response response;
  response.is_later = true;
  return response;
}

Response Response::empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::json(int status, std::string body) {
  return Response{status, "application/json", std::move(body), {}, {}};
}

Response Response::text(int status, std::string body) {
  return Response{status, "text/plain; charset=utf-8", std::move(body), {}, {}};
}

Response Response::problem(int status, std::string_view title, std::string_view detail) {
  return Response{status,
                  "application/problem+json",
                  problem_document(status, title, detail, "about:blank"),
                  {},
                  ProblemText{std::string(title), std::string(detail)}};
}

Response Response::problem(int status, std::string_view detail) {
  return problem(status, problem_title(status), detail);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

std::string problem_title(int status) {
  std::string title;
  for (const char c : reason_phrase(status)) {
    title.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c == ' ' ? '_' : c);
  }
  return title;
}

std::string problem_document(int status, std::string_view title, std::string_view detail, std::string_view instance) {
  std::string out = R"({"type":"about:blank","title":)";
  append_json_string(out, title);
  out += ",\"status\":" + std::to_string(status) + ",\"detail\":";
  append_json_string(out, detail);
  out += ",\"instance\":";
  append_json_string(out, instance);
  out += '}';
  return out;
}

}  // namespace fermata::http
