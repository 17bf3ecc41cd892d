// fermata token: creates, lists and revokes API tokens in the data directory, also beside a running server.
#pragma once

#include <string>
#include <vector>

#include "cli/client/session.h"

namespace fermata::cli {

struct TokenOptions {
  std::string path;  ///< the tokens file
  std::string name;  ///< of the token; to revoke: name or id
  std::vector<std::string> roles;
  int days = 0;  ///< until it expires; 0: never
  bool json = false;
};

/// Prints the token, the only time it can be seen.
[[nodiscard]] Exit create_token(const TokenOptions& options);
[[nodiscard]] Exit list_tokens(const TokenOptions& options);
[[nodiscard]] Exit revoke_token(const TokenOptions& options);

}  // namespace fermata::cli
