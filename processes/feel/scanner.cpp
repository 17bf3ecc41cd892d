#include "processes/feel/scanner.h"

#include <algorithm>

namespace fermata::feel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Decodes one code point of text known to be valid UTF-8.
char32_t decode(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return length = 1, lead;
  if (lead < 0xe0) return length = 2, static_cast<char32_t>((lead & 0x1f) << 6 | (byte(1) & 0x3f));
  if (lead < 0xf0)
    return length = 3, static_cast<char32_t>((lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f));
  return length = 4,
         static_cast<char32_t>((lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f));
}

bool is_blank(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x180e ||
         (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 ||
         c == 0xfeff;
}

// Grammar rules 28 and 29; everything beyond the Latin-1 signs that is not blank may be part of a name.
bool is_name_start(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '?';
  return c >= 0xaa && c != 0xd7 && c != 0xf7 && !is_blank(c);
}

bool is_name_part(char32_t c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xb7;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads exactly `count` hexadecimal digits; false when there are fewer.
bool read_hex(std::string_view text, std::size_t at, int count, char32_t& value) {
  value = 0;
  for (int i = 0; i < count; ++i, ++at) {
    const int digit = at < text.size() ? hex_digit(text[at]) : -1;
    if (digit < 0) return false;
    value = value << 4 | static_cast<char32_t>(digit);
  }
  return true;
}

// The escape after a backslash at `at`; answers how many bytes it takes after the backslash, 0 when it is none.
std::size_t read_escape(std::string_view text, std::size_t at, std::string& out) {
  if (at >= text.size()) return 0;
  switch (text[at]) {
    case '\'':
      out += '\'';
      return 1;
    case '"':
      out += '"';
      return 1;
    case '\\':
      out += '\\';
      return 1;
    case 'n':
      out += '\n';
      return 1;
    case 'r':
      out += '\r';
      return 1;
    case 't':
      out += '\t';
      return 1;
    default:
      break;
  }
  char32_t code = 0;
  std::size_t length = 0;
  if (text[at] == 'U' && read_hex(text, at + 1, 6, code)) {
    length = 7;
  } else if ((text[at] == 'u' || text[at] == 'U') && read_hex(text, at + 1, 4, code)) {
    length = 5;
    char32_t low = 0;
    const bool pair = code >= 0xd800 && code < 0xdc00 && at + 6 < text.size() && text[at + 5] == '\\' &&
                      (text[at + 6] == 'u' || text[at + 6] == 'U') && read_hex(text, at + 7, 4, low) && low >= 0xdc00 &&
                      low < 0xe000;
    if (pair) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      length = 11;
    }
  }
  if (length == 0) return 0;
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    throw ParseError{at - 1, "the escape does not name a Unicode character"};
  append_utf8(out, code);
  return length;
}

}  // namespace

std::size_t Scanner::skip_blank(std::size_t from) const {
  while (from < text_.size()) {
    std::size_t length = 1;
    if (is_blank(decode(text_, from, length))) {
      from += length;
    } else if (text_.substr(from, 2) == "//") {
      from = std::min(text_.find('\n', from), text_.size());
    } else if (text_.substr(from, 2) == "/*") {
      const std::size_t close = text_.find("*/", from + 2);
      if (close == std::string_view::npos) throw ParseError{from, "the comment is not closed; expected */"};
      from = close + 2;
    } else {
      break;
    }
  }
  return from;
}

std::size_t Scanner::word_end(std::size_t from, bool inside_name) const {
  std::size_t at = from;
  std::size_t length = 1;
  if (at < text_.size()) {
    const char32_t first = decode(text_, at, length);
    if (!(inside_name ? is_name_part(first) : is_name_start(first))) return from;
    at += length;
  }
  while (at < text_.size() && is_name_part(decode(text_, at, length))) at += length;
  return at;
}

Token Scanner::number(std::size_t from) const {
  std::size_t at = from;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text_.size() && is_digit(text_[at])) ++at;
    return at > start;
  };
  (void)digits();
  if (at + 1 < text_.size() && text_[at] == '.' && is_digit(text_[at + 1])) {
    ++at;
    (void)digits();
  }
  if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    const std::size_t mantissa_end = at++;
    if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) ++at;
    if (!digits()) at = mantissa_end;
  }
  return Token{TokenKind::number, from, at, text_.substr(from, at - from), {}};
}

// A backslash is a character too (rule 35), so "\" is a text of one: where reading \" as an escape leaves the string
// open to the end, the last of them closes it.
Token Scanner::string(std::size_t from) const {
  Token token{TokenKind::string, from, from, {}, {}};
  std::size_t at = from + 1;
  std::size_t last_escaped_quote = std::string_view::npos;
  std::size_t size_there = 0;
  while (true) {
    if (at >= text_.size()) {
      if (last_escaped_quote == std::string_view::npos) throw ParseError{from, "the string is not closed; expected \""};
      token.value.resize(size_there);
      token.value += '\\';
      at = last_escaped_quote;
      break;
    }
    const char c = text_[at];
    if (c == '"') break;
    if (c == '\\') {
      if (text_.substr(at, 2) == "\\\"") {
        last_escaped_quote = at + 1;
        size_there = token.value.size();
      }
      if (const std::size_t length = read_escape(text_, at + 1, token.value)) {
        at += 1 + length;
        continue;
      }
    }
    token.value += c;
    ++at;
  }
  token.end = at + 1;
  token.text = text_.substr(from, token.end - from);
  return token;
}

Token Scanner::symbol(std::size_t from) const {
  static constexpr std::string_view two[] = {"**", "..", "<=", ">=", "!=", "->"};
  std::size_t length = 1;
  (void)decode(text_, from, length);
  for (const std::string_view candidate : two) {
    if (text_.substr(from, 2) == candidate) length = 2;
  }
  return Token{TokenKind::symbol, from, from + length, text_.substr(from, length), {}};
}

Token Scanner::scan(std::size_t from) const {
  from = skip_blank(from);
  if (from >= text_.size()) return Token{TokenKind::end, text_.size(), text_.size(), {}, {}};
  const char c = text_[from];
  if (is_digit(c) || (c == '.' && from + 1 < text_.size() && is_digit(text_[from + 1]))) return number(from);
  if (c == '"') return string(from);
  if (c == '@') {
    const std::size_t quote = skip_blank(from + 1);
    if (quote >= text_.size() || text_[quote] != '"')
      throw ParseError{from, "expected a string after @, as in @\"2026-11-21\""};
    Token token = string(quote);
    token.kind = TokenKind::at_literal;
    token.begin = from;
    return token;
  }
  if (c == '`') {
    const std::size_t close = text_.find('`', from + 1);
    if (close == std::string_view::npos || close == from + 1)
      throw ParseError{from, "expected a name between two backticks"};
    return Token{TokenKind::quoted_name, from, close + 1, text_.substr(from + 1, close - from - 1), {}};
  }
  if (const std::size_t end = word_end(from, false); end != from)
    return Token{TokenKind::word, from, end, text_.substr(from, end - from), {}};
  return symbol(from);
}

std::size_t invalid_utf8_at(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xc0) != 0x80) return at;
    }
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) >= 0xa0) || (lead == 0xf0 && byte(1) < 0x90) ||
        (lead == 0xf4 && byte(1) >= 0x90)) {
      return at;
    }
    at += length;
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

LineColumn line_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  std::uint32_t column = 1;
  for (std::size_t i = line_start; i < before.size(); ++i) {
    if ((static_cast<unsigned char>(before[i]) & 0xc0) != 0x80) ++column;
  }
  return {lines + 1, column};
}

}  // namespace fermata::feel
