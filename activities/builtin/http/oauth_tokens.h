// OAuthTokens: access tokens got by the client credentials grant (RFC 6749, 4.4), kept until shortly before they
// expire. Thread-safe.
//
//   std::string token = tokens.get(grant, [&] { return fetch(grant); });
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

namespace fermata::connector {

struct OAuthGrant {
  std::string token_url = {};
  std::string client_id = {};
  std::string client_secret = {};
  std::string audience = {};
  std::string scopes = {};
  bool credentials_in_body = false;  ///< else as HTTP Basic

  [[nodiscard]] auto operator<=>(const OAuthGrant&) const = default;
};

struct OAuthToken {
  std::string value = {};
  std::chrono::seconds lifetime{0};  ///< as the server says; 0: not said, so used once only
};

class OAuthTokens {
 public:
  /// The cached token, or the one `fetch` gets. Concurrent callers with the same grant wait for one fetch; others do
  /// not wait. What `fetch` throws passes through, and nothing is cached then.
  [[nodiscard]] std::string get(const OAuthGrant& grant, const std::function<OAuthToken()>& fetch);

  /// Forgets `token`, which the server refused; one fetched in the meantime stays.
  void forget(const OAuthGrant& grant, const std::string& token);

 private:
  struct Entry {
    std::mutex mutex;
    std::string token;
    std::chrono::steady_clock::time_point usable_until{};
  };

  [[nodiscard]] std::shared_ptr<Entry> entry(const OAuthGrant& grant);

  std::mutex mutex_;
  std::map<OAuthGrant, std::shared_ptr<Entry>> entries_;
};

}  // namespace fermata::connector
