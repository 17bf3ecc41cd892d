#include "processes/xml/text_decoder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "processes/xml/unicode.h"

namespace fermata::xml {
namespace {

// Windows-1252 differs from ISO-8859-1 in 0x80..0x9F only; 0 marks the five bytes that it leaves undefined.
constexpr std::array<char16_t, 32> windows_1252_high{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                     0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

Result<std::string> decode_single_byte(std::string_view bytes, bool windows) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (char raw : bytes) {
    const auto byte = static_cast<unsigned char>(raw);
    char32_t point = byte;
    if (windows && byte >= 0x80 && byte <= 0x9F) {
      point = windows_1252_high[byte - 0x80U];
      if (point == 0) {
        return fail(ErrorCode::invalid_argument,
                    "The file contains a byte that Windows-1252 does not define; save it as UTF-8.");
      }
    }
    append_utf8(text, point);
  }
  return text;
}

Result<std::string> decode_utf16(std::string_view bytes, bool big_endian) {
  const Error broken{ErrorCode::invalid_argument,
                     "The file is marked as UTF-16 but is broken UTF-16; save it as UTF-8."};
  if (bytes.size() % 2 != 0) return fail(broken);
  const auto unit_at = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    char32_t point = unit_at(at);
    if (point >= 0xDC00 && point <= 0xDFFF) return fail(broken);
    if (point >= 0xD800 && point <= 0xDBFF) {
      at += 2;
      if (at >= bytes.size()) return fail(broken);
      const char32_t low = unit_at(at);
      if (low < 0xDC00 || low > 0xDFFF) return fail(broken);
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(text, point);
  }
  return text;
}

// The name in <?xml ... encoding="..."?>, in lower case; "" when there is none.
std::string declared_encoding(std::string_view bytes) {
  constexpr std::size_t declaration_bytes_max = 400;
  if (!bytes.starts_with("<?xml")) return {};
  const std::string_view declaration = bytes.substr(0, std::min(bytes.find("?>"), declaration_bytes_max));
  std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  at = declaration.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const std::size_t end = declaration.find(declaration[at], at + 1);
  if (end == std::string_view::npos) return {};
  std::string name(declaration.substr(at + 1, end - at - 1));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace

Result<std::string> decode_to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return std::string(bytes.substr(3));
  if (bytes.starts_with("\xFE\xFF")) return decode_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xFF\xFE")) return decode_utf16(bytes.substr(2), false);
  using namespace std::string_view_literals;
  if (bytes.starts_with("\0<\0?"sv)) return decode_utf16(bytes, true);
  if (bytes.starts_with("<\0?\0"sv)) return decode_utf16(bytes, false);
  const std::string encoding = declared_encoding(bytes);
  if (encoding.empty() || encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii" || encoding == "ascii") {
    return std::string(bytes);
  }
  if (encoding == "iso-8859-1" || encoding == "latin1" || encoding == "latin-1")
    return decode_single_byte(bytes, false);
  if (encoding == "windows-1252" || encoding == "cp1252") return decode_single_byte(bytes, true);
  return fail(ErrorCode::invalid_argument,
              "The file declares the encoding '" + encoding.substr(0, 40) + "', which is not read; save it as UTF-8.");
}

}  // namespace fermata::xml
