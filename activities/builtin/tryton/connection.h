// Connection: one Tryton database and the session in it, shared by all calls. Thread-safe.
//
// Logs in when first needed and again when the server no longer knows the session (401, or 403 with a session that is
// not fresh). Neither status comes after work was done, so the request is repeated once with the new session.
//
//   RpcReply reply = connection.rpc(call, "model.sale.sale.read", params, RepeatRisk::harmless);
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "activities/builtin/transport/http_client.h"
#include "activities/sdk/call.h"
#include "activities/sdk/json.h"

namespace fermata::tryton {

/// What Tryton answers instead of a result: ["UserError", [message, description, domain]] and its relatives.
struct RpcError {
  std::string kind;  ///< "UserError", "UserWarning", "ConcurrencyException", ...; "" for an unexpected exception
  std::string name;  ///< of a warning
  std::string message;
  std::string description;
};

using RpcReply = std::variant<sdk::Json, RpcError, sdk::Failed>;

/// What a second run of a request does, if nobody knows about the first.
enum class RepeatRisk { harmless, acts_twice };

class Connection {
 public:
  /// {"url": "http://host:8000/database/", "user": "...", "password": "secret:NAME", "language": "en", "context":
  /// {"company": 1}}. The URL's host and port are allowed to be dialled: the operator wrote them. Throws
  /// sdk::InputError.
  Connection(std::string name, const sdk::Json& config);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The configured context with the members of `more` added.
  [[nodiscard]] sdk::Json context(const sdk::Json& more) const;

  /// Calls `method` with `params`, the context already last in them. The result is Tryton's own JSON, not decoded.
  [[nodiscard]] RpcReply rpc(const sdk::Call& call, const std::string& method, const sdk::Json& params,
                             RepeatRisk risk);

  /// Waits `settleMs`, or until the call is cancelled. A request whose client was killed goes on in the server; a
  /// lookup that found nothing must look once more after that time, or it would miss what is just being committed.
  void let_settle(const sdk::Call& call) const;

  /// The id of the user that is logged in; 0 before the first login.
  [[nodiscard]] std::int64_t user_id() const;

 private:
  struct Session {
    std::string key;
    std::string token;
    std::int64_t user_id = 0;
  };
  using SessionReply = std::variant<Session, sdk::Failed>;

  /// The session to use; logs in if there is none. `fresh` tells whether it did.
  [[nodiscard]] SessionReply session(const sdk::Call& call, bool& fresh);
  [[nodiscard]] SessionReply log_in(const sdk::Call& call) const;
  void forget(const Session& refused);
  [[nodiscard]] connector::HttpResult post(const sdk::Call& call, const std::string& method, const sdk::Json& params,
                                           const std::string& token) const;

  std::string name_;
  std::string url_;
  std::string user_;
  std::string password_reference_;
  std::string language_;
  sdk::Json context_;
  std::string ca_file_;
  std::chrono::milliseconds settle_;
  connector::AddressPolicy policy_;

  mutable std::mutex mutex_;  // guards the session; held during a login, so that there is one at a time
  std::optional<Session> session_;
};

}  // namespace fermata::tryton
