#include "processes/dmn/lint/literal_cell.h"

#include <algorithm>

#include "processes/feel/feel.h"
#include "processes/feel/scanner.h"
#include "processes/feel/values.h"

namespace fermata::dmn::lint {
namespace {

using feel::Token;
using feel::TokenKind;

bool is_one_of(const Token& token, std::initializer_list<std::string_view> symbols) {
  return token.kind == TokenKind::symbol && std::ranges::find(symbols, token.text) != symbols.end();
}

bool is_in_a_zone(const Value& value) {
  if (const auto* time = feel::unbox<feel::TimeOfDay>(value)) return time->zone.kind != feel::Zone::Kind::local;
  if (const auto* time = feel::unbox<feel::DateTime>(value)) return time->zone.kind != feel::Zone::Kind::local;
  return false;
}

class CellReader {
 public:
  explicit CellReader(std::string_view text) : scanner_(text), token_(scanner_.scan(0)) {}

  CellTests read() {
    CellTests cell;
    cell.plain = true;
    while (cell.plain && token_.kind != TokenKind::end) cell.plain = take();
    const bool has_text = std::ranges::any_of(literals_, [](const Value& literal) { return literal.is_string(); });
    if (ordered_ && has_text) cell.plain = false;
    cell.literals = std::move(literals_);
    return cell;
  }

 private:
  // One literal or sign; false when the cell is not plain.
  bool take() {
    switch (token_.kind) {
      case TokenKind::number:
        return number(false);
      case TokenKind::string:
        return literal(Value::string(std::move(token_.value)));
      case TokenKind::at_literal:
        return temporal({"date", "date and time", "time", "days and time duration", "years and months duration"});
      case TokenKind::word:
        return word();
      case TokenKind::symbol:
        return symbol();
      case TokenKind::quoted_name:
      case TokenKind::end:
        break;
    }
    return false;
  }

  bool symbol() {
    if (token_.text == "-") return minus();
    if (is_one_of(token_, {"<", "<=", ">", ">=", ".."})) ordered_ = true;
    const bool known = is_one_of(token_, {"<", "<=", ">", ">=", "=", "!=", "..", "(", ")", "[", "]", ","});
    // "]" opens a range where a value may begin; otherwise it closes one, as "[" does after a value. "[]" is left
    // alone.
    const bool is_empty_list = token_.text == "[" && scanner_.scan(token_.end).is("]");
    if (!is_one_of(token_, {"]", "["})) may_begin_value_ = token_.text != ")";
    advance();
    return known && !is_empty_list;
  }

  // Of a number that follows at once; anything else is arithmetic.
  bool minus() {
    if (!may_begin_value_) return false;
    advance();
    return token_.kind == TokenKind::number && number(true);
  }

  bool number(bool negative) {
    const std::optional<Decimal> number = parse_decimal(token_.text);
    return number && literal(Value::number(negative ? negate(*number) : *number));
  }

  bool word() {
    if (token_.text == "true" || token_.text == "false") return literal(Value::boolean(token_.text == "true"));
    if (token_.text == "not") {
      advance();
      return token_.is("(");
    }
    if (token_.text == "time") return call({"time"});
    if (token_.text == "duration") return call({"days and time duration", "years and months duration"});
    if (token_.text != "date") return false;
    const Token next = scanner_.scan(token_.end);
    if (!next.is("and")) return call({"date"});
    token_ = scanner_.scan(next.end);
    return token_.is("time") && call({"date and time"});
  }

  // date("2026-11-21"): a literal as well. The token is the last word of the name.
  bool call(std::initializer_list<std::string_view> types) {
    advance();
    if (!token_.is("(")) return false;
    advance();
    if (token_.kind != TokenKind::string || !temporal(types)) return false;
    const bool closed = token_.is(")");
    advance();
    return closed;
  }

  bool temporal(std::initializer_list<std::string_view> types) {
    for (const std::string_view type : types) {
      Result<Value> value = feel::value_from_text(type, token_.value);
      // A text that is read as another kind than it is written in (a date as a date and time) is none of ours.
      if (value && feel::type_name(*value) == type) return !is_in_a_zone(*value) && literal(*std::move(value));
    }
    return false;
  }

  bool literal(Value value) {
    literals_.push_back(std::move(value));
    may_begin_value_ = false;
    advance();
    return true;
  }

  void advance() { token_ = scanner_.scan(token_.end); }

  feel::Scanner scanner_;
  Token token_;
  std::vector<Value> literals_;
  bool may_begin_value_ = true;
  bool ordered_ = false;
};

}  // namespace

CellTests read_cell(std::string_view text) {
  try {
    return CellReader(text).read();
  } catch (const feel::ParseError&) {  // a text that the model is read with on request, though it is no FEEL
    return {};
  }
}

}  // namespace fermata::dmn::lint
