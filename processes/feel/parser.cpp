#include "processes/feel/parser.h"

#include <algorithm>
#include <array>

namespace fermata::feel {

Nesting::Nesting(Parser& parser)
    : parser_(parser),
      bindings_(parser.bindings_.size()),
      next_slot_(parser.next_slot_),
      in_range_end_(parser.in_range_end_),
      implicit_input_(parser.implicit_input_) {
  if (++parser.nesting_ > parser.options_.limits.nesting_max) {
    --parser.nesting_;
    throw ParseError{parser.token_.begin,
                     "nested deeper than " + std::to_string(parser.options_.limits.nesting_max) + " levels",
                     ErrorCode::resource_exhausted};
  }
  parser.in_range_end_ = false;
  parser.implicit_input_ = false;
}

Nesting::~Nesting() {
  --parser_.nesting_;
  parser_.unbind_to(bindings_);
  parser_.next_slot_ = next_slot_;
  parser_.in_range_end_ = in_range_end_;
  parser_.implicit_input_ = implicit_input_;
}

Parser::Parser(std::string_view text, const CompileOptions& options, const KnownNames* shared, SourcePtr source,
               Remarks* remarks)
    : text_(text), options_(options), scanner_(text), shared_(shared), source_(std::move(source)), remarks_(remarks) {
  for (const std::string& name : options.known_names) known_names_.add(name);
  for (const std::string& name : options.known_members) known_members_.add(name);
  for (const char* member : {"time offset", "start included", "end included"}) known_members_.add(member);
  token_ = scanner_.scan(0);
}

void Parser::move_to(std::size_t position) {
  token_ = scanner_.scan(position);
}

bool Parser::accept(std::string_view symbol) {
  if (!token_.is(symbol)) return false;
  advance();
  return true;
}

void Parser::expect(std::string_view symbol, const char* where) {
  if (!accept(symbol)) fail_here("expected '" + std::string(symbol) + "' " + where + ", found " + found());
}

void Parser::fail_here(const std::string& message) const {
  throw ParseError{token_.begin, message};
}

void Parser::too_deep(std::size_t offset) const {
  throw ParseError{offset,
                   "the expression is deeper than " + std::to_string(options_.limits.tree_depth_max) +
                       " levels; split it into parts",
                   ErrorCode::resource_exhausted};
}

std::string Parser::found() const {
  constexpr std::size_t shown_max = 30;
  if (token_.kind == TokenKind::end) return "the end of the text";
  std::string_view shown = text_.substr(token_.begin, std::min(token_.end - token_.begin, shown_max));
  while (!shown.empty() && invalid_utf8_at(shown) != std::string_view::npos) shown.remove_suffix(1);
  return "'" + std::string(shown) + "'";
}

NodePtr Parser::parse_whole_expression() {
  NodePtr root = parse_expression();
  if (token_.kind == TokenKind::end) return root;
  if (token_.kind == TokenKind::word || token_.kind == TokenKind::quoted_name) {
    fail_here("expected an operator or the end, found " + found() +
              " (a name with spaces is written between backticks: `first name`)");
  }
  fail_here("expected an operator or the end, found " + found());
}

// "-" is no test at all; "not(...)" around the whole cell turns the tests; otherwise tests separated by commas.
NodePtr Parser::parse_whole_unary_tests() {
  if (token_.is("-") && scanner_.scan(token_.end).kind == TokenKind::end) {
    advance();
    return make<UnaryTests>(0U, make<Constant>(0U, Value()), std::vector<NodePtr>{}, false);
  }
  const std::size_t start = token_.begin;
  if (at_word("not") && scanner_.scan(token_.end).is("(")) {
    move_to(scanner_.scan(token_.end).end);
    std::vector<NodePtr> tests = parse_tests();
    if (accept(")") && token_.kind == TokenKind::end) {
      return make<UnaryTests>(0U, name_node(0U, "?"), std::move(tests), true);
    }
    move_to(start);  // it was the function not() within a larger expression
    if (remarks_ != nullptr) {
      remarks_->unknown_names.clear();
      remarks_->mismatches.clear();
    }
  }
  std::vector<NodePtr> tests = parse_tests();
  if (token_.kind != TokenKind::end) fail_here("expected a comma, an operator or the end, found " + found());
  return make<UnaryTests>(0U, name_node(0U, "?"), std::move(tests), false);
}

std::vector<NodePtr> Parser::parse_tests() {
  std::vector<NodePtr> tests;
  do {
    implicit_input_ = true;
    tests.push_back(parse_expression());
    implicit_input_ = false;
  } while (accept(","));
  return tests;
}

NodePtr Parser::parse_expression() {
  return parse_logic(false);
}

// "or" binds weakest, then "and"; a chain of either becomes one node.
NodePtr Parser::parse_logic(bool is_and) {
  const std::uint32_t at = here();
  const std::string_view word = is_and ? "and" : "or";
  NodePtr first = is_and ? parse_comparison() : parse_logic(true);
  if (!at_word(word)) return first;
  std::vector<NodePtr> operands;
  operands.push_back(std::move(first));
  while (accept(word)) operands.push_back(is_and ? parse_comparison() : parse_logic(true));
  return make<Logic>(at, is_and, std::move(operands));
}

bool Parser::comparator(Comparator& op) const {
  static constexpr std::array<std::pair<std::string_view, Comparator>, 6> all{{{"=", Comparator::equal},
                                                                               {"!=", Comparator::not_equal},
                                                                               {"<", Comparator::less},
                                                                               {"<=", Comparator::less_equal},
                                                                               {">", Comparator::greater},
                                                                               {">=", Comparator::greater_equal}}};
  if (token_.kind != TokenKind::symbol) return false;
  for (const auto& [text, value] : all) {
    if (token_.text == text) return op = value, true;
  }
  return false;
}

NodePtr Parser::parse_comparison() {
  std::uint32_t at = here();
  Comparator op{};
  if (comparator(op)) {
    // Without a left side it is a test: of the input at the top of a unary test, a value of its own elsewhere.
    advance();
    NodePtr test = make<ComparisonRange>(at, op, parse_additive());
    if (!implicit_input_) return test;
    std::vector<NodePtr> tests;
    tests.push_back(std::move(test));
    return make<In>(at, name_node(at, "?"), std::move(tests), true);
  }
  NodePtr left = parse_additive();
  while (true) {
    at = here();
    if (comparator(op)) {
      advance();
      NodePtr right = parse_additive();
      remark_mismatch(at, *left, *right);
      left = make<Comparison>(at, op, std::move(left), std::move(right));
    } else if (accept("between")) {
      NodePtr low = parse_additive();
      expect("and", "between the two ends of between");
      NodePtr high = parse_additive();
      remark_mismatch(at, *left, *low);
      remark_mismatch(at, *left, *high);
      left = make<Between>(at, std::move(left), std::move(low), std::move(high));
    } else if (accept("in")) {
      left = parse_in(at, std::move(left));
    } else {
      return left;
    }
  }
}

// Of a literal, and of a name whose type the host knows.
Type::Kind Parser::certain_kind(const Node& node) const {
  if (const Value* fixed = node.constant()) return kind_of(*fixed);
  const auto* name = dynamic_cast<const Global*>(&node);
  return name == nullptr || !remarks_->kind_of_name ? Type::Kind::any : remarks_->kind_of_name(name->name());
}

void Parser::remark_mismatch(std::uint32_t at, const Node& left, const Node& right) {
  if (remarks_ == nullptr || remarks_->mismatches.size() >= Remarks::each_max) return;
  const Type::Kind a = certain_kind(left);
  const Type::Kind b = certain_kind(right);
  if (is_scalar(a) && is_scalar(b) && never_compare(a, b)) remarks_->mismatches.push_back({at, a, b});
}

NodePtr Parser::parse_test_of_in() {
  const std::uint32_t at = here();
  Comparator op{};
  if (!comparator(op)) return parse_additive();
  advance();
  return make<ComparisonRange>(at, op, parse_additive());
}

NodePtr Parser::parse_in(std::uint32_t at, NodePtr value) {
  std::vector<NodePtr> tests;
  if (!token_.is("(")) {
    tests.push_back(parse_test_of_in());
    return make<In>(at, std::move(value), std::move(tests), false);
  }
  const Nesting nesting(*this);
  const std::uint32_t bracket = here();
  advance();
  tests.push_back(parse_expression());
  if (token_.is("..")) {
    NodePtr range = parse_range_end(bracket, std::move(tests[0]), false);
    tests[0] = std::move(range);
    return make<In>(at, std::move(value), std::move(tests), false);
  }
  while (accept(",")) tests.push_back(parse_expression());
  expect(")", "after the tests of in");
  return make<In>(at, std::move(value), std::move(tests), false);
}

NodePtr Parser::parse_additive() {
  NodePtr left = parse_multiplicative();
  while (token_.is("+") || token_.is("-")) {
    const std::uint32_t at = here();
    const ArithmeticOperator op = token_.text == "+" ? ArithmeticOperator::add : ArithmeticOperator::subtract;
    advance();
    left = make<Arithmetic>(at, op, std::move(left), parse_multiplicative());
  }
  return left;
}

NodePtr Parser::parse_multiplicative() {
  NodePtr left = parse_power();
  while (token_.is("*") || token_.is("/")) {
    const std::uint32_t at = here();
    const ArithmeticOperator op = token_.text == "*" ? ArithmeticOperator::multiply : ArithmeticOperator::divide;
    advance();
    left = make<Arithmetic>(at, op, std::move(left), parse_power());
  }
  return left;
}

NodePtr Parser::parse_power() {
  NodePtr left = parse_unary();
  while (token_.is("**")) {
    const std::uint32_t at = here();
    advance();
    left = make<Arithmetic>(at, ArithmeticOperator::power, std::move(left), parse_unary());
  }
  return left;
}

// Negation binds tighter than "**" (grammar rule 4, by the order of its alternatives).
NodePtr Parser::parse_unary() {
  const std::uint32_t at = here();
  std::size_t minuses = 0;
  while (accept("-")) ++minuses;
  NodePtr operand = parse_postfix();
  while (at_word("instance")) {
    const std::uint32_t instance_at = here();
    advance();
    expect("of", "after instance");
    operand = make<InstanceOf>(instance_at, std::move(operand), parse_type());
  }
  if (minuses == 0) return operand;
  if (const Value* fixed = operand->constant(); fixed != nullptr && fixed->is_number()) {
    return make<Constant>(at, minuses % 2 == 1 ? Value::number(negate(fixed->as_number())) : *fixed);
  }
  NodePtr negative = make<Negate>(at, std::move(operand));
  return minuses % 2 == 1 ? std::move(negative) : make<Negate>(at, std::move(negative));
}

namespace {

// Whether an expression can begin with this token: decides if "[" after a range's end closes the range or opens a
// filter.
bool starts_expression(const Token& token) {
  static constexpr std::string_view never[] = {"and",       "or", "then",    "else",    "return",
                                               "satisfies", "in", "between", "instance"};
  if (token.kind == TokenKind::end) return false;
  if (token.kind == TokenKind::word)
    return std::find(std::begin(never), std::end(never), token.text) == std::end(never);
  if (token.kind != TokenKind::symbol) return true;
  return token.text == "(" || token.text == "[" || token.text == "{" || token.text == "-";
}

}  // namespace

NodePtr Parser::parse_postfix() {
  NodePtr value = parse_primary();
  while (true) {
    if (token_.is("[")) {
      if (in_range_end_ && !starts_expression(scanner_.scan(token_.end))) return value;
      value = parse_filter(std::move(value));
    } else if (token_.is(".")) {
      value = parse_path(std::move(value));
    } else if (token_.is("(")) {
      value = parse_call(std::move(value));
    } else {
      return value;
    }
  }
}

NodePtr Parser::parse_filter(NodePtr list) {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  const Slot item = new_slot();
  bind("item", item);
  bind_item(item);
  advance();
  NodePtr condition = parse_expression();
  expect("]", "after the filter");
  return make<Filter>(at, std::move(list), std::move(condition), item);
}

NodePtr Parser::parse_path(NodePtr object) {
  const std::uint32_t at = here();
  advance();
  if (token_.kind == TokenKind::quoted_name) {
    std::string member(token_.text);
    advance();
    return make<Path>(at, std::move(object), std::move(member));
  }
  if (token_.kind != TokenKind::word) fail_here("expected a name after the dot, found " + found());
  std::string member(token_.text);
  std::size_t end = token_.end;
  NameReader reader(scanner_, text_, token_.begin);
  while (reader.canonical().size() <= longest_known_member() && reader.next()) {
    if (const std::string* known = find_known_member(reader.canonical())) {
      member = *known;
      end = reader.end();
    }
  }
  move_to(end);
  return make<Path>(at, std::move(object), std::move(member));
}

}  // namespace fermata::feel
