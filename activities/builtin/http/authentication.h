// Authentication of a request, from the input `authentication`: none, basic, bearer, apiKey,
// oauth-client-credentials-flow.
//
// References to secrets are those of the model's author; see request_builder.h.
//
//   {"type": "basic", "username": "u", "password": "{{secrets.ERP_PASSWORD}}"}
//   {"type": "bearer", "token": "secret:TOKEN"}
//   {"type": "apiKey", "apiKeyLocation": "headers", "name": "X-API-Key", "value": "secret:KEY"}
//   {"type": "oauth-client-credentials-flow", "oauthTokenEndpoint": "https://...", "clientId": "...", "clientSecret":
//   "secret:S",
//    "audience": "...", "scopes": "...", "clientAuthentication": "basicAuthHeader" | "credentialsBody"}
//
// Every credential is blotted out of what the call reports, whether it came by reference or not.
#pragma once

#include <optional>
#include <string>

#include "activities/builtin/http/settings.h"
#include "activities/sdk/call.h"

namespace fermata::connector {

/// Why there is no credential: the token endpoint's failure. Thrown by Authentication, never leaves the plugin.
struct NoToken {
  sdk::Failed failed;
};

class Authentication {
 public:
  /// Reads the input. Throws sdk::InputError for an unknown type or a missing part.
  Authentication(HttpState& state, const sdk::Call& call);

  /// Adds the credential; may fetch a token first. Throws NoToken.
  void apply(HttpRequest& request);

  /// To be called when the server answered 401: true if it refused a cached token, so that a repeat with a fresh one
  /// may help. A 401 means that the request was not carried out, so the repeat cannot act twice.
  [[nodiscard]] bool forget_refused_token();

 private:
  [[nodiscard]] OAuthToken fetch_token() const;

  HttpState& state_;
  const sdk::Call& call_;
  std::string header_name_;
  std::string header_value_;
  std::string query_name_;
  std::string query_value_;
  std::optional<OAuthGrant> grant_;
  std::string token_;
  bool forgotten_ = false;
};

}  // namespace fermata::connector
