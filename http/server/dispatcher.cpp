#include "http/server/dispatcher.h"

#include <algorithm>

#include "http/auth/browser_guard.h"
#include "http/server/multipart.h"

namespace fermata::http {

namespace {

bool is_sendable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

Response preflight_answer() {
  return Response::empty(204)
      .with("Access-Control-Allow-Methods", "GET,POST,HEAD,OPTIONS,PUT,DELETE")
      .with("Access-Control-Allow-Headers",
            "Origin,Accept,X-Requested-With,Content-Type,Authorization,"
            "Access-Control-Request-Method,Access-Control-Request-Headers")
      .with("Access-Control-Max-Age", "1800");
}

std::string join(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

Response no_route(const NoRoute& missing, const MessageHead& head) {
  if (missing.status == 400) return Response::problem(400, "The path cannot be decoded.");
  if (missing.status == 404) return Response::problem(404, "There is nothing at " + head.path + ".");
  const std::string allowed = join(missing.allowed);
  if (head.method == "OPTIONS") return Response::empty(204).with("Allow", allowed);
  return Response::problem(405, head.method + " is not possible here; " + allowed + " is.").with("Allow", allowed);
}

}  // namespace

Dispatcher::Dispatcher(const ServerOptions& options, const Router& router, const Authenticator& authenticator,
                       const ServerHooks& hooks)
    : options_(options), router_(router), authenticator_(authenticator), hooks_(hooks) {}

Call Dispatcher::begin(MessageHead head, const Peer& peer) const {
  Call call;
  call.head = std::move(head);
  call.peer = peer;
  call.began = std::chrono::steady_clock::now();
  call.style = &router_.style_of(call.head.path);
  // With --dev the guard has let only loopback pages through, so their own origin is named and never "*".
  if (call.style->cors) call.allowed_origin = options_.dev ? std::string(call.head.headers.value("Origin")) : "*";
  call.settled = settle(call);
  return call;
}

std::optional<Response> Dispatcher::settle(Call& call) const {
  const MessageHead& head = call.head;
  if (options_.dev) {
    if (auto reason = guard_against_foreign_pages(head.headers)) return Response::problem(403, *reason);
  } else if (auto reason = guard_of_basic(head.method, head.headers)) {
    return Response::problem(403, *reason);
  }
  if (call.style->cors && head.method == "OPTIONS" && head.headers.has("Access-Control-Request-Method"))
    return preflight_answer();
  if (auto refused = admit(call)) return refused;

  const std::string_view coding = head.headers.value("Content-Encoding");
  if (!coding.empty() && !equals_ignoring_case(coding, "identity")) {
    return Response::problem(415, "Compressed bodies are not accepted; send the body without Content-Encoding.");
  }
  auto query = parse_query(head.query);
  if (!query) return Response::problem(400, "The query string cannot be decoded.");
  call.query = std::move(*query);
  return std::nullopt;
}

/// Route and right. Without a credential nobody learns which paths exist.
std::optional<Response> Dispatcher::admit(Call& call) const {
  RouteLookup lookup = router_.find(call.head.method, call.head.path);
  auto* match = std::get_if<RouteMatch>(&lookup);
  if (match != nullptr) {
    call.route = match->route;
    call.path_params = std::move(match->path_params);
    if (call.route->access.kind != Access::Kind::roles) return std::nullopt;
  }
  auto principal = authenticator_.authenticate(call.head.headers);
  if (!principal) {
    return Response::problem(401, "A valid API token is needed: Authorization: Bearer <token>.")
        .with("WWW-Authenticate", call.style->www_authenticate);
  }
  call.principal = std::move(*principal);
  if (match == nullptr) return no_route(std::get<NoRoute>(lookup), call.head);
  if (!call.principal.roles.effective().intersects(call.route->access.roles)) {
    return Response::problem(403, "The token '" + call.principal.name + "' does not have a role that may do this.");
  }
  return std::nullopt;
}

Response Dispatcher::answer(Call& call, std::string body, RequestHost& host) const {
  call.request_bytes = body.size();
  Response response = call.settled ? std::move(*call.settled) : run_handler(call, std::move(body), host);
  if (response.is_later) return response;
  return finish(call, std::move(response));
}

Response Dispatcher::answer_now(Call& call, const LaterAnswer::Make& make) const {
  return finish(call, fenced(call, make));
}

Response Dispatcher::refuse(Call& call, const HeadRefusal& refusal) const {
  return finish(call, Response::problem(refusal.status, refusal.reason));
}

Response Dispatcher::run_handler(Call& call, std::string body, RequestHost& host) const {
  Request request;
  request.method = call.head.method;
  request.path = percent_decode(call.head.path).value_or(call.head.path);
  request.path_params = std::move(call.path_params);
  request.query = std::move(call.query);
  request.headers = std::move(call.head.headers);
  request.body = std::move(body);
  request.peer = call.peer;
  request.principal = call.principal;
  request.route = call.route->pattern;
  request.deadline = call.began + options_.handler_deadline;
  request.host = &host;
  if (request.content_type() == "multipart/form-data") {
    auto parts = parse_multipart(request.body, request.headers.value("Content-Type"));
    if (!parts) return Response::problem(400, parts.error().message);
    request.parts = std::move(*parts);
  }
  return fenced(call, [&] { return call.route->handler(request); });
}

template <class Produce>
Response Dispatcher::fenced(const Call& call, Produce&& produce) const {
  const auto failed = [&](std::string_view what) {
    if (hooks_.on_exception) hooks_.on_exception(call.route->pattern, what);
    return Response::problem(500, "The server could not complete the request; its log says why.");
  };
  try {
    return produce();
  } catch (const std::exception& problem) {
    return failed(problem.what());
  } catch (...) {
    return failed("an exception that is not a std::exception");
  }
}

Response Dispatcher::finish(Call& call, Response response) const {
  if (response.problem_text) {
    const ProblemText& text = *response.problem_text;
    if (call.style->error_body) {
      response.body = call.style->error_body(response.status, text);
      response.content_type = "application/json";
    } else {
      response.body = problem_document(response.status, text.title, text.detail, call.head.path);
    }
  }
  if (!call.allowed_origin.empty()) response.headers.set("Access-Control-Allow-Origin", call.allowed_origin);
  response.headers.set("X-Content-Type-Options", "nosniff");
  Headers sendable;
  for (const Header& field : response.headers) {
    if (is_sendable(field.name) && is_sendable(field.value)) sendable.add(field.name, field.value);
  }
  response.headers = std::move(sendable);
  if (hooks_.on_answer) {
    hooks_.on_answer(AnswerRecord{call.head.method, call.route == nullptr ? std::string_view{} : call.route->pattern,
                                  call.head.path, call.principal.name, call.peer.address, response.status,
                                  std::chrono::steady_clock::now() - call.began, call.request_bytes, response.body.size()});
  }
  return response;
}

}  // namespace fermata::http
