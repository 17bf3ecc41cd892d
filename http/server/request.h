// Request: one HTTP request as a handler sees it: complete, bounded, checked and authenticated.
//
// Lives on the stack of the handler's thread; everything in it is valid until the handler returns. The body has been
// read in full (never more than the route's limit), so no handler ever waits for a slow client.
//
//   Response get_job(const Request& request) {
//     const std::string& key = request.param("jobKey");
//     ...
//   }
//
// Long polling: a handler that waits asks for a place first, so that waiting polls do not use up the threads of the
// others.
//
//   ParkTicket ticket = request.park();
//   if (!ticket) return answer_without_waiting();           // too many are waiting already
//   while (nothing_yet && now < until && !request.client_gone() && !request.stopping()) wait_at_most(500ms);
//
// Better where somebody else will call back: answer_later(), see later_answer.h, which costs no thread at all.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/auth/role.h"
#include "http/server/headers.h"
#include "http/server/later_answer.h"
#include "http/server/url.h"

namespace fermata::http {

/// Who is at the other end of the connection.
struct Peer {
  std::string address;  ///< numeric, IPv4-mapped addresses as IPv4
  int port = 0;
  bool loopback = false;
};

/// One part of a multipart/form-data body. Views into the request's body.
struct Part {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type;
  std::string_view body;
};

/// What the server does for a running request; implemented by the connection layer.
class RequestHost {
 public:
  virtual ~RequestHost() = default;
  virtual bool enter_parking() = 0;
  virtual void leave_parking() = 0;
  [[nodiscard]] virtual LaterAnswerPtr answer_later() = 0;
  [[nodiscard]] virtual bool client_gone() const = 0;
  [[nodiscard]] virtual bool stopping() const = 0;
};

/// The right to wait: give it back (by destroying it) as soon as the wait is over.
class ParkTicket {
 public:
  ParkTicket() = default;
  ParkTicket(RequestHost* host, bool granted) : host_(host), granted_(granted) {}
  ParkTicket(ParkTicket&& other) noexcept
      : host_(std::exchange(other.host_, nullptr)), granted_(std::exchange(other.granted_, false)) {}
  ParkTicket& operator=(ParkTicket&&) = delete;
  ~ParkTicket() {
    if (granted_ && host_ != nullptr) host_->leave_parking();
  }
  explicit operator bool() const { return granted_; }

 private:
  RequestHost* host_ = nullptr;
  bool granted_ = false;
};

struct Request {
  std::string method;
  std::string path;  ///< decoded, for logs; routing has used the encoded one
  std::vector<std::pair<std::string, std::string>> path_params;  ///< decoded
  Query query;
  Headers headers;
  std::string body;
  std::vector<Part> parts;  ///< of a multipart/form-data body, else empty
  Peer peer;
  Principal principal;
  std::string_view route;  ///< the pattern that matched, "/v2/jobs/{jobKey}"
  std::chrono::steady_clock::time_point deadline{};
  RequestHost* host = nullptr;  ///< null in tests that call a handler directly

  Request() = default;
  Request(const Request&) = delete;  // parts look into body
  Request& operator=(const Request&) = delete;

  /// The path parameter of that name; "" when the pattern has none.
  [[nodiscard]] std::string_view param(std::string_view name) const {
    for (const auto& [key, value] : path_params) {
      if (key == name) return value;
    }
    return {};
  }
  [[nodiscard]] const Part* part(std::string_view name) const {
    for (const Part& candidate : parts) {
      if (candidate.name == name) return &candidate;
    }
    return nullptr;
  }
  /// The media type of the body without parameters, lower case; "" when not given.
  [[nodiscard]] std::string content_type() const {
    const std::string_view value = headers.value("Content-Type");
    return to_lower_ascii(trim(value.substr(0, value.find(';'))));
  }
  [[nodiscard]] ParkTicket park() const {
    return host == nullptr ? ParkTicket(nullptr, true) : ParkTicket(host, host->enter_parking());
  }
  /// The place for an answer that is given after the handler has returned Response::later(). Null in tests that call a handler directly:
  /// such a handler must answer at once.
  [[nodiscard]] LaterAnswerPtr answer_later() const { return host == nullptr ? nullptr : host->answer_later(); }
  /// The client has closed its side: whatever is found for it would be lost. Looks at the socket; call it a few times a
  /// second.
  [[nodiscard]] bool client_gone() const { return host != nullptr && host->client_gone(); }
  /// The server is shutting down: answer now.
  [[nodiscard]] bool stopping() const { return host != nullptr && host->stopping(); }
};

}  // namespace fermata::http
