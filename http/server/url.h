// Paths and query strings: percent-decoding that refuses what it does not understand (RFC 3986).
//
//   parse_query("a=1&a=2&b=x%20y")->get("b")  ->  "x y"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::http {

/// The decoded text; nullopt for a broken escape, a NUL, or bytes that are not UTF-8.
/// `plus_is_space` follows the rule of form data, which browsers use in query strings.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// The decoded segments of a path that begins with '/'; one trailing slash is dropped. nullopt for a broken escape,
/// control characters,
/// "." and ".." (also when escaped), and more than 32 segments. "/" has no segments; "/a//b" has an empty one, which
/// matches no route.
[[nodiscard]] std::optional<std::vector<std::string>> split_path(std::string_view path);

/// Decoded query parameters in their order; a name may repeat.
class Query {
 public:
  void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;  ///< the first of that name
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// nullopt for a broken escape or more than 256 parameters.
[[nodiscard]] std::optional<Query> parse_query(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace fermata::http
