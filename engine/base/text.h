// Text in UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace fermata {

/// As much of the beginning as fits into `bytes_max`, without half a character at its end.
[[nodiscard]] constexpr std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace fermata
