// Dispatcher: from a checked head to the handler's answer: browser guard, preflight, authentication, route, role, body,
// handler.
//
// Settles as much as it can before the body is read, so that nobody without a credential makes the server read
// megabytes. Knows neither sockets nor the HTTP library. Used by all threads; holds nothing that changes.
//
//   Dispatcher dispatcher(options, router, authenticator, hooks);
//   auto call = dispatcher.begin(std::move(head), peer);
//   if (!call.settled) ... read the body ...
//   Response response = dispatcher.answer(call, std::move(body), host);
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "http/auth/authenticator.h"
#include "http/server/message_head.h"
#include "http/server/options.h"
#include "http/server/router.h"

namespace fermata::http {

/// What is told about each answer, for metrics and the access log. No header and no body: they may hold secrets.
struct AnswerRecord {
  std::string_view method{};
  std::string_view route{};  ///< the pattern; "" when no route matched, so that metrics stay low in cardinality
  std::string_view path{};   ///< encoded as sent, without the query
  std::string_view principal{};
  std::string_view peer{};
  int status = 0;
  std::chrono::nanoseconds duration{};
  std::size_t request_bytes = 0;
  std::size_t response_bytes = 0;
};

/// Called on the thread of the request; must not throw and should not block.
struct ServerHooks {
  std::function<void(const AnswerRecord&)> on_answer;
  /// A handler threw: a defect. `what` may contain anything, so it goes to the log and never to the client.
  std::function<void(std::string_view route, std::string_view what)> on_exception;
};

struct Call {
  MessageHead head;
  Peer peer;
  std::chrono::steady_clock::time_point began;
  const ApiStyle* style = nullptr;
  std::string allowed_origin;  ///< for Access-Control-Allow-Origin; "" sends none
  const Route* route = nullptr;
  std::vector<std::pair<std::string, std::string>> path_params;
  Query query;
  Principal principal;
  std::optional<Response> settled;  ///< the answer, when it does not depend on the body
  std::size_t request_bytes = 0;    ///< of the body
};

class Dispatcher {
 public:
  /// Everything passed must outlive the dispatcher.
  Dispatcher(const ServerOptions& options, const Router& router, const Authenticator& authenticator,
             const ServerHooks& hooks);

  [[nodiscard]] Call begin(MessageHead head, const Peer& peer) const;
  /// Response::later() when the handler answers later.
  [[nodiscard]] Response answer(Call& call, std::string body, RequestHost& host) const;
  /// The answer that came later.
  [[nodiscard]] Response answer_now(Call& call, const LaterAnswer::Make& make) const;
  /// The answer to a body that cannot be accepted.
  [[nodiscard]] Response refuse(Call& call, const HeadRefusal& refusal) const;

 private:
  [[nodiscard]] std::optional<Response> settle(Call& call) const;
  [[nodiscard]] std::optional<Response> admit(Call& call) const;
  [[nodiscard]] Response run_handler(Call& call, std::string body, RequestHost& host) const;
  /// What `produce` answers; an exception becomes a 500.
  template <class Produce>
  [[nodiscard]] Response fenced(const Call& call, Produce&& produce) const;
  [[nodiscard]] Response finish(Call& call, Response response) const;

  const ServerOptions& options_;
  const Router& router_;
  const Authenticator& authenticator_;
  const ServerHooks& hooks_;
};

}  // namespace fermata::http
