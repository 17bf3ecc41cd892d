// Authenticator: who is calling, by the Authorization header.
//
//   TokenAuthenticator authenticator(store);
//   authenticator.authenticate(headers)   // "Bearer fmt_..." or "Basic base64(anything:fmt_...)"
#pragma once

#include "http/auth/token_store.h"
#include "http/server/headers.h"

namespace fermata::http {

/// Safe from several threads.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// nullopt: no credential, or none that is valid. The difference is nobody's business.
  [[nodiscard]] virtual std::optional<Principal> authenticate(const Headers& headers) const = 0;
};

/// API tokens: as Bearer, or as the password of Basic (the user name is not looked at), which is what Camunda 7 clients
/// send.
class TokenAuthenticator : public Authenticator {
 public:
  explicit TokenAuthenticator(const TokenStore& store) : store_(store) {}
  [[nodiscard]] std::optional<Principal> authenticate(const Headers& headers) const override;

 private:
  const TokenStore& store_;
};

/// --dev: everybody is "dev" with every role. The server then insists on loopback, see ServerOptions::dev.
class DevAuthenticator : public Authenticator {
 public:
  [[nodiscard]] std::optional<Principal> authenticate(const Headers&) const override {
    return Principal{"dev", RoleSet{Role::admin}};
  }
};

}  // namespace fermata::http
