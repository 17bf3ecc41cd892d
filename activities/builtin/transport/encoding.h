// Encodings for requests: base64 (RFC 4648) and percent-encoding of everything but unreserved characters (RFC
// 3986, 2.3).
//
//   base64("user:pass")   ->  "dXNlcjpwYXNz"
//   percent("a/b c")      ->  "a%2Fb%20c"
#pragma once

#include <string>
#include <string_view>

namespace fermata::connector {

[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::string percent(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);

}  // namespace fermata::connector
