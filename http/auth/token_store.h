// Tokens: the credentials of the API, kept as hashes only.
//
// A token is shown once, when it is created: "fmt_<id>_<secret>", 256 random bits of secret. The file keeps its
// SHA-256, which needs no slow password hash because nobody can guess 256 bits. The file belongs to its owner alone
// (mode 0600), is written anew and renamed into place under a lock, and is read again when it has changed, so that
// `fermata token create` and `revoke` work beside a running server. Safe from several threads.
//
//   auto store = FileTokenStore::open("/var/lib/fermata/tokens.json");
//   auto made = (*store)->create({.name = "erp-worker", .roles = RoleSet{Role::worker}});
//   print(made->token);                          // the only time it can be seen
//   (*store)->find(made->token)->name  ->  "erp-worker"
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "http/auth/role.h"

namespace fermata::http {

struct TokenRecord {
  std::string id{};  ///< 12 hex digits; part of the token, not secret
  std::string name{};
  RoleSet roles{};
  Timestamp created_at{};
  std::optional<Timestamp> expires_at{};
  std::string sha256_hex{};  ///< of the whole token text
};

struct NewToken {
  std::string name{};
  RoleSet roles{};
  std::optional<Timestamp> expires_at{};
};

struct CreatedToken {
  std::string token;  ///< never stored, never logged
  TokenRecord record;
};

/// What authentication needs: the principal of a token text.
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  [[nodiscard]] virtual std::optional<Principal> find(std::string_view token) const = 0;
};

class FileTokenStore : public TokenStore {
 public:
  /// A file that does not exist yet is an empty store. Refused with permission_denied when others may read it, with
  /// data_loss when it cannot be understood: a store that silently lost its tokens would lock everybody out, or worse.
  [[nodiscard]] static Result<std::unique_ptr<FileTokenStore>> open(std::string path);
  ~FileTokenStore() override;

  /// invalid_argument: empty name, no role. already_exists: a token of that name is there.
  [[nodiscard]] Result<CreatedToken> create(const NewToken& wanted);
  /// By id or by name. not_found when there is none.
  [[nodiscard]] Result<void> revoke(std::string_view id_or_name);
  [[nodiscard]] Result<std::vector<TokenRecord>> list() const;

  [[nodiscard]] std::optional<Principal> find(std::string_view token) const override;

 private:
  explicit FileTokenStore(std::string path);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fermata::http
