// Scanner: FEEL text to tokens, on demand and from any position, because where a name ends is decided by the parser's
// scope.
//
// Words are single: "date and time" is three of them. Errors are thrown as ParseError, which compile() catches.
//
//   Token token = scanner.scan(0);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace fermata::feel {

struct ParseError {
  std::size_t offset;
  std::string message;
  ErrorCode code = ErrorCode::invalid_argument;
};

enum class TokenKind : std::uint8_t { end, number, string, at_literal, word, quoted_name, symbol };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view text;  ///< as written; of a quoted name without its backticks
  std::string value;      ///< of a string or at-literal: without quotes and escapes

  [[nodiscard]] bool is(std::string_view symbol_or_word) const {
    return (kind == TokenKind::symbol || kind == TokenKind::word) && text == symbol_or_word;
  }
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] Token scan(std::size_t from) const;
  /// The position after white space and comments.
  [[nodiscard]] std::size_t skip_blank(std::size_t from) const;
  /// The end of the word that begins here; `from` itself when none does. Digits may begin it only if `inside_name`.
  [[nodiscard]] std::size_t word_end(std::size_t from, bool inside_name) const;

 private:
  [[nodiscard]] Token number(std::size_t from) const;
  [[nodiscard]] Token string(std::size_t from) const;
  [[nodiscard]] Token symbol(std::size_t from) const;

  std::string_view text_;
};

/// The offset of the first byte that is not valid UTF-8, or npos.
[[nodiscard]] std::size_t invalid_utf8_at(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);
/// "line 2, column 5", both from 1, the column in code points.
struct LineColumn {
  std::uint32_t line;
  std::uint32_t column;
};
[[nodiscard]] LineColumn line_column(std::string_view text, std::size_t offset);

}  // namespace fermata::feel
