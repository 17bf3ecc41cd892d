// How a text names a secret: "secret:NAME" as a whole, or "{{secrets.NAME}}" anywhere inside.
//
//   with_secrets("Bearer {{secrets.TOKEN}}", [](std::string_view name) { return value_of(name); })  ->  "Bearer 4711"
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace fermata::sdk {

namespace detail {

/// The next "{{secrets.NAME}}" of a text; spaces inside the braces do not count. `size` is 0 if there is none.
struct BracedReference {
  std::size_t at = 0;
  std::size_t size = 0;
  std::string_view name;
};

inline BracedReference find_braced_reference(std::string_view text) noexcept {
  constexpr std::string_view open = "{{", close = "}}", word = "secrets.", space = " \t";
  std::size_t from = 0;
  for (;;) {
    const std::size_t end = text.find(close, from);
    if (end == std::string_view::npos) return {};
    const std::size_t start = text.substr(from, end - from).rfind(open);
    if (start != std::string_view::npos) {
      const std::size_t at = from + start;
      std::string_view inside = text.substr(at + open.size(), end - at - open.size());
      inside.remove_prefix(std::min(inside.find_first_not_of(space), inside.size()));
      if (inside.starts_with(word)) {
        inside.remove_prefix(word.size());
        return {at, end + close.size() - at, inside.substr(0, inside.find_last_not_of(space) + 1)};
      }
    }
    from = end + close.size();
  }
}

/// NAME of "secret:NAME"; empty if the text is not of that form ("secret: a sentence" is none).
inline std::string_view whole_reference(std::string_view text) noexcept {
  constexpr std::string_view prefix = "secret:";
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  const bool is_name = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
  return is_name ? text : std::string_view();
}

}  // namespace detail

[[nodiscard]] inline bool names_secret(std::string_view text) noexcept {
  return !detail::whole_reference(text).empty() || detail::find_braced_reference(text).size != 0;
}

/// `text` with each reference replaced by what `resolve(name)` answers. A value is not looked into again.
template <class Resolve>
[[nodiscard]] std::string with_secrets(std::string_view text, const Resolve& resolve) {
  if (const std::string_view name = detail::whole_reference(text); !name.empty()) return resolve(name);
  std::string out;
  for (;;) {
    const detail::BracedReference found = detail::find_braced_reference(text);
    if (found.size == 0) return out += text;
    out += text.substr(0, found.at);
    out += resolve(found.name);
    text.remove_prefix(found.at + found.size);
  }
}

/// What to tell when there is no such secret.
[[nodiscard]] inline std::string no_such_secret(std::string_view name) {
  return "the secret \"" + std::string(name) + "\" does not exist: add it to the secrets file or set FERMATA_SECRET_" +
         std::string(name);
}

}  // namespace fermata::sdk
