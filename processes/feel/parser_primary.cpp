// Values, brackets and the expressions that begin with a word.
#include "processes/feel/parser.h"

namespace fermata::feel {

NodePtr Parser::parse_primary() {
  const std::uint32_t at = here();
  switch (token_.kind) {
    case TokenKind::number:
      return parse_number();
    case TokenKind::string: {
      Value value = Value::string(std::move(token_.value));
      advance();
      return make<Constant>(at, std::move(value));
    }
    case TokenKind::at_literal:
      return parse_at_literal();
    case TokenKind::quoted_name:
      return parse_name();
    case TokenKind::symbol:
      if (token_.text == "(") return parse_parenthesis();
      if (token_.text == "[" || token_.text == "]") return parse_bracket();
      if (token_.text == "{") return parse_context();
      break;
    case TokenKind::word:
      if (accept("true")) return make<Constant>(at, Value::boolean(true));
      if (accept("false")) return make<Constant>(at, Value::boolean(false));
      if (accept("null")) return make<Constant>(at, Value::null());
      if (at_word("if")) return parse_if();
      if (at_word("for")) return parse_for();
      if (at_word("some") || at_word("every")) return parse_quantified();
      if (at_word("function")) return parse_function();
      return parse_name();
    case TokenKind::end:
      break;
  }
  fail_here("expected a value, found " + found());
}

NodePtr Parser::parse_number() {
  const std::uint32_t at = here();
  const std::optional<Decimal> number = parse_decimal(token_.text);
  if (!number) fail_here("the number " + found() + " is out of the range of a decimal128");
  advance();
  return make<Constant>(at, Value::number(*number));
}

NodePtr Parser::parse_at_literal() {
  const std::uint32_t at = here();
  const std::string text = std::move(token_.value);
  Value value;
  if (const auto date = parse_date(text)) {
    value = box(*date);
  } else if (const auto date_time = parse_date_time(text)) {
    value = box(*date_time);
  } else if (const auto time = parse_time(text)) {
    value = box(*time);
  } else if (const auto months = parse_months_duration(text)) {
    value = box(*months);
  } else if (const auto days = parse_days_duration(text)) {
    value = box(*days);
  } else {
    advance();
    return make<RefusedCall>(at,
                             "@\"" + text.substr(0, 60) + "\" is not a date, a time, a date and time or a duration");
  }
  advance();
  return make<Constant>(at, std::move(value));
}

// "(a)" or "(a..b)".
NodePtr Parser::parse_parenthesis() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  advance();
  NodePtr inner = parse_expression();
  if (token_.is("..")) return parse_range_end(at, std::move(inner), false);
  expect(")", "to close the parenthesis");
  return inner;
}

// "[a, b]", "[a..b]" or "]a..b]".
NodePtr Parser::parse_bracket() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  const bool open_start = token_.is("]");
  advance();
  std::vector<NodePtr> items;
  if (!open_start && accept("]")) return make<ListNode>(at, std::move(items));
  items.push_back(parse_expression());
  if (token_.is("..")) return parse_range_end(at, std::move(items[0]), !open_start);
  if (open_start) fail_here("expected '..' in the range that ']' begins, found " + found());
  while (accept(",")) items.push_back(parse_expression());
  expect("]", "to close the list");
  return make<ListNode>(at, std::move(items));
}

NodePtr Parser::parse_range_end(std::uint32_t at, NodePtr start, bool start_included) {
  expect("..", "in a range");
  in_range_end_ = true;  // the Nesting of the bracket puts it back
  NodePtr end = parse_additive();
  in_range_end_ = false;
  const bool end_included = token_.is("]");
  if (!accept("]") && !accept(")") && !accept("["))
    fail_here("expected ']', ')' or '[' to close the range, found " + found());
  return make<RangeNode>(at, std::move(start), start_included, std::move(end), end_included);
}

NodePtr Parser::parse_context() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  advance();
  std::vector<ContextNode::Entry> entries;
  std::unordered_set<std::string> keys;
  if (accept("}")) return make<ContextNode>(at, std::move(entries));
  do {
    std::string key;
    if (token_.kind == TokenKind::string) {
      key = std::move(token_.value);
      advance();
    } else {
      key = parse_new_name("an entry's name", ":");
    }
    if (!keys.insert(key).second) fail_here("the context has two entries " + key);
    expect(":", "after an entry's name");
    const Slot slot = new_slot();
    const bool is_function = at_word("function");
    if (is_function) {  // a function may call itself by the name of its entry
      bind(key, slot);
      self_slot_ = slot;
    }
    NodePtr value = parse_expression();
    self_slot_ = -1;
    if (!is_function) bind(key, slot);
    known_members_.add(key);
    entries.push_back({std::move(key), slot, std::move(value)});
  } while (accept(","));
  expect("}", "to close the context");
  return make<ContextNode>(at, std::move(entries));
}

NodePtr Parser::parse_if() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  advance();
  NodePtr condition = parse_expression();
  expect("then", "after the condition of if");
  NodePtr then = parse_expression();
  expect("else", "after the value of then");
  return make<If>(at, std::move(condition), std::move(then), parse_expression());
}

std::vector<Iterator> Parser::parse_iterators(std::string_view closing_word) {
  std::vector<Iterator> iterators;
  do {
    const std::string name = parse_new_name("a variable", "in");
    expect("in", "after the variable");
    Iterator iterator{0, parse_expression(), nullptr};
    if (accept("..")) iterator.domain_end = parse_expression();
    iterator.slot = new_slot();
    bind(name, iterator.slot);
    iterators.push_back(std::move(iterator));
    if (iterators.size() > options_.limits.nesting_max) too_deep(token_.begin);
  } while (accept(","));
  expect(closing_word, "after the lists to go through");
  return iterators;
}

NodePtr Parser::parse_for() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  advance();
  std::vector<Iterator> iterators = parse_iterators("return");
  const Slot partial = new_slot();
  bind("partial", partial);
  bool uses_partial = false;
  partials_.push_back({partial, &uses_partial});
  NodePtr result = parse_expression();
  partials_.pop_back();
  return make<For>(at, std::move(iterators), std::move(result), partial, uses_partial);
}

NodePtr Parser::parse_quantified() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  const bool every = at_word("every");
  advance();
  std::vector<Iterator> iterators = parse_iterators("satisfies");
  return make<Quantified>(at, every, std::move(iterators), parse_expression());
}

NodePtr Parser::parse_function() {
  const std::uint32_t at = here();
  const Nesting nesting(*this);
  advance();
  auto body = std::make_shared<FunctionBody>();
  body->source = source_;
  body->self_slot = std::exchange(self_slot_, -1);
  body->captured = static_cast<Slot>(next_slot_);
  const std::size_t outer_frame = std::exchange(frame_max_, next_slot_);
  functions_.emplace_back();
  expect("(", "after function");
  if (!accept(")")) {
    do {
      FunctionBody::Parameter parameter{parse_new_name("a parameter", {}), {}};
      if (accept(":")) parameter.type = parse_type();
      bind(parameter.name, new_slot());
      body->parameters.push_back(std::move(parameter));
    } while (accept(","));
    expect(")", "after the parameters");
  }
  if (at_word("external")) {
    advance();
    const std::uint32_t mapping = here();
    (void)parse_expression();
    body->code = make<RefusedCall>(mapping, "external functions are not executed");
  } else {
    body->code = parse_expression();
  }
  body->globals.assign(functions_.back().globals.begin(), functions_.back().globals.end());  // sorted
  functions_.pop_back();
  body->frame = std::exchange(frame_max_, outer_frame);
  return make<FunctionLiteral>(at, std::move(body));
}

}  // namespace fermata::feel
