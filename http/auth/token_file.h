// The tokens file as text: {"version":1,"tokens":[{"id","name","roles":[..],"createdAt","expiresAt","sha256"}]}. Pure.
//
//   write_token_file(*read_token_file(text)) == text
#pragma once

#include "http/auth/token_store.h"

namespace fermata::http {

/// data_loss naming what is wrong, with `path` for the message.
[[nodiscard]] Result<std::vector<TokenRecord>> read_token_file(std::string_view text, const std::string& path);
[[nodiscard]] std::string write_token_file(const std::vector<TokenRecord>& tokens);

}  // namespace fermata::http
