// The parser of what stands between ${ and }. Throws ParseError; juel::compile() catches it.
#pragma once

#include <string>
#include <vector>

#include "processes/feel/feel.h"
#include "processes/feel/juel/juel_nodes.h"
#include "processes/feel/scanner.h"

namespace fermata::feel::juel {

class Parser {
 public:
  /// Reads from `begin` in the text; offsets of nodes are counted from `base`.
  Parser(std::string_view text, std::size_t begin, std::size_t base, const Limits& limits);

  /// One expression up to its '}', which is left at end().
  [[nodiscard]] NodePtr parse();
  [[nodiscard]] std::size_t end() const { return token_.begin; }
  [[nodiscard]] std::vector<std::string> take_variables() { return std::move(variables_); }

 private:
  enum class Kind : std::uint8_t { end, number, string, word, symbol };
  struct Token {
    Kind kind = Kind::end;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view text;
    std::string value;
  };

  NodePtr parse_choice();
  NodePtr parse_binary(std::size_t level);
  NodePtr parse_unary();
  NodePtr parse_postfix();
  NodePtr parse_primary();
  NodePtr parse_name();
  NodePtr parse_execution(std::uint32_t at);
  void parse_no_arguments();

  void advance() { token_ = scan(token_.end); }
  [[nodiscard]] Token scan(std::size_t from) const;
  [[nodiscard]] Token scan_string(std::size_t from) const;
  [[nodiscard]] bool is(std::string_view text) const {
    return (token_.kind == Kind::symbol || token_.kind == Kind::word) && token_.text == text;
  }
  bool accept(std::string_view text);
  void expect(std::string_view text, const char* where);
  [[noreturn]] void fail_here(const std::string& message) const { throw ParseError{token_.begin, message}; }
  [[nodiscard]] std::string found() const;
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(token_.begin - base_); }
  void note_variable(std::string name);

  template <class T, class... Args>
  NodePtr make(Args&&... args) {
    auto node = std::make_unique<T>(std::forward<Args>(args)...);
    if (node->depth > limits_.tree_depth_max)
      throw ParseError{token_.begin, "the expression is too deep", ErrorCode::resource_exhausted};
    return node;
  }

  std::string_view text_;
  std::size_t base_;
  const Limits& limits_;
  Token token_;
  std::size_t nesting_ = 0;
  std::vector<std::string> variables_;
};

}  // namespace fermata::feel::juel
