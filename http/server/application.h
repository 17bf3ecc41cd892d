// Application: what the connection layer asks of the layer above, once per request. Server implements it with the
// router.
//
// Called by many threads at once, each for another connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/server/message_head.h"
#include "http/server/request.h"

namespace fermata::http {

/// One request from the end of its head to its answer.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// The answer is known already (not authenticated, no such route): the body need not be read.
  [[nodiscard]] virtual bool settled() const = 0;
  [[nodiscard]] virtual std::size_t body_bytes_max() const = 0;
  /// Runs the handler; may block. The bytes of the whole response; says "Connection: close" when `close`. nullopt: the handler answers
  /// later, through what it got from host.answer_later().
  [[nodiscard]] virtual std::optional<std::string> answer(std::string body, RequestHost& host, bool close) = 0;
  /// The bytes of the answer that came later.
  [[nodiscard]] virtual std::string answer_now(const LaterAnswer::Make& make, bool close) = 0;
  /// The response to a body that cannot be accepted.
  [[nodiscard]] virtual std::string refuse(const HeadRefusal& refusal) = 0;
};

class Application {
 public:
  virtual ~Application() = default;
  [[nodiscard]] virtual std::unique_ptr<Exchange> begin(MessageHead head, const Peer& peer) = 0;
  /// The response to a head that cannot be accepted.
  [[nodiscard]] virtual std::string refuse(const HeadRefusal& refusal) = 0;
};

}  // namespace fermata::http
