#include "processes/feel/juel/juel_parser.h"

#include <algorithm>
#include <array>

#include "processes/feel/nodes.h"

namespace fermata::feel::juel {
namespace {

struct BinaryOperator {
  std::string_view sign;
  std::string_view word;
  Operator op;
  std::size_t level;
};

// Levels of precedence, 0 binds weakest.
constexpr std::array<BinaryOperator, 13> operators{{{"||", "or", Operator::logical_or, 0},
                                                    {"&&", "and", Operator::logical_and, 1},
                                                    {"==", "eq", Operator::equal, 2},
                                                    {"!=", "ne", Operator::not_equal, 2},
                                                    {"<", "lt", Operator::less, 3},
                                                    {">", "gt", Operator::greater, 3},
                                                    {"<=", "le", Operator::less_equal, 3},
                                                    {">=", "ge", Operator::greater_equal, 3},
                                                    {"+", "", Operator::add, 4},
                                                    {"-", "", Operator::subtract, 4},
                                                    {"*", "", Operator::multiply, 5},
                                                    {"/", "div", Operator::divide, 5},
                                                    {"%", "mod", Operator::modulo, 5}}};
constexpr std::size_t level_count = 6;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Counts the levels of nesting while it lives.
class Level {
 public:
  Level(std::size_t& count, std::size_t max, std::size_t offset) : count_(count) {
    if (count_ >= max)
      throw ParseError{offset, "nested deeper than " + std::to_string(max) + " levels", ErrorCode::resource_exhausted};
    ++count_;
  }
  ~Level() { --count_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  std::size_t& count_;
};

}  // namespace

Parser::Parser(std::string_view text, std::size_t begin, std::size_t base, const Limits& limits)
    : text_(text), base_(base), limits_(limits), token_(scan(begin)) {}

Parser::Token Parser::scan_string(std::size_t from) const {
  Token token{Kind::string, from, from, {}, {}};
  std::size_t at = from + 1;
  for (; at < text_.size() && text_[at] != text_[from]; ++at) {
    const bool escaped = text_[at] == '\\' && at + 1 < text_.size() &&
                         std::string_view("\\'\"").find(text_[at + 1]) != std::string_view::npos;
    if (escaped) ++at;
    token.value += text_[at];
  }
  if (at >= text_.size()) throw ParseError{from, "the string is not closed"};
  token.end = at + 1;
  token.text = text_.substr(from, token.end - from);
  return token;
}

Parser::Token Parser::scan(std::size_t from) const {
  while (from < text_.size() && std::string_view(" \t\r\n").find(text_[from]) != std::string_view::npos) ++from;
  if (from >= text_.size()) return Token{Kind::end, text_.size(), text_.size(), {}, {}};
  const char c = text_[from];
  std::size_t at = from + 1;
  Kind kind = Kind::symbol;
  if (c == '\'' || c == '"') return scan_string(from);
  if (is_digit(c) || (c == '.' && at < text_.size() && is_digit(text_[at]))) {
    kind = Kind::number;
    while (at < text_.size() && (is_digit(text_[at]) || text_[at] == '.')) ++at;
    if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
      ++at;
      if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) ++at;
      while (at < text_.size() && is_digit(text_[at])) ++at;
    }
  } else if (starts_word(c)) {
    kind = Kind::word;
    while (at < text_.size() && (starts_word(text_[at]) || is_digit(text_[at]))) ++at;
  } else {
    static constexpr std::string_view two[] = {"&&", "||", "==", "!=", "<=", ">=", "->"};
    if (std::find(std::begin(two), std::end(two), text_.substr(from, 2)) != std::end(two)) at = from + 2;
  }
  return Token{kind, from, at, text_.substr(from, at - from), {}};
}

std::string Parser::found() const {
  if (token_.kind == Kind::end) return "the end of the text";
  return "'" + std::string(token_.text.substr(0, 30)) + "'";
}

bool Parser::accept(std::string_view text) {
  if (!is(text)) return false;
  advance();
  return true;
}

void Parser::expect(std::string_view text, const char* where) {
  if (!accept(text)) fail_here("expected '" + std::string(text) + "' " + where + ", found " + found());
}

void Parser::note_variable(std::string name) {
  if (std::find(variables_.begin(), variables_.end(), name) == variables_.end()) variables_.push_back(std::move(name));
}

NodePtr Parser::parse() {
  NodePtr root = parse_choice();
  if (is("}")) return root;
  if (is("=")) fail_here("assignments are not supported; compare with ==");
  if (is("->")) fail_here("lambdas are not supported");
  if (is(";")) fail_here("sequences of expressions with ; are not supported");
  fail_here("expected an operator or '}', found " + found());
}

NodePtr Parser::parse_choice() {
  const Level level(nesting_, limits_.nesting_max, token_.begin);
  const std::uint32_t at = here();
  NodePtr condition = parse_binary(0);
  if (!accept("?")) return condition;
  NodePtr then = parse_choice();
  expect(":", "between the two values after '?'");
  NodePtr otherwise = parse_choice();
  return make<Choice>(at, std::move(condition), std::move(then), std::move(otherwise));
}

NodePtr Parser::parse_binary(std::size_t level) {
  if (level == level_count) return parse_unary();
  NodePtr left = parse_binary(level + 1);
  while (true) {
    const auto match = std::find_if(operators.begin(), operators.end(), [&](const BinaryOperator& candidate) {
      return candidate.level == level && (is(candidate.sign) || (!candidate.word.empty() && is(candidate.word)));
    });
    if (match == operators.end()) return left;
    const std::uint32_t at = here();
    advance();
    left = make<Binary>(at, match->op, std::move(left), parse_binary(level + 1));
  }
}

NodePtr Parser::parse_unary() {
  const Level level(nesting_, limits_.nesting_max, token_.begin);
  const std::uint32_t at = here();
  if (accept("!") || accept("not")) return make<Unary>(at, UnaryOperator::logical_not, parse_unary());
  if (accept("-")) return make<Unary>(at, UnaryOperator::negate, parse_unary());
  if (accept("empty")) return make<Unary>(at, UnaryOperator::empty, parse_unary());
  return parse_postfix();
}

NodePtr Parser::parse_postfix() {
  NodePtr value = parse_primary();
  while (true) {
    const std::uint32_t at = here();
    if (accept(".")) {
      if (token_.kind != Kind::word) fail_here("expected a name after the dot, found " + found());
      const std::string name(token_.text);
      const std::size_t begin = token_.begin;
      advance();
      if (is("("))
        throw ParseError{begin, "the method call ." + name +
                                    "() is not supported; compute it with FEEL (an expression that begins with =)"};
      value = make<Member>(at, std::move(value), make<Constant>(at, Value::string(name)));
    } else if (accept("[")) {
      NodePtr key = parse_choice();
      expect("]", "after the index");
      value = make<Member>(at, std::move(value), std::move(key));
    } else if (is("(")) {
      fail_here("a value cannot be called like a function");
    } else {
      return value;
    }
  }
}

NodePtr Parser::parse_primary() {
  const std::uint32_t at = here();
  if (token_.kind == Kind::string) {
    Value value = Value::string(std::move(token_.value));
    advance();
    return make<Constant>(at, std::move(value));
  }
  if (token_.kind == Kind::number) {
    const std::optional<Decimal> number = parse_decimal(token_.text);
    if (!number) fail_here(found() + " is not a number");
    advance();
    return make<Constant>(at, Value::number(*number));
  }
  if (accept("(")) {
    NodePtr inner = parse_choice();
    expect(")", "to close the parenthesis");
    return inner;
  }
  if (is("[")) fail_here("list literals [...] are not supported");
  if (is("{")) fail_here("map literals {...} are not supported");
  if (token_.kind == Kind::word) return parse_name();
  fail_here("expected a value, found " + found());
}

NodePtr Parser::parse_name() {
  const std::uint32_t at = here();
  const std::size_t begin = token_.begin;
  std::string name(token_.text);
  if (accept("true")) return make<Constant>(at, Value::boolean(true));
  if (accept("false")) return make<Constant>(at, Value::boolean(false));
  if (accept("null")) return make<Constant>(at, Value::null());
  if (is("instanceof")) fail_here("instanceof is not supported");
  for (const BinaryOperator& candidate : operators) {
    if (!candidate.word.empty() && name == candidate.word) fail_here("expected a value, found " + found());
  }
  advance();
  if (name == "execution") return parse_execution(at);
  if (is("(")) {
    if (name != "now" && name != "dateTime") {
      throw ParseError{begin, "the function " + name +
                                  "() is not supported; known are now(), dateTime() and execution.getVariable()"};
    }
    parse_no_arguments();
    return make<Now>(at);
  }
  if (is(":")) {
    const Token after = scan(token_.end);
    if (after.kind == Kind::word && scan(after.end).text == "(") {
      throw ParseError{begin, "the function " + name + ":" + std::string(after.text) + "() is not supported"};
    }
  }
  note_variable(name);
  return make<Name>(at, std::move(name));
}

void Parser::parse_no_arguments() {
  expect("(", "after the function's name");
  if (!is(")")) fail_here("the function takes no arguments");
  advance();
}

NodePtr Parser::parse_execution(std::uint32_t at) {
  const std::size_t begin = token_.begin;
  if (!accept(".") || token_.kind != Kind::word)
    throw ParseError{begin, "execution alone is not supported; write execution.getVariable('name')"};
  const std::string method(token_.text);
  if (method != "getVariable" && method != "hasVariable") {
    fail_here("execution." + method +
              " is not supported; known are execution.getVariable('name') and execution.hasVariable('name')");
  }
  advance();
  expect("(", "after the method's name");
  NodePtr name = parse_choice();
  expect(")", "after the variable's name");
  if (const Value* fixed = name->constant(); fixed != nullptr && fixed->is_string())
    note_variable(std::string(fixed->as_string()));
  return make<VariableAccess>(at, std::move(name), method == "hasVariable");
}

}  // namespace fermata::feel::juel
