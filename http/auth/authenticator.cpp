#include "http/auth/authenticator.h"

#include "http/auth/crypto.h"

namespace fermata::http {

std::optional<Principal> TokenAuthenticator::authenticate(const Headers& headers) const {
  if (headers.count("Authorization") != 1) return std::nullopt;
  const std::string_view value = headers.value("Authorization");
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = value.substr(0, space);
  const std::string_view credential = trim(value.substr(space + 1));
  if (equals_ignoring_case(scheme, "Bearer")) return store_.find(credential);
  if (!equals_ignoring_case(scheme, "Basic")) return std::nullopt;
  const auto pair = from_base64(credential);
  if (!pair) return std::nullopt;
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return store_.find(std::string_view(*pair).substr(colon + 1));
}

}  // namespace fermata::http
