// The few facts about UTF-8 and XML characters that the readers in this folder share. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fermata::xml {

void append_utf8(std::string& out, char32_t point);

/// XML 1.0 (5th edition), production 2: what may stand in a document at all.
[[nodiscard]] constexpr bool is_xml_character(char32_t point) {
  return point == 0x9 || point == 0xA || point == 0xD || (point >= 0x20 && point <= 0xD7FF) ||
         (point >= 0xE000 && point <= 0xFFFD) || (point >= 0x10000 && point <= 0x10FFFF);
}

/// Offset of the first byte that is not part of a valid UTF-8 sequence of an XML character, or npos.
[[nodiscard]] std::size_t find_invalid_character(std::string_view text);

[[nodiscard]] constexpr bool is_xml_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Without white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace fermata::xml
